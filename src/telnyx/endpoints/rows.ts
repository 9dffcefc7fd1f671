import { sameReference } from '../../model/reference.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { Answer } from '../answer.ts';
import type { ReadClient } from '../client.ts';
import { believe, MalformedRow } from '../fields.ts';
import type { Params, Query } from '../request.ts';

/** Reads rows from answers, for all endpoints. No code outside this folder reads an answer itself. */

export async function listRows<Row>(
  client: ReadClient,
  template: string,
  query: Query,
  decode: (value: unknown) => Row,
  params: Params = {},
): Promise<readonly Row[]> {
  return (await client.list(template, query, params, decode)).rows;
}

/** @param filter the name of the filter, which differs among the endpoints. */
export async function listByReference<Row extends { readonly reference: string | null }>(
  client: ReadClient,
  template: string,
  filter: string,
  reference: string,
  decode: (value: unknown) => Row,
): Promise<readonly Row[]> {
  const rows = await listRows(client, template, { [filter]: reference }, decode);
  return rows.filter((row) => sameReference(row.reference, reference));
}

/**
 * Reads a row by its id. Refuses an answer about another object, because later writes would go to that one.
 */
export async function getById<Row extends { readonly id: RemoteId }>(
  client: ReadClient,
  template: string,
  params: Params,
  query: Query,
  decode: (value: unknown) => Row,
): Promise<Row> {
  const [asked] = Object.values(params);
  return getRow(client, template, params, query, (value) => {
    const row = decode(value);
    if (row.id.toLowerCase() === asked?.toLowerCase()) return row;
    throw new MalformedRow('id', 'not the one that was asked for');
  });
}

/** Reads a single row. */
export async function getRow<Row>(
  client: ReadClient,
  template: string,
  params: Params,
  query: Query,
  decode: (value: unknown) => Row,
): Promise<Row> {
  const row = unwrap(await client.get(template, params, query));
  return believe(`GET ${template}`, () => decode(row));
}

/** Decodes a row strictly if it matters, and to null if it does not. */
export function inFullWhere<Row>(
  matters: (row: Row) => boolean,
  decode: (value: unknown) => Row,
  decodeInFull: (value: unknown) => Row,
): (value: unknown) => Row | null {
  return (value) => (matters(decode(value)) ? decodeInFull(value) : null);
}

/** Returns the content of an answer. It is documented bare and measured as `{data}`; both are accepted. */
export function unwrap(answer: Answer): unknown {
  const body = answer.body;
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
}
