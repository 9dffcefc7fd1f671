import { setTimeout as sleep } from 'node:timers/promises';
import { checkOutCommit, type Environment } from '../../forge/base-tree.ts';
import type { Forge, Merged } from '../../forge/forge.ts';
import { ForgeError } from '../../forge/forge-error.ts';
import type { Topic } from '../../forge/marker.ts';
import type { Desk, Sticky, Written } from '../../forge/sticky.ts';
import type { PlanKeys } from '../../kinds/values/fingerprint.ts';
import type { ExitCode } from '../../model/exit.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { Sensitive } from '../../model/privacy/sensitive.ts';
import { plain } from '../../render/text/paint.ts';
import { renderPlanText } from '../../render/text/plan-text.ts';
import { type Applied, applyReviewed, type Newest } from '../apply/apply-reviewed.ts';
import type { RecordedRun } from '../record/recorder.ts';
import type { Project } from '../session/project.ts';
import { chooseReviewed, findComment, openDesk, type Review, reviewOf } from './comment.ts';
import { noteUnbegunUnsigned } from './note-unbegun.ts';
import { type Outdated, retireOutdated, staleBeside } from './outdated.ts';
import { noteStatus, report, saysApplied, saysPlanned } from './report-apply.ts';
import { type ApplyStart, type FoundReview, isAbout, lookUpError, reviewedByAll } from './review.ts';
import { complain, folderIn, gatesOf, type ReviewRun, tryForge } from './review-run.ts';
import { topicOfRun } from './topic.ts';
import { readKnown } from './withdraw.ts';

/** The functions with side effects that an apply calls. */
export interface ReviewedApplyTools {
  readonly applyReviewed: typeof applyReviewed;
  readonly checkOutCommit: typeof checkOutCommit;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly now: () => Date;
}

export const APPLY_TOOLS: ReviewedApplyTools = {
  applyReviewed,
  checkOutCommit,
  sleep,
  now: () => new Date(),
};

/** What an apply knows of its start. */
export interface ApplyOccasion {
  readonly start: ApplyStart;
  readonly sha: string;
  /** The branch that the commit is on: `main` */
  readonly branch: string;
  /** Reads a plan file that was reviewed elsewhere. Returns null if the comment contains the plan. */
  readonly readGiven: () => Promise<Plan | null>;
  /** True if another apply of this checkout can run, which a lock then excludes. */
  readonly lock: boolean;
  /** The token for fetching a newer commit. Null if the checkout can fetch by itself. */
  readonly fetchToken: Sensitive | null;
  /** The file of the record. Absent if nothing is recorded. */
  readonly record?: string;
  /** The command, in words for the record. */
  readonly command: RecordedRun['command'];
}

/** Applies the reviewed plan after the merge, or nothing, and reports the result in the change request. */
export async function applyMerged(
  run: ReviewRun,
  occasion: ApplyOccasion,
  tools: ReviewedApplyTools = APPLY_TOOLS,
): Promise<ExitCode> {
  const { inputs, terminal, workflow, words } = run;
  const { start, readGiven, lock, record: file, command } = occasion;
  let records: readonly MergedRecord[] = [];
  let applied: Applied;
  let hasLooked = false;
  try {
    const given = await readGiven();
    const options = {
      ...gatesOf(run),
      parallelism: inputs.parallelism,
      lock,
      ...(file === undefined ? {} : { record: file }),
      // If the given plan prunes, the repository may have no manifests left.
      mayBeEmpty: given?.options.prune === true,
    };
    applied = await tools.applyReviewed(terminal, inputs.manifests, options, {
      findReviewed: async (keys, project) => {
        hasLooked = true;
        records = await findRecords(run, occasion, { keys, project }, tools);
        for (const { desk, stale, comment } of records) await retireOutdated(run, desk, stale, comment);
        return given === null ? reviewedByAll(inputs, start, records, words) : { kind: 'plan', plan: given };
      },
      findNewest: () => lookUp('the newest commit of the branch', () => findNewest(run, occasion, tools)),
      sayShut: words.sayShut,
      command,
      pulls: () => records.map(({ pull }) => pull),
      beforeWriting: async (plan) => {
        terminal.err(renderPlanText(plan, plain));
        for (const record of records)
          await noteStatus(run, record, plan, { state: 'applying', runUrl: workflow.runUrl });
      },
    });
  } catch (error) {
    if (!hasLooked) await noteUnbegun(run, occasion, error, tools);
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
async function noteEarlyEnd(run: ReviewRun, record: MergedRecord): Promise<void> {
  const { applying, review } = record;
  const failed = {
    state: 'failed',
    runUrl: run.workflow.runUrl,
    message: 'the run ended early: read its log',
  } as const;
  if (applying !== null) await noteStatus(run, record, applying, failed);
  else if (review?.reviewed != null && review.fresh === undefined && !saysApplied(record))
    await noteStatus(run, record, review.reviewed, { ...failed, isUntouched: true });
}

/** Reports a run that ended before it looked for its review, for example because its manifests are invalid. */
async function noteUnbegun(
  run: ReviewRun,
  occasion: ApplyOccasion,
  error: unknown,
  tools: ReviewedApplyTools,
): Promise<void> {
  if (run.inputs.comment === 'false' || run.forge === null) return;
  const note = async (forge: Forge) => {
    const known = await readKnown(run);
    if (known !== null && known.keys !== null) {
      const found = { keys: known.keys, project: { repository: known.repository } };
      const records = await findRecords(run, occasion, found, tools);
      for (const record of records.filter(saysPlanned)) await noteEarlyEnd(run, record);
    } else if (occasion.start === 'push') {
      // A start by hand names its plan, which only a key can verify.
      const merged = await forge.findMerged(occasion.branch, tools.sleep);
      for (const { pull } of merged) await noteUnbegunUnsigned(run, forge, { pull, error, known });
    }
  };
  // Errors are ignored here, because the run fails in any case and says why.
  await tryForge(run, `the ${run.words.note} does not say that nothing was applied`, note).catch(() => {});
}

/** A merged change request with its review and the comment that reports the apply. */
export interface MergedRecord extends FoundReview {
  readonly desk: Desk;
  readonly project: Pick<Project, 'repository'>;
  readonly topic: Topic;
  /** Texts that seem valid beside the comment, but are not. */
  readonly stale: readonly Outdated[];
  written: Written | null;
  /** True once a comment may have been made whose answer was lost. */
  mayBeMade: boolean;
  /** The plan that the comment reports as being applied. Null if it reports none. */
  applying: Plan | null;
}

interface Known {
  readonly keys: PlanKeys;
  readonly project: Pick<Project, 'repository'>;
}

/**
 * Reads the review of each change request that the push merged, or, for a start by hand, of those with the
 * fingerprint.
 */
async function findRecords(
  run: ReviewRun,
  { start, branch }: ApplyOccasion,
  known: Known,
  { sleep }: ReviewedApplyTools,
): Promise<readonly MergedRecord[]> {
  const { forge, inputs } = run;
  if (inputs.comment === 'false' || forge === null) return [];
  const { fingerprint } = inputs;
  return lookUp('the reviewed plan', async () => {
    if (start === 'push') return readRecords(run, forge, await forge.findMerged(branch, sleep), known);
    if (fingerprint === null) return [];
    const records = await readRecords(run, forge, await forge.findLatelyMerged(branch), known);
    return records.filter(({ review }) => isAbout(fingerprint, review));
  });
}

async function readRecords(
  run: ReviewRun,
  forge: Forge,
  merged: readonly Merged[],
  known: Known,
): Promise<readonly MergedRecord[]> {
  const records: MergedRecord[] = [];
  for (const one of merged) records.push(await readRecord(run, forge, one, known));
  return records;
}

async function lookUp<T>(what: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw error instanceof ForgeError ? lookUpError(what, error) : error;
  }
}

/**
 * Reads the branch's newest commit. Returns null if the run is of that commit. Runs of several merges may
 * come in any order.
 */
async function findNewest(
  run: ReviewRun,
  { sha, branch, fetchToken }: ApplyOccasion,
  { checkOutCommit }: ReviewedApplyTools,
): Promise<Newest | null> {
  const { workflow, forge, terminal, words } = run;
  if (forge === null) {
    complain(run, `regsync cannot tell whether a newer commit was applied: ${words.noToken}`);
    return null;
  }
  const { workspace, serverUrl } = workflow;
  const tip = await forge.readTip(branch);
  if (tip === sha) return null;
  const env: Environment = terminal.env;
  const tree = await checkOutCommit({ env, workspace, serverUrl, token: fetchToken }, tip);
  return {
    what: `this run is for ${sha.slice(0, 7)}, and the newest commit of ${branch} is ${tip.slice(0, 7)}`,
    folder: tree === null ? null : folderIn(run, tree),
    remove: tree?.remove ?? (async () => {}),
  };
}

async function readRecord(
  run: ReviewRun,
  forge: Forge,
  merged: Merged,
  { keys, project }: Known,
): Promise<MergedRecord> {
  const desk = await openDesk(forge, keys, merged.pull);
  const topic = topicOfRun(run, project.repository);
  const comments = await findComment(desk, topic, merged.head);
  const found = chooseReviewed(comments, topic);
  return {
    ...merged,
    desk,
    project,
    topic: found?.marker ?? topic,
    others: comments.others.length,
    unproven: comments.unproven[0] ?? null,
    foreign: comments.foreign[0] ?? null,
    stale: found === null ? [] : staleBeside(comments, found.marker.head === merged.head),
    written: found,
    mayBeMade: false,
    comment: found?.id ?? null,
    integrity: found?.integrity ?? 'intact',
    review: found?.integrity === 'intact' ? await readReview(run, forge, found, keys) : null,
    applying: null,
  };
}

async function readReview(run: ReviewRun, forge: Forge, found: Sticky, keys: PlanKeys): Promise<Review> {
  const { words } = run;
  const review = reviewOf(found, keys, words);
  const { artifact } = found.marker;
  if (review.reviewed !== null || artifact === undefined) return review;
  try {
    const text = await forge.readKept(artifact);
    if (text !== null) return reviewOf(found, keys, words, JSON.parse(text));
    complain(
      run,
      `the reviewed plan is too large for its ${words.note}, and its artifact ${artifact.name} does not exist, so ${BY_FINGERPRINT}`,
    );
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    complain(
      run,
      `the reviewed plan is too large for its ${words.note}, and its artifact cannot be read: ${error.message}. So ${BY_FINGERPRINT}`,
    );
  }
  return review;
}

const BY_FINGERPRINT = 'regsync can only compare fingerprints, and cannot name the differences';
