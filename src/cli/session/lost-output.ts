import { EXIT, type ExitCode } from '../../model/exit.ts';
import type { LostOutput } from './terminal.ts';

/**
 * Returns the exit code, which is an error if output was lost. A reader that ends early, such as `head -1`,
 * is not an error.
 */
export function endingAfterLoss(exit: ExitCode, { out, err }: LostOutput): ExitCode {
  const isLost = [out, err].some((code) => code !== null && code !== 'EPIPE');
  const isFine = exit === EXIT.ok || exit === EXIT.changesPending;
  return isLost && isFine ? EXIT.unexpected : exit;
}
