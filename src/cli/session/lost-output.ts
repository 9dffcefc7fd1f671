import { EXIT, type ExitCode } from '../../model/exit.ts';
import type { LostOutput } from './terminal.ts';

/** A reader that goes away is not an error: `regsync plan | head -1`. Any other loss, of a result or of what was said about it, is. */
export function endingAfterLoss(exit: ExitCode, { out, err }: LostOutput): ExitCode {
  const isLost = [out, err].some((code) => code !== null && code !== 'EPIPE');
  const isFine = exit === EXIT.ok || exit === EXIT.changesPending;
  return isLost && isFine ? EXIT.unexpected : exit;
}
