import type { Attention } from '../../model/plan/plan.ts';
import { visible } from '../../model/text/visible.ts';
import { listSome } from '../words/wording.ts';

/** The most names in the line. A reader finds the others above it. */
const MAX_NAMES = 5;

/**
 * Returns the line that says why a run ends with exit code 6. Empty if nothing expires.
 *
 * @param days the limit that the user gave.
 */
export function expiryWords(attention: readonly Attention[], days: number): string {
  const names = [
    ...new Set(
      attention.flatMap(({ code, name }) => (code === 'expiring' || code === 'expired' ? [name] : [])),
    ),
  ];
  if (names.length === 0) return '';
  const some = listSome(names, MAX_NAMES, visible);
  return `exit code 6: something has expired, or expires within ${days} days, in ${some}\n`;
}
