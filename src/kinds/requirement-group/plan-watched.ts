import type { AttachmentChange, PlanAction, ValueWrite } from '../../model/change.ts';
import type { ObservedGroup, ObservedMatch } from '../../model/observed.ts';
import { nameOrder } from '../../model/observed-order.ts';
import type { Attention } from '../../model/plan.ts';
import type { BoundGroup } from '../../model/resource.ts';
import { about } from '../values/about.ts';
import type { PlannedGroup } from './plan.ts';

/** The differences that an apply would remove if the manifest allowed it to write. */
interface WouldBe {
  readonly match: ObservedMatch;
  readonly actions: readonly PlanAction[];
  readonly writes: readonly ValueWrite[];
  readonly writesReference: string | null;
  readonly attaches: readonly AttachmentChange[];
}

/**
 * Plans a group with `manage: observe`. It is compared like any other, and each difference becomes attention
 * in place of a change.
 */
export function planWatched(
  group: BoundGroup,
  wouldBe: WouldBe,
  standing: readonly Attention[],
): PlannedGroup {
  // No copy can be made of a group that nobody creates.
  const attention = standing.filter(({ code }) => code !== 'already-there');
  if (wouldBe.actions.length === 0) return { change: null, attention };
  return { change: null, differs: true, attention: [...attention, differs(group, differencesOf(wouldBe))] };
}

/** Reports several groups that a watched manifest could mean. */
export function watchRivals(group: BoundGroup, rivals: readonly ObservedGroup[]): PlannedGroup {
  const choices = rivals.map(({ id, status }) => `id: ${id} (${status})`).join(' or ');
  const difference = `it could mean any of ${rivals.length} groups with this reference; add the line of the one that it means: ${choices}`;
  return { change: null, differs: true, attention: [differs(group, [difference])] };
}

function differs(group: BoundGroup, differences: readonly string[]): Attention {
  const message = `differs from its manifest: ${differences.join('; ')}. Nothing is written, because the manifest says \`manage: observe\`. To have it written, remove that line.`;
  return about(group, 'observed-differs', message);
}

/** Names values and never shows them. */
function differencesOf({ match, actions, writes, writesReference, attaches }: WouldBe): string[] {
  const old = match.superseded.map(({ id, status }) => `${id} (${status})`).join(', ');
  const missing =
    match.group === null && match.superseded.length === 0 ? 'Telnyx has no group that it means' : null;
  const replaced =
    match.superseded.length > 0 ? `group ${old} would be replaced, for it is not what it states` : null;
  const values = match.group === null ? [] : writes;
  return [
    ...[missing ?? replaced ?? []].flat(),
    ...values.map(({ requirementName, before }) =>
      before === null
        ? `"${requirementName}" has no value at Telnyx`
        : `"${requirementName}" has another value at Telnyx`,
    ),
    ...(writesReference === null ? [] : ['its customer_reference is another one']),
    ...attaches.map(({ order }) => `${nameOrder(order)} holds other values`),
    ...(isOnlySubmitted(actions) ? ['it is not submitted for review'] : []),
  ];
}

/** Returns true if a submission is all that is missing. After a change it goes without saying. */
function isOnlySubmitted(actions: readonly PlanAction[]): boolean {
  return actions.length === 1 && actions[0] === 'submit';
}
