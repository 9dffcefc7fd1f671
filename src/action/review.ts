import type { Applied, Reviewed } from '../cli/apply/pipeline.ts';
import { neededInputs } from '../cli/apply/shut-gates.ts';
import { type Event, Json, type PushEvent, type StartedEvent, type Workflow } from '../github/events.ts';
import type { Integrity } from '../github/marker.ts';
import type { GitHubError } from '../github/rest.ts';
import { UnknownLoginError } from '../github/sticky.ts';
import { AuthenticationError, RefusedError, UnreachableError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { closedGates, type NeededGate } from '../plan/gates.ts';
import type { ReviewStatus } from '../render/markdown-status.ts';
import { count } from '../render/wording.ts';
import type { Review } from './comment.ts';
import type { Inputs } from './inputs.ts';

/** The rules of an apply after a merge: what it may run on, what it takes for reviewed, and what it says. All of them are pure. */

/** @throws RefusedError for every event that does not apply. */
export function applyingEvent(event: Event): PushEvent | StartedEvent {
  if ((event.kind === 'push' || event.kind === 'started') && event.isDefaultBranch) return event;
  throw new RefusedError(
    `nothing was applied: this is ${whatIs(event)}. apply runs on a push to the default branch, or is started there by hand or by the clock`,
  );
}

function whatIs(event: Event): string {
  switch (event.kind) {
    case 'push':
      return `a push to ${event.ref}`;
    case 'pull-request':
      return 'a pull request';
    default:
      return event.name;
  }
}

/** Names a pull request that was merged. */
export interface Merged {
  readonly pull: number;
  /** Its last commit. */
  readonly head: string;
}

/**
 * One that is open or was closed without a merge names the commit that a merge would have made (documented), and is not one
 * that was merged.
 *
 * @param row of GitHub's list of the pull requests that a commit belongs to.
 * @returns null unless its merge made this commit.
 */
export function readMerged(row: unknown, sha: string): Merged | null {
  const entry = new Json(row);
  const pull = entry.at('number').value;
  const isMerged = entry.at('merge_commit_sha').text === sha && entry.at('merged_at').text !== '';
  return isMerged && typeof pull === 'number' ? { pull, head: entry.at('head', 'sha').text } : null;
}

/** The comment on the pull request that was merged, as it was found: what we write into it later is intact. */
export interface FoundReview extends Merged {
  /** Null where there is none of ours. */
  readonly comment: number | null;
  /** How many plans of ours there are about something else: other manifests, another shard, another account. */
  readonly others: number;
  readonly integrity: Integrity;
  /** Null where nobody can vouch for it, too. */
  readonly review: Review | null;
}

/** Returns what the input, or the comment on the merged pull request, says was reviewed. */
export function reviewedBy(
  inputs: Pick<Inputs, 'fingerprint' | 'allowUnreviewed'>,
  event: Event['kind'],
  found: FoundReview | null,
): Reviewed {
  if (inputs.fingerprint !== null) return { kind: 'fingerprint', fingerprint: inputs.fingerprint };
  if (found !== null && found.integrity !== 'intact') return { kind: 'none', why: whyDistrusted(found) };
  if (found === null || found.review === null)
    return inputs.allowUnreviewed ? { kind: 'waived' } : { kind: 'none', why: whyNone(event, found) };
  const { review, pull, head } = found;
  if (review.fingerprint === null || review.head !== head) {
    return {
      kind: 'none',
      why: `pull request #${pull} shows no plan for ${head.slice(0, 7)}, which was merged`,
    };
  }
  if (review.reviewed !== null) return { kind: 'plan', plan: review.reviewed };
  return { kind: 'fingerprint', fingerprint: review.fingerprint };
}

function whyDistrusted({ integrity, comment: id, pull }: FoundReview): string {
  const comment = `comment ${id} on pull request #${pull}`;
  const what =
    integrity === 'edited'
      ? `${comment} was edited after regsync wrote it, so that people may not have seen the plan in it`
      : `${comment} was written by an older version of regsync, which cannot tell whether it was edited`;
  return `${what}. Read the plan as it is now, and start this workflow by hand with its fingerprint`;
}

function whyNone(event: Event['kind'], found: Pick<FoundReview, 'pull' | 'others'> | null): string {
  if (found !== null && found.others > 0) {
    const plans = found.others === 1 ? 'a plan' : `${found.others} plans`;
    return (
      `pull request #${found.pull} has ${plans} of other jobs, and none of this one: give apply the same ` +
      'working-directory, config, account, shard, manifests and target as the job that plans'
    );
  }
  if (found !== null)
    return `pull request #${found.pull} has no comment with a plan: nobody has reviewed one`;
  if (event !== 'push') return 'no fingerprint says which plan was reviewed';
  return 'no pull request with a plan belongs to this push: nobody has reviewed one';
}

/** Returns the error that ends the run: GitHub's answer decides what is written, so that no run goes on without it. */
export function lookUpError(what: string, error: GitHubError): Error {
  const message = `${what} cannot be looked up: ${error.message}`;
  if (error instanceof UnknownLoginError) return new RefusedError(message);
  const isDenied = error.status === 401 || error.status === 403;
  return isDenied ? new AuthenticationError(message) : new UnreachableError(message);
}

/** Returns the refusal for closed gates. Only the workflow file opens them: the plan of a pull request cannot. */
export function sayShut(gates: readonly NeededGate[], workflow: Pick<Workflow, 'file'>): string {
  return `the plan needs the input ${neededInputs(gates)}, which this apply was not given: ${whereToOpen(workflow)}`;
}

function whereToOpen({ file }: Pick<Workflow, 'file'>): string {
  return `set it for the step that applies, in ${file ?? 'its workflow file'}`;
}

export interface Refused {
  /** In full, for the log. */
  readonly message: string;
  /** For the comment and the page of the run. */
  readonly status: ReviewStatus & { readonly state: 'refused' };
  /** Lines below the plan there. */
  readonly remarks: readonly string[];
  /** A run that is repeated too late leaves what became of the first one. */
  readonly isNoted: boolean;
}

/** @param reviewed the fingerprint of what was reviewed. */
export function describeRefusal(
  applied: Pick<Applied & { readonly kind: 'refused' }, 'plan' | 'message' | 'cause' | 'differences'>,
  reviewed: string | null,
  workflow: Pick<Workflow, 'file' | 'runUrl' | 'attempt'>,
): Refused {
  const { plan, cause, differences } = applied;
  const message = `${applied.message}${hintOf(plan, workflow)}`;
  return {
    message,
    status: {
      state: 'refused',
      runUrl: workflow.runUrl,
      // What differs says more than that something does.
      ...(differences.length === 0 ? { message } : { differences }),
      ...(reviewed !== null && cause === 'review' ? { reviewed } : {}),
    },
    remarks: remarksOn(plan, cause, workflow),
    isNoted: cause !== 'outrun' || workflow.attempt === 1,
  };
}

/** Returns the inputs that open the closed gates, since the plan's own message names the flags of the command line. */
function hintOf(plan: Plan, workflow: Pick<Workflow, 'file'>): string {
  const shut = plan.applyable ? [] : closedGates(plan, plan.options);
  return shut.length === 0
    ? ''
    : `; plan and apply need the input ${neededInputs(shut)}: ${whereToOpen(workflow)}`;
}

function remarksOn(
  { applyable, fingerprint }: Plan,
  cause: 'outrun' | 'gate' | 'review',
  workflow: Pick<Workflow, 'file'>,
): string[] {
  // Of a commit that is not the newest, a start by hand would make another plan.
  if (!applyable || cause === 'outrun') return [];
  const first = cause === 'gate' ? `${whereToOpen(workflow)}; then start` : 'start';
  return [
    `**To apply exactly this plan,** ${first} the workflow by hand with the fingerprint \`${fingerprint.slice(0, 8)}\`.`,
  ];
}

/** Returns null if there was nothing to do, neither now nor in the reviewed plan: then the comment stays as it is. */
export function endedStatus(
  {
    plan,
    outcomes,
    interrupted,
  }: Pick<Applied & { readonly kind: 'done' }, 'plan' | 'outcomes' | 'interrupted'>,
  reviewed: Plan | null,
  runUrl: string,
): ReviewStatus | null {
  if (plan.changes.length + (reviewed?.changes.length ?? 0) === 0) return null;
  if (interrupted) return { state: 'failed', runUrl, message: 'interrupted' };
  const unfinished = outcomes.filter(({ status }) => status === 'failed' || status === 'skipped').length;
  if (unfinished === 0) return { state: 'applied', runUrl };
  return { state: 'failed', runUrl, message: `${count(unfinished, 'group')} could not be finished` };
}
