import { EXIT, type ExitCode } from '../model/exit.ts';
import type { Outcome } from '../model/plan.ts';
import { renderOutcomesText } from '../render/outcome-text.ts';
import type { Terminal } from './terminal.ts';

/**
 * Says how an apply went, wherever that can still be said: what it did cannot be told from anything else. What could not be
 * said, of the log or of the result, makes it fail, though never before its end.
 *
 * @param text for stdout.
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
  if (terminal.signal.aborted) return EXIT.interrupted;
  const hasFailed = outcomes.some(({ status }) => status === 'failed');
  return hasFailed || isLost ? EXIT.operationsFailed : EXIT.ok;
}
