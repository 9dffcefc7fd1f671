import { OBSERVABLE } from '../kinds/index.ts';
import type { KindReading, Observable, ObserveRun } from '../kinds/kind.ts';
import { withLinks } from '../kinds/reading/links.ts';
import { readOrders } from '../kinds/requirement-group/orders/orders.ts';
import type { ManagedKind } from '../model/kinds.ts';
import type { Observed } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import type { Desired } from '../model/resource.ts';
import type { ReadClient } from '../telnyx/client.ts';

type ObservableKind = Exclude<ManagedKind, 'RequirementGroup'>;

export interface OrdersObservation {
  /** The parts of Observed that are read here. */
  readonly parts: Pick<Observed, 'orders' | ObservableKind | 'lostOrders' | 'rivalOrders'>;
  readonly problems: readonly Problem[];
  readonly refusals: readonly Problem[];
}

/**
 * Reads the objects that have a manifest, kind by kind, and then the orders that groups name or that name
 * them.
 */
export async function observeOrders(
  client: ReadClient,
  desired: Desired,
  run: ObserveRun,
): Promise<OrdersObservation> {
  const kinds = Object.keys(OBSERVABLE) as ObservableKind[];
  const readings = await Promise.all(
    kinds.map((kind): Promise<KindReading<ObservableKind>> => {
      const room: Observable<ObservableKind> = OBSERVABLE[kind];
      return room.observe(client, desired, run);
    }),
  );
  const groups = withLinks(
    desired.RequirementGroup.filter(({ name }) => run.selected.RequirementGroup.has(name)),
    readings.map(({ links }) => links),
  );
  const { orders, problems } = await readOrders(client, groups, run.redactor);
  const objects = Object.fromEntries(kinds.map((kind, index) => [kind, readings[index]?.objects]));
  return {
    parts: {
      orders,
      ...(objects as Pick<Observed, ObservableKind>),
      ...Object.assign({}, ...readings.map(({ more }) => more)),
    },
    problems: [...readings.flatMap((reading) => reading.problems), ...problems],
    refusals: readings.flatMap(({ refusals }) => refusals),
  };
}
