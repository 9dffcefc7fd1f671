import { type CheckContext, checkComposition } from './check.ts';
import { compose } from './compose.ts';
import type { Composition, Surroundings } from './composition.ts';
import type { Draft } from './draft.ts';
import type { Left } from './select.ts';

/**
 * Returns the composition of all drafts that the check accepts. A draft with an objection is left out and the
 * rest is checked again. A draft with orders is first tried without them.
 */
export function settleComposition(
  drafts: readonly Draft[],
  surroundings: Surroundings,
  context: CheckContext,
): { readonly composition: Composition; readonly left: readonly Left[] } {
  const left: Left[] = [];
  for (let remaining = drafts; ; ) {
    const composition = compose(remaining, surroundings);
    const objections = checkComposition(composition, context);
    if (objections.size === 0) return { composition, left };
    remaining = composition.groups.flatMap(({ name, draft }) => {
      const message = objections.get(name);
      if (message === undefined) return [draft];
      if (draft.orders.length > 0) return [withoutOrders(draft, message)];
      left.push({ group: draft.group, code: 'plan-not-empty', message });
      return [];
    });
  }
}

function withoutOrders(draft: Draft, why: string): Draft {
  return { ...draft, orders: [], orderNotes: [...draft.orderNotes, `attached to no order: ${why}`] };
}
