import { type CheckContext, checkComposition } from './check.ts';
import { compose } from './compose.ts';
import type { Composition, Surroundings } from './composition.ts';
import type { GeneratedManifest } from './generate-manifests.ts';
import type { Left } from './select.ts';

/**
 * Returns the composition of all drafts that the check accepts. A draft with an objection is left out and the
 * rest is checked again. A draft with orders is first tried without them.
 */
export function settleComposition(
  manifests: readonly GeneratedManifest[],
  surroundings: Surroundings,
  context: CheckContext,
): { readonly composition: Composition; readonly left: readonly Left[] } {
  const left: Left[] = [];
  for (let remaining = manifests; ; ) {
    const composition = compose(remaining, surroundings);
    const objections = checkComposition(composition, context);
    if (objections.size === 0) return { composition, left };
    remaining = composition.groups.flatMap(({ name, manifest }) => {
      const message = objections.get(name);
      if (message === undefined) return [manifest];
      if (manifest.orders.length > 0) {
        const why = `attached to no order: ${message}`;
        return [{ ...manifest, orders: [], orderNotes: [...manifest.orderNotes, why] }];
      }
      left.push({ group: manifest.group, code: 'plan-not-empty', message });
      return [];
    });
  }
}
