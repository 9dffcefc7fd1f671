import { MalformedAnswerError } from '../../model/errors.ts';
import { asRemoteId, type RemoteId } from '../../model/resource.ts';
import type { Answer, ReadClient } from '../client.ts';
import { asRow, believe, MalformedRow, requireId } from '../fields.ts';
import type { Params, Query } from '../request.ts';

/** From answers to rows, for all endpoints alike. Nothing outside of this folder reads an answer itself. */

export interface Dated<Row> {
  readonly rows: readonly Row[];
  /** The server's clock, milliseconds since the epoch, or null when it does not say. */
  readonly dateMs: number | null;
}

export async function listRows<Row>(
  client: ReadClient,
  template: string,
  query: Query,
  decode: (value: unknown) => Row,
  params: Readonly<Record<string, string>> = {},
): Promise<Dated<Row>> {
  return client.list(template, query, params, decode);
}

/** An answer about another object than was asked for is not believed: what follows would be done to that one. */
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

/** A single one. */
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
 * @throws MalformedAnswerError without an id: something was made, and it is not known what. As it was made, it is not to be
 * tried again; the next run finds it by its reference.
 */
export function readId(answer: Answer, request: string): RemoteId {
  try {
    return asRemoteId(requireId(asRow(unwrap(answer), 'an object'), 'id'));
  } catch (error) {
    if (!(error instanceof MalformedRow)) throw error;
    throw new MalformedAnswerError(`${request} answered ${error.message}. ${MADE_UNKNOWN}`, { cause: error });
  }
}

const MADE_UNKNOWN =
  'What it made is not known. Apply again in a minute: that run looks for it by its reference first.';

/** Documented bare, measured as `{data}`: both are accepted. */
export function unwrap(answer: Answer): unknown {
  const body = answer.body;
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
}
