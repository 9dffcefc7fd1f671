import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE } from '../build.ts';
import { type Applied, applyReviewed, type Newest } from '../cli/apply/apply-reviewed.ts';
import { refusalError } from '../cli/apply/judge.ts';
import { readPlanFile } from '../cli/apply/plan-file.ts';
import { reportApply } from '../cli/apply/report.ts';
import type { Project } from '../cli/session/project.ts';
import { readArtifact } from '../github/artifact.ts';
import { checkOutCommit } from '../github/base-tree.ts';
import { Json, type PushEvent, type StartedEvent } from '../github/events.ts';
import type { Topic } from '../github/marker.ts';
import { type GitHub, GitHubError } from '../github/rest.ts';
import type { Desk, Sticky, Written } from '../github/sticky.ts';
import type { PlanKeys } from '../kinds/values/fingerprint.ts';
import { RefusedError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
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
  commitsOf,
  describeRefusal,
  endedStatus,
  type FoundReview,
  failureNotes,
  isAbout,
  lookUpError,
  type Merged,
  outcomesFor,
  readMerged,
  reviewedByAll,
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
  readonly now: () => Date;
}

const TOOLS: ApplyTools = { applyReviewed, checkOutCommit, sleep, now: () => new Date() };

/** After the merge: carries out what was reviewed, or nothing; says in the pull request what became of it. */
export async function runApply(run: ActionRun, tools: ApplyTools = TOOLS): Promise<ExitCode> {
  const event = applyingEvent(run.workflow.event);
  const { workflow, inputs, terminal } = run;
  const given = inputs.planFile === null ? null : await readPlanFile(resolve(terminal.cwd, inputs.planFile));
  let records: readonly MergedRecord[] = [];
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
    return await report(run, records, applied, tools);
  } catch (error) {
    const message = 'the run ended early: its log says why';
    for (const record of records) {
      if (record.applying !== null)
        await noteStatus(run, record, record.applying, { state: 'failed', runUrl: workflow.runUrl, message });
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

/** Of each pull request that the push merged, and of those whose plan is started by hand. */
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
    const merged = await findLatelyMerged(github, repository);
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

const LOOKS = 3;
const BETWEEN_LOOKS_MS = 2000;

/** GitHub starts a run for a merge before it knows everywhere that it has merged: one that is not found is looked for again. */
async function findMerged(
  github: GitHub,
  { repository, event }: { readonly repository: string; readonly event: PushEvent },
  sleep: ApplyTools['sleep'],
): Promise<readonly Merged[]> {
  const commits = commitsOf(event);
  for (let look = 1; ; look++) {
    const rows: unknown[] = [];
    for await (const row of github.list('/repos/{repository}/commits/{sha}/pulls', {
      repository,
      sha: event.sha,
    }))
      rows.push(row);
    if (commits.length > 1) rows.push(...(await readLatelyClosed(github, repository)));
    const merged = new Map(
      rows.flatMap((row) => {
        const one = readMerged(row, commits);
        return one === null ? [] : [[one.pull, one] as const];
      }),
    );
    if (merged.size > 0 || look === LOOKS) return [...merged.values()].sort((a, b) => a.pull - b.pull);
    await sleep(BETWEEN_LOOKS_MS * TIME_SCALE);
  }
}

/** One page: a push that merges more pull requests than these would be reviewed by nobody. */
const MOST_CLOSED = 100;

async function readLatelyClosed(github: GitHub, repository: string): Promise<readonly unknown[]> {
  const query = { state: 'closed', sort: 'updated', direction: 'desc' };
  const rows: unknown[] = [];
  for await (const row of github.list('/repos/{repository}/pulls', { repository }, query)) {
    rows.push(row);
    if (rows.length === MOST_CLOSED) break;
  }
  return rows;
}

/** A plan that is started by hand was refused not long ago, and its pull request has been updated by that. */
const MOST_LATELY_MERGED = 10;

async function findLatelyMerged(github: GitHub, repository: string): Promise<readonly Merged[]> {
  const rows = await readLatelyClosed(github, repository);
  const merged = rows.flatMap((row) => {
    const commit = new Json(row).at('merge_commit_sha').text;
    return readMerged(row, [commit]) ?? [];
  });
  return merged.slice(0, MOST_LATELY_MERGED);
}

async function report(
  run: ActionRun,
  records: readonly MergedRecord[],
  applied: Applied,
  tools: ApplyTools,
): Promise<ExitCode> {
  const { plan, project } = applied;
  outputPlan(run, plan);
  annotate(run, planNotes(plan), project.repository.root);
  return applied.kind === 'refused'
    ? reportRefusal(run, records, applied)
    : reportOutcomes(run, records, applied, tools);
}

async function reportRefusal(
  run: ActionRun,
  records: readonly MergedRecord[],
  applied: Applied & { readonly kind: 'refused' },
): Promise<ExitCode> {
  const { plan, project, differences } = applied;
  const describe = (record: MergedRecord | undefined) =>
    describeRefusal(
      applied,
      run.inputs.fingerprint ?? record?.review?.fingerprint ?? null,
      run.workflow,
      record?.review?.reviewed ?? null,
    );
  run.terminal.err(renderPlanText(plan, plain));
  for (const record of records) {
    const { status, remarks, isNoted } = describe(record);
    if (isNoted) await noteStatus(run, record, plan, status, remarks);
  }
  const { message, status, remarks } = describe(records[0]);
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
  records: readonly MergedRecord[],
  applied: Applied & { readonly kind: 'done' },
  { now }: ApplyTools,
): Promise<ExitCode> {
  const { outcomes, plan, project, interrupted, requests, retries } = applied;
  const { runUrl, sha } = run.workflow;
  const { root } = project.repository;
  const exit = await reportApply(run.terminal, outcomes, renderOutcomesText(outcomes, plain));
  annotate(run, failureNotes(outcomes), root);
  const results: GitHubResult[] = [];
  for (const record of records) {
    const { review } = record;
    const ownOutcomes = outcomesFor(record, outcomes, records.length);
    const ended = { plan, interrupted, outcomes: ownOutcomes };
    const status = endedStatus(ended, review?.reviewed ?? null, { runUrl, at: now() });
    if (status !== null && !isRepeated(record, applied))
      results.push(await noteStatus(run, record, plan, status));
  }
  const links = linksOf(run, root, sha);
  run.summary.push(renderApplySummary(outcomes, { ...links, plan, requests, retries, interrupted }));
  const result = results.find((one) => one === 'unreachable') ?? 'done';
  return exitUnlessTold(run, { result, advice: ONLY_IN_SUMMARY, lost: EXIT.operationsFailed, exit });
}

/** A run that has nothing left to do leaves the date and the run that did it. */
function isRepeated({ written }: MergedRecord, { plan }: Applied): boolean {
  return (
    plan.changes.length === 0 && written?.integrity === 'intact' && /^✅ \*\*Applied\*\*/m.test(written.body)
  );
}

const ONLY_IN_SUMMARY =
  'GitHub could not be reached: the comment does not say how this apply went. This summary does.';

/**
 * Brings the comment up to date; where it cannot be, what is done at Telnyx is none the worse. The plan that people see stays the reviewed one,
 * until it is refused: then it is the fresh one, and the marker still says what was reviewed.
 */
async function noteStatus(
  run: ActionRun,
  record: MergedRecord,
  fresh: Plan,
  status: ReviewStatus,
  remarks: readonly string[] = [],
): Promise<GitHubResult> {
  const { desk, project, topic, head, review } = record;
  // By a fingerprint that a refusal showed, the fresh plan is the one that counts.
  const isFresh = status.state === 'refused' || review?.fresh !== undefined;
  const shown = isFresh ? fresh : (review?.reviewed ?? fresh);
  record.applying = status.state === 'applying' ? fresh : null;
  return tryGitHub(run, 'the comment does not say how it went', async () => {
    const {
      fresh: refused,
      freshPlan,
      ...known
    } = review ?? {
      ...topic,
      head,
      reviewed: null,
      fingerprint: null,
      drift: null,
    };
    const isRefused = status.state === 'refused';
    const [next, nextPlan] = isRefused ? [fresh.fingerprint, fresh] : [refused, freshPlan];
    const isOver = status.state === 'applied';
    const kept: Review = {
      ...known,
      ...(next === undefined || isOver ? {} : { fresh: next }),
      ...(nextPlan === undefined || isOver ? {} : { freshPlan: nextPlan }),
    };
    const commit = isFresh ? run.workflow.sha : head;
    const context = { ...linksOf(run, project.repository.root, commit), status };
    const body = commentBody(kept, desk, shown, context, remarks);
    record.written = await keepText(run, desk, record.written, body);
  });
}
