import { type Ends, leadsThere } from '../../plan/ends.ts';
import type { ForgeWords } from './forge-words.ts';
import { type FoundReview, requestName } from './review.ts';

/**
 * Returns why the apply did something else than the comment's plan shows, or null. A push may end in another way than
 * one of its change requests: its last commits have no plan, or another change request wants something else of an object,
 * such as what it was before.
 */
export function whyNotAsShown(
  { review, pull, head }: Pick<FoundReview, 'review' | 'pull' | 'head'>,
  ends: Ends,
  words: Pick<ForgeWords, 'request' | 'sign'>,
): string | null {
  const shown = review?.reviewed ?? null;
  // The plan that a person started by hand is the fresh one.
  if (review === null || shown === null || review.fresh !== undefined) return null;
  if (review.head !== head)
    return `${requestName(pull, words)} shows no plan for ${head.slice(0, 7)}, which was merged`;
  const differing = shown.changes.find((change) => !leadsThere(change, ends));
  return differing === undefined
    ? null
    : `another commit of the same push changed ${differing.kind}/${differing.name}, so apply did something else than this plan shows`;
}
