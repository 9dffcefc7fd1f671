import { endingOf } from '../../model/ending.ts';
import {
  ApiError,
  AuthenticationError,
  InterruptedError,
  OperationError,
  UnreachableError,
} from '../../model/errors.ts';
import { type NamedOrder, nameOrder } from '../../model/orders/observed-order.ts';
import { isDocumentPath } from '../../model/orders/porting.ts';
import type { WritingChange } from '../../model/plan/change.ts';
import type { Operation, Outcome, OutcomeError } from '../../model/plan/outcome.ts';
import { isResubmitted } from '../../model/plan/resubmission.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { RemoteId } from '../../model/resource.ts';
import { UnknownOutcomeError } from '../../telnyx/failure.ts';

/** The progress of a group or an order while it is worked on. It is kept also if a later operation fails. */
export interface Progress {
  id: RemoteId | null;
  status: string | null;
  readonly operations: Operation[];
  readonly warnings: string[];
  /** The position in the manifests from which the current operation comes. */
  source: SourcePosition | null;
}

/** Returns the error of a change that was left alone because of what happened to others. */
export function notAttempted(why: string): OperationError {
  return new OperationError(NOT_ATTEMPTED, `not attempted: ${why}`);
}

/** Returns true if nothing new was begun, because of an interruption or of what happened to others. */
export function isNotAttempted(error: unknown): boolean {
  return error instanceof InterruptedError || isOperation(error, NOT_ATTEMPTED);
}

const NOT_ATTEMPTED = 'not-attempted';

export function submitRefused(cause: ApiError): OperationError {
  return new OperationError(SUBMIT_REFUSED, `Telnyx refused the submission: ${cause.message}`, null, {
    cause,
  });
}

const SUBMIT_REFUSED = 'submit-refused';

function isOperation(error: unknown, code: string): error is OperationError {
  return error instanceof OperationError && error.code === code;
}

/** The group is as it should be, but an order did not get its values. */
export class AttachError extends Error {
  override readonly name = 'AttachError';
  readonly order: NamedOrder;
  /** The errors of the other orders that failed. */
  readonly others: readonly AttachError[];
  constructor(order: NamedOrder, cause: unknown, others: readonly AttachError[] = []) {
    super(`${nameOrder(order)} did not get the group's values: ${messageOf(cause)}`, { cause });
    this.order = order;
    this.others = others;
  }

  /** True if nothing else may be sent, because the run was interrupted or the key is refused. */
  get stopsAll(): boolean {
    return [this, ...this.others].some(
      ({ cause }) => cause instanceof AuthenticationError || cause instanceof InterruptedError,
    );
  }

  with(others: readonly AttachError[]): AttachError {
    return new AttachError(this.order, this.cause, others);
  }
}

/** Returns the outcome of a change: how far it came and, if it did not come to its end, why. */
export function outcomeOf(
  change: WritingChange,
  progress: Progress,
  status: Outcome['status'],
  error: OutcomeError | null,
): Outcome {
  return {
    kind: change.kind,
    name: change.name,
    id: progress.id,
    status,
    operations: progress.operations,
    group_status: progress.status,
    error,
    warnings: progress.warnings,
  };
}

/** Describes a failed write that belongs to no change of a plan. */
export function describeFailure(
  error: unknown,
): Pick<OutcomeError, 'code' | 'message' | 'status' | 'request_id'> {
  const refusal = error instanceof ApiError ? error : null;
  return {
    code: refusal === null ? codeOf(error) : 'refused-by-api',
    message: messageOf(error),
    status: refusal?.status ?? null,
    request_id: refusal?.requestId ?? null,
  };
}

export function describeError(error: unknown, change: WritingChange, progress: Progress): OutcomeError {
  if (error instanceof AttachError) return describeAttachError(error, change, progress);
  const source = (error instanceof OperationError ? error.source : null) ?? sourceOf(error, change, progress);
  const base = {
    message: messageOf(error),
    status: null,
    request_id: null,
    errors: [],
    source: source === null ? null : { file: source.file, line: source.line },
  };
  const isSubmission = isOperation(error, SUBMIT_REFUSED);
  const refusal = isSubmission ? error.cause : error;
  if (refusal instanceof ApiError) {
    return {
      ...base,
      code: isSubmission ? SUBMIT_REFUSED : 'refused-by-api',
      status: refusal.status,
      request_id: refusal.requestId,
      errors: refusal.details,
      ...hintOf(error, refusal, change),
    };
  }
  const hint = error instanceof UnknownOutcomeError ? perhapsDone(change, progress) : null;
  return { ...base, code: codeOf(error), ...(hint === null ? {} : { hint }) };
}

function hintOf(error: unknown, refusal: ApiError, change: WritingChange): { readonly hint?: string } {
  if (isOperation(error, SUBMIT_REFUSED)) {
    const { name, observed } = change;
    const isAgain =
      change.kind === 'RequirementGroup' &&
      isResubmitted({ group: observed ?? undefined, actions: change.actions });
    return { hint: isAgain ? againHint(name) : SUBMIT_HINT };
  }
  if (change.kind !== 'NumberOrder') return {};
  const hint = refusal.details.map(({ code }) => ORDER_HINTS.get(code ?? '')).find(Boolean);
  return hint === undefined ? {} : { hint };
}

/**
 * The vendor gives the titles of these codes. The cause of each code here is inferred, as with attachments.
 */
const ORDER_HINTS: ReadonlyMap<string, string> = new Map([
  ['85000', 'Search for the numbers again, then apply: Telnyx orders only numbers from a recent search.'],
  ['85001', 'A number is gone. Search for another one, and write it into the manifest.'],
  ['85006', 'A number is reserved: for somebody else, or by an order of this account.'],
  ['10015', 'The group may not suit the numbers: it has to be for their country and type, and fulfilled.'],
  [
    '20100',
    'The account has too little money, so nothing was ordered. Add funds at Telnyx, then apply again.',
  ],
]);

/** Says what is unknown after a lost answer. An order with an id is placed, so the lost answer is about the start of an action. */
function perhapsDone(change: WritingChange, { id }: Progress): string | null {
  if (change.kind === 'RequirementGroup') return null;
  if (id !== null && (change.starts ?? []).length > 0) return PERHAPS_STARTED;
  return change.kind === 'NumberOrder' ? PERHAPS_PLACED : null;
}

const PERHAPS_STARTED =
  'regsync does not know whether the action was started, and does not try again in this run. Plan again in a minute: the plan shows whether it is.';

const PERHAPS_PLACED =
  'regsync does not know whether it was placed, and does not try again in this run. Apply again in a minute: that run looks for the order first.';

function describeAttachError(
  { message, order, cause }: AttachError,
  { actions }: WritingChange,
  { id, operations, status }: Progress,
): OutcomeError {
  const refusal = cause instanceof ApiError ? cause : null;
  const isCarried = order.groupId != null && order.groupId === id;
  const waits = actions.includes('submit') && !operations.includes('submit') && status === 'unapproved';
  const hint = isCarried
    ? waits
      ? WAITING_HINT
      : CARRIED_HINT
    : refusal?.details.map(({ code }) => ATTACH_HINTS.get(code ?? '')).find(Boolean);
  return {
    code: refusal === null ? codeOf(cause) : 'attach-refused',
    message,
    status: refusal?.status ?? null,
    request_id: refusal?.requestId ?? null,
    errors: refusal?.details ?? [],
    source: { file: order.source.file, line: order.source.line },
    ...(hint === undefined ? {} : { hint }),
  };
}

/** An advanced order shows only which group it carries, so that no later plan sees what it missed. */
const CARRIED_HINT =
  'The order carries the group already, so a later plan does not see that its values are old. Give it the group again at Telnyx, or change a value of the group and apply.';

const WAITING_HINT =
  'The group is not submitted before the order has its new values, so the next plan shows both again. If the order is to stay as it is, remove it from `attach:`.';

/** The vendor gives the titles of these codes. The cause of each code here is inferred. */
const ATTACH_HINTS: ReadonlyMap<string, string> = new Map([
  ['85003', 'The order already has its values. Remove it from `attach:`.'],
  ['85002', 'The order does not take values any more. Remove it from `attach:`.'],
  ['10005', 'The order does not exist any more. Remove it from `attach:`.'],
  ['10017', 'The group, or something that it refers to, is not known to Telnyx (any more). Plan again.'],
  [
    '10015',
    'The group does not suit the order: it has to be for its country, type and action, and fulfilled. A porting order may have documents or requirements of its own that conflict: clear them at Telnyx.',
  ],
  ['10036', 'Telnyx is still at work on the order: apply again later.'],
]);

function againHint(name: string): string {
  return `If Telnyx does not review the same content again, answer the reviewer first (regsync reply ${name} "…"), or change the value.`;
}

const SUBMIT_HINT = 'If this group cannot be approved in advance, set `approval: none` in its manifest.';

/**
 * Returns the message, or for a fault of ours only what `endingOf` says, because its message may quote a
 * value.
 */
export function messageOf(error: unknown): string {
  const isOurs = OURS.some((kind) => error instanceof kind);
  return isOurs ? (error as Error).message : endingOf(error).message;
}

const OURS = [OperationError, UnknownOutcomeError, AttachError];

function codeOf(error: unknown): string {
  if (error instanceof OperationError) return error.code;
  if (error instanceof InterruptedError) return 'interrupted';
  if (error instanceof AuthenticationError) return 'not-authorised';
  if (error instanceof UnknownOutcomeError) return 'outcome-unknown';
  return error instanceof UnreachableError ? 'unreachable' : 'unexpected';
}

/** Returns the line of the requirement to which the error points, else that of the operation. */
function sourceOf(error: unknown, change: WritingChange, progress: Progress): SourcePosition | null {
  if (!(error instanceof ApiError)) return progress.source;
  for (const { pointer } of error.details) {
    const write = findWrite(pointer ?? '', change);
    if (write !== undefined) return write.source;
  }
  return progress.source;
}

/**
 * Reads pointers such as `/regulatory_requirements/0/field_value` and, of porting orders,
 * `/requirements/0/field_value` and `/end_user/admin/pin_passcode`.
 */
function findWrite(pointer: string, change: WritingChange): { readonly source: SourcePosition } | undefined {
  const [, index] = pointer.match(/^\/?(?:regulatory_)?requirements\/(\d+)/) ?? [];
  if (index !== undefined) {
    return change.writes.filter(({ requirementId }) => !isDocumentPath(requirementId))[Number(index)];
  }
  if (change.kind !== 'PortingOrder') return undefined;
  const path = pointer.replace(/^\//, '').replaceAll('/', '.');
  return (
    change.settings.find((setting) => isWithin(path, setting.path)) ??
    change.writes.find(({ requirementId }) => isWithin(path, requirementId))
  );
}

/** Returns true if one path contains the other: Telnyx may refuse all of `/misc`, or one tag. */
function isWithin(path: string, written: string): boolean {
  return `${path}.`.startsWith(`${written}.`) || `${written}.`.startsWith(`${path}.`);
}
