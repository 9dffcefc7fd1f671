/**
 * Decoders from the API's rows to regsync's. They accept missing fields but refuse a value of the wrong type:
 * read as "nothing there", it would make regsync create things twice and delete what is in use. All decoders
 * throw `MalformedRow`.
 */
export * from './decode/actions.ts';
export * from './decode/advanced-orders.ts';
export * from './decode/catalogue.ts';
export { decodeReference } from './decode/common.ts';
export * from './decode/number-orders.ts';
export * from './decode/porting-orders.ts';
export * from './decode/resources.ts';
