import type { Limits } from '../../model/decisions.ts';
import type { PlanDiagnostic } from '../../model/plan.ts';
import { named, type Sentence, sentence, type Worded, worded } from '../../model/sentence.ts';

/** The number of owned groups from which a fraction means something: one of three is a third. */
const FRACTION_COUNTS_FROM = 10;

/**
 * Returns an error for a run that deletes so many groups that a mistake is likely. Nothing at all is then
 * applied.
 */
export function checkLimits(
  deletes: number,
  ownedGroups: number,
  limits: Limits,
): (PlanDiagnostic & Required<Worded>) | null {
  if (deletes > limits.maxDeletes) {
    return exceeded(
      sentence`${deletes} ${deletes === 1 ? 'group' : 'groups'} would be deleted; ${named('limits.max_deletes')} allows ${limits.maxDeletes}`,
    );
  }
  const fraction = deletes / ownedGroups;
  if (ownedGroups >= FRACTION_COUNTS_FROM && fraction > limits.maxDeleteFraction) {
    return exceeded(
      sentence`${deletes} of ${ownedGroups} groups would be deleted (${named(fraction.toFixed(2))}); ${named('limits.max_delete_fraction')} allows ${limits.maxDeleteFraction}`,
    );
  }
  return null;
}

function exceeded(message: Sentence): PlanDiagnostic & Required<Worded> {
  return { severity: 'error', code: 'limit-exceeded', ...worded(message) };
}
