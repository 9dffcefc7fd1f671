import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Planned } from '../cli/apply/plan-both-sides.ts';
import { writePlanFile } from '../cli/apply/plan-file.ts';
import { baseOfRequest, type PipelineOptions } from '../cli/apply/plan-for-review.ts';
import { exitCodeOf } from '../cli/plan.ts';
import { notePlan } from '../cli/review/note-plan.ts';
import { PLAN_TOOLS, type PlanTools, planRequest } from '../cli/review/plan-request.ts';
import { annotate, exitUnlessTold, type ForgeResult, gatesOf, outputPlan } from '../cli/review/review-run.ts';
import { withdrawPlan } from '../cli/review/withdraw.ts';
import type { PullRequestEvent } from '../github/events.ts';
import { RefusedError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { planNotes } from '../render/annotations.ts';
import { plain } from '../render/text/paint.ts';
import { renderPlanText } from '../render/text/plan-text.ts';
import type { ActionRun } from './run.ts';
import { runUntrustedFork } from './validate.ts';

/**
 * Plans, and reports the plan in the log, in annotations and in the summary. On a pull request, also keeps a
 * comment.
 */
export async function runPlan(run: ActionRun, tools: PlanTools = PLAN_TOOLS): Promise<ExitCode> {
  const { event } = run.workflow;
  if (event.kind === 'other' && event.name !== 'merge_group') throw new RefusedError(notHere(event.name));
  if (event.kind === 'pull-request' && event.untrustedFork !== null)
    return runUntrustedFork(run, event.untrustedFork);
  const pull = event.kind === 'pull-request' ? event : null;
  if (pull?.isClosed) {
    run.terminal.err('The pull request is closed: there is nothing to plan.\n');
    return EXIT.ok;
  }
  const planned = await planOrWithdraw(run, pull, tools);
  const result = await report(run, planned, pull);
  return exitUnlessTold(run, {
    result,
    advice: ONLY_IN_SUMMARY,
    lost: EXIT.unreachable,
    exit: exitCodeOf(planned.plan, exitOptionsOf(run)),
  });
}

const ONLY_IN_SUMMARY =
  'GitHub could not be reached: the plan is only in the summary of this run, and not in a comment. Run this job again before you merge.';

/** Returns the refusal of other events. Their runs have secrets, and anybody may trigger them. */
function notHere(event: string): string {
  return `plan does not run on ${event}: use pull_request, merge_group, push, workflow_dispatch or schedule`;
}

async function planOrWithdraw(
  run: ActionRun,
  pull: PullRequestEvent | null,
  tools: PlanTools,
): Promise<Planned> {
  const { terminal, inputs, token } = run;
  if (pull === null) return tools.planForReview(terminal, inputs.manifests, optionsOf(run), null);
  const options = { ...optionsOf(run), ...narrowingOf(run) };
  try {
    return await planRequest(run, options, { commits: pull, token }, tools);
  } catch (error) {
    if (inputs.comment !== 'false') await withdrawPlan(run, pull, error);
    throw error;
  }
}

/**
 * Narrows the plan of a pull request to what it changes. Every other run plans all manifests, and so does one that
 * keeps no comment: its plan is applied by its fingerprint, which names no manifests.
 */
function narrowingOf({ inputs, words, forge }: ActionRun): Pick<PipelineOptions, 'changes' | 'since'> {
  const isKept = inputs.comment !== 'false' && forge !== null;
  return { changes: isKept ? inputs.changes : 'all', since: baseOfRequest(words) };
}

export function optionsOf(run: ActionRun) {
  const { failOn, failOnExpiry } = run.inputs;
  return { ...gatesOf(run), failOn, ...(failOnExpiry === null ? {} : { failOnExpiry }) };
}

export function exitOptionsOf({ inputs: { failOn, failOnExpiry } }: ActionRun) {
  return { detailedExitcode: failOn === 'changes', ...(failOnExpiry === null ? {} : { failOnExpiry }) };
}

async function report(run: ActionRun, planned: Planned, pull: PullRequestEvent | null): Promise<ForgeResult> {
  const { plan, project, problems } = planned;
  const { root } = project.repository;
  const file = resolve(run.terminal.cwd, run.inputs.planFile ?? defaultPlanFile(run));
  await writePlanFile(file, plan, root);
  run.outputs.set('plan-file', file);
  outputPlan(run, plan);
  run.terminal.out(renderPlanText(plan, plain));
  annotate(run, [...problems, ...planNotes(plan)], root);
  return notePlan(run, planned, pull);
}

function defaultPlanFile(run: ActionRun): string {
  return join(run.terminal.env.RUNNER_TEMP || tmpdir(), 'regsync-plan.json');
}
