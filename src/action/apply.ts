import { resolve } from 'node:path';
import { readPlanFile } from '../cli/apply/plan-file.ts';
import { APPLY_TOOLS, applyMerged, type ReviewedApplyTools } from '../cli/review/apply-merged.ts';
import type { Event, PushEvent, StartedEvent } from '../github/events.ts';
import { RefusedError } from '../model/errors.ts';
import type { ExitCode } from '../model/exit.ts';
import type { ActionRun } from './run.ts';

/** Applies the reviewed plan after the merge, or nothing, and reports the result in the pull request. */
export async function runApply(run: ActionRun, tools: ReviewedApplyTools = APPLY_TOOLS): Promise<ExitCode> {
  const { kind, sha, ref } = applyingEvent(run.workflow.event);
  const { inputs, terminal, token } = run;
  const readGiven = async () =>
    inputs.planFile === null ? null : readPlanFile(resolve(terminal.cwd, inputs.planFile));
  const branch = ref.slice('refs/heads/'.length);
  // No lock is taken, because the job has its own checkout and `concurrency` in the workflow separates jobs.
  const record = inputs.record === null ? {} : { record: inputs.record };
  const occasion = { start: kind, sha, branch, readGiven, lock: false, fetchToken: token, ...record };
  return applyMerged(run, { ...occasion, command: 'action apply' }, tools);
}

/** @throws RefusedError for every event that does not apply. */
export function applyingEvent(event: Event): PushEvent | StartedEvent {
  if ((event.kind === 'push' || event.kind === 'started') && event.isDefaultBranch) return event;
  throw new RefusedError(
    `nothing was applied: this is ${whatIs(event)}, and apply runs on the default branch: on a push, by hand or on a schedule. ${nextStep(event)}`,
  );
}

function nextStep(event: Event): string {
  switch (event.kind) {
    case 'push':
    case 'started':
      return 'Merge this branch, or limit the workflow to the default branch';
    case 'pull-request':
      return 'Merge the pull request. In the workflow of pull requests, write command: plan';
    default:
      return 'In the workflow file, write on: push';
  }
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
