import { composeMatrix } from '../cli/matrix.ts';
import { ShownRefusal } from '../cli/review/report-apply.ts';
import { annotate, linksOf, placeOf } from '../cli/review/review-run.ts';
import { openProjectRepositories } from '../cli/session/project.ts';
import { endingAfterLoss, type Terminal } from '../cli/session/terminal.ts';
import { appendOutputs, appendSummary } from '../github/runner-files.ts';
import { endingOf } from '../model/ending.ts';
import { RefusedError } from '../model/errors.ts';
import { EXIT, type ExitCode, unlessFailed } from '../model/exit.ts';
import { WHERE_FILES_ARE_MADE, whyUnusable } from '../model/text/file-error.ts';
import { visible } from '../model/text/visible.ts';
import { escapeCommands, renderAnnotations } from '../render/annotations.ts';
import { alert, code } from '../render/markdown/markdown.ts';
import { renderValidateSummary } from '../render/markdown/validate.ts';
import { renderProblemText } from '../render/text/problem-text.ts';
import { runApply } from './apply.ts';
import { runDrift } from './drift.ts';
import type { ActionCommand } from './inputs.ts';
import { runPlan } from './plan.ts';
import { type ActionRun, openActionRun } from './run.ts';
import { runValidate } from './validate.ts';
import { inWorkflowWords, notesInWorkflowWords } from './workflow-words.ts';

/** Runs the GitHub Action: inputs → one of five commands → outputs, a summary, and an exit code. */
export async function runAction(shell: Terminal): Promise<ExitCode> {
  let run: ActionRun | null = null;
  let exit: ExitCode;
  try {
    run = await openActionRun(shell);
    exit = await runCommand(run);
  } catch (error) {
    exit = await reportError(shell, run, error);
  }
  const summary = run === null ? null : run.cover(run.summary.join('\n\n'));
  if (summary !== null) {
    exit = await writeOrSay(shell, run, exit, 'summary', () => appendSummary(shell.env, summary));
  }
  const outputs = { ...Object.fromEntries(run?.outputs ?? []), 'exit-code': exit };
  exit = await writeOrSay(shell, run, exit, 'outputs', () => appendOutputs(shell.env, outputs));
  await run?.github?.close();
  return endingAfterLoss(exit, await shell.settle());
}

/**
 * Writes a file of the runner. A failure only changes the exit code, because the work is done and in the log.
 */
async function writeOrSay(
  shell: Terminal,
  run: ActionRun | null,
  exit: ExitCode,
  what: 'summary' | 'outputs',
  write: () => Promise<void>,
): Promise<ExitCode> {
  try {
    await write();
    return exit;
  } catch (error) {
    const why = whyUnusable(error, WHERE_FILES_ARE_MADE);
    const message = `the ${what} of this run cannot be written: ${why}`;
    shell.err(`error: ${message}\n`);
    for (const line of renderAnnotations([{ severity: 'error', code: what, message }]))
      shell.out(`${line}\n`);
    return endingWithoutFile(exit, run?.inputs.command ?? null);
  }
}

export function endingWithoutFile(exit: ExitCode, command: ActionCommand | null): ExitCode {
  return unlessFailed(exit, command === 'apply' ? EXIT.operationsFailed : EXIT.unexpected);
}

function runCommand(run: ActionRun): Promise<ExitCode> {
  const { command } = run.inputs;
  // There the token may write and the secrets are set, but the manifests may be a stranger's.
  if (run.workflow.event.kind === 'other' && run.workflow.event.name === 'pull_request_target') {
    throw new RefusedError(
      'regsync never runs on pull_request_target. In the workflow file, write on: pull_request',
    );
  }
  switch (command) {
    case 'plan':
      return runPlan(run);
    case 'apply':
      return runApply(run);
    case 'validate':
      return runValidate(run);
    case 'drift':
      return runDrift(run);
    case 'matrix':
      return runMatrix(run);
    default:
      return command satisfies never;
  }
}

/** Sets the output that later jobs of the same workflow use as their `strategy.matrix`. */
async function runMatrix(run: ActionRun): Promise<ExitCode> {
  const matrix = JSON.stringify(await composeMatrix(run.terminal, placeOf(run), run.inputs.shards));
  run.outputs.set('matrix', matrix);
  run.terminal.out(`${matrix}\n`);
  return EXIT.ok;
}

/** Reports the error in the log, in annotations, and on the page of the run. */
async function reportError(shell: Terminal, run: ActionRun | null, error: unknown): Promise<ExitCode> {
  const ending = endingOf(error);
  const { exit } = ending;
  const message = inWorkflowWords(ending.message);
  const problems = notesInWorkflowWords(ending.problems);
  for (const problem of problems) shell.err(escapeCommands(renderProblemText(problem, shell.errPaint)));
  shell.err(escapeCommands(`error: ${visible(message)}\n`));
  const command = run?.inputs.command ?? 'inputs';
  // Each problem has its own annotation, at its line.
  const notes = problems.length > 0 ? [] : renderAnnotations([{ severity: 'error', code: command, message }]);
  for (const line of notes) shell.out(`${line}\n`);
  if (run === null) {
    const text = alert('CAUTION', [code(message)]);
    return writeOrSay(shell, run, exit, 'summary', () => appendSummary(shell.env, text));
  }
  if (problems.length > 0) {
    const root = await rootOf(run);
    annotate(run, problems, root);
    run.summary.push(renderValidateSummary(problems, linksOf(run, root, run.workflow.sha)));
  } else if (!(error instanceof ShownRefusal)) {
    run.summary.push(alert('CAUTION', [code(message)]));
  }
  return exit;
}

/**
 * Returns the folder of the files that problems name. If the configuration is broken, assumes that it is in
 * the working directory.
 */
async function rootOf({ terminal, inputs }: ActionRun): Promise<string> {
  const options = inputs.config === null ? {} : { config: inputs.config };
  return openProjectRepositories(terminal, options).then(
    ([{ root }]) => root,
    () => terminal.cwd,
  );
}
