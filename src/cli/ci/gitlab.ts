import { resolve } from 'node:path';
import type { PipelineRequest } from '../../gitlab/pipeline.ts';
import { endingOf } from '../../model/ending.ts';
import { AuthenticationError, InvalidInputError, RefusedError } from '../../model/errors.ts';
import { EXIT, type ExitCode, unlessFailed } from '../../model/exit.ts';
import { renderJson } from '../../render/json.ts';
import { alert, code } from '../../render/markdown/markdown.ts';
import { expiryWords } from '../../render/text/expiry-words.ts';
import { renderPlanText } from '../../render/text/plan-text.ts';
import type { Planned } from '../apply/plan-both-sides.ts';
import { readPlanFile, writePlanFile } from '../apply/plan-file.ts';
import { baseOfRequest, type Changes, planForReview } from '../apply/plan-for-review.ts';
import { exitCodeOf } from '../plan.ts';
import { APPLY_TOOLS, applyMerged } from '../review/apply-merged.ts';
import { notePlan } from '../review/note-plan.ts';
import { planRequest } from '../review/plan-request.ts';
import { ShownRefusal } from '../review/report-apply.ts';
import { exitUnlessTold } from '../review/review-run.ts';
import { withdrawPlan } from '../review/withdraw.ts';
import type { Terminal } from '../session/terminal.ts';
import type { CiCommandOptions } from './ci.ts';
import { type GitLabRun, openGitLabRun } from './gitlab-run.ts';
import { appendOrSay } from './show.ts';
import { validateStep } from './validate-step.ts';

/** The steps of `regsync ci` with `--note gitlab`. */

/** Plans, and keeps the plan in a note on the merge request. */
export async function planWithNote(
  terminal: Terminal,
  paths: readonly string[],
  options: CiCommandOptions,
  base: string | null,
): Promise<ExitCode> {
  const run = openGitLabRun(terminal, paths, options);
  const { request } = run.pipeline;
  if (request === null) throw new InvalidInputError(NO_REQUEST);
  if (request.isFork) return validateFork(run, options);
  return withSummary(run, options, EXIT.invalid, async () => {
    const planned = await planOrWithdraw(run, request, options, base);
    const { plan, project } = planned;
    if (options.out !== undefined)
      await writePlanFile(resolve(terminal.cwd, options.out), plan, project.repository.root);
    const isJson = options.format === 'json';
    terminal.out(isJson ? renderJson(plan) : renderPlanText(plan, terminal.outPaint));
    // A merge train runs after the review. Its plan is not what people have read.
    const result = await notePlan(run, planned, request.isTrain ? null : request);
    if (options.failOnExpiry !== undefined) terminal.err(expiryWords(plan.attention, options.failOnExpiry));
    const exit = exitCodeOf(plan, { ...options, detailedExitcode: options.failOn === 'changes' });
    return exitUnlessTold(run, { result, advice: ONLY_IN_SUMMARY, lost: EXIT.unreachable, exit });
  });
}

const NO_REQUEST =
  'CI_MERGE_REQUEST_IID is not set, so this is not the pipeline of a merge request: ' +
  'add the rule if: $CI_PIPELINE_SOURCE == "merge_request_event" to the job, or drop --note';

const ONLY_IN_SUMMARY =
  'GitLab could not be reached: the plan is only in the log and the summary of this job, and not in a note. Run this job again before you merge.';

async function planOrWithdraw(
  run: GitLabRun,
  request: PipelineRequest,
  options: CiCommandOptions,
  given: string | null,
): Promise<Planned> {
  const { headSha, baseSha } = request;
  const narrowing = { changes: changesOf(run, options, request), since: baseOfRequest(run.words) };
  const narrowed = { ...options, ...narrowing };
  try {
    if (given !== null || baseSha === null)
      return await planForReview(run.terminal, run.inputs.manifests, narrowed, given);
    return await planRequest(run, narrowed, { commits: { baseSha, headSha }, token: null });
  } catch (error) {
    if (!request.isTrain) await withdrawPlan(run, request, error);
    throw error;
  }
}

/**
 * A merge train holds the changes of several merge requests, and nobody reviews its plan. Without a note, a plan is
 * applied by its fingerprint, which names no manifests.
 */
function changesOf(
  { forge }: GitLabRun,
  { changes = forge === null ? 'all' : 'own' }: CiCommandOptions,
  { isTrain }: PipelineRequest,
): Changes {
  return isTrain ? 'all' : changes;
}

/**
 * Checks the manifests alone, because the pipeline of a fork has no secrets, and the manifests are a
 * stranger's. This also holds in a project whose settings would give it more.
 */
async function validateFork(run: GitLabRun, options: CiCommandOptions): Promise<ExitCode> {
  run.terminal.err(`${FORK}\n`);
  if (options.summary !== undefined) {
    const unwritten = await appendOrSay(run.terminal, options.summary, `${alert('NOTE', [FORK])}\n\n`);
    if (unwritten[0] !== undefined) throw new InvalidInputError(unwritten[0]);
  }
  await run.forge?.close();
  return validateStep(run.terminal, run.inputs.manifests, options);
}

const FORK =
  'This is a merge request from a fork, which gets no secrets, so regsync checked its manifests and did not compare them with Telnyx. ' +
  'It wrote no note. After the merge, apply shows the plan and applies nothing. Then run a pipeline by hand with the fingerprint of that plan.';

/** Applies the plan in the note of the merge request that was merged. */
export async function applyWithNote(
  terminal: Terminal,
  paths: readonly string[],
  options: CiCommandOptions,
): Promise<ExitCode> {
  const run = openGitLabRun(terminal, paths, options);
  const { branch, defaultBranch, sha } = run.pipeline;
  if (branch !== defaultBranch)
    throw new RefusedError(
      `nothing was applied: this pipeline is ${branch === null ? 'not of a branch' : `of ${branch}`}, and ci apply runs on ${defaultBranch}, the default branch: ` +
        'add the rule if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH to the job',
    );
  const readGiven = async () =>
    options.plan === undefined ? null : readPlanFile(resolve(terminal.cwd, options.plan));
  const { fingerprint, allowUnreviewed } = run.inputs;
  if (run.forge === null && options.plan === undefined && fingerprint === null && !allowUnreviewed)
    throw new AuthenticationError(
      `the reviewed plan is in a note on the merge request, and ${run.words.noToken}`,
    );
  return withSummary(run, options, EXIT.operationsFailed, () => {
    const start = fingerprint === null ? 'push' : 'started';
    const lock = options.lock !== false;
    const record = options.record === undefined ? {} : { record: options.record };
    const occasion = { start, sha, branch, readGiven, lock, fetchToken: null, ...record } as const;
    return applyMerged(run, { ...occasion, command: 'ci apply' }, APPLY_TOOLS);
  });
}

/** @param unwritten the exit code if the summary cannot be written and nothing else failed. */
async function withSummary(
  run: GitLabRun,
  { summary }: CiCommandOptions,
  unwritten: ExitCode,
  task: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const { terminal } = run;
  const write = async (): Promise<readonly string[]> =>
    summary === undefined
      ? []
      : appendOrSay(terminal, summary, terminal.cover(`${run.summary.join('\n\n').trimEnd()}\n`));
  try {
    const exit = await task();
    const reasons = await write();
    for (const reason of reasons) run.tell('error', reason);
    return reasons.length > 0 ? unlessFailed(exit, unwritten) : exit;
  } catch (error) {
    if (!(error instanceof ShownRefusal)) run.summary.push(alert('CAUTION', [code(endingOf(error).message)]));
    for (const reason of await write()) run.tell('error', reason);
    throw error;
  } finally {
    await run.forge?.close();
  }
}
