import type { Observed } from '../../model/observed.ts';
import type { GroupChange } from '../../model/plan/change.ts';
import type { BoundNumberOrder } from '../../model/resource.ts';
import { WITHOUT_PRE_APPROVAL } from '../requirement-group/approval.ts';
import { localityCaveats } from '../values/localities.ts';
import type { GroupToOrderWith } from './group-to-order-with.ts';

/**
 * Says whether an order that is to be placed can be activated at once, or goes to review, and why. Telnyx
 * activates an order with an approved group within minutes, if the country has pre-approval and the address
 * is where the numbers are (documented). Any other order is reviewed.
 */
export function activationOutlook(
  order: BoundNumberOrder,
  group: GroupToOrderWith | null,
  context: { readonly observed: Observed; readonly change: GroupChange | undefined },
): string[] {
  if (group === null || order.group === null) return [withoutGroup(order)];
  const { name } = order.group;
  const found = context.observed.RequirementGroup.get(name)?.group ?? null;
  const countryCode = (group.bound ?? found)?.combination.countryCode ?? '';
  if (group.state === 'unfulfilled') return [`waits for values: the group "${name}" is incomplete`];
  if (group.state !== 'fulfilled') return [];
  if (WITHOUT_PRE_APPROVAL.has(countryCode)) {
    return [`goes to review: ${countryCode} has no pre-approval`, ...caveats(group, 'reviewed')];
  }
  const unready = unreadiness(name, found?.status ?? null, context.change);
  if (unready !== null) return [`goes to review: ${unready}`, ...caveats(group, 'reviewed')];
  const known = caveats(group, 'approved');
  return known.length > 0 ? known : [`can be activated at once: the group "${name}" is approved`];
}

/**
 * Returns true for a sentence of the outlook. It follows from the group's status, which a review compares by
 * itself, and may therefore be another one when the reviewed plan is applied.
 */
export function isOutlook(consequence: string): boolean {
  return OUTLOOK.test(consequence);
}

const OUTLOOK =
  /^(?:waits for values|goes to review|can be activated at once|is activated at once only if|may not be activated at once|may be declined)\b/;

function withoutGroup({ values }: BoundNumberOrder): string {
  return values.length > 0
    ? 'goes to review: it has values of its own and no group'
    : 'is activated at once only if its numbers have no requirements: it names no group';
}

function caveats({ bound }: GroupToOrderWith, outlook: 'approved' | 'reviewed'): string[] {
  return bound === null ? [] : localityCaveats(bound, outlook);
}

/** Returns why the group is not approved when the order is placed, after the group's own writes. */
function unreadiness(name: string, status: string | null, change: GroupChange | undefined): string | null {
  if (status === null || change?.actions.includes('create')) return `this run creates the group "${name}"`;
  if (change?.actions.some((action) => action === 'update' || action === 'submit')) {
    return `this run changes the group "${name}"`;
  }
  return status === 'approved' ? null : `the group "${name}" is ${status}`;
}
