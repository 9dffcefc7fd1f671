import { OperationError } from '../../../model/errors.ts';
import type { Observed, ObservedGroup } from '../../../model/observed.ts';
import { reveal } from '../../../model/privacy/sensitive.ts';
import { type BoundGroup, combinationKey } from '../../../model/resource.ts';
import { normaliseDate } from '../../../model/text/normal-text.ts';
import type { ValueToWrite } from '../../../telnyx/types.ts';

/**
 * Refuses to make another copy of a group whose reference Telnyx dropped: never submitted, without a
 * reference and with exactly these values. Only its id finds it, so every run would make one more.
 *
 * @throws OperationError if there is such a group.
 */
export function refuseCopyWithoutReference(
  observed: Observed,
  group: BoundGroup,
  values: readonly ValueToWrite[],
): void {
  const copy = observed.unclaimed?.find(
    (candidate) =>
      candidate.reference === null &&
      candidate.status === 'unapproved' &&
      combinationKey(candidate.combination) === combinationKey(group.combination) &&
      holdsExactly(candidate, values),
  );
  if (copy === undefined) return;
  throw new OperationError(
    'already-there',
    `group ${copy.id} holds exactly these values and has no customer_reference, which Telnyx may have dropped: none was created. Write \`id: ${copy.id}\` into the manifest and leave customer_reference out, or delete the group at Telnyx`,
    group.source,
  );
}

function holdsExactly({ requirements }: ObservedGroup, values: readonly ValueToWrite[]): boolean {
  const wanted = new Map(
    values.map(({ requirementId, value }) => [requirementId, normaliseDate(reveal(value))]),
  );
  const held = requirements.filter(({ value }) => !value.isEmpty);
  return (
    held.length === wanted.size &&
    held.every(({ requirementId, value }) => wanted.get(requirementId) === normaliseDate(reveal(value)))
  );
}
