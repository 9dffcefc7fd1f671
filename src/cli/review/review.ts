import type { Merged } from '../../forge/forge.ts';
import type { ForgeError } from '../../forge/forge-error.ts';
import type { Integrity } from '../../forge/marker.ts';
import { type ForeignText, UnknownLoginError } from '../../forge/sticky.ts';
import { AuthenticationError, RefusedError, UnreachableError } from '../../model/errors.ts';
import type { Outcome } from '../../model/plan/outcome.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { closedGates } from '../../plan/gates.ts';
import type { ReviewStatus } from '../../render/markdown/status.ts';
import { headline } from '../../render/words/outcome-words.ts';
import { count } from '../../render/words/wording.ts';
import type { Applied } from '../apply/apply-reviewed.ts';
import type { Reviewed } from '../apply/judge.ts';
import type { Review } from './comment.ts';
import type { ForgeWords } from './forge-words.ts';
import type { ReviewInputs, ReviewPlace } from './review-run.ts';

/**
 * The comment on the merged change request as the run found it. What the run writes into it later changes
 * nothing here.
 */
export interface FoundReview extends Merged {
  /** The id of our comment. Null if there is none. */
  readonly comment: number | null;
  /** The number of our plans about something else: other manifests, another shard, another account. */
  readonly others: number;
  /** The id of a comment about the same topic that our key does not verify. Null if there is none. */
  readonly unproven: number | null;
  /** A comment with our signature that another account posted. Null if there is none. */
  readonly foreign?: ForeignText | null;
  readonly integrity: Integrity;
  /** The review in the comment. Null also if the comment is not intact. */
  readonly review: Review | null;
}

/** The way in which an apply was started: by a merge, or by hand or on a schedule. */
export type ApplyStart = 'push' | 'started';

/** Returns what the input, or the comments on the change requests that were merged, say was reviewed. */
export function reviewedByAll(
  inputs: Pick<ReviewInputs, 'fingerprint' | 'allowUnreviewed'>,
  start: ApplyStart,
  found: readonly FoundReview[],
  words: ForgeWords,
): Reviewed {
  const started = inputs.fingerprint === null ? null : planOf(inputs.fingerprint, found);
  if (started !== null) return { kind: 'plan', plan: started };
  const all = found.map((one) => reviewedBy(inputs, start, one, words));
  const [first, ...others] = all.flatMap((one) => (one.kind === 'plan' ? [one.plan] : []));
  // A change request without a known plan adds none, so its changes are refused unless another plan shows them.
  if (first !== undefined) {
    const unknown = found
      .filter((_, index) => all[index]?.kind !== 'plan')
      .map(({ pull }) => requestName(pull, words));
    return {
      kind: 'plan',
      plan: first,
      ...(others.length === 0 ? {} : { others }),
      ...(unknown.length === 0 ? {} : { unknown }),
    };
  }
  return (
    all.find(({ kind }) => kind === 'fingerprint') ??
    all.find(({ kind }) => kind === 'none') ??
    reviewedBy(inputs, start, found[0] ?? null, words)
  );
}

/**
 * Returns the plan that a fingerprint names, if a comment contains it. With it, an apply can name what
 * differs and continue a partial one.
 */
function planOf(fingerprint: string, found: readonly FoundReview[]): Plan | null {
  const plans = found.flatMap(({ review }) => [review?.freshPlan ?? [], review?.reviewed ?? []].flat());
  return plans.find((plan) => plan.fingerprint.startsWith(fingerprint)) ?? null;
}

/** Returns the same for one change request, or for none. */
export function reviewedBy(
  inputs: Pick<ReviewInputs, 'fingerprint' | 'allowUnreviewed'>,
  start: ApplyStart,
  found: FoundReview | null,
  words: ForgeWords,
): Reviewed {
  if (inputs.fingerprint !== null) return { kind: 'fingerprint', fingerprint: inputs.fingerprint };
  if (found !== null && found.integrity !== 'intact')
    return { kind: 'none', why: whyDistrusted(found, words) };
  if (found === null || found.review === null)
    return inputs.allowUnreviewed ? { kind: 'waived' } : { kind: 'none', why: whyNone(start, found, words) };
  const { review, pull, head } = found;
  if (review.fingerprint === null || review.head !== head) {
    return {
      kind: 'none',
      why: `${requestName(pull, words)} shows no plan for ${head.slice(0, 7)}, which was merged`,
    };
  }
  if (review.reviewed !== null) return { kind: 'plan', plan: review.reviewed };
  return { kind: 'fingerprint', fingerprint: review.fingerprint };
}

/** Returns words such as `pull request #7`. */
export function requestName(pull: number, { request, sign }: Pick<ForgeWords, 'request' | 'sign'>): string {
  return `${request} ${sign}${pull}`;
}

function whyDistrusted({ integrity, comment: id, pull }: FoundReview, words: ForgeWords): string {
  const comment = `${words.note} ${id} on ${requestName(pull, words)}`;
  const what =
    integrity === 'edited'
      ? `${comment} was edited after regsync wrote it, so people may not have seen its plan`
      : `${comment} was written by an older version of regsync, which cannot tell whether it was edited`;
  return what;
}

function whyNone(
  start: ApplyStart,
  found: Pick<FoundReview, 'pull' | 'others' | 'unproven' | 'foreign'> | null,
  words: ForgeWords,
): string {
  const { request, note } = words;
  if (found === null) {
    return start === 'push'
      ? `no ${request} with a plan was merged by this push, so nobody has reviewed one`
      : 'this run has no fingerprint of a reviewed plan';
  }
  const { pull, unproven, others, foreign = null } = found;
  const name = requestName(pull, words);
  if (unproven !== null)
    return (
      `${name} has a plan in ${note} ${unproven} that was edited, or made with another key. ` +
      'Give plan and apply the same REGSYNC_PLAN_KEY (without it, the same API key)'
    );
  if (others > 0) {
    const plans = others === 1 ? 'a plan' : `${others} plans`;
    return `${name} has ${plans} from other jobs, and none from this one: ${words.sameJob}`;
  }
  if (foreign !== null)
    return (
      `${name} has a plan in ${note} ${foreign.id} that ${foreign.author} posted, but this run trusts only plans that the ` +
      'account of its own token posted. Give plan and apply a token of the same account. If that plan is a copy, nobody has reviewed one'
    );
  return `${name} has no ${note} with a plan: nobody has reviewed one`;
}

/** Returns the error that ends the run, because no apply may go on without the forge's answer. */
export function lookUpError(what: string, error: ForgeError): Error {
  const message = `regsync could not read ${what}: ${error.message}`;
  if (error instanceof UnknownLoginError) return new RefusedError(message);
  const isDenied = error.status === 401 || error.status === 403;
  return isDenied ? new AuthenticationError(message) : new UnreachableError(message);
}

export interface Refused {
  /** The full text, for the log. */
  readonly message: string;
  /** The status for the comment and the page of the run. */
  readonly status: ReviewStatus & { readonly state: 'refused' };
  /** The next step for the log, which has no links, or an empty text. */
  readonly next: string;
  /** The lines below the plan there. */
  readonly remarks: readonly string[];
  /**
   * False if the run is a retry that a newer commit outran: the comment keeps the result of the first
   * attempt.
   */
  readonly isNoted: boolean;
}

/** @param reviewed the fingerprint of the reviewed plan. */
export function describeRefusal(
  applied: Pick<Applied & { readonly kind: 'refused' }, 'plan' | 'message' | 'cause' | 'differences'>,
  reviewed: string | null,
  {
    workflow,
    words,
  }: { readonly workflow: Pick<ReviewPlace, 'runUrl' | 'attempt'>; readonly words: ForgeWords },
  reviewedPlan: Plan | null = null,
): Refused {
  const { plan, cause, differences } = applied;
  const message = `${applied.message}${hintOf(plan, words)}`;
  return {
    message,
    status: {
      state: 'refused',
      runUrl: workflow.runUrl,
      // The differences say more than the message, which only says that there are some.
      ...(differences.length === 0 ? { message } : { differences }),
      ...(reviewed !== null && cause === 'review' ? { reviewed } : {}),
      ...(reviewedPlan !== null && cause === 'review' ? { reviewedPlan } : {}),
    },
    next: nextInLog(plan, cause, words),
    remarks: remarksOn(plan, cause, words),
    isNoted: cause !== 'outrun' || (workflow.attempt ?? 1) === 1,
  };
}

function nextInLog(
  { applyable, fingerprint }: Plan,
  cause: 'outrun' | 'gate' | 'review',
  words: ForgeWords,
): string {
  if (!applyable || cause !== 'review') return '';
  return `. Read the plan of this run. To apply exactly that plan, ${words.byHand(fingerprint.slice(0, 8))}`;
}

/** Returns how to open the closed gates, since the plan's own message may name them in another way. */
function hintOf(plan: Plan, words: ForgeWords): string {
  const shut = plan.applyable ? [] : closedGates(plan, plan.options);
  return shut.length === 0 ? '' : `; ${words.openBoth(shut)}`;
}

function remarksOn(
  { applyable, fingerprint }: Plan,
  cause: 'outrun' | 'gate' | 'review',
  words: ForgeWords,
): string[] {
  // A start by hand runs on the newest commit, so it would make another plan.
  if (!applyable || cause === 'outrun') return [];
  return [`**To apply exactly this plan,** ${words.applyExactly(fingerprint, cause === 'gate')}`];
}

/**
 * Returns true if the fingerprint names the plan that the comment shows or showed for review. That comment
 * then reports the apply.
 */
export function isAbout(fingerprint: string, review: Review | null): boolean {
  const known = [review?.fresh, review?.fingerprint];
  return known.some((one) => one?.startsWith(fingerprint) === true);
}

/**
 * Returns the outcomes that the change request's plan shows, or all if it is the only one or its plan is
 * unknown.
 */
export function outcomesFor(
  { review }: Pick<FoundReview, 'review'>,
  outcomes: readonly Outcome[],
  records: number,
): readonly Outcome[] {
  const shown = new Set(review?.reviewed?.changes.map(({ kind, name }) => JSON.stringify([kind, name])));
  if (records === 1 || shown.size === 0) return outcomes;
  return outcomes.filter(({ kind, name }) => shown.has(JSON.stringify([kind, name])));
}

/**
 * Returns null if neither the fresh nor the reviewed plan changes anything. Then the comment stays as it is, unless it
 * says that an apply has begun.
 */
export function endedStatus(
  {
    plan,
    outcomes,
    interrupted,
  }: Pick<Applied & { readonly kind: 'done' }, 'plan' | 'outcomes' | 'interrupted'>,
  reviewed: Plan | null,
  { runUrl, at, isBegun = false }: EndedRun,
): ReviewStatus | null {
  if (plan.changes.length + (reviewed?.changes.length ?? 0) === 0 && !isBegun) return null;
  const failures = outcomes.flatMap(({ kind, name, error }) =>
    error === null ? [] : [{ kind, name, message: headline(error), source: error.source }],
  );
  const failed = { state: 'failed', runUrl, ...(failures.length === 0 ? {} : { failures }) } as const;
  if (interrupted) return { ...failed, message: 'interrupted' };
  const unfinished = outcomes.filter(({ status }) => status === 'failed' || status === 'skipped').length;
  if (unfinished > 0) return { ...failed, message: `${count(unfinished, 'group')} could not be finished` };
  const statuses = outcomes.flatMap(({ name, status, group_status }) =>
    status === 'applied' && group_status !== null ? [{ name, status: group_status }] : [],
  );
  return { state: 'applied', runUrl, at: at.toISOString(), ...(statuses.length === 0 ? {} : { statuses }) };
}

interface EndedRun {
  readonly runUrl: string;
  readonly at: Date;
  /** True if the comment says that an earlier run has begun to apply. */
  readonly isBegun?: boolean;
}
