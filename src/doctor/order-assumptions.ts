import type { Verdict } from '../model/report/doctor.ts';
import { parseTimestampMs } from '../model/text/normal-text.ts';
import {
  type AccountFacts,
  type AnswerRow,
  isRecord,
  type ListName,
  rowsIn,
  rowsOf,
  textOf,
  within,
} from './facts.ts';
import { nameWords } from './field-assumptions.ts';
import { count, expected, handled, unseen } from './verdict.ts';

/** Verdicts about statuses, and about the fields of orders. */

const REVIEW = ['unapproved', 'pending-approval', 'approved', 'declined', 'expired'];
const ORDER = ['pending', 'success', 'failure', 'cancelled', 'deleted'];

/**
 * The known statuses by list and field. A status is data: regsync shows an unknown one and never fails over
 * it.
 */
const KNOWN: readonly (readonly [
  list: ListName,
  inner: string | null,
  field: string,
  known: readonly string[],
])[] = [
  ['requirement_groups', null, 'status', [...REVIEW, 'no-longer-eligible']],
  ['requirement_groups', 'regulatory_requirements', 'status', [...REVIEW, 'no-longer-eligible']],
  ['documents', null, 'status', ['pending', 'verified', 'denied']],
  ['documents', null, 'av_scan_status', ['pending_scan', 'scanned', 'infected', 'not_scanned']],
  ['number_orders', null, 'status', ORDER],
  ['sub_number_orders', null, 'status', ORDER],
  ['number_order_phone_numbers', null, 'status', ORDER],
  [
    'number_order_phone_numbers',
    null,
    'requirements_status',
    [
      'pending',
      'approved',
      'cancelled',
      'deleted',
      'requirement-info-pending',
      'requirement-info-under-review',
      'requirement-info-exception',
    ],
  ],
  [
    'number_order_phone_numbers',
    'regulatory_requirements',
    'status',
    ['approved', 'declined', 'awaiting-value', 'pending-approval'],
  ],
  [
    'porting_orders',
    null,
    'status',
    [
      'draft',
      'in-process',
      'submitted',
      'exception',
      'foc-date-confirmed',
      'ported',
      'cancelled',
      'cancel-pending',
    ],
  ],
];

export function judgeStatuses(facts: AccountFacts): Verdict {
  const seen = KNOWN.flatMap(([list, inner, field, known]) => {
    const rows = rowsOf(facts, list);
    return (inner === null ? rows : within(rows, inner)).flatMap((row) => {
      const status = statusOf(row[field]);
      return status === null ? [] : [{ list, status, isKnown: known.includes(status.replaceAll(' ', '-')) }];
    });
  });
  if (seen.length === 0) return unseen('nothing to look at: the account is empty');
  const unknown = new Map(seen.filter(({ isKnown }) => !isKnown).map(({ list, status }) => [status, list]));
  if (unknown.size === 0) return expected('known');
  const lists = new Set([...unknown.values()].map((list) => `/${list}`));
  return handled(
    `unknown to regsync: ${nameWords([...unknown.keys()])} in ${[...lists].join(', ')}; shown as they are`,
  );
}

function statusOf(value: unknown): string | null {
  return textOf(isRecord(value) ? value.value : value);
}

export function judgeScans(facts: AccountFacts): Verdict {
  const documents = rowsOf(facts, 'documents');
  if (documents.length === 0) return unseen('nothing to look at: the account has no document');
  const waiting = documents.filter(({ av_scan_status: scan }) => scan === 'pending_scan').length;
  return waiting === 0
    ? expected('no document waits for its scan')
    : handled(
        `${count(waiting, 'document')} still waiting for the scan: Telnyx may refuse it as a value until then`,
      );
}

/* ---- Ordered numbers ---- */

const NO_NUMBERS = unseen('nothing to look at: the account has no ordered number');

export function judgeNumbersInSubOrders(facts: AccountFacts): Verdict {
  if (rowsOf(facts, 'sub_number_orders').length === 0) {
    return unseen('nothing to look at: the account has no number order');
  }
  const answer = facts.probes.get('sub-orders-with-numbers');
  if (answer?.status !== 200) return handled(`refused (${answer?.status}): regsync reads them one by one`);
  return (rowsIn(answer.body) ?? []).some(({ phone_numbers: numbers }) => Array.isArray(numbers))
    ? expected('shown')
    : handled('not shown: regsync reads them one by one');
}

export function judgeFilled(facts: AccountFacts): Verdict {
  const numbers = rowsOf(facts, 'number_order_phone_numbers');
  if (numbers.length === 0) return NO_NUMBERS;
  const empty = numbers.filter(
    (number) => number.status === 'pending' && within([number], 'regulatory_requirements').length === 0,
  ).length;
  return empty === 0
    ? expected('there')
    : handled(
        `${count(empty, 'pending number')} without any yet: regsync leaves the order alone until they come`,
      );
}

export function judgeRequirementStatuses(facts: AccountFacts): Verdict {
  const numbers = rowsOf(facts, 'number_order_phone_numbers');
  if (numbers.length === 0) return NO_NUMBERS;
  const requirements = within(numbers, 'regulatory_requirements');
  if (requirements.length === 0) return unseen('nothing to look at: no requirements yet');
  return requirements.every(({ status }) => textOf(status) !== null)
    ? expected('in the list of ordered numbers')
    : handled('not in the list of ordered numbers: regsync asks the sub order for them');
}

export function judgeDeadlines(facts: AccountFacts): Verdict {
  const deadlines = rowsOf(facts, 'number_order_phone_numbers').flatMap(
    ({ deadline }) => textOf(deadline) ?? [],
  );
  if (deadlines.length === 0) return NO_NUMBERS;
  const unread = deadlines.filter((deadline) => parseTimestampMs(deadline) === null).length;
  return unread === 0
    ? expected('readable')
    : handled(`${unread} of ${deadlines.length} cannot be read: regsync does not warn of those`);
}

/** Judges the status of lost orders whose numbers all say that they were cancelled. */
export function judgeCancelled(facts: AccountFacts): Verdict {
  const numbers = rowsOf(facts, 'number_order_phone_numbers');
  const cancelled = rowsOf(facts, 'sub_number_orders').filter((order) => isCancelled(order, numbers));
  if (cancelled.length === 0) return unseen('nothing to look at: no order was cancelled');
  return cancelled.every(({ status }) => status === 'cancelled')
    ? expected('cancelled')
    : handled(`${nameWords([...new Set(cancelled.map(({ status }) => status))])}: over either way`);
}

function isCancelled({ id, status }: AnswerRow, numbers: readonly AnswerRow[]): boolean {
  const own = numbers.filter((number) => number.sub_number_order_id === id);
  if (own.length === 0) return status === 'cancelled';
  return own.every((number) => number.requirements_status === 'cancelled');
}
