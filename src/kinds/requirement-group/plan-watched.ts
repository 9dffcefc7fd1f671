import type { ObservedGroup, ObservedMatch } from '../../model/observed.ts';
import { orderInWords } from '../../model/orders/observed-order.ts';
import type { AttachmentChange, PlanAction, ValueWrite } from '../../model/plan/change.ts';
import type { Attention } from '../../model/plan/plan.ts';
import type { BoundGroup } from '../../model/resource.ts';
import { joined, named, quoted, type Sentence, sentence, typed } from '../../model/text/sentence.ts';
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
  const choices = rivals.map(({ id, status }) => sentence`${named(`id: ${id}`)} (${named(status)})`);
  const difference = sentence`it could mean any of ${rivals.length} groups with this reference; add the line of the one that it means: ${joined(choices, ' or ')}`;
  return { change: null, differs: true, attention: [differs(group, [difference])] };
}

function differs(group: BoundGroup, differences: readonly Sentence[]): Attention {
  const message = sentence`differs from its manifest: ${joined(differences, '; ')}. Nothing is written, because the manifest says ${typed('manage: observe')}. To have it written, remove that line.`;
  return about(group, 'observed-differs', message);
}

/** Names values and never shows them. */
function differencesOf({ match, actions, writes, writesReference, attaches }: WouldBe): Sentence[] {
  const old = match.superseded.map(({ id, status }) => sentence`${named(id)} (${named(status)})`);
  const missing =
    match.group === null && match.superseded.length === 0
      ? sentence`Telnyx has no group that it means`
      : null;
  const replaced =
    match.superseded.length > 0
      ? sentence`group ${joined(old, ', ')} would be replaced, for it is not what it states`
      : null;
  const values = match.group === null ? [] : writes;
  return [
    ...[missing ?? replaced].flatMap((difference) => (difference === null ? [] : [difference])),
    ...values.map(({ requirementName, before }) =>
      before === null
        ? sentence`${quoted(requirementName)} has no value at Telnyx`
        : sentence`${quoted(requirementName)} has another value at Telnyx`,
    ),
    ...(writesReference === null ? [] : [sentence`its ${named('customer_reference')} is another one`]),
    ...attaches.map(({ order }) => sentence`${orderInWords(order)} holds other values`),
    ...(isOnlySubmitted(actions) ? [sentence`it is not submitted for review`] : []),
  ];
}

/** Returns true if a submission is all that is missing. After a change it goes without saying. */
function isOnlySubmitted(actions: readonly PlanAction[]): boolean {
  return actions.length === 1 && actions[0] === 'submit';
}
