/**
 * Every request that regsync makes, one function each, by what it is about; request bodies are written there and nowhere else.
 * Filters are hints to the server only: whoever calls a list selects again, since unknown filters may be ignored.
 */
export * from './endpoints/actions.ts';
export * from './endpoints/addresses.ts';
export * from './endpoints/advanced-orders.ts';
export * from './endpoints/catalogue.ts';
export * from './endpoints/comments.ts';
export * from './endpoints/documents.ts';
export * from './endpoints/number-orders.ts';
export * from './endpoints/ordered-numbers.ts';
export * from './endpoints/porting-orders.ts';
export * from './endpoints/requirement-groups.ts';
export type { Dated } from './endpoints/rows.ts';
export * from './endpoints/sub-number-orders.ts';
