/**
 * Rows as they come → rows as we use them. Lenient about what may be missing, strict about everything that is there: a value of
 * the wrong type that was read as "nothing there" would create things twice, and delete what is in use. All decoders throw
 * `MalformedRow`.
 */
export * from './decode/actions.ts';
export * from './decode/advanced-orders.ts';
export * from './decode/catalogue.ts';
export { decodeReference } from './decode/common.ts';
export * from './decode/number-orders.ts';
export * from './decode/porting-orders.ts';
export * from './decode/resources.ts';
