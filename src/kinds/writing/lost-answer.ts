import {
  AuthenticationError,
  InterruptedError,
  MalformedAnswerError,
  UnreachableError,
} from '../../model/errors.ts';
import { UnknownOutcomeError } from '../../telnyx/client.ts';

const MOST_ATTEMPTS = 3;

/**
 * Sends what must not be done twice. When the answer is lost, what became of it is looked for, and only what is not there is
 * sent again.
 *
 * @param steps.find what was sent has led to, or null; lists may lag, so that it takes its time.
 * @throws UnknownOutcomeError when it was lost as often as it is tried, or when it can be neither sent nor looked for any more.
 */
export async function sendOnce<Result>(steps: {
  readonly send: () => Promise<Result>;
  readonly find: () => Promise<Result | null>;
}): Promise<Result> {
  let lost: UnknownOutcomeError | null = null;
  for (let attempt = 1; ; attempt++) {
    const before: UnknownOutcomeError | null = lost;
    try {
      return await afterLoss(before, steps.send);
    } catch (error) {
      if (!(error instanceof UnknownOutcomeError) || error === before) throw error;
      lost = error;
      const found = await afterLoss(lost, steps.find);
      if (found !== null) return found;
      if (attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

/**
 * What follows when the answer to a write was lost: a look for what became of it, or another try. Where that is not possible,
 * because of an interruption, because the key is refused or because nothing answers, the loss is what there is to report:
 * something may have been written all the same.
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
    for (const Kind of [AuthenticationError, MalformedAnswerError, UnreachableError]) {
      if (error instanceof Kind) throw new Kind(`${lost.message}; then: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
