import { parseTimestampMs } from '../../model/text/normal-text.ts';
import { apiError, type ErrorBody, refusal } from '../server/answer.ts';
import { isJsonObject, type JsonObject } from '../server/request.ts';
import type { State } from '../state/state.ts';
import { brokenCriteria } from './criteria.ts';

/** The values of requirements in request bodies, and their errors. */

export interface ValueEntry {
  readonly requirement_id: string;
  /** The value. "" clears it. */
  readonly field_value: string;
}

/** The form in which a body lists values. Groups and orders share one, and porting orders use other names. */
export interface EntryList {
  readonly field: string;
  readonly idField: string;
  /** The owner of the requirements, in words. */
  readonly owner: string;
}

export function readEntries(body: JsonObject, list: EntryList): readonly ValueEntry[] {
  const entries = body[list.field] ?? [];
  if (!Array.isArray(entries)) {
    throw refusal(422, '10026', `${list.field} must be a list.`, { pointer: `/${list.field}` });
  }
  return entries.map((entry, index) => readEntry(entry, list, `/${list.field}/${index}`));
}

/** Reads an entry. Null clears a value, as "" does. */
function readEntry(entry: unknown, { idField }: EntryList, pointer: string): ValueEntry {
  if (!isJsonObject(entry)) throw refusal(422, '10026', 'A requirement must be an object.', { pointer });
  const { [idField]: requirement_id, field_value } = entry;
  if (typeof requirement_id !== 'string') {
    throw refusal(422, '10004', `${idField} is required.`, { pointer: `${pointer}/${idField}` });
  }
  if (field_value === undefined) {
    throw refusal(422, '10004', 'field_value is required.', { pointer: `${pointer}/field_value` });
  }
  if (field_value !== null && typeof field_value !== 'string') {
    throw refusal(422, '10020', 'field_value must be a string.', { pointer: `${pointer}/field_value` });
  }
  return { requirement_id, field_value: field_value ?? '' };
}

/**
 * Returns the value as it is stored. A date is answered in one format for every input (documented elsewhere,
 * inferred here). Other texts stay as they are.
 */
export function storedValue(state: State, { requirement_id, field_value }: ValueEntry): string {
  if (state.requirementTypes.get(requirement_id)?.type !== 'datetime') return field_value;
  const instant = parseTimestampMs(field_value);
  return instant === null ? field_value : new Date(instant).toISOString();
}

/** The id and type of a requirement. */
interface Demand {
  readonly requirement_id: string;
  readonly field_type: string;
}

export function entryFaults(
  state: State,
  demands: readonly Demand[],
  entries: readonly ValueEntry[],
  list: EntryList,
): ErrorBody[] {
  return entries.flatMap((entry, index) => faultsOf(state, demands, entry, list, `/${list.field}/${index}`));
}

function faultsOf(
  state: State,
  demands: readonly Demand[],
  { requirement_id, field_value }: ValueEntry,
  { idField, owner }: EntryList,
  pointer: string,
): ErrorBody[] {
  const demand = demands.find((other) => other.requirement_id === requirement_id);
  if (demand === undefined) {
    const detail = `The requirement ${requirement_id} is not one of this ${owner}.`;
    return [apiError('10027', detail, { pointer: `${pointer}/${idField}` })];
  }
  if (field_value === '') return [];
  return valueFaults(state, demand, field_value).map(([code, detail]) =>
    apiError(code, detail, { pointer: `${pointer}/field_value` }),
  );
}

type Fault = readonly [code: string, detail: string];

function valueFaults(state: State, demand: Demand, value: string): Fault[] {
  switch (demand.field_type) {
    case 'document':
      return documentFaults(state, value);
    case 'address':
      return state.addresses.has(value) ? [] : [['10017', `There is no address ${value}.`]];
    case 'action':
      return [['10027', 'An action requirement cannot be fulfilled with a value.']];
    default:
      return textFaults(state, demand.requirement_id, value);
  }
}

function documentFaults(state: State, id: string): Fault[] {
  const document = state.documents.get(id);
  if (document === undefined) return [['10017', `There is no document ${id}.`]];
  if (document.av_scan_status === 'infected') return [['10027', `The document ${id} is infected.`]];
  const unscanned = document.av_scan_status !== 'scanned';
  return unscanned && state.quirks.unscanned_documents === 'refuse'
    ? [['10027', `The document ${id} has not been scanned yet.`]]
    : [];
}

function textFaults(state: State, requirementId: string, value: string): Fault[] {
  const type = state.requirementTypes.get(requirementId);
  if (type === undefined || state.quirks.criteria === 'accept') return [];
  return brokenCriteria(type, value).map((fault) => ['10027', `${type.name} ${fault}.`]);
}
