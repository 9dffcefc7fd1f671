import { InterruptedError, UnreachableError } from '../model/errors.ts';
import type { UnknownOutcomeError } from '../telnyx/client.ts';

/**
 * Looks for what became of a write of which the answer was lost. Where that cannot be found out, because of an interruption
 * or because nothing answers, the loss is what there is to report: something may have been written all the same.
 */
export async function afterLoss<Found>(
  lost: UnknownOutcomeError | UnreachableError,
  look: () => Promise<Found>,
): Promise<Found> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof InterruptedError) throw lost;
    if (!(error instanceof UnreachableError)) throw error;
    throw new UnreachableError(`${lost.message}, and it could not be looked up: ${error.message}`, {
      cause: error,
    });
  }
}
