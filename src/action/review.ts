import type { Applied } from '../cli/apply/apply-reviewed.ts';
import type { Reviewed } from '../cli/apply/judge.ts';
import { neededInputs } from '../cli/apply/shut-gates.ts';
import { type Event, Json, type PushEvent, type Workflow } from '../github/events.ts';
import type { GitHubError } from '../github/github-error.ts';
import type { Integrity } from '../github/marker.ts';
import { UnknownLoginError } from '../github/sticky.ts';
import { AuthenticationError, RefusedError, UnreachableError } from '../model/errors.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { closedGates, type NeededGate } from '../plan/gates.ts';
import { link, short } from '../render/markdown/markdown.ts';
import type { ReviewStatus } from '../render/markdown/status.ts';
import { headline } from '../render/words/outcome-words.ts';
import { count } from '../render/words/wording.ts';
import type { Review } from './comment.ts';
import type { Inputs } from './inputs.ts';

/** A pull request that was merged. */
export interface Merged {
  readonly pull: number;
  /** Its last commit. */
  readonly head: string;
}

/**
 * GitHub also names a merge commit for a pull request that is open or was closed without a merge
 * (documented), so `merged_at` is checked as well.
 *
 * @param row an entry of one of GitHub's lists of pull requests.
 * @param commits the commits of a push.
 * @param ref the branch. A merge into another branch does not count: its reviewers are others.
 * @returns null unless the merge into the branch made one of these commits.
 */
export function readMerged(row: unknown, commits: readonly string[], ref: string): Merged | null {
  const entry = new Json(row);
  const pull = entry.at('number').value;
  const isMerged = commits.includes(entry.at('merge_commit_sha').text) && entry.at('merged_at').text !== '';
  const isHere = `refs/heads/${entry.at('base', 'ref').text}` === ref;
  return isMerged && isHere && typeof pull === 'number' ? { pull, head: entry.at('head', 'sha').text } : null;
}

/** Returns all commits of a push, which may contain several merges of a merge queue, a stack or a batch. */
export function commitsOf({ sha, commits }: PushEvent): readonly string[] {
  return [...commits.filter((commit) => commit !== sha), sha];
}

/**
 * The comment on the merged pull request as the run found it. What the run writes into it later changes
 * nothing here.
 */
export interface FoundReview extends Merged {
  /** The id of our comment. Null if there is none. */
  readonly comment: number | null;
  /** The number of our plans about something else: other manifests, another shard, another account. */
  readonly others: number;
  /** The id of a comment about the same topic that our key does not verify. Null if there is none. */
  readonly unproven: number | null;
  readonly integrity: Integrity;
  /** The review in the comment. Null also if the comment is not intact. */
  readonly review: Review | null;
}

/** Returns what the input, or the comments on the pull requests that were merged, say was reviewed. */
export function reviewedByAll(
  inputs: Pick<Inputs, 'fingerprint' | 'allowUnreviewed'>,
  event: Event['kind'],
  found: readonly FoundReview[],
): Reviewed {
  const started = inputs.fingerprint === null ? null : planOf(inputs.fingerprint, found);
  if (started !== null) return { kind: 'plan', plan: started };
  const all = found.map((one) => reviewedBy(inputs, event, one));
  const [first, ...others] = all.flatMap((one) => (one.kind === 'plan' ? [one.plan] : []));
  // A pull request without a known plan adds none, so its changes are refused unless another plan shows them.
  if (first !== undefined) return { kind: 'plan', plan: first, ...(others.length === 0 ? {} : { others }) };
  return (
    all.find(({ kind }) => kind === 'fingerprint') ??
    all.find(({ kind }) => kind === 'none') ??
    reviewedBy(inputs, event, found[0] ?? null)
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

/** Returns the same for one pull request, or for none. */
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

function whyNone(
  event: Event['kind'],
  found: Pick<FoundReview, 'pull' | 'others' | 'unproven'> | null,
): string {
  if (found !== null && found.unproven !== null)
    return (
      `pull request #${found.pull} has a plan in comment ${found.unproven} that was made with another key ` +
      '(REGSYNC_PLAN_KEY, else the API key, must be the same for plan and apply), or edited'
    );
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

/** Returns the error that ends the run, because no apply may go on without GitHub's answer. */
export function lookUpError(what: string, error: GitHubError): Error {
  const message = `${what} cannot be looked up: ${error.message}`;
  if (error instanceof UnknownLoginError) return new RefusedError(message);
  const isDenied = error.status === 401 || error.status === 403;
  return isDenied ? new AuthenticationError(message) : new UnreachableError(message);
}

/**
 * Returns the refusal for closed gates. Only the workflow file opens them, not the plan of a pull request.
 */
export function sayShut(gates: readonly NeededGate[], workflow: Pick<Workflow, 'file'>): string {
  return `the plan needs the input ${neededInputs(gates)}, which this apply was not given: ${whereToOpen(workflow)}`;
}

function whereToOpen({ file }: Pick<Workflow, 'file'>): string {
  return `set it for the step that applies, in ${file ?? 'its workflow file'}`;
}

export interface Refused {
  /** The full text, for the log. */
  readonly message: string;
  /** The status for the comment and the page of the run. */
  readonly status: ReviewStatus & { readonly state: 'refused' };
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
  workflow: Pick<Workflow, 'file' | 'runUrl' | 'attempt' | 'serverUrl' | 'repository'>,
  reviewedPlan: Plan | null = null,
): Refused {
  const { plan, cause, differences } = applied;
  const message = `${applied.message}${hintOf(plan, workflow)}`;
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
    remarks: remarksOn(plan, cause, workflow),
    isNoted: cause !== 'outrun' || workflow.attempt === 1,
  };
}

/** Returns the inputs that open the closed gates, since the plan's own message names command-line flags. */
function hintOf(plan: Plan, workflow: Pick<Workflow, 'file'>): string {
  const shut = plan.applyable ? [] : closedGates(plan, plan.options);
  return shut.length === 0
    ? ''
    : `; plan and apply need the input ${neededInputs(shut)}: ${whereToOpen(workflow)}`;
}

function remarksOn(
  { applyable, fingerprint }: Plan,
  cause: 'outrun' | 'gate' | 'review',
  workflow: Pick<Workflow, 'file' | 'serverUrl' | 'repository'>,
): string[] {
  // A start by hand runs on the newest commit, so it would make another plan.
  if (!applyable || cause === 'outrun') return [];
  const first = cause === 'gate' ? `${whereToOpen(workflow)}; then start` : 'start';
  const byHand = link('the workflow by hand', workflowUrl(workflow));
  return [
    `**To apply exactly this plan,** ${first} ${byHand} ("Run workflow") with the fingerprint ${short(fingerprint, 8)}.`,
  ];
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
 * Returns the outcomes that the pull request's plan shows, or all if it is the only one or its plan is
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

/** Returns the URL of the page with the button "Run workflow". */
function workflowUrl({
  file,
  serverUrl,
  repository,
}: Pick<Workflow, 'file' | 'serverUrl' | 'repository'>): string | undefined {
  const name = file?.split('/').at(-1);
  return name === undefined
    ? undefined
    : `${serverUrl}/${repository}/actions/workflows/${encodeURIComponent(name)}`;
}

/**
 * Returns null if neither the fresh nor the reviewed plan changes anything. Then the comment stays as it is.
 */
export function endedStatus(
  {
    plan,
    outcomes,
    interrupted,
  }: Pick<Applied & { readonly kind: 'done' }, 'plan' | 'outcomes' | 'interrupted'>,
  reviewed: Plan | null,
  { runUrl, at }: { readonly runUrl: string; readonly at: Date },
): ReviewStatus | null {
  if (plan.changes.length + (reviewed?.changes.length ?? 0) === 0) return null;
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
