import { EXIT, type ExitCode } from '../../model/exit.ts';
import type { Outcome } from '../../model/plan/outcome.ts';
import { renderOutcomesText } from '../../render/text/outcome-text.ts';
import type { Terminal } from '../session/terminal.ts';

/**
 * Prints the outcomes of an apply, on stderr if stdout is lost, because nothing else records them. Lost
 * output makes the exit code 4, but does not stop the apply.
 *
 * @param text text for stdout.
 * @param unwritten files that could not be written to, each with the reason.
 */
export async function reportApply(
  terminal: Terminal,
  outcomes: readonly Outcome[],
  text: string,
  unwritten: readonly string[] = [],
): Promise<ExitCode> {
  for (const reason of unwritten) terminal.err(`${terminal.errPaint('red', 'error:')} ${reason}\n`);
  terminal.out(text);
  const lost = await terminal.settle();
  if (lost.out !== null) terminal.err(renderOutcomesText(outcomes, terminal.errPaint));
  const isLost = lost.out !== null || lost.err !== null || unwritten.length > 0;
  return exitAfterApply(outcomes, { isInterrupted: terminal.signal.aborted, isLost });
}

/**
 * Returns 4 also if something was skipped, because it is still to be done, like the operations that failed.
 */
export function exitAfterApply(
  outcomes: readonly Pick<Outcome, 'status'>[],
  { isInterrupted, isLost }: { readonly isInterrupted: boolean; readonly isLost: boolean },
): ExitCode {
  if (isInterrupted) return EXIT.interrupted;
  const isLeft = outcomes.some(({ status }) => status === 'failed' || status === 'skipped');
  return isLeft || isLost ? EXIT.operationsFailed : EXIT.ok;
}
