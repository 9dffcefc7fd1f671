import { EXIT, type ExitCode } from '../../model/exit.ts';
import type { LostOutput } from './terminal.ts';

/**
 * Returns an error code if some of the output was lost. A reader that ends early, as in `regsync plan | head
 * -1`, is not an error.
 */
export function endingAfterLoss(exit: ExitCode, { out, err }: LostOutput): ExitCode {
  const isLost = [out, err].some((code) => code !== null && code !== 'EPIPE');
  const isFine = exit === EXIT.ok || exit === EXIT.changesPending;
  return isLost && isFine ? EXIT.unexpected : exit;
}
