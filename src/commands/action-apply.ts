import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE } from '../build.ts';
import { Json, type PushEvent } from '../github/events.ts';
import { type GitHub, GitHubError } from '../github/rest.ts';
import { type Desk, type Sticky, UnknownLoginError } from '../github/sticky.ts';
import { AuthenticationError, RefusedError, UnreachableError } from '../model/errors.ts';
import type { ExitCode } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanKeys } from '../plan/fingerprint.ts';
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
import { type ActionRun, annotate, gatesOf, linksOf, outputPlan, tryGitHub } from './action-run.ts';
import { reportApply } from './apply-report.ts';
import { type Applied, applyReviewed, type Reviewed, refusalError } from './pipeline.ts';
import { readPlanFile } from './plan-file.ts';
import type { Project } from './project.ts';
import { readShardOption } from './shard.ts';

/** After the merge: carries out what was reviewed, or nothing; says in the pull request what became of it. */
export async function runApply(run: ActionRun): Promise<ExitCode> {
  refuseOtherEvents(run);
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
    ...(given?.options.prune ? { prune: true } : {}),
  };
  try {
    const applied = await applyReviewed(run.terminal, run.inputs.manifests, options, {
      findReviewed: async (keys, project) => {
        record = await findRecord(run, keys, project);
        return given === null ? reviewedBy(run, record) : { kind: 'plan', plan: given };
      },
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

function refuseOtherEvents({ workflow: { event } }: ActionRun): void {
  if ((event.kind === 'push' || event.kind === 'started') && event.isDefaultBranch) return;
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
  found: Pick<Sticky, 'id' | 'body'> | null;
  readonly review: Review | null;
  isApplying: boolean;
}

async function findRecord(run: ActionRun, keys: PlanKeys, project: Project): Promise<MergedRecord | null> {
  const { event } = run.workflow;
  if (event.kind !== 'push' || !run.inputs.comment || run.github === null) return null;
  try {
    await refuseOldRerun(run, run.github, event);
    return await readRecord(run, run.github, event, keys, project);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const message = `the reviewed plan cannot be looked up: ${error.message}`;
    if (error instanceof UnknownLoginError) throw new RefusedError(message);
    const denied = error.status === 401 || error.status === 403;
    throw denied ? new AuthenticationError(message) : new UnreachableError(message);
  }
}

/** What was shown once would undo what was shown, merged and applied since. */
async function refuseOldRerun(
  { workflow }: ActionRun,
  github: GitHub,
  { sha, ref }: PushEvent,
): Promise<void> {
  if (workflow.attempt < 2) return;
  const branch = ref.slice('refs/heads/'.length);
  const tip = new Json(
    await github.get('/repos/{repository}/branches/{branch}', { repository: workflow.repository, branch }),
  ).at('commit', 'sha').text;
  if (tip === sha) return;
  throw new RefusedError(
    `nothing was applied: this run is of ${sha.slice(0, 7)}, and ${branch} has moved on to ${tip.slice(0, 7)}. Run again what runs for that`,
  );
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
  return {
    desk,
    project,
    topic,
    pull,
    head: merged.at('head', 'sha').text,
    found,
    review: found === null ? null : reviewOf(found, keys),
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
    const rows = await github.list('/repos/{repository}/commits/{sha}/pulls', commit);
    const merged = rows
      .map((row) => new Json(row))
      .find((pull) => pull.at('merge_commit_sha').text === commit.sha && pull.at('merged_at').text !== '');
    if (merged !== undefined || look === LOOKS) return merged;
    await sleep(BETWEEN_LOOKS_MS * TIME_SCALE);
  }
}

/** By the input, or by the comment on the pull request that was merged. */
function reviewedBy({ inputs, workflow: { event } }: ActionRun, record: MergedRecord | null): Reviewed {
  if (inputs.fingerprint !== null) return { kind: 'fingerprint', fingerprint: inputs.fingerprint };
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
  const { plan, project, message, differences } = applied;
  const reviewed = run.inputs.fingerprint ?? record?.review?.fingerprint ?? null;
  const status: ReviewStatus = {
    state: 'refused',
    runUrl: run.workflow.runUrl,
    // What differs says more than that something does.
    ...(differences.length === 0 ? { message } : { differences }),
    ...(reviewed !== null && plan.applyable ? { reviewed } : {}),
  };
  run.terminal.err(renderPlanText(plan, plain));
  await noteStatus(run, record, plan, status, remarksOn(plan));
  const links = linksOf(run, project.repository.root, run.workflow.sha);
  run.summary.push(
    renderPlanComment(plan, { ...links, status, limitBytes: SUMMARY_BYTES - 10_000 }),
    ...remarksOn(plan),
  );
  throw new ShownRefusal(refusalError(applied).message);
}

/** A refusal that is on the page of the run already, with more around it. */
export class ShownRefusal extends RefusedError {}

function remarksOn(plan: Plan): string[] {
  const { fingerprint, applyable } = plan;
  if (!applyable) return [];
  return [
    `**To apply exactly this plan,** start the workflow by hand with the fingerprint \`${fingerprint.slice(0, 8)}\`.`,
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
