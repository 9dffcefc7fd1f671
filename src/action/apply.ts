import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Applied, applyReviewed, type Newest } from '../cli/apply/apply-reviewed.ts';
import { readPlanFile } from '../cli/apply/plan-file.ts';
import type { Project } from '../cli/session/project.ts';
import { readArtifact } from '../github/artifact.ts';
import { checkOutCommit } from '../github/base-tree.ts';
import { Json, type PushEvent, type StartedEvent } from '../github/events.ts';
import { GitHubError } from '../github/github-error.ts';
import type { Topic } from '../github/marker.ts';
import type { GitHub } from '../github/rest.ts';
import type { Desk, Sticky, Written } from '../github/sticky.ts';
import type { PlanKeys } from '../kinds/values/fingerprint.ts';
import type { ExitCode } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import { plain } from '../render/text/paint.ts';
import { renderPlanText } from '../render/text/plan-text.ts';
import { applyingEvent } from './applying-event.ts';
import { chooseReviewed, findComment, openDesk, type Review, reviewOf } from './comment.ts';
import { findLatelyMerged, findMerged } from './find-merged.ts';
import { noteStatus, report, saysApplied } from './report-apply.ts';
import { type FoundReview, isAbout, lookUpError, type Merged, reviewedByAll, sayShut } from './review.ts';
import { type ActionRun, complain, folderIn, gatesOf } from './run.ts';
import { topicOfRun } from './topic.ts';

/** The functions with side effects that an apply calls. */
export interface ApplyTools {
  readonly applyReviewed: typeof applyReviewed;
  readonly checkOutCommit: typeof checkOutCommit;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly now: () => Date;
}

const TOOLS: ApplyTools = { applyReviewed, checkOutCommit, sleep, now: () => new Date() };

/** Applies the reviewed plan after the merge, or nothing, and reports the result in the pull request. */
export async function runApply(run: ActionRun, tools: ApplyTools = TOOLS): Promise<ExitCode> {
  const event = applyingEvent(run.workflow.event);
  const { workflow, inputs, terminal } = run;
  const given = inputs.planFile === null ? null : await readPlanFile(resolve(terminal.cwd, inputs.planFile));
  let records: readonly MergedRecord[] = [];
  // If the given plan prunes, the repository may have no manifests left. No lock is taken, because the job
  // has its own checkout and `concurrency` in the workflow separates jobs.
  const options = {
    ...gatesOf(run),
    parallelism: inputs.parallelism,
    lock: false,
    mayBeEmpty: given?.options.prune === true,
  };
  let applied: Applied;
  try {
    applied = await tools.applyReviewed(terminal, inputs.manifests, options, {
      findReviewed: async (keys, project) => {
        records = await findRecords(run, keys, project, tools);
        return given === null ? reviewedByAll(inputs, event.kind, records) : { kind: 'plan', plan: given };
      },
      findNewest: () => lookUp('whether the branch has moved on', () => findNewest(run, event, tools)),
      sayShut: (gates) => sayShut(gates, workflow),
      beforeWriting: async (plan) => {
        terminal.err(renderPlanText(plan, plain));
        for (const record of records)
          await noteStatus(run, record, plan, { state: 'applying', runUrl: workflow.runUrl });
      },
    });
  } catch (error) {
    for (const record of records) await noteEarlyEnd(run, record);
    throw error;
  }
  try {
    return await report(run, records, applied, tools);
  } catch (error) {
    for (const record of records) if (record.applying !== null) await noteEarlyEnd(run, record);
    throw error;
  }
}

/**
 * Reports a run that ended without outcomes. A comment that already tells of an apply or a refusal stays as
 * it is if this run wrote nothing.
 */
async function noteEarlyEnd(run: ActionRun, record: MergedRecord): Promise<void> {
  const { applying, review } = record;
  const failed = {
    state: 'failed',
    runUrl: run.workflow.runUrl,
    message: 'the run ended early: its log says why',
  } as const;
  if (applying !== null) await noteStatus(run, record, applying, failed);
  else if (review?.reviewed != null && review.fresh === undefined && !saysApplied(record))
    await noteStatus(run, record, review.reviewed, { ...failed, isUntouched: true });
}

/** A merged pull request with its review and the comment that reports the apply. */
export interface MergedRecord extends FoundReview {
  readonly desk: Desk;
  readonly project: Project;
  readonly topic: Topic;
  written: Written | null;
  /** The plan that the comment reports as being applied. Null if it reports none. */
  applying: Plan | null;
}

/**
 * Reads the review of each pull request that the push merged, or, for a start by hand, of those with the
 * fingerprint.
 */
async function findRecords(
  run: ActionRun,
  keys: PlanKeys,
  project: Project,
  { sleep }: ApplyTools,
): Promise<readonly MergedRecord[]> {
  const { github, inputs, workflow } = run;
  const { event, repository } = workflow;
  if (inputs.comment === 'false' || github === null) return [];
  const { fingerprint } = inputs;
  return lookUp('the reviewed plan', async () => {
    if (event.kind === 'push') {
      const merged = await findMerged(github, { repository, event }, sleep);
      return readRecords(run, github, merged, keys, project);
    }
    if (event.kind !== 'started' || fingerprint === null) return [];
    const merged = await findLatelyMerged(github, repository, event.ref);
    const records = await readRecords(run, github, merged, keys, project);
    return records.filter(({ review }) => isAbout(fingerprint, review));
  });
}

async function readRecords(
  run: ActionRun,
  github: GitHub,
  merged: readonly Merged[],
  keys: PlanKeys,
  project: Project,
): Promise<readonly MergedRecord[]> {
  const records: MergedRecord[] = [];
  for (const one of merged) records.push(await readRecord(run, github, one, keys, project));
  return records;
}

async function lookUp<T>(what: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw error instanceof GitHubError ? lookUpError(what, error) : error;
  }
}

/**
 * Reads the branch's newest commit. Returns null if the run is of that commit. Runs of several merges may
 * come in any order.
 */
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
    unproven: comments.unproven[0] ?? null,
    written: found,
    comment: found?.id ?? null,
    integrity: found?.integrity ?? 'intact',
    review: found?.integrity === 'intact' ? await readReview(run, github, found, keys) : null,
    applying: null,
  };
}

async function readReview(run: ActionRun, github: GitHub, found: Sticky, keys: PlanKeys): Promise<Review> {
  const review = reviewOf(found, keys);
  const { artifact } = found.marker;
  if (review.reviewed !== null || artifact === undefined) return review;
  try {
    const text = await readArtifact(github, run.workflow.repository, artifact);
    if (text !== null) return reviewOf(found, keys, JSON.parse(text));
    complain(
      run,
      `the plan that was reviewed is too large for its comment, and the artifact ${artifact.name} is not there: ${BY_FINGERPRINT}`,
    );
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    complain(
      run,
      `the plan that was reviewed is too large for its comment, and its artifact cannot be read: ${error.message}. So ${BY_FINGERPRINT}`,
    );
  }
  return review;
}

const BY_FINGERPRINT = 'only fingerprints can be compared, and what differs cannot be named';
