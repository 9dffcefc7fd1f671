/**
 * Every request that regsync makes, one function each, grouped by subject. Request bodies are written there
 * and nowhere else. Filters are only hints to the server: callers of a list select again, since a server may
 * ignore unknown filters.
 */
export * from './endpoints/actions.ts';
export * from './endpoints/addresses.ts';
export * from './endpoints/advanced-orders.ts';
export * from './endpoints/catalogue.ts';
export * from './endpoints/comments.ts';
export * from './endpoints/documents.ts';
export * from './endpoints/number-orders.ts';
export * from './endpoints/porting-orders.ts';
export * from './endpoints/requirement-groups.ts';
export type { Listing as Dated } from './paging.ts';
