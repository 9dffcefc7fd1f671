import { Fault } from '../../manifest/fault.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { describePlace, type Resolution } from '../../manifest/resolution.ts';
import { quoted } from '../../manifest/visible.ts';
import type { DesiredNumberOrder } from '../../model/resource.ts';

/**
 * Reports two manifests that would be the same order at Telnyx. It would be placed once, with the numbers of
 * one of them.
 */
export function reportOrderCollisions(
  manifests: readonly Manifest<'NumberOrder'>[],
  orders: readonly DesiredNumberOrder[],
  { problems }: Resolution,
): void {
  const byReference = new Map<string, Manifest<'NumberOrder'>>();
  for (const [index, manifest] of manifests.entries()) {
    const { reference, statesReference, id } = orders[index] ?? {};
    // An order that is named by its id keeps its reference.
    if (reference === undefined || (id !== null && !statesReference)) continue;
    const earlier = byReference.get(reference);
    byReference.set(reference, earlier ?? manifest);
    if (earlier === undefined) continue;
    const message = `the same reference as ${quoted(earlier.fields.name)} at ${describePlace(earlier.origin, [])}`;
    const path = [statesReference ? 'customer_reference' : 'name'];
    problems.push(manifest.origin.problem(path, new Fault('duplicate-reference', message)));
  }
}

/**
 * Reports numbers in two orders. Telnyx would refuse the second order, and chance decides which one that is.
 */
export function reportSharedNumbers(
  manifests: readonly Manifest<'NumberOrder'>[],
  { problems }: Resolution,
): void {
  const owners = new Map<string, Manifest<'NumberOrder'>>();
  for (const manifest of manifests) {
    for (const [index, number] of (manifest.fields.phone_numbers ?? []).entries()) {
      const owner = owners.get(number);
      owners.set(number, owner ?? manifest);
      if (owner === undefined || owner === manifest) continue;
      const message = `this phone number is ordered by ${quoted(owner.fields.name)} at ${describePlace(owner.origin, [])}`;
      const fault = new Fault('duplicate-number', message, 'Remove it from one of the two orders.');
      problems.push(manifest.origin.problem(['phone_numbers', index], fault));
    }
  }
}
