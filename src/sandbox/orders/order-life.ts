import { linkDocuments, unlinkDocuments } from '../documents/links.ts';
import { catalogueIds } from '../groups/groups.ts';
import { storedValue, type ValueEntry } from '../requirements/values.ts';
import { refusal } from '../server/answer.ts';
import { nowMs, stamp, timeText } from '../state/clock.ts';
import type { Group, OrderedNumber, State, StoredRequirement, SubNumberOrder } from '../state/state.ts';

/**
 * The life of ordered numbers. Every event changes single numbers, and the statuses of sub orders and orders
 * follow. The statuses are documented; the order of events between them is inferred.
 */

const DAY_MS = 24 * 60 * 60 * 1000;

/* ---- Reading ---- */

export function isOpen({ status }: { readonly status: string }): boolean {
  return status === 'pending';
}

export function numbersOfOrder(state: State, orderId: string): OrderedNumber[] {
  return [...state.orderedNumbers.values()].filter(({ order_id }) => order_id === orderId);
}

export function numbersOfSubOrder(state: State, subOrderId: string): OrderedNumber[] {
  return [...state.orderedNumbers.values()].filter(({ sub_order_id }) => sub_order_id === subOrderId);
}

export function isMet({ requirements_status }: OrderedNumber): boolean {
  return requirements_status === 'approved';
}

/** Refuses to change an order that is over. The codes are documented, and their use here is inferred. */
export function refuseUnlessOpen(owner: { readonly status: string }, what: string): void {
  if (isOpen(owner)) return;
  throw owner.status === 'success'
    ? refusal(422, '85003', `The regulatory requirements of this ${what} are satisfied already.`)
    : refusal(422, '85002', `This ${what} is ${owner.status}: only pending ones can be changed.`);
}

export function newDeadline(state: State): string {
  return timeText(nowMs(state) + state.quirks.order_deadline_days * DAY_MS);
}

/* ---- Values ---- */

/** Returns a copy of the group's values. Later changes of the group do not affect the order (documented). */
export function valuesOf({ quirks }: State, group: Group): readonly StoredRequirement[] {
  return group.regulatory_requirements
    .filter(({ field_value }) => field_value !== '')
    .map(({ requirement_id, field_type, field_value, status }) => ({
      requirement_id,
      field_type,
      field_value,
      status: status === 'approved' && quirks.approved_values === 'approve' ? 'approved' : 'pending-approval',
    }));
}

/**
 * Sets the values of a group. Requirements that are approved or not in the group keep theirs (documented).
 */
export function attachValues(
  state: State,
  numbers: readonly OrderedNumber[],
  values: readonly StoredRequirement[],
): void {
  const byId = new Map(values.map((value) => [value.requirement_id, value]));
  changeRequirements(state, numbers, (requirement) => byId.get(requirement.requirement_id) ?? requirement);
}

/** Sets values. "" clears one. */
export function setValues(
  state: State,
  numbers: readonly OrderedNumber[],
  entries: readonly ValueEntry[],
): void {
  const values = new Map(entries.map((entry) => [entry.requirement_id, storedValue(state, entry)]));
  changeRequirements(state, numbers, (requirement) => {
    const field_value = values.get(requirement.requirement_id);
    if (field_value === undefined) return requirement;
    return {
      ...requirement,
      field_value,
      status: field_value === '' ? 'awaiting-value' : 'pending-approval',
    };
  });
}

/**
 * Changes the requirements of open numbers that are not approved. Values for a number without requirements
 * make its requirements appear.
 */
function changeRequirements(
  state: State,
  numbers: readonly OrderedNumber[],
  change: (requirement: StoredRequirement) => StoredRequirement,
): void {
  const changed = numbers.filter(isOpen).map((number) => {
    const filled = fill(state, number);
    return {
      ...filled,
      regulatory_requirements: filled.regulatory_requirements.map((requirement) =>
        requirement.status === 'approved' ? requirement : change(requirement),
      ),
    };
  });
  storeNumbers(state, changed);
}

/* ---- Effects of reviewers and customers ---- */

/** @param requirementIds the requirements to approve. Null approves all that have a value. */
export function approveNumbers(
  state: State,
  numbers: readonly OrderedNumber[],
  requirementIds: readonly string[] | null,
): void {
  storeNumbers(
    state,
    judged(state, numbers, 'approved', ({ requirement_id, field_value }) =>
      requirementIds === null ? field_value !== '' : requirementIds.includes(requirement_id),
    ),
  );
}

/**
 * Declines values and sets a new deadline (documented).
 *
 * @param requirementIds the requirements to decline. Null declines all that have a value and no approval.
 */
export function declineNumbers(
  state: State,
  numbers: readonly OrderedNumber[],
  requirementIds: readonly string[] | null,
): void {
  const declined = judged(state, numbers, 'declined', ({ requirement_id, field_value, status }) =>
    requirementIds === null
      ? field_value !== '' && status !== 'approved'
      : requirementIds.includes(requirement_id),
  );
  const deadline = newDeadline(state);
  storeNumbers(
    state,
    declined.map((number) => ({ ...number, deadline })),
  );
}

export function cancelNumbers(state: State, numbers: readonly OrderedNumber[]): void {
  const cancelled = numbers
    .filter(isOpen)
    .map((number) => ({ ...number, status: 'failure', requirements_status: 'cancelled' }));
  storeNumbers(state, cancelled);
}

function judged(
  state: State,
  numbers: readonly OrderedNumber[],
  status: string,
  concerns: (requirement: StoredRequirement) => boolean,
): OrderedNumber[] {
  return numbers.filter(isOpen).map((number) => {
    const filled = fill(state, number);
    return {
      ...filled,
      regulatory_requirements: filled.regulatory_requirements.map((requirement) =>
        concerns(requirement) ? { ...requirement, status } : requirement,
      ),
    };
  });
}

/* ---- Effects of time ---- */

/**
 * Adds requirements to numbers, which happens some time after the order (documented). Before it, a number
 * says that it waits for values, but not for which.
 */
export function fillOrders(state: State): void {
  const latest = nowMs(state) - state.quirks.order_fill_delay_seconds * 1000;
  const due = [...state.orderedNumbers.values()].filter(
    (number) => isOpen(number) && !number.is_filled && number.placed_ms <= latest,
  );
  storeNumbers(
    state,
    due.map((number) => fill(state, number)),
  );
}

/**
 * Cancels numbers that lack values at their deadline (documented). A number that waits for a reviewer is kept
 * (inferred).
 */
export function missDeadlines(state: State): void {
  const late = [...state.orderedNumbers.values()].filter(
    (number) => isOpen(number) && owesValues(number) && Date.parse(number.deadline) <= nowMs(state),
  );
  cancelNumbers(state, late);
}

function owesValues({ requirements_status }: OrderedNumber): boolean {
  return ['requirement-info-pending', 'requirement-info-exception'].includes(requirements_status);
}

/**
 * Returns the number with the requirements in the current catalogue and the values that came with the order.
 */
function fill(state: State, number: OrderedNumber): OrderedNumber {
  if (number.is_filled) return number;
  const { country_code, phone_number_type, given } = number;
  const ids = catalogueIds(state, { country_code, phone_number_type, action: 'ordering' }) ?? [];
  const awaiting = (id: string): StoredRequirement => ({
    requirement_id: id,
    field_type: state.requirementTypes.get(id)?.type ?? 'textual',
    field_value: '',
    status: 'awaiting-value',
  });
  return {
    ...number,
    is_filled: true,
    given: [],
    regulatory_requirements: ids.map(
      (id) => given.find(({ requirement_id }) => requirement_id === id) ?? awaiting(id),
    ),
  };
}

/* ---- Storing, and the statuses that follow ---- */

export function storeNumbers(state: State, numbers: readonly OrderedNumber[]): void {
  for (const number of numbers) storeNumber(state, number);
  for (const id of new Set(numbers.map(({ sub_order_id }) => sub_order_id))) settleSubOrder(state, id);
  for (const id of new Set(numbers.map(({ order_id }) => order_id))) settleOrder(state, id);
}

function storeNumber(state: State, number: OrderedNumber): void {
  const settled = isOpen(number) ? { ...number, ...statusesOf(number) } : number;
  state.orderedNumbers.set(settled.id, settled);
  if (settled.status === 'failure') unlinkDocuments(state, settled.id);
  else {
    const holder = { id: settled.id, recordType: 'number_order_phone_number' } as const;
    linkDocuments(state, holder, [...settled.given, ...settled.regulatory_requirements]);
  }
}

function statusesOf(number: OrderedNumber): Pick<OrderedNumber, 'status' | 'requirements_status'> {
  const statuses = number.regulatory_requirements.map(({ status }) => status);
  if (number.is_filled && statuses.every((status) => status === 'approved')) {
    return { status: 'success', requirements_status: 'approved' };
  }
  return { status: 'pending', requirements_status: openStatus(number, statuses) };
}

function openStatus({ is_filled }: OrderedNumber, statuses: readonly string[]): string {
  if (statuses.includes('declined')) return 'requirement-info-exception';
  if (!is_filled || statuses.includes('awaiting-value')) return 'requirement-info-pending';
  return 'requirement-info-under-review';
}

function settleSubOrder(state: State, id: string): void {
  const subOrder = state.subNumberOrders.get(id);
  if (subOrder === undefined) return;
  const status = commonStatus(state, numbersOfSubOrder(state, id));
  const settled: SubNumberOrder = { ...subOrder, status, updated_at: stamp(state) };
  state.subNumberOrders.set(id, settled);
}

function settleOrder(state: State, id: string): void {
  const order = state.numberOrders.get(id);
  if (order === undefined) return;
  const status = commonStatus(state, numbersOfOrder(state, id));
  state.numberOrders.set(id, { ...order, status, updated_at: stamp(state) });
}

/**
 * Returns `pending` while a number is open, `success` if none was lost, and the status of cancelled orders if
 * all were cancelled. Otherwise returns `failure`.
 */
function commonStatus({ quirks }: State, numbers: readonly OrderedNumber[]): string {
  if (numbers.some(isOpen)) return 'pending';
  const lost = numbers.filter(({ status }) => status !== 'success');
  if (lost.length === 0) return 'success';
  const isCancelled = numbers.every(({ requirements_status }) => requirements_status === 'cancelled');
  return isCancelled ? quirks.cancelled_orders : 'failure';
}
