import type { BoundByKind } from '../../model/kinds.ts';
import type { Observed } from '../../model/observed.ts';
import type { ActionLink, BoundAction, ObservedAction } from '../../model/orders/actions.ts';

/** Returns the links of the actions that people have yet to fulfil, for the manifests of a run. */
export function personalLinks(
  world: Pick<BoundByKind, 'NumberOrder' | 'PortingOrder'> & {
    readonly observed: Pick<Observed, 'NumberOrder' | 'PortingOrder'>;
  },
): ActionLink[] {
  return (['NumberOrder', 'PortingOrder'] as const).flatMap((kind) =>
    world[kind].flatMap(({ name, actions = [] }) =>
      (world.observed[kind].get(name)?.actions ?? []).flatMap((action) =>
        linkOf(kind, name, action, actions),
      ),
    ),
  );
}

function linkOf(
  kind: ActionLink['kind'],
  name: string,
  { requirementId, order, link }: ObservedAction,
  stated: readonly BoundAction[],
): ActionLink[] {
  if (link === null) return [];
  const own = stated.find(({ requirement }) => requirement.id === requirementId);
  const requirementName = own?.requirement.name ?? requirementId;
  return [{ kind, name, orderId: order.id, requirementId, requirementName, link }];
}
