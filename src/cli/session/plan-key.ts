import { InvalidInputError } from '../../model/errors.ts';
import { NEXT_STEPS } from '../../model/next-steps.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';

/**
 * The length of 128 bits in hex. A plan shows its fingerprint to all, so that a weak key could be found by
 * trying millions a second.
 */
const MIN_PLAN_KEY_LENGTH = 32;

/**
 * Returns REGSYNC_PLAN_KEY, or null if it is not set or is empty, as an unset secret of GitHub is.
 *
 * @throws InvalidInputError for a key that could be guessed or cannot be redacted. The error does not repeat
 * it.
 */
export function readPlanKey(env: Readonly<Record<string, string | undefined>>): Sensitive | null {
  const key = env.REGSYNC_PLAN_KEY?.trim() ?? '';
  if (key === '') return null;
  if (key.length < MIN_PLAN_KEY_LENGTH) throw weak(`has fewer than ${MIN_PLAN_KEY_LENGTH} characters`);
  if (/["\\\p{Cc}]/u.test(key)) throw weak('contains a quote, a backslash or a control character');
  return new Sensitive(key);
}

function weak(why: string): InvalidInputError {
  return new InvalidInputError(`REGSYNC_PLAN_KEY ${why}. ${NEXT_STEPS.makePlanKey()}`, [], {
    isAboutAccess: true,
  });
}
