import { InvalidInputError } from '../../model/errors.ts';
import { Sensitive } from '../../model/sensitive.ts';

/** As many as 32 hex digits: of a key that somebody made up, one public fingerprint is enough to try millions a second. */
const MIN_PLAN_KEY_LENGTH = 32;

/**
 * REGSYNC_PLAN_KEY, or null where it is not set, or is empty as a secret of GitHub is that nobody set.
 *
 * @throws InvalidInputError for one that could be guessed, or that cannot be masked. It is not repeated.
 */
export function readPlanKey(env: Readonly<Record<string, string | undefined>>): Sensitive | null {
  const key = env.REGSYNC_PLAN_KEY?.trim() ?? '';
  if (key === '') return null;
  if (key.length < MIN_PLAN_KEY_LENGTH) throw weak(`has fewer than ${MIN_PLAN_KEY_LENGTH} characters`);
  if (/["\\\p{Cc}]/u.test(key)) throw weak('contains a quote, a backslash or a control character');
  return new Sensitive(key);
}

function weak(why: string): InvalidInputError {
  return new InvalidInputError(
    `REGSYNC_PLAN_KEY ${why}: make one with “openssl rand -hex 32”, and give the same to plan and apply`,
    [],
    { isAboutAccess: true },
  );
}
