import {
  AuthenticationError,
  InterruptedError,
  MalformedAnswerError,
  UnreachableError,
} from '../../model/errors.ts';
import { UnknownOutcomeError } from '../../telnyx/failure.ts';

const MAX_ATTEMPTS = 3;

/**
 * Sends a write that must not be done twice. If the write is ambiguous, it looks for the result, and sends
 * again only if there is none.
 *
 * @param steps.find returns the result, or null. Lists may lag, so it takes its time.
 * @throws UnknownOutcomeError if the write stays ambiguous after all attempts, or if it can be neither sent
 * nor looked for any more.
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
      if (attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/**
 * Does the next step after an ambiguous write: a look for the result, or another attempt. If that fails
 * because of an interruption, a refused key or an unreachable API, it reports the ambiguous write, because
 * something may have been written.
 *
 * @param lost the ambiguous write, or null if there was none so far.
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
