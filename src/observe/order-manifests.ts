import type { Mask } from '../model/mask.ts';
import type { Problem } from '../model/problem.ts';
import type {
  Desired,
  DesiredAttachment,
  DesiredGroup,
  DesiredPortingOrder,
  GroupLink,
  Observed,
  ObservedNumberOrder,
  Selected,
} from '../model/resource.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { type GroupWithOrders, readOrders } from './orders.ts';
import { readPortingOrders } from './porting-orders.ts';

export interface OrdersObservation extends Pick<Observed, 'orders' | 'numberOrders' | 'portingOrders'> {
  /** Manifests that are wrong about an order. Exit 3. */
  readonly problems: readonly Problem[];
  /** Manifests that mean more than one order. Exit 5. */
  readonly refusals: readonly Problem[];
}

/**
 * The orders that have a manifest, and those that groups name. One that names its group is read as if the group named it:
 * from then on nothing knows from which side the two were brought together.
 */
export async function observeOrders(
  client: ReadClient,
  desired: Desired,
  { selected, mask }: { readonly selected: Selected; readonly mask: Mask },
): Promise<OrdersObservation> {
  const numberOrders: ReadonlyMap<string, ObservedNumberOrder> = new Map();
  const ownPortings = desired.portingOrders.filter(({ name }) => selected.portingOrders.has(name));
  const portings = await readPortingOrders(client, ownPortings, mask);
  // What is not there is a mistake of the manifest that names it, and of no other.
  const isMissing = (order: DesiredPortingOrder) =>
    ownPortings.includes(order) && !portings.portingOrders.has(order.name);
  const existing = { ...desired, portingOrders: desired.portingOrders.filter((order) => !isMissing(order)) };
  const groups = desired.groups
    .filter(({ name }) => selected.groups.has(name))
    .map((group) => withOrders(group, existing, numberOrders));
  const { orders, problems } = await readOrders(client, groups, mask);
  return {
    orders,
    numberOrders,
    portingOrders: portings.portingOrders,
    problems: [...portings.problems, ...problems],
    refusals: [],
  };
}

function withOrders(
  group: DesiredGroup,
  desired: Desired,
  numberOrders: ReadonlyMap<string, ObservedNumberOrder>,
): GroupWithOrders {
  const isOurs = ({ group: link }: { readonly group: GroupLink | null }) => link?.name === group.name;
  const numbers = desired.numberOrders.filter(isOurs).flatMap((order): DesiredAttachment[] => {
    const id = order.id?.id ?? numberOrders.get(order.name)?.id;
    const source = order.group?.source ?? order.source;
    return id === undefined ? [] : [{ kind: 'number_order', id, source }];
  });
  const portings = desired.portingOrders.filter(isOurs).map((order): DesiredAttachment => {
    const source = order.group?.source ?? order.source;
    return { kind: 'porting_order', id: order.id.id, source };
  });
  return { group, entries: [...group.attach, ...numbers, ...portings] };
}
