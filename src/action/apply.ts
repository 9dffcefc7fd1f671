import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE } from '../build.ts';
import { type Applied, applyReviewed, type Newest, refusalError } from '../cli/apply/pipeline.ts';
import { readPlanFile } from '../cli/apply/plan-file.ts';
import { reportApply } from '../cli/apply/report.ts';
import type { Project } from '../cli/session/project.ts';
import { checkOutCommit } from '../github/base-tree.ts';
import { Json, type PushEvent, type StartedEvent } from '../github/events.ts';
import type { Topic } from '../github/marker.ts';
import { type GitHub, GitHubError } from '../github/rest.ts';
import type { Desk, Written } from '../github/sticky.ts';
import { RefusedError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import type { PlanKeys } from '../plan/fingerprint.ts';
import { planNotes } from '../render/annotations.ts';
import { renderApplySummary, SUMMARY_BYTES } from '../render/markdown-apply.ts';
import { renderPlanComment } from '../render/markdown-plan.ts';
import type { ReviewStatus } from '../render/markdown-status.ts';
import { renderOutcomesText } from '../render/outcome-text.ts';
import { plain } from '../render/paint.ts';
import { renderPlanText } from '../render/plan-text.ts';
import {
  chooseReviewed,
  commentBody,
  findComment,
  keepText,
  openDesk,
  type Review,
  reviewOf,
} from './comment.ts';
import {
  applyingEvent,
  describeRefusal,
  endedStatus,
  type FoundReview,
  lookUpError,
  type Merged,
  readMerged,
  reviewedBy,
  sayShut,
} from './review.ts';
import {
  type ActionRun,
  annotate,
  complain,
  exitUnlessTold,
  folderIn,
  type GitHubResult,
  gatesOf,
  linksOf,
  outputPlan,
  tryGitHub,
} from './run.ts';
import { topicOfRun } from './topic.ts';

/** What an apply reaches besides GitHub. */
export interface ApplyTools {
  readonly applyReviewed: typeof applyReviewed;
  readonly checkOutCommit: typeof checkOutCommit;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const TOOLS: ApplyTools = { applyReviewed, checkOutCommit, sleep };

/** After the merge: carries out what was reviewed, or nothing; says in the pull request what became of it. */
export async function runApply(run: ActionRun, tools: ApplyTools = TOOLS): Promise<ExitCode> {
  const event = applyingEvent(run.workflow.event);
  const { workflow, inputs, terminal } = run;
  const given = inputs.planFile === null ? null : await readPlanFile(resolve(terminal.cwd, inputs.planFile));
  let record: MergedRecord | null = null;
  // A plan that prunes may be of a repository without manifests: that is known before anything is read.
  // The checkout is this job's alone; `concurrency` in the workflow keeps two jobs apart.
  const options = {
    ...gatesOf(run),
    parallelism: inputs.parallelism,
    lock: false,
    mayBeEmpty: given?.options.prune === true,
  };
  try {
    const applied = await tools.applyReviewed(terminal, inputs.manifests, options, {
      findReviewed: async (keys, project) => {
        record = await findRecord(run, keys, project, tools);
        return given === null ? reviewedBy(inputs, event.kind, record) : { kind: 'plan', plan: given };
      },
      findNewest: () => lookUp('whether the branch has moved on', () => findNewest(run, event, tools)),
      sayShut: (gates) => sayShut(gates, workflow),
      beforeWriting: async (plan) => {
        terminal.err(renderPlanText(plan, plain));
        await noteStatus(run, record, plan, { state: 'applying', runUrl: workflow.runUrl });
      },
    });
    return await report(run, record, applied);
  } catch (error) {
    const begun = record as MergedRecord | null;
    if (begun?.applying) {
      const message = 'the run ended early: its log says why';
      await noteStatus(run, begun, begun.applying, { state: 'failed', runUrl: workflow.runUrl, message });
    }
    throw error;
  }
}

/** Where a merge was reviewed, and where is noted what became of it. */
interface MergedRecord extends FoundReview {
  readonly desk: Desk;
  readonly project: Project;
  readonly topic: Topic;
  written: Written | null;
  /** What the comment says is being carried out. */
  applying: Plan | null;
}

async function findRecord(
  run: ActionRun,
  keys: PlanKeys,
  project: Project,
  { sleep }: ApplyTools,
): Promise<MergedRecord | null> {
  const {
    github,
    workflow: { event, repository },
  } = run;
  if (event.kind !== 'push' || !run.inputs.comment || github === null) return null;
  return lookUp('the reviewed plan', async () => {
    const merged = await findMerged(github, { repository, sha: event.sha }, sleep);
    return merged === null ? null : readRecord(run, github, merged, keys, project);
  });
}

async function lookUp<T>(what: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw error instanceof GitHubError ? lookUpError(what, error) : error;
  }
}

/** The branch as it is now, where it is no longer at the commit of this run: runs of several merges may come in any order. */
async function findNewest(
  run: ActionRun,
  { sha, ref }: PushEvent | StartedEvent,
  { checkOutCommit }: ApplyTools,
): Promise<Newest | null> {
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

async function readRecord(
  run: ActionRun,
  github: GitHub,
  merged: Merged,
  keys: PlanKeys,
  project: Project,
): Promise<MergedRecord> {
  const desk = await openDesk(run, github, keys, merged.pull);
  const topic = topicOfRun(run, project.repository);
  const comments = await findComment(desk, topic);
  const found = chooseReviewed(comments, topic);
  return {
    ...merged,
    desk,
    project,
    topic: found?.marker ?? topic,
    others: comments.others.length,
    written: found,
    comment: found?.id ?? null,
    integrity: found?.integrity ?? 'intact',
    review: found?.integrity === 'intact' ? reviewOf(found, keys) : null,
    applying: null,
  };
}

const LOOKS = 3;
const BETWEEN_LOOKS_MS = 2000;

/** GitHub starts a run for a merge before it knows everywhere that it has merged: one that is not found is looked for again. */
async function findMerged(
  github: GitHub,
  commit: { readonly repository: string; readonly sha: string },
  sleep: ApplyTools['sleep'],
): Promise<Merged | null> {
  for (let look = 1; ; look++) {
    for await (const row of github.list('/repos/{repository}/commits/{sha}/pulls', commit)) {
      const merged = readMerged(row, commit.sha);
      if (merged !== null) return merged;
    }
    if (look === LOOKS) return null;
    await sleep(BETWEEN_LOOKS_MS * TIME_SCALE);
  }
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
  const { plan, project, differences } = applied;
  const reviewed = run.inputs.fingerprint ?? record?.review?.fingerprint ?? null;
  const { message, status, remarks, isNoted } = describeRefusal(applied, reviewed, run.workflow);
  run.terminal.err(renderPlanText(plan, plain));
  if (isNoted) await noteStatus(run, record, plan, status, remarks);
  const links = linksOf(run, project.repository.root, run.workflow.sha);
  run.summary.push(
    renderPlanComment(plan, { ...links, status, limitBytes: SUMMARY_BYTES - 10_000 }),
    ...remarks,
  );
  throw new ShownRefusal(refusalError({ message, differences }).message);
}

/** A refusal that is on the page of the run already, with more around it. */
export class ShownRefusal extends RefusedError {}

async function reportOutcomes(
  run: ActionRun,
  record: MergedRecord | null,
  applied: Applied & { readonly kind: 'done' },
): Promise<ExitCode> {
  const { outcomes, plan, project, interrupted, requests, retries } = applied;
  const { runUrl, sha } = run.workflow;
  const exit = await reportApply(run.terminal, outcomes, renderOutcomesText(outcomes, plain));
  const status = endedStatus(applied, record?.review?.reviewed ?? null, runUrl);
  const result = status === null ? 'done' : await noteStatus(run, record, plan, status);
  const links = linksOf(run, project.repository.root, sha);
  run.summary.push(renderApplySummary(outcomes, { ...links, plan, requests, retries, interrupted }));
  return exitUnlessTold(run, { result, advice: ONLY_IN_SUMMARY, lost: EXIT.operationsFailed, exit });
}

const ONLY_IN_SUMMARY =
  'GitHub could not be reached: the comment does not say how this apply went. This summary does.';

/**
 * Brings the comment up to date; where it cannot be, what is done at Telnyx is none the worse. The plan that people see stays the reviewed one,
 * until it is refused: then it is the fresh one, and the marker still says what was reviewed.
 */
async function noteStatus(
  run: ActionRun,
  record: MergedRecord | null,
  fresh: Plan,
  status: ReviewStatus,
  remarks: readonly string[] = [],
): Promise<GitHubResult> {
  if (record === null) return 'done';
  const { desk, project, topic, head, review } = record;
  const shown = status.state === 'refused' ? fresh : (review?.reviewed ?? fresh);
  record.applying = status.state === 'applying' ? fresh : null;
  return tryGitHub(run, 'the comment does not say how it went', async () => {
    const kept: Review = review ?? {
      ...topic,
      head,
      reviewed: null,
      fingerprint: null,
      drift: null,
    };
    const commit = status.state === 'refused' ? run.workflow.sha : head;
    const context = { ...linksOf(run, project.repository.root, commit), status };
    const body = commentBody(kept, desk, shown, context, remarks);
    record.written = await keepText(run, desk, record.written, body);
  });
}
