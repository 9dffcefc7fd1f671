import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE } from '../build.ts';
import { checkOutCommit } from '../github/base-tree.ts';
import { Json, type PushEvent, type StartedEvent } from '../github/events.ts';
import type { Integrity } from '../github/marker.ts';
import { type GitHub, GitHubError } from '../github/rest.ts';
import { type Desk, UnknownLoginError, type Written } from '../github/sticky.ts';
import { AuthenticationError, RefusedError, UnreachableError } from '../model/errors.ts';
import type { ExitCode } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanKeys } from '../plan/fingerprint.ts';
import { closedGates, type NeededGate } from '../plan/gates.ts';
import { planNotes } from '../render/annotations.ts';
import { renderApplySummary, SUMMARY_BYTES } from '../render/markdown-apply.ts';
import { renderPlanComment } from '../render/markdown-plan.ts';
import type { ReviewStatus } from '../render/markdown-status.ts';
import { renderOutcomesText } from '../render/outcome-text.ts';
import { plain } from '../render/paint.ts';
import { renderPlanText } from '../render/plan-text.ts';
import { count } from '../render/wording.ts';
import {
  commentBody,
  findComment,
  keepText,
  openDesk,
  type Review,
  reviewOf,
  topicOf,
} from './action-comment.ts';
import {
  type ActionRun,
  annotate,
  complain,
  folderIn,
  gatesOf,
  linksOf,
  outputPlan,
  tryGitHub,
} from './action-run.ts';
import { reportApply } from './apply-report.ts';
import { type Applied, applyReviewed, type Newest, type Reviewed, refusalError } from './pipeline.ts';
import { readPlanFile } from './plan-file.ts';
import type { Project } from './project.ts';
import { readShardOption } from './shard.ts';
import { neededInputs } from './shut-gates.ts';

/** After the merge: carries out what was reviewed, or nothing; says in the pull request what became of it. */
export async function runApply(run: ActionRun): Promise<ExitCode> {
  const event = applyingEvent(run);
  const given =
    run.inputs.planFile === null ? null : await readPlanFile(resolve(run.terminal.cwd, run.inputs.planFile));
  let record: MergedRecord | null = null;
  const { parallelism } = run.inputs;
  // A plan that prunes may be of a repository without manifests: that is known before anything is read.
  // The checkout is this job's alone; `concurrency` in the workflow keeps two jobs apart.
  const options = {
    ...gatesOf(run),
    parallelism,
    lock: false,
    mayBeEmpty: given?.options.prune === true,
  };
  try {
    const applied = await applyReviewed(run.terminal, run.inputs.manifests, options, {
      findReviewed: async (keys, project) => {
        record = await findRecord(run, keys, project);
        return given === null ? reviewedBy(run, record) : { kind: 'plan', plan: given };
      },
      findNewest: () => lookUp('whether the branch has moved on', () => findNewest(run, event)),
      sayShut: (gates) => sayShut(run, gates),
      beforeWriting: async (plan) => {
        run.terminal.err(renderPlanText(plan, plain));
        await noteStatus(run, record, plan, { state: 'applying', runUrl: run.workflow.runUrl });
      },
    });
    return await report(run, record, applied);
  } catch (error) {
    const begun = record as MergedRecord | null;
    if (begun?.isApplying) {
      const message = 'the run ended early: its log says why';
      await noteStatus(run, begun, null, { state: 'failed', runUrl: run.workflow.runUrl, message });
    }
    throw error;
  }
}

/** @throws RefusedError for every event that does not apply. */
function applyingEvent({ workflow: { event } }: ActionRun): PushEvent | StartedEvent {
  if ((event.kind === 'push' || event.kind === 'started') && event.isDefaultBranch) return event;
  const what =
    event.kind === 'push'
      ? `a push to ${event.ref}`
      : event.kind === 'pull-request'
        ? 'a pull request'
        : event.name;
  throw new RefusedError(
    `nothing was applied: this is ${what}. apply runs on a push to the default branch, or is started there by hand or by the clock`,
  );
}

/** Where a merge was reviewed, and where is noted what became of it. */
interface MergedRecord {
  readonly desk: Desk;
  readonly project: Project;
  /** As `topicOf` tells it. */
  readonly topic: string;
  readonly pull: number;
  /** The last commit of the pull request. */
  readonly head: string;
  found: Written | null;
  /** Of the comment as it was found; what we write into it later is intact. */
  readonly integrity: Integrity;
  /** Null where nobody can vouch for it, too. */
  readonly review: Review | null;
  isApplying: boolean;
}

async function findRecord(run: ActionRun, keys: PlanKeys, project: Project): Promise<MergedRecord | null> {
  const { event } = run.workflow;
  if (event.kind !== 'push' || !run.inputs.comment || run.github === null) return null;
  const { github } = run;
  return lookUp('the reviewed plan', () => readRecord(run, github, event, keys, project));
}

/** Why GitHub does not tell ends the run: what it would have told decides what is written. */
async function lookUp<T>(what: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const message = `${what} cannot be looked up: ${error.message}`;
    if (error instanceof UnknownLoginError) throw new RefusedError(message);
    const denied = error.status === 401 || error.status === 403;
    throw denied ? new AuthenticationError(message) : new UnreachableError(message);
  }
}

/** The branch as it is now, where it is no longer at the commit of this run: runs of several merges may come in any order. */
async function findNewest(run: ActionRun, { sha, ref }: PushEvent | StartedEvent): Promise<Newest | null> {
  const { workflow, github, terminal } = run;
  if (github === null) {
    complain(
      run,
      'whether a newer commit was applied is not known: there is no GitHub token (input github-token)',
    );
    return null;
  }
  const branch = ref.slice('refs/heads/'.length);
  const { repository, workspace, serverUrl } = workflow;
  const tip = new Json(await github.get('/repos/{repository}/branches/{branch}', { repository, branch })).at(
    'commit',
    'sha',
  ).text;
  if (tip === sha) return null;
  const tree = await checkOutCommit({ env: terminal.env, workspace, serverUrl, token: run.token }, tip);
  return {
    what: `this run is of ${sha.slice(0, 7)}, and ${branch} has moved on to ${tip.slice(0, 7)}`,
    folder: tree === null ? null : folderIn(run, tree),
    remove: tree?.remove ?? (async () => {}),
  };
}

/** What the trusted side of a review opens is said in its workflow file, which no pull request's plan can speak for. */
function sayShut(run: ActionRun, gates: readonly NeededGate[]): string {
  return `the plan needs the input ${neededInputs(gates)}, which this apply was not given: ${whereToOpen(run)}`;
}

function whereToOpen({ workflow: { file } }: ActionRun): string {
  return `set it for the step that applies, in ${file ?? 'its workflow file'}`;
}

async function readRecord(
  run: ActionRun,
  github: GitHub,
  { sha }: PushEvent,
  keys: PlanKeys,
  project: Project,
): Promise<MergedRecord | null> {
  const { repository } = run.workflow;
  const merged = await findMerged(github, { repository, sha });
  const pull = merged?.at('number').value;
  if (merged === undefined || typeof pull !== 'number') return null;
  const desk = await openDesk(run, github, keys, pull);
  const { shard } = run.inputs;
  const topic = topicOf(
    project.desired.scope,
    shard === null ? undefined : readShardOption(run.terminal, shard),
  );
  const found = await findComment(desk, topic);
  const integrity = found?.integrity ?? 'intact';
  return {
    desk,
    project,
    topic,
    pull,
    head: merged.at('head', 'sha').text,
    found,
    integrity,
    review: found === null || integrity !== 'intact' ? null : reviewOf(found, keys),
    isApplying: false,
  };
}

const LOOKS = 3;
const BETWEEN_LOOKS_MS = 2000;

/** GitHub starts a run for a merge before it knows everywhere that it has merged: one that is not found is looked for again. */
async function findMerged(
  github: GitHub,
  commit: { readonly repository: string; readonly sha: string },
): Promise<Json | undefined> {
  for (let look = 1; ; look++) {
    const merged = await findMergedNow(github, commit);
    if (merged !== undefined || look === LOOKS) return merged;
    await sleep(BETWEEN_LOOKS_MS * TIME_SCALE);
  }
}

async function findMergedNow(
  github: GitHub,
  commit: { readonly repository: string; readonly sha: string },
): Promise<Json | undefined> {
  for await (const row of github.list('/repos/{repository}/commits/{sha}/pulls', commit)) {
    const pull = new Json(row);
    // One that is open or was closed without a merge names the commit that a merge would have made (documented).
    if (pull.at('merge_commit_sha').text === commit.sha && pull.at('merged_at').text !== '') return pull;
  }
  return undefined;
}

/** By the input, or by the comment on the pull request that was merged. */
function reviewedBy({ inputs, workflow: { event } }: ActionRun, record: MergedRecord | null): Reviewed {
  if (inputs.fingerprint !== null) return { kind: 'fingerprint', fingerprint: inputs.fingerprint };
  if (record !== null && record.integrity !== 'intact') return { kind: 'none', why: whyDistrusted(record) };
  const review = record?.review ?? null;
  if (review === null)
    return inputs.allowUnreviewed ? { kind: 'waived' } : { kind: 'none', why: whyNone(event.kind, record) };
  if (review.fingerprint === null || review.head !== record?.head) {
    const wanted = record?.head.slice(0, 7) ?? '';
    return {
      kind: 'none',
      why: `pull request #${record?.pull} shows no plan for ${wanted}, which was merged`,
    };
  }
  if (review.reviewed !== null) return { kind: 'plan', plan: review.reviewed };
  return { kind: 'fingerprint', fingerprint: review.fingerprint };
}

function whyDistrusted({ integrity, found, pull }: MergedRecord): string {
  const comment = `comment ${found?.id} on pull request #${pull}`;
  const what =
    integrity === 'edited'
      ? `${comment} was edited after regsync wrote it, so that people may not have seen the plan in it`
      : `${comment} was written by an older version of regsync, which cannot tell whether it was edited`;
  return `${what}. Read the plan as it is now, and start this workflow by hand with its fingerprint`;
}

function whyNone(event: string, record: MergedRecord | null): string {
  if (record !== null)
    return `pull request #${record.pull} has no comment with a plan: nobody has reviewed one`;
  if (event !== 'push') return 'no fingerprint says which plan was reviewed';
  return 'no pull request with a plan belongs to this push: nobody has reviewed one';
}

async function report(run: ActionRun, record: MergedRecord | null, applied: Applied): Promise<ExitCode> {
  const { plan, project } = applied;
  outputPlan(run, plan);
  annotate(run, planNotes(plan), project.repository.root);
  return applied.kind === 'refused'
    ? reportRefusal(run, record, applied)
    : reportOutcomes(run, record, applied);
}

async function reportRefusal(
  run: ActionRun,
  record: MergedRecord | null,
  applied: Applied & { readonly kind: 'refused' },
): Promise<ExitCode> {
  const { plan, project, cause, differences } = applied;
  const message = `${applied.message}${hintOf(run, plan)}`;
  const reviewed = run.inputs.fingerprint ?? record?.review?.fingerprint ?? null;
  const status: ReviewStatus = {
    state: 'refused',
    runUrl: run.workflow.runUrl,
    // What differs says more than that something does.
    ...(differences.length === 0 ? { message } : { differences }),
    ...(reviewed !== null && cause === 'review' ? { reviewed } : {}),
  };
  run.terminal.err(renderPlanText(plan, plain));
  const remarks = remarksOn(run, applied);
  // A run that is repeated too late leaves what became of the first one.
  if (cause !== 'outrun' || run.workflow.attempt === 1) await noteStatus(run, record, plan, status, remarks);
  const links = linksOf(run, project.repository.root, run.workflow.sha);
  run.summary.push(
    renderPlanComment(plan, { ...links, status, limitBytes: SUMMARY_BYTES - 10_000 }),
    ...remarks,
  );
  throw new ShownRefusal(refusalError({ message, differences }).message);
}

/** A refusal that is on the page of the run already, with more around it. */
export class ShownRefusal extends RefusedError {}

/** Which inputs open what was closed when the plan was made: its own words are those of the command line. */
function hintOf(run: ActionRun, plan: Plan): string {
  const shut = plan.applyable ? [] : closedGates(plan, plan.options);
  return shut.length === 0
    ? ''
    : `; plan and apply need the input ${neededInputs(shut)}: ${whereToOpen(run)}`;
}

function remarksOn(
  run: ActionRun,
  { plan: { applyable, fingerprint }, cause }: Applied & { readonly kind: 'refused' },
): string[] {
  // Of a commit that is not the newest, a start by hand would make another plan.
  if (!applyable || cause === 'outrun') return [];
  const first = cause === 'gate' ? `${whereToOpen(run)}; then start` : 'start';
  return [
    `**To apply exactly this plan,** ${first} the workflow by hand with the fingerprint \`${fingerprint.slice(0, 8)}\`.`,
  ];
}

async function reportOutcomes(
  run: ActionRun,
  record: MergedRecord | null,
  applied: Applied & { readonly kind: 'done' },
): Promise<ExitCode> {
  const { outcomes, plan, project, interrupted, requests, retries } = applied;
  const { runUrl, sha } = run.workflow;
  const failed = outcomes.filter(({ status }) => status === 'failed' || status === 'skipped').length;
  const exit = await reportApply(run.terminal, outcomes, renderOutcomesText(outcomes, plain));
  if (plan.changes.length > 0 || (record?.review?.reviewed?.changes.length ?? 0) > 0) {
    const message = interrupted ? 'interrupted' : `${count(failed, 'group')} could not be finished`;
    const ended = failed > 0 || interrupted;
    await noteStatus(
      run,
      record,
      plan,
      ended ? { state: 'failed', runUrl, message } : { state: 'applied', runUrl },
    );
  }
  const links = linksOf(run, project.repository.root, sha);
  run.summary.push(renderApplySummary(outcomes, { ...links, plan, requests, retries, interrupted }));
  return exit;
}

/**
 * Brings the comment up to date; where it cannot be, the apply is none the worse. The plan that people see stays the reviewed one,
 * until it is refused: then it is the fresh one, and the marker still says what was reviewed.
 */
async function noteStatus(
  run: ActionRun,
  record: MergedRecord | null,
  fresh: Plan | null,
  status: ReviewStatus,
  remarks: readonly string[] = [],
): Promise<void> {
  if (record === null) return;
  const { desk, project, topic, head, review } = record;
  const shown = status.state === 'refused' ? fresh : (review?.reviewed ?? fresh);
  if (shown === null) return;
  record.isApplying = status.state === 'applying';
  await tryGitHub(run, 'the comment does not say how it went', async () => {
    const kept: Review = review ?? {
      scope: topic,
      head,
      reviewed: null,
      fingerprint: null,
      drift: null,
    };
    const commit = status.state === 'refused' ? run.workflow.sha : head;
    const context = { ...linksOf(run, project.repository.root, commit), status };
    const body = commentBody(kept, desk, shown, context, remarks);
    record.found = await keepText(run, desk, record.found, body);
  });
}
