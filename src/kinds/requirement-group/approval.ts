import type { AttentionCode } from '../../model/plan/plan.ts';

/**
 * The approval state machine: the action for each status of a group, depending on whether its values differ.
 * Telnyx does not document what it does with a PATCH of a group under review or approved. The rules hold
 * either way, because the applier reads the status back before it submits.
 */
export interface ApprovalRule {
  readonly write: 'create' | 'patch' | 'replace' | 'nothing';
  readonly submit: boolean;
  readonly consequence?: string;
  readonly attention?: AttentionCode;
}

interface ApprovalRow {
  readonly differ: ApprovalRule;
  readonly equal: ApprovalRule;
  /** Equal values, where the user asks to submit them again. Absent if that is `equal`. */
  readonly again?: ApprovalRule;
}

export type ApprovalStatus =
  | 'absent'
  | 'unapproved'
  | 'pending-approval'
  | 'approved'
  | 'declined'
  | 'expired'
  | 'no-longer-eligible'
  | 'unknown';

const NOTHING = { write: 'nothing', submit: false } as const;
const AGAIN = { write: 'nothing', submit: true } as const;

export const APPROVAL: Readonly<Record<ApprovalStatus, ApprovalRow>> = {
  absent: {
    differ: { write: 'create', submit: true },
    equal: { write: 'create', submit: true },
  },
  unapproved: {
    differ: { write: 'patch', submit: true },
    equal: { write: 'nothing', submit: true },
  },
  'pending-approval': {
    differ: { write: 'patch', submit: true, consequence: 'restarts the review' },
    equal: { ...NOTHING, attention: 'under-review' },
  },
  approved: {
    differ: { write: 'patch', submit: true, consequence: 'this group is approved: expect a new review' },
    equal: NOTHING,
  },
  declined: {
    differ: { write: 'patch', submit: true },
    equal: { ...NOTHING, attention: 'declined' },
    again: {
      ...AGAIN,
      attention: 'declined',
      consequence: 'the same content is submitted again: nothing in it changed since a reviewer declined it',
    },
  },
  expired: {
    differ: { write: 'patch', submit: true },
    equal: { ...NOTHING, attention: 'expired' },
    again: {
      ...AGAIN,
      attention: 'expired',
      consequence: 'the same content is submitted again: nothing in it changed since it expired',
    },
  },
  'no-longer-eligible': {
    differ: { write: 'replace', submit: true },
    equal: { write: 'replace', submit: true },
  },
  unknown: {
    differ: { write: 'patch', submit: true, attention: 'unknown-status' },
    equal: { ...NOTHING, attention: 'unknown-status' },
  },
};

/** @param resubmits the user asks to submit equal values again. */
export function decideApproval(
  status: string | null,
  valuesDiffer: boolean,
  resubmits = false,
): ApprovalRule {
  const row: ApprovalRow = APPROVAL[status === null ? 'absent' : isKnown(status) ? status : 'unknown'];
  if (valuesDiffer) return row.differ;
  return resubmits ? (row.again ?? row.equal) : row.equal;
}

/** Returns false for a status without a row. One that Telnyx calls `unknown` is in that row either way. */
function isKnown(status: string): status is ApprovalStatus {
  return Object.hasOwn(APPROVAL, status) && status !== 'absent';
}

/**
 * The countries for which Telnyx refuses `submit_for_approval` (documented for Italy; the full list is not
 * known).
 */
export const WITHOUT_PRE_APPROVAL: ReadonlySet<string> = new Set(['IT']);

/** The countries in which numbers cannot be ordered without a fulfilled group (documented). */
export const FULFILLED_TO_ORDER: ReadonlySet<string> = new Set(['CH', 'DK', 'IT', 'NO', 'PT', 'SE']);
