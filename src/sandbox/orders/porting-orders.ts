import { randomUUID } from 'node:crypto';
import { linkDocuments } from '../documents/links.ts';
import { catalogueIds } from '../groups/groups.ts';
import type { CatalogueKey } from '../requirements/catalogue.ts';
import { type EntryList, entryFaults, readEntries, type ValueEntry } from '../requirements/values.ts';
import { json, notFound, type Reply, refusal, refuseIfAny } from '../server/answer.ts';
import { contains, equals, type ListRules, listAnswer } from '../server/list.ts';
import { type Exchange, isJsonObject, type JsonObject, readJsonObject } from '../server/request.ts';
import { stamp } from '../state/clock.ts';
import type { Group, PortingOrder, State, StoredRequirement } from '../state/state.ts';
import { readGroup } from './attachable.ts';
import { valuesOf } from './order-life.ts';
import { presentPortingOrder, presentPortingRequirement } from './porting-rows.ts';
import {
  BLANK_SETTINGS,
  DOCUMENT_FIELDS,
  documentsIn,
  mergeSettings,
  readSetting,
  settingFaults,
} from './porting-settings.ts';

/* ---- The endpoints. Only control makes orders, because regsync neither makes nor submits any ---- */

export function listPortingOrders(exchange: Exchange): Reply {
  const { state, request } = exchange;
  const withNumbers = wantsNumbers(request.query);
  return listAnswer(exchange, state.portingOrders.values(), PORTING_ORDERS, (order) =>
    presentPortingOrder(state, order, withNumbers),
  );
}

export function getPortingOrder({ state, request, params }: Exchange): Reply {
  const order = requirePortingOrder(state, params.id);
  return answerOrder(state, order, wantsNumbers(request.query));
}

/** Changes an order. A field that is left out keeps its value, and null clears it (documented). */
export function updatePortingOrder({ state, request, params }: Exchange): Reply {
  const body = readJsonObject(request);
  const order = requirePortingOrder(state, params.id);
  refuseIfAny(settingFaults(order.settings, body));
  const values = readValues(state, order, body);
  const updated: PortingOrder = {
    ...order,
    settings: mergeSettings(keptSettings(state, order, body), body),
    updated_at: stamp(state),
  };
  storePortingOrder(state, withValues(state, updated, values));
  return answerOrder(state, requirePortingOrder(state, order.id), true);
}

/** Returns the settings to keep. By a quirk, an attribute that the body names is replaced as a whole. */
function keptSettings({ quirks }: State, { settings }: PortingOrder, body: JsonObject): JsonObject {
  if (quirks.porting_patch === 'merge') return settings;
  return {
    ...settings,
    ...Object.fromEntries(Object.entries(BLANK_SETTINGS).filter(([name]) => name in body)),
  };
}

export function listPortingRequirements(exchange: Exchange): Reply {
  const { state, params } = exchange;
  const { regulatory_requirements } = requirePortingOrder(state, params.id);
  return listAnswer(exchange, regulatory_requirements, REQUIREMENTS, (requirement) =>
    presentPortingRequirement(state, requirement),
  );
}

const REQUIREMENTS: ListRules<StoredRequirement> = { name: 'porting_requirements', filters: {}, sortBy: {} };

const PORTING_ORDERS: ListRules<PortingOrder> = {
  name: 'porting_orders',
  filters: {
    customer_reference: equals(({ settings }) => readSetting(settings, 'customer_reference')),
    customer_group_reference: equals(({ settings }) => readSetting(settings, 'customer_group_reference')),
    'phone_numbers.country_code': equals(({ country_code }) => country_code),
    'phone_numbers.phone_number.contains': contains(({ phone_numbers }) => phone_numbers.join(' ')),
    'misc.type': equals(({ settings }) => readSetting(settings, 'misc', 'type')),
    'end_user.admin.entity_name': equals(({ settings }) =>
      readSetting(settings, 'end_user', 'admin', 'entity_name'),
    ),
    'end_user.admin.auth_person_name': equals(({ settings }) =>
      readSetting(settings, 'end_user', 'admin', 'auth_person_name'),
    ),
  },
  sortBy: {
    created_at: (order) => order.created_at,
    'activation_settings.foc_datetime_requested': ({ settings }) =>
      readSetting(settings, 'activation_settings', 'foc_datetime_requested') ?? '',
  },
  defaultSort: '-created_at',
};

/**
 * Returns true unless the query says `false`. Unlike for sub orders, numbers are shown by default
 * (documented).
 */
function wantsNumbers(query: URLSearchParams): boolean {
  return query.get('include_phone_numbers') !== 'false';
}

function answerOrder(state: State, order: PortingOrder, withNumbers: boolean): Reply {
  return json(200, {
    data: presentPortingOrder(state, order, withNumbers),
    meta: { phone_numbers_url: `/v2/porting_phone_numbers?filter[porting_order_id]=${order.id}` },
  });
}

/* ---- Values ---- */

/** The statuses in which an order accepts a group (documented). */
const OPEN_STATUSES: readonly string[] = ['draft', 'in-process', 'exception'];

const ENTRIES: EntryList = {
  field: 'requirements',
  idField: 'requirement_type_id',
  owner: 'porting order',
};

/** Reads the values of the body: from a group, one by one, or as one of the two named documents. */
function readValues(state: State, order: PortingOrder, body: JsonObject): readonly StoredRequirement[] {
  const isGrouped = typeof body.requirement_group_id === 'string';
  const entries = readEntries(body, ENTRIES);
  const documents = documentsIn(body);
  if (!isGrouped && entries.length === 0 && documents.length === 0) return [];
  if (!OPEN_STATUSES.includes(order.status)) {
    throw refusal(422, '85002', `This porting order is ${order.status}: its requirements cannot change.`, {
      pointer: '/status',
    });
  }
  refuseIfAny(entryFaults(state, order.regulatory_requirements, entries, ENTRIES));
  refuseMissingDocuments(state, documents);
  const written = [...entries, ...documentEntries(state, order, documents)].map((entry) =>
    asValue(order, entry),
  );
  if (!isGrouped) return written;
  const group = readGroup(state, body, combinationOf(order));
  refuseConflicts(group, written);
  return valuesOf(state, group);
}

function refuseMissingDocuments(state: State, documents: ReturnType<typeof documentsIn>): void {
  for (const { field, id } of documents) {
    if (id === '' || state.documents.has(id)) continue;
    throw refusal(422, '10017', `There is no document ${id}.`, { pointer: `/documents/${field}` });
  }
}

/**
 * Returns values for the letter of authorization and the invoice if the order has such requirements
 * (inferred).
 */
function documentEntries(
  state: State,
  order: PortingOrder,
  documents: ReturnType<typeof documentsIn>,
): ValueEntry[] {
  return documents.flatMap(({ field, id }) => {
    const requirement = order.regulatory_requirements.find(
      ({ requirement_id }) => documentField(state, requirement_id) === field,
    );
    return requirement === undefined ? [] : [{ requirement_id: requirement.requirement_id, field_value: id }];
  });
}

function asValue(order: PortingOrder, { requirement_id, field_value }: ValueEntry): StoredRequirement {
  const requirement = order.regulatory_requirements.find((other) => other.requirement_id === requirement_id);
  return {
    requirement_id,
    field_type: requirement?.field_type ?? 'textual',
    field_value,
    status: field_value === '' ? 'awaiting-value' : 'pending-approval',
  };
}

/**
 * Refuses a value that differs from the group's. The error is documented without its code. The same value
 * twice is accepted (inferred).
 */
function refuseConflicts(group: Group, written: readonly StoredRequirement[]): void {
  for (const { requirement_id, field_value } of written) {
    const other = group.regulatory_requirements.find((value) => value.requirement_id === requirement_id);
    if (other?.field_value === field_value) continue;
    const detail = `The requirement group conflicts with the value for ${requirement_id} in the same request.`;
    throw refusal(422, '10015', detail, { pointer: '/requirement_group_id' });
  }
}

/** Sets values. A new value overwrites the old one, even an approved one (documented). */
function withValues(state: State, order: PortingOrder, values: readonly StoredRequirement[]): PortingOrder {
  const byId = new Map(values.map((value) => [value.requirement_id, value]));
  const named = values.flatMap(({ requirement_id, field_value }) => {
    const field = documentField(state, requirement_id);
    return field === null ? [] : [[field, field_value === '' ? null : field_value]];
  });
  return {
    ...order,
    settings: mergeSettings(order.settings, { documents: Object.fromEntries(named) }),
    regulatory_requirements: order.regulatory_requirements.map(
      (requirement) => byId.get(requirement.requirement_id) ?? requirement,
    ),
  };
}

function documentField(state: State, requirementId: string): string | null {
  return DOCUMENT_FIELDS[state.requirementTypes.get(requirementId)?.name ?? ''] ?? null;
}

function combinationOf({ country_code, phone_number_type }: PortingOrder): CatalogueKey {
  return { country_code, phone_number_type, action: 'porting' };
}

/* ---- For control ---- */

export function requirePortingOrder(state: State, id: string | undefined): PortingOrder {
  const order = state.portingOrders.get((id ?? '').toLowerCase());
  if (order === undefined) throw notFound('porting order');
  return order;
}

export function storePortingOrder(state: State, order: PortingOrder): void {
  state.portingOrders.set(order.id, order);
  const holder = { id: order.id, recordType: 'porting_order' } as const;
  linkDocuments(state, holder, [...order.regulatory_requirements, ...settingsDocuments(order)]);
}

/** Returns the documents in the settings, including those without a requirement. */
function settingsDocuments({ settings }: PortingOrder) {
  const documents = isJsonObject(settings.documents) ? settings.documents : {};
  return Object.values(documents).map((id) => ({
    field_type: 'document',
    field_value: typeof id === 'string' ? id : '',
  }));
}

/**
 * Returns a new order. It has its requirements from the start, because country and type are known (inferred).
 */
export function newPortingOrder(
  state: State,
  combination: Omit<CatalogueKey, 'action'>,
  phoneNumbers: readonly string[],
): PortingOrder {
  const created_at = stamp(state);
  const ids = catalogueIds(state, { ...combination, action: 'porting' }) ?? [];
  return {
    id: randomUUID(),
    status: 'draft',
    status_details: [],
    ...combination,
    phone_numbers: phoneNumbers,
    regulatory_requirements: ids.map((id) => ({
      requirement_id: id,
      field_type: state.requirementTypes.get(id)?.type ?? 'textual',
      field_value: '',
      status: 'awaiting-value',
    })),
    settings: BLANK_SETTINGS,
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
}
