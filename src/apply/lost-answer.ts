import { InterruptedError, UnreachableError } from '../model/errors.ts';
import type { UnknownOutcomeError } from '../telnyx/client.ts';

/**
 * What follows when the answer to a write was lost: a look for what became of it, or another try. Where that is not possible,
 * because of an interruption or because nothing answers, the loss is what there is to report: something may have been written
 * all the same.
 *
 * @param lost null where none was lost so far.
 */
export async function afterLoss<Result>(
  lost: UnknownOutcomeError | UnreachableError | null,
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (lost === null) throw error;
    if (error instanceof InterruptedError) throw lost;
    if (!(error instanceof UnreachableError)) throw error;
    throw new UnreachableError(`${lost.message}; then: ${error.message}`, { cause: error });
  }
}
