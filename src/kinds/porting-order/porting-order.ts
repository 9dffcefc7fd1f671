import { bindOrder } from '../../catalogue/bind-orders.ts';
import { PORTING_DOCUMENTS } from '../../model/fields.ts';
import { privateTexts } from '../../model/orders/porting.ts';
import type { Observable, StatedDocument } from '../kind.ts';
import { textSourcesOfActions } from '../stated/actions.ts';
import { documentsOfRequirements, textSourcesOfRequirements } from '../stated/contents.ts';
import { reportGroupLinks } from '../stated/group-link.ts';
import { namesOf, textsOf } from '../values/private-texts.ts';
import { describePortingOrder, portingOrderAsDesired, portingOrderStartAndEnd } from './describe.ts';
import { planPortingOrders } from './plan.ts';
import { resolvePortingOrder } from './resolve.ts';
import { textSourcesOf } from './settings.ts';

/** An order that brings numbers from another carrier. It is made at Telnyx, and regsync only edits it. */
export const portingOrder: Observable<'PortingOrder'> = {
  after: ['RequirementGroup'],
  documentsIn: ({ fields }) => [
    ...documentsOfRequirements(fields),
    ...PORTING_DOCUMENTS.flatMap((name): StatedDocument[] => {
      const document = fields.documents?.[name];
      return typeof document === 'object' && document !== null && 'file' in document
        ? [{ path: ['documents', name], document }]
        : [];
    }),
  ],
  textSourcesIn: ({ fields }) => [
    ...textSourcesOfRequirements(fields),
    ...textSourcesOfActions(fields),
    ...textSourcesOf(fields),
  ],
  ordersNamedIn: ({ fields }) => [{ kind: 'porting_order', id: fields.id.toLowerCase(), path: ['id'] }],
  resolve: resolvePortingOrder,
  check: (manifests, desired, resolution) =>
    reportGroupLinks(manifests, desired.RequirementGroup, resolution),
  bind(orders, { definitions, observed }) {
    const bound = orders.map((order) =>
      bindOrder(order, definitions, [observed.PortingOrder.get(order.name)?.requirements ?? []]),
    );
    return {
      objects: bound.map(({ order }) => order),
      problems: bound.flatMap(({ problems }) => problems),
    };
  },
  plan: planPortingOrders,
  describe: describePortingOrder,
  startAndEnd: portingOrderStartAndEnd,
  end: portingOrderAsDesired,
  summarise: (changes, manifests) => {
    // An order whose actions are only started is unchanged otherwise.
    const update = changes.filter(({ verb }) => verb !== 'unchanged').length;
    return { porting_orders: { update, unchanged: manifests - update } };
  },
  // A closed order can still be edited, for example its reference.
  leavesValues: ({ observed }) => !observed.isOpen,
  plainSettings: ({ settings }) => settings.map(({ path, before, after }) => ({ name: path, before, after })),
  hide(redactor, orders, observed) {
    for (const { name, values, settings, actions } of orders) {
      const held = observed.PortingOrder.get(name);
      if (held === undefined) continue;
      const stated = privateTexts(settings.map(({ path, value }) => [path, value] as const));
      redactor.know(held.id, [...stated, ...textsOf(values, []), ...namesOf(actions)]);
    }
  },
  async observe(client, desired, run) {
    const { observePortingOrders } = await import('./observe.ts');
    return observePortingOrders(client, desired, run);
  },
  async apply(run, change, progress) {
    const { workOnPortingOrder } = await import('./apply.ts');
    return workOnPortingOrder(run, change, progress);
  },
};
