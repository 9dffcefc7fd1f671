import type { SourcePosition } from '../../model/problem.ts';
import type {
  AttachmentKind,
  DesiredAttachment,
  DesiredGroup,
  GroupLink,
  RemoteId,
} from '../../model/resource.ts';
import type { GroupWithOrders } from '../requirement-group/orders/orders.ts';

/** The orders that name a group, by the group's name, as if the group named them. */
export type Links = ReadonlyMap<string, readonly DesiredAttachment[]>;

interface LinkingOrder {
  readonly group: GroupLink | null;
  readonly source: SourcePosition;
}

/** @param idOf returns null for an order that does not exist. */
export function linkOrders<Order extends LinkingOrder>(
  orders: readonly Order[],
  kind: AttachmentKind,
  idOf: (order: Order) => RemoteId | null,
): Links {
  const links = new Map<string, DesiredAttachment[]>();
  for (const order of orders) {
    const id = order.group === null ? null : idOf(order);
    if (order.group === null || id === null) continue;
    const entry = { kind, id, source: order.group.source, isLink: true };
    links.set(order.group.name, [...(links.get(order.group.name) ?? []), entry]);
  }
  return links;
}

/**
 * Returns each group with all of its orders. It no longer matters which of the two manifests names the other.
 */
export function withLinks(groups: readonly DesiredGroup[], links: readonly Links[]): GroupWithOrders[] {
  return groups.map((group) => ({
    group,
    entries: [...group.attach, ...links.flatMap((byGroup) => byGroup.get(group.name) ?? [])],
  }));
}
