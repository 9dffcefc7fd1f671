import { changeIdentity, type Plan, type PlanChange } from '../../model/plan.ts';
import type { ForgeWords } from './forge-words.ts';
import { type FoundReview, requestName } from './review.ts';

/**
 * Returns why the apply did something else than the comment's plan shows, or null. A push may end in another way than
 * one of its change requests: its last commits have no plan, or another change request wants something else of an object.
 */
export function whyNotAsShown(
  { review, pull, head }: Pick<FoundReview, 'review' | 'pull' | 'head'>,
  done: Pick<Plan, 'changes'>,
  others: readonly Pick<FoundReview, 'review'>[],
  words: Pick<ForgeWords, 'request' | 'sign'>,
): string | null {
  const shown = review?.reviewed ?? null;
  // The plan that a person started by hand is the fresh one.
  if (review === null || shown === null || review.fresh !== undefined) return null;
  if (review.head !== head)
    return `${requestName(pull, words)} shows no plan for ${head.slice(0, 7)}, which was merged`;
  const digestsOf = (changes: readonly PlanChange[] = []) =>
    new Map(changes.map((change) => [changeIdentity(change), change.digest]));
  const wanted = digestsOf(done.changes);
  const elsewhere = others.map((other) => digestsOf(other.review?.reviewed?.changes));
  const differing = shown.changes.find((change) => {
    const identity = changeIdentity(change);
    const digests = wanted.has(identity) ? [wanted] : elsewhere;
    return digests.some((known) => (known.get(identity) ?? change.digest) !== change.digest);
  });
  return differing === undefined
    ? null
    : `what was merged with it wants otherwise than this plan shows: ${differing.kind}/${differing.name}`;
}
