import type { Limits } from '../../model/plan/decisions.ts';
import { named, type Sentence, sentence } from '../../model/text/sentence.ts';

/** The number of owned groups from which a fraction means something: one of three is a third. */
const FRACTION_COUNTS_FROM = 10;

export interface ExceededLimit {
  readonly message: Sentence;
  /** The setting in the configuration that allows as many deletes: `max_deletes: 12` */
  readonly setting: string;
}

/**
 * Returns the limit that a run exceeds if it deletes so many groups that a mistake is likely. Nothing at all
 * is then applied.
 */
export function checkLimits(deletes: number, ownedGroups: number, limits: Limits): ExceededLimit | null {
  if (deletes > limits.maxDeletes) {
    return {
      message: sentence`${deletes} ${deletes === 1 ? 'group' : 'groups'} would be deleted; ${named('limits.max_deletes')} allows ${limits.maxDeletes}`,
      setting: `max_deletes: ${deletes}`,
    };
  }
  const fraction = deletes / ownedGroups;
  if (ownedGroups >= FRACTION_COUNTS_FROM && fraction > limits.maxDeleteFraction) {
    return {
      message: sentence`${deletes} of ${ownedGroups} groups would be deleted (${named(fraction.toFixed(2))}); ${named('limits.max_delete_fraction')} allows ${limits.maxDeleteFraction}`,
      setting: `max_delete_fraction: ${Math.ceil(fraction * 100) / 100}`,
    };
  }
  return null;
}
