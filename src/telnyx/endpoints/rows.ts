import { MalformedAnswerError } from '../../model/errors.ts';
import { sameReference } from '../../model/reference.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { Answer } from '../answer.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { ApiRow, believe, MalformedRow } from '../fields.ts';
import type { Params, Query, RequestBody } from '../request.ts';

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

/**
 * Creates an object. The request is never retried, because Telnyx does not prevent two equal objects.
 *
 * @throws MalformedAnswerError if there is no id. Something was created, so the write must not be retried;
 * the next run finds it by its reference.
 */
export async function createObject(
  client: WriteClient,
  template: string,
  body: RequestBody,
): Promise<{ readonly id: RemoteId; readonly content: unknown }> {
  const content = unwrap(await client.send({ method: 'POST', template, repeat: 'never', body }));
  try {
    return { id: ApiRow.of(content, 'an object').requireRemoteId('id'), content };
  } catch (error) {
    if (!(error instanceof MalformedRow)) throw error;
    throw new MalformedAnswerError(`POST ${template} answered ${error.message}. ${MADE_UNKNOWN}`, {
      cause: error,
    });
  }
}

const MADE_UNKNOWN =
  'regsync does not know the new id. Apply again in a minute: that run looks for it by its reference first.';

/** Returns the content of an answer. It is documented bare and measured as `{data}`; both are accepted. */
function unwrap(answer: Answer): unknown {
  const body = answer.body;
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
}
