import type { Selected } from '../../model/kinds.ts';
import type { ObservedNumberOrder } from '../../model/orders/observed-order.ts';
import type { Redactor } from '../../model/privacy/redactor.ts';
import type { Desired } from '../../model/resource.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import type { NumberOrderRow } from '../../telnyx/types.ts';
import type { KindReading, ObserveRun } from '../kind.ts';
import { hideActions, readSubOrderActions } from '../reading/actions.ts';
import { linkOrders } from '../reading/links.ts';
import { hideOrder, readAllSubOrders, withSample } from '../requirement-group/orders/orders.ts';
import { matchNumberOrders, type NumberOrderMatching } from './match.ts';

/** Reads the number orders that have a manifest, as far as the run and its groups need them. */
export async function observeNumberOrders(
  client: ReadClient,
  desired: Desired,
  run: ObserveRun,
): Promise<KindReading<'NumberOrder'>> {
  const matching = await matchNumberOrders(client, desired, run.selected);
  const links = linkOrders(desired.NumberOrder, 'number_order', ({ name }) => {
    const row = matching.rows.get(name);
    // A new order may not list its parts yet.
    return row === undefined || row.subNumberOrderIds.length === 0 ? null : row.id;
  });
  return {
    objects: await readNumberOrders(client, matching, run),
    links,
    problems: matching.problems,
    refusals: matching.refusals,
    more: { lostOrders: matching.lost, rivalOrders: matching.rivals },
  };
}

async function readNumberOrders(
  client: ReadClient,
  { manifests, rows }: NumberOrderMatching,
  { selected, redactor }: { readonly selected: Selected; readonly redactor: Redactor },
): Promise<ReadonlyMap<string, ObservedNumberOrder>> {
  const entries = [...rows].filter(([name]) => selected.NumberOrder.has(name));
  return new Map(
    await Promise.all(
      entries.map(async ([name, row]) => {
        const order = manifests.get(name);
        // The values that an order gets from a group of the run are compared with the group.
        const isComparedByGroup = order?.group != null && selected.RequirementGroup.has(order.group.name);
        const stated = new Set(order?.actions?.map(({ requirement }) => requirement));
        const parts = isComparedByGroup && stated.size === 0 ? [] : await readAllSubOrders(client, row);
        for (const part of parts) hideOrder(part, redactor);
        const sampled = await Promise.all(parts.map((part) => withSample(client, part)));
        const actions = await readSubOrderActions(client, sampled, stated);
        hideActions(actions, redactor);
        const subOrders = isComparedByGroup ? [] : sampled;
        return [name, { ...observedOrder(row, subOrders), ...some({ actions }) }] as const;
      }),
    ),
  );
}

/** Leaves out an empty list. */
function some(given: Required<Pick<ObservedNumberOrder, 'actions'>>): Pick<ObservedNumberOrder, 'actions'> {
  return given.actions.length === 0 ? {} : given;
}

function observedOrder(
  row: NumberOrderRow,
  subOrders: ObservedNumberOrder['subOrders'],
): ObservedNumberOrder {
  const { id, reference, status, settings, phoneNumbers, phoneNumbersCount, subNumberOrderIds } = row;
  return {
    id,
    reference,
    status,
    settings,
    phoneNumbersCount: phoneNumbersCount ?? phoneNumbers.length,
    subOrderIds: subNumberOrderIds,
    subOrders,
  };
}
