import { ApiError, UnreachableError } from '../model/errors.ts';
import {
  ADDRESS_FIELDS,
  asRemoteId,
  type Combination,
  type DesiredAddress,
  type Reference,
  type RemoteId,
} from '../model/resource.ts';
import { reveal } from '../model/sensitive.ts';
import type { Answer, ReadClient, WriteClient } from './client.ts';
import {
  decodeAddress,
  decodeComment,
  decodeDocument,
  decodeDocumentLink,
  decodeGroup,
  decodeRegulatory,
  decodeRequirementSet,
} from './decode.ts';
import type {
  AddressRow,
  CommentRow,
  DocumentLinkRow,
  DocumentRow,
  GroupRow,
  RegulatoryRow,
  RequirementSetRow,
  ValueToWrite,
} from './types.ts';

/**
 * Every request that regsync makes, one function each; request bodies are written here and nowhere else.
 * Filters are hints to the server only: whoever calls a list selects again, since unknown filters may be ignored.
 */

export interface Dated<Row> {
  readonly rows: readonly Row[];
  /** The server's clock, milliseconds since the epoch, or null when it does not say. */
  readonly dateMs: number | null;
}

/* ---- Reading ---- */

export async function listGroups(client: ReadClient): Promise<Dated<GroupRow>> {
  return listRows(client, '/requirement_groups', {}, decodeGroup);
}

export async function listGroupsByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly GroupRow[]> {
  const query = { 'filter[customer_reference]': reference };
  const { rows } = await listRows(client, '/requirement_groups', query, decodeGroup);
  return rows.filter((group) => group.reference === reference);
}

export async function getGroup(client: ReadClient, id: string): Promise<GroupRow> {
  return decodeGroup(unwrap(await client.get('/requirement_groups/{id}', { id })));
}

export async function listDocuments(client: ReadClient): Promise<Dated<DocumentRow>> {
  return listRows(client, '/documents', {}, decodeDocument);
}

export async function listDocumentsByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly DocumentRow[]> {
  const query = { 'filter[customer_reference][eq]': reference };
  const { rows } = await listRows(client, '/documents', query, decodeDocument);
  return rows.filter((document) => document.reference === reference);
}

export async function getDocument(client: ReadClient, id: RemoteId): Promise<DocumentRow> {
  return decodeDocument(unwrap(await client.get('/documents/{id}', { id })));
}

/** Its bytes. */
export async function downloadDocument(client: ReadClient, id: RemoteId): Promise<Buffer> {
  return client.download('/documents/{id}/download', { id });
}

export async function listDocumentLinks(client: ReadClient): Promise<readonly DocumentLinkRow[]> {
  return (await listRows(client, '/document_links', {}, decodeDocumentLink)).rows;
}

export async function listAddresses(client: ReadClient): Promise<Dated<AddressRow>> {
  return listRows(client, '/addresses', {}, decodeAddress);
}

export async function listAddressesByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly AddressRow[]> {
  const query = { 'filter[customer_reference][eq]': reference };
  const { rows } = await listRows(client, '/addresses', query, decodeAddress);
  return rows.filter((address) => address.reference === reference);
}

export async function listGroupComments(client: ReadClient, id: RemoteId): Promise<readonly CommentRow[]> {
  const query = { 'filter[comment_record_type]': 'requirement_group', 'filter[comment_record_id]': id };
  const { rows } = await listRows(client, '/comments', query, decodeComment);
  return rows.filter((comment) => comment.recordId === id);
}

/** All sets of a country: the type filter's enumeration lacks `mobile` and `shared_cost`, so it is not sent. */
export async function listRequirementSets(
  client: ReadClient,
  countryCode: string,
): Promise<readonly RequirementSetRow[]> {
  const query = { 'filter[country_code]': countryCode };
  const { rows } = await listRows(client, '/requirements', query, decodeRequirementSet);
  return rows.filter((row) => row.countryCode === countryCode);
}

/** Declares neither paging nor meta (documented). */
export async function getRegulatoryRequirements(
  client: ReadClient,
  combination: Combination,
): Promise<readonly RegulatoryRow[]> {
  const answer = await client.get(
    '/regulatory_requirements',
    {},
    {
      'filter[country_code]': combination.countryCode,
      'filter[phone_number_type]': combination.phoneNumberType,
      'filter[action]': combination.action,
    },
  );
  const rows = unwrap(answer);
  if (!Array.isArray(rows))
    throw new UnreachableError('GET /regulatory_requirements answered something that is no list');
  return rows.map(decodeRegulatory);
}

async function listRows<Row>(
  client: ReadClient,
  template: string,
  query: Readonly<Record<string, string>>,
  decode: (value: unknown) => Row,
): Promise<Dated<Row>> {
  const { rows, dateMs } = await client.list(template, query);
  return { rows: rows.map(decode), dateMs };
}

/* ---- Writing ---- */

/** Not safe to repeat: nothing at Telnyx keeps two groups from being the same. */
export async function createGroup(
  client: WriteClient,
  group: {
    readonly combination: Combination;
    readonly reference: Reference;
    readonly values: readonly ValueToWrite[];
  },
): Promise<RemoteId> {
  const answer = await client.send({
    method: 'POST',
    template: '/requirement_groups',
    repeat: 'never',
    body: {
      kind: 'json',
      value: {
        country_code: group.combination.countryCode,
        phone_number_type: group.combination.phoneNumberType,
        action: group.combination.action,
        customer_reference: group.reference,
        regulatory_requirements: group.values.map(writeValue),
      },
    },
  });
  return readId(answer, 'POST /requirement_groups');
}

/** Partial by requirement id (documented): what is not listed keeps its value. Setting the same twice is harmless. */
export async function patchGroup(
  client: WriteClient,
  id: RemoteId,
  patch: { readonly reference: string | null; readonly values: readonly ValueToWrite[] },
): Promise<void> {
  await client.send({
    method: 'PATCH',
    template: '/requirement_groups/{id}',
    params: { id },
    repeat: 'safe',
    body: {
      kind: 'json',
      value: {
        ...(patch.reference === null ? {} : { customer_reference: patch.reference }),
        ...(patch.values.length === 0 ? {} : { regulatory_requirements: patch.values.map(writeValue) }),
      },
    },
  });
}

/** Not repeated here: whether it took effect can be read from the group's status. */
export async function submitGroup(client: WriteClient, id: RemoteId): Promise<void> {
  await client.send({
    method: 'POST',
    template: '/requirement_groups/{id}/submit_for_approval',
    params: { id },
    repeat: 'never',
  });
}

export async function deleteGroup(client: WriteClient, id: RemoteId): Promise<void> {
  await client.send({
    method: 'DELETE',
    template: '/requirement_groups/{id}',
    params: { id },
    repeat: 'safe',
  });
}

/** Telnyx refuses what is still linked (documented). */
export async function deleteDocument(client: WriteClient, id: RemoteId): Promise<void> {
  await client.send({ method: 'DELETE', template: '/documents/{id}', params: { id }, repeat: 'safe' });
}

export async function deleteAddress(client: WriteClient, id: RemoteId): Promise<void> {
  await client.send({ method: 'DELETE', template: '/addresses/{id}', params: { id }, repeat: 'safe' });
}

/** Multipart: the file's real name may hold a person's name, so what is sent is `document.<extension>`. */
export async function uploadDocument(
  client: WriteClient,
  document: { readonly reference: Reference; readonly extension: string; readonly bytes: Buffer },
): Promise<RemoteId> {
  const sending = client.send({
    method: 'POST',
    template: '/documents',
    repeat: 'never',
    body: {
      kind: 'multipart',
      fields: { customer_reference: document.reference },
      file: {
        field: 'file',
        filename: `document.${document.extension}`,
        contentType: CONTENT_TYPES[document.extension] ?? 'application/octet-stream',
        bytes: document.bytes,
      },
    },
  });
  const answer = await sending.catch((error: unknown) => {
    throw error instanceof ApiError ? withoutQuotes(error, document.bytes) : error;
  });
  return readId(answer, 'POST /documents');
}

/** A refusal may quote what was sent, and what was sent is the document: no mask knows its words. */
function withoutQuotes(error: ApiError, bytes: Buffer): ApiError {
  const start = bytes.subarray(0, 64 * 1024);
  const details = error.details.map((entry) =>
    entry.detail !== null && quotes(entry.detail, start)
      ? { ...entry, detail: 'withheld: it quotes the document' }
      : entry,
  );
  return new ApiError(error.status, error.request, details, error.requestId);
}

const SHORTEST_QUOTE = 10;

function quotes(text: string, bytes: Buffer): boolean {
  for (let start = 0; start + SHORTEST_QUOTE <= text.length; start++) {
    if (bytes.includes(text.slice(start, start + SHORTEST_QUOTE))) return true;
  }
  return false;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  csv: 'text/csv',
  txt: 'text/plain',
  json: 'application/json',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export async function createAddress(
  client: WriteClient,
  address: DesiredAddress,
  reference: Reference,
): Promise<RemoteId> {
  const fields = ADDRESS_FIELDS.flatMap((field) => {
    const value = address.fields.get(field);
    return value === undefined || value.isEmpty ? [] : [[field, reveal(value)] as const];
  });
  const answer = await client.send({
    method: 'POST',
    template: '/addresses',
    repeat: 'never',
    body: {
      kind: 'json',
      value: {
        ...namesRequiredBySchema(address),
        ...Object.fromEntries(fields),
        customer_reference: reference,
        address_book: false,
        validate_address: address.validateAddress,
      },
    },
  });
  return readId(answer, 'POST /addresses');
}

/** The schema requires all three names although its text asks for one form or the other: send the missing ones empty. */
function namesRequiredBySchema(address: DesiredAddress): Record<string, string> {
  const names: Record<string, string> = {};
  for (const field of ['first_name', 'last_name', 'business_name'] as const) {
    if (!address.fields.has(field)) names[field] = '';
  }
  return names;
}

function writeValue(write: ValueToWrite): { requirement_id: string; field_value: string } {
  return { requirement_id: write.requirementId, field_value: reveal(write.value) };
}

function readId(answer: Answer, request: string): RemoteId {
  const row = unwrap(answer);
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
  if (typeof id === 'string' && id !== '') return asRemoteId(id);
  throw new UnreachableError(`${request} answered without an id`);
}

/** Documented bare, measured as `{data}`: both are accepted. */
function unwrap(answer: Answer): unknown {
  const body = answer.body;
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
}
