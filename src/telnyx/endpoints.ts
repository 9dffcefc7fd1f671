import { ApiError, AuthenticationError, MalformedAnswerError } from '../model/errors.ts';
import { contentTypeOf } from '../model/file-type.ts';
import type { SettingToWrite } from '../model/porting.ts';
import { referenceKey, sameReference } from '../model/reference.ts';
import {
  ADDRESS_FIELDS,
  asRemoteId,
  type Combination,
  type DesiredAddress,
  type Reference,
  type RemoteId,
} from '../model/resource.ts';
import { reveal, Sensitive } from '../model/sensitive.ts';
import { authenticationError } from './answer.ts';
import type { Answer, ReadClient, WriteClient } from './client.ts';
import {
  decodeAddress,
  decodeComment,
  decodeDocument,
  decodeDocumentLink,
  decodeGroup,
  decodeGroupInFull,
  decodeNumberOrder,
  decodeOrderedNumber,
  decodeOrderedNumberInFull,
  decodePortingOrder,
  decodePortingOrderInFull,
  decodePortingRequirement,
  decodePortingRequirementInFull,
  decodeReference,
  decodeRegulatory,
  decodeRequirementSet,
  decodeSubNumberOrder,
} from './decode.ts';
import { asRow, believe, MalformedRow, readRows, requireId, requireList } from './fields.ts';
import type { BegunListing } from './paging.ts';
import { findQuoting } from './quotes.ts';
import type { Params, Query } from './request.ts';
import type {
  AddressRow,
  CommentRow,
  DocumentLinkRow,
  DocumentRow,
  GroupRow,
  NumberOrderRow,
  NumberOrderToPlace,
  OrderedNumberRow,
  PortingOrderPatch,
  PortingOrderRow,
  PortingRequirementRow,
  RegulatoryRow,
  RequirementSetRow,
  SubNumberOrderRow,
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
  return rows.filter((group) => sameReference(group.reference, reference));
}

/** @throws MalformedAnswerError too where a row does not show all of its values: then nobody knows what is in use. */
export async function listGroupsInFull(client: ReadClient): Promise<readonly GroupRow[]> {
  return (await listRows(client, '/requirement_groups', {}, decodeGroupInFull)).rows;
}

/** `filter[status]` is documented; whoever ignores it answers more, and whoever mistakes it less. */
export async function listGroupsByStatus(client: ReadClient, status: string): Promise<readonly GroupRow[]> {
  const query = { 'filter[status]': status };
  const { rows } = await listRows(client, '/requirement_groups', query, decodeGroup);
  return rows.filter((group) => group.status === status);
}

export async function getGroup(client: ReadClient, id: string): Promise<GroupRow> {
  return getById(client, '/requirement_groups/{id}', { id }, {}, decodeGroup);
}

export async function listDocuments(client: ReadClient): Promise<Dated<DocumentRow>> {
  return listRows(client, '/documents', {}, decodeDocument);
}

export async function beginDocuments(client: ReadClient): Promise<BegunListing<DocumentRow>> {
  return client.begin('/documents', {}, {}, decodeDocument);
}

/** How many references one request may ask for: their names are long, and so becomes the address of the request. */
export const REFERENCES_AT_ONCE = 50;

/** Documents that have any of these references (`in` is documented for documents alone). */
export async function listDocumentsByReferences(
  client: ReadClient,
  references: readonly string[],
): Promise<Dated<DocumentRow>> {
  const parts = Array.from({ length: Math.ceil(references.length / REFERENCES_AT_ONCE) }, (_, index) =>
    references.slice(index * REFERENCES_AT_ONCE, (index + 1) * REFERENCES_AT_ONCE),
  );
  const lists = await Promise.all(
    parts.map((part) =>
      listRows(client, '/documents', { 'filter[customer_reference][in][]': part }, decodeDocument),
    ),
  );
  const wanted = new Set(references);
  return {
    rows: lists.flatMap(({ rows }) => rows).filter(({ reference }) => wanted.has(reference ?? '')),
    dateMs: lists.at(-1)?.dateMs ?? null,
  };
}

export async function listDocumentsByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly DocumentRow[]> {
  const query = { 'filter[customer_reference][eq]': reference };
  const { rows } = await listRows(client, '/documents', query, decodeDocument);
  return rows.filter((document) => sameReference(document.reference, reference));
}

export async function getDocument(client: ReadClient, id: RemoteId): Promise<DocumentRow> {
  return getById(client, '/documents/{id}', { id }, {}, decodeDocument);
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

export async function beginAddresses(client: ReadClient): Promise<BegunListing<AddressRow>> {
  return client.begin('/addresses', {}, {}, decodeAddress);
}

export async function getAddress(client: ReadClient, id: RemoteId): Promise<AddressRow> {
  return getById(client, '/addresses/{id}', { id }, {}, decodeAddress);
}

export async function listAddressesByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly AddressRow[]> {
  const query = { 'filter[customer_reference][eq]': reference };
  const { rows } = await listRows(client, '/addresses', query, decodeAddress);
  return rows.filter((address) => sameReference(address.reference, reference));
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

/**
 * The sets of a country in one version, by its number. A version that is scheduled is shown only to those who ask for it
 * (inferred from the description of `version`); what is answered where there is none is documented nowhere.
 */
export async function listRequirementSetsOfVersion(
  client: ReadClient,
  countryCode: string,
  version: number,
): Promise<readonly RequirementSetRow[]> {
  const query = { 'filter[country_code]': countryCode, version: String(version) };
  const { rows } = await listRows(client, '/requirements', query, decodeRequirementSet);
  return rows.filter((row) => row.countryCode === countryCode && row.version === version);
}

/** Declares neither paging nor meta (documented). */
export async function getRegulatoryRequirements(
  client: ReadClient,
  combination: Combination,
): Promise<readonly RegulatoryRow[]> {
  const query = {
    'filter[country_code]': combination.countryCode,
    'filter[phone_number_type]': combination.phoneNumberType,
    'filter[action]': combination.action,
  };
  return getRow(client, '/regulatory_requirements', {}, query, (rows) =>
    readRows({ data: requireList({ data: rows }, 'data') }, 'data', decodeRegulatory),
  );
}

/* ---- Reading orders ---- */

/** @param createdAfterMs a hint: a server may ignore the filter and answer more. Null: all of them. */
export async function listNumberOrders(
  client: ReadClient,
  createdAfterMs: number | null = null,
): Promise<readonly NumberOrderRow[]> {
  const query: Query =
    createdAfterMs === null ? {} : { 'filter[created_at][gt]': new Date(createdAfterMs).toISOString() };
  return (await listRows(client, '/number_orders', query, decodeNumberOrder)).rows;
}

/** All of them; those without one of these references come as null, whatever else they hold. */
export async function beginNumberOrders(
  client: ReadClient,
  references: ReadonlySet<string>,
): Promise<BegunListing<NumberOrderRow | null>> {
  return client.begin('/number_orders', {}, {}, (row) =>
    references.has(referenceKey(decodeReference(row)) ?? '') ? decodeNumberOrder(row) : null,
  );
}

/** What was placed under this reference: several orders may have the same (nothing at Telnyx keeps them from it). */
export async function listNumberOrdersByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly NumberOrderRow[]> {
  const query = { 'filter[customer_reference]': reference };
  const { rows } = await listRows(client, '/number_orders', query, decodeNumberOrder);
  return rows.filter((order) => sameReference(order.reference, reference));
}

export async function getNumberOrder(client: ReadClient, id: RemoteId): Promise<NumberOrderRow> {
  const template = '/number_orders/{number_order_id}';
  return getById(client, template, { number_order_id: id }, {}, decodeNumberOrder);
}

/** Without phone numbers: only the vendor's client, not its description, knows a way to have them in the list. */
export async function listSubNumberOrders(
  client: ReadClient,
  numberOrderId: RemoteId,
): Promise<readonly SubNumberOrderRow[]> {
  const query = { 'filter[order_request_id]': numberOrderId };
  const { rows } = await listRows(client, '/sub_number_orders', query, decodeSubNumberOrder);
  return rows.filter((subOrder) => subOrder.numberOrderId === numberOrderId);
}

/** Those that still take a group. `filter[status]` is documented; whoever ignores it answers more. */
export async function listPendingSubNumberOrders(client: ReadClient): Promise<readonly SubNumberOrderRow[]> {
  const query = { 'filter[status]': 'pending' };
  const { rows } = await listRows(client, '/sub_number_orders', query, decodeSubNumberOrder);
  return rows.filter(({ status }) => status === 'pending');
}

/** With its first 50 phone numbers, which hold the values (documented). */
export async function getSubNumberOrder(client: ReadClient, id: RemoteId): Promise<SubNumberOrderRow> {
  const query = { 'filter[include_phone_numbers]': 'true' };
  const template = '/sub_number_orders/{sub_number_order_id}';
  return getById(client, template, { sub_number_order_id: id }, query, decodeSubNumberOrder);
}

/** The one filter that is described is the country: the owner is selected here. */
export async function listNumberOrderPhoneNumbers(
  client: ReadClient,
  countryCode: string,
  owner: { readonly numberOrderId: RemoteId } | { readonly subNumberOrderId: RemoteId },
): Promise<readonly OrderedNumberRow[]> {
  const query = { 'filter[country_code]': countryCode };
  const { rows } = await listRows(client, '/number_order_phone_numbers', query, decodeOrderedNumber);
  return rows.filter((number) =>
    'numberOrderId' in owner
      ? number.numberOrderId === owner.numberOrderId
      : number.subNumberOrderId === owner.subNumberOrderId,
  );
}

/** Those of all orders, open or not: 250 a request, where orders are read one by one. */
export async function listAllNumberOrderPhoneNumbers(
  client: ReadClient,
): Promise<readonly OrderedNumberRow[]> {
  return (await listRows(client, '/number_order_phone_numbers', {}, decodeOrderedNumber)).rows;
}

/**
 * The same with all of their values.
 *
 * @param matters whether the values of a number matter.
 * @throws MalformedAnswerError too where a row that matters does not show all of its values.
 */
export async function listAllNumberOrderPhoneNumbersInFull(
  client: ReadClient,
  matters: (number: OrderedNumberRow) => boolean,
): Promise<readonly OrderedNumberRow[]> {
  const decode = inFullWhere(matters, decodeOrderedNumber, decodeOrderedNumberInFull);
  const { rows } = await listRows(client, '/number_order_phone_numbers', {}, decode);
  return rows.filter((number) => number !== null);
}

/** Decodes a row strictly if it matters, and to null if it does not. */
function inFullWhere<Row>(
  matters: (row: Row) => boolean,
  decode: (value: unknown) => Row,
  decodeInFull: (value: unknown) => Row,
): (value: unknown) => Row | null {
  return (value) => (matters(decode(value)) ? decodeInFull(value) : null);
}

export async function getNumberOrderPhoneNumber(client: ReadClient, id: RemoteId): Promise<OrderedNumberRow> {
  const template = '/number_order_phone_numbers/{number_order_phone_number_id}';
  return getById(client, template, { number_order_phone_number_id: id }, {}, decodeOrderedNumber);
}

export async function listPortingOrders(client: ReadClient): Promise<readonly PortingOrderRow[]> {
  return (await listRows(client, '/porting_orders', {}, decodePortingOrder)).rows;
}

/** Without their phone numbers (documented): there may be 50 in each. */
export async function listPortingOrdersInBrief(client: ReadClient): Promise<readonly PortingOrderRow[]> {
  const query = { include_phone_numbers: 'false' };
  return (await listRows(client, '/porting_orders', query, decodePortingOrder)).rows;
}

/**
 * The same with all that they hold.
 *
 * @param matters whether what an order holds matters.
 * @throws MalformedAnswerError too where a row that matters does not show its documents.
 */
export async function listPortingOrdersInFull(
  client: ReadClient,
  matters: (order: PortingOrderRow) => boolean,
): Promise<readonly PortingOrderRow[]> {
  const decode = inFullWhere(matters, decodePortingOrder, decodePortingOrderInFull);
  const { rows } = await listRows(client, '/porting_orders', { include_phone_numbers: 'false' }, decode);
  return rows.filter((order) => order !== null);
}

export async function getPortingOrder(client: ReadClient, id: RemoteId): Promise<PortingOrderRow> {
  return getById(client, '/porting_orders/{id}', { id }, {}, decodePortingOrder);
}

/** All of them, texts too, with their statuses; the order itself shows the documents only (documented). */
export async function listPortingRequirements(
  client: ReadClient,
  id: RemoteId,
): Promise<readonly PortingRequirementRow[]> {
  const template = '/porting_orders/{id}/requirements';
  return (await listRows(client, template, {}, decodePortingRequirement, { id })).rows;
}

/** An answer about another object than was asked for is not believed: what follows would be done to that one. */
async function getById<Row extends { readonly id: RemoteId }>(
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
async function getRow<Row>(
  client: ReadClient,
  template: string,
  params: Params,
  query: Query,
  decode: (value: unknown) => Row,
): Promise<Row> {
  const row = unwrap(await client.get(template, params, query));
  return believe(`GET ${template}`, () => decode(row));
}

/** @throws MalformedAnswerError too where a row does not show its value. */
export async function listPortingRequirementsInFull(
  client: ReadClient,
  id: RemoteId,
): Promise<readonly PortingRequirementRow[]> {
  const template = '/porting_orders/{id}/requirements';
  return (await listRows(client, template, {}, decodePortingRequirementInFull, { id })).rows;
}

async function listRows<Row>(
  client: ReadClient,
  template: string,
  query: Query,
  decode: (value: unknown) => Row,
  params: Readonly<Record<string, string>> = {},
): Promise<Dated<Row>> {
  return client.list(template, query, params, decode);
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
    body: { kind: 'json', value: writePatch(patch) },
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
): Promise<UploadedDocument> {
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
        contentType: contentTypeOf(document.extension),
        bytes: document.bytes,
      },
    },
  });
  const answer = await sending.catch((error: unknown) => {
    throw withoutQuotes(error, document.bytes);
  });
  const id = readId(answer, 'POST /documents');
  return { id, sha256: decodeDocument(unwrap(answer)).sha256 };
}

export interface UploadedDocument {
  readonly id: RemoteId;
  /** Lowercase hex; null where the answer does not say. */
  readonly sha256: string | null;
}

/** A refusal may quote what was sent, and what was sent is the document: no mask knows its words. */
function withoutQuotes(error: unknown, document: Buffer): unknown {
  if (error instanceof AuthenticationError && error.cause instanceof ApiError) {
    return authenticationError(withoutQuotesIn(error.cause, document));
  }
  return error instanceof ApiError ? withoutQuotesIn(error, document) : error;
}

function withoutQuotesIn({ status, request, details, requestId }: ApiError, document: Buffer): ApiError {
  const members = details.flatMap(({ code, title, detail, pointer }) => [code, title, detail, pointer]);
  const texts = [...members, requestId].filter((text) => text !== null);
  const quoting = findQuoting(texts, document);
  const withhold = (text: string | null) => (text !== null && quoting.has(text) ? WITHHELD : text);
  const shown = details.map(({ code, title, detail, pointer }) => ({
    code: withhold(code),
    title: withhold(title),
    detail: withhold(detail),
    pointer: withhold(pointer),
  }));
  return new ApiError(status, request, shown, withhold(requestId));
}

const WITHHELD = 'withheld: it quotes the document';

export async function createAddress(
  client: WriteClient,
  address: DesiredAddress,
  reference: Reference,
): Promise<AddressRow> {
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
        ...NAMES_REQUIRED_BY_SCHEMA,
        ...Object.fromEntries(fields),
        customer_reference: reference,
        address_book: false,
        validate_address: address.validateAddress,
      },
    },
  });
  readId(answer, 'POST /addresses');
  return decodeAddress(unwrap(answer));
}

/** The schema requires all three names although its text asks for one form or the other: the missing ones are sent empty. */
const NAMES_REQUIRED_BY_SCHEMA = { first_name: '', last_name: '', business_name: '' } as const;

/* ---- Writing orders ---- */

/**
 * Spends money, and is not safe to repeat: look the order up by its reference instead. Numbers have to be searched first
 * (85000), and some countries want a fulfilled group with each (documented). What the answer says of requirements is
 * empty: they come later (documented).
 */
export async function placeNumberOrder(client: WriteClient, order: NumberOrderToPlace): Promise<RemoteId> {
  const answer = await client.send({
    method: 'POST',
    template: '/number_orders',
    repeat: 'never',
    body: {
      kind: 'json',
      value: {
        phone_numbers: order.phoneNumbers.map(({ phoneNumber, groupId }) => ({
          phone_number: phoneNumber,
          ...(groupId === null ? {} : { requirement_group_id: groupId }),
        })),
        customer_reference: order.reference,
        ...order.settings,
      },
    },
  });
  return readId(answer, 'POST /number_orders');
}

/** Its reference and its values are all that can be edited (described). */
export async function patchNumberOrder(
  client: WriteClient,
  id: RemoteId,
  patch: { readonly reference: string | null; readonly values: readonly ValueToWrite[] },
): Promise<void> {
  await client.send({
    method: 'PATCH',
    template: '/number_orders/{number_order_id}',
    params: { number_order_id: id },
    repeat: 'safe',
    body: { kind: 'json', value: writePatch(patch) },
  });
}

/** For all of its phone numbers. */
export async function patchSubNumberOrder(
  client: WriteClient,
  id: RemoteId,
  values: readonly ValueToWrite[],
): Promise<void> {
  await client.send({
    method: 'PATCH',
    template: '/sub_number_orders/{sub_number_order_id}',
    params: { sub_number_order_id: id },
    repeat: 'safe',
    body: { kind: 'json', value: writePatch({ reference: null, values }) },
  });
}

export async function patchNumberOrderPhoneNumber(
  client: WriteClient,
  id: RemoteId,
  values: readonly ValueToWrite[],
): Promise<void> {
  await client.send({
    method: 'PATCH',
    template: '/number_order_phone_numbers/{number_order_phone_number_id}',
    params: { number_order_phone_number_id: id },
    repeat: 'safe',
    body: { kind: 'json', value: writePatch({ reference: null, values }) },
  });
}

/**
 * Copies the values of the group, once (documented), to every requirement that is not approved. The group has to be
 * fulfilled and the order pending. Not repeated here: the values can be read back, and what the first attempt completed
 * refuses the second.
 */
export async function attachGroupToSubNumberOrder(
  client: WriteClient,
  id: RemoteId,
  groupId: RemoteId,
): Promise<void> {
  await attachGroup(client, '/sub_number_orders/{id}/requirement_group', id, groupId);
}

/** As above, for one phone number of an order. */
export async function attachGroupToPhoneNumber(
  client: WriteClient,
  id: RemoteId,
  groupId: RemoteId,
): Promise<void> {
  await attachGroup(client, '/number_order_phone_numbers/{id}/requirement_group', id, groupId);
}

async function attachGroup(
  client: WriteClient,
  template: string,
  id: RemoteId,
  groupId: RemoteId,
): Promise<void> {
  const body = { kind: 'json', value: { requirement_group_id: groupId } } as const;
  await client.send({ method: 'POST', template, params: { id }, repeat: 'never', body });
}

/**
 * What is left out stays, null clears. A group's values are copied over those of the order, once, in draft, in-process and
 * exception only (all documented). Writing the same twice is harmless.
 */
export async function patchPortingOrder(
  client: WriteClient,
  id: RemoteId,
  { groupId, settings = [], requirements = [] }: PortingOrderPatch,
): Promise<void> {
  await client.send({
    method: 'PATCH',
    template: '/porting_orders/{id}',
    params: { id },
    repeat: 'safe',
    body: {
      kind: 'json',
      value: {
        ...(groupId === undefined ? {} : { requirement_group_id: groupId }),
        ...writeSettings(settings),
        ...(requirements.length === 0 ? {} : { requirements: requirements.map(writePortingValue) }),
      },
    },
  });
}

/* ---- Bodies ---- */

function writePatch(patch: { readonly reference: string | null; readonly values: readonly ValueToWrite[] }) {
  return {
    ...(patch.reference === null ? {} : { customer_reference: patch.reference }),
    ...(patch.values.length === 0 ? {} : { regulatory_requirements: patch.values.map(writeValue) }),
  };
}

function writeValue(write: ValueToWrite): { requirement_id: string; field_value: string } {
  return { requirement_id: write.requirementId, field_value: reveal(write.value) };
}

/** By other names than groups and number orders have. */
function writePortingValue(write: ValueToWrite): { requirement_type_id: string; field_value: string } {
  return { requirement_type_id: write.requirementId, field_value: reveal(write.value) };
}

/** `end_user.admin.pin_passcode` → `{ end_user: { admin: { pin_passcode } } }` */
function writeSettings(settings: readonly SettingToWrite[]): Tree {
  const body: Tree = {};
  for (const { path, value } of settings) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let node = body;
    for (const step of steps) {
      const inner = (node[step] ?? {}) as Tree;
      node[step] = inner;
      node = inner;
    }
    node[last] = writeSetting(value);
  }
  return body;
}

interface Tree {
  [name: string]: Tree | SettingJson;
}

type SettingJson = string | boolean | number | string[] | null;

function writeSetting(value: SettingToWrite['value']): SettingJson {
  if (value instanceof Sensitive) return reveal(value);
  return typeof value === 'object' && value !== null ? value.map(reveal) : value;
}

/**
 * @throws MalformedAnswerError without an id: something was made, and it is not known what. As it was made, it is not to be
 * tried again; the next run finds it by its reference.
 */
function readId(answer: Answer, request: string): RemoteId {
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
function unwrap(answer: Answer): unknown {
  const body = answer.body;
  return typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
}
