import { bindOrder } from '../../catalogue/bind-orders.ts';
import type { NumberOrderChange } from '../../model/plan/change.ts';
import type { Observable } from '../kind.ts';
import { textSourcesOfActions } from '../stated/actions.ts';
import { documentsOfRequirements, textSourcesOfRequirements } from '../stated/contents.ts';
import { reportGroupLinks } from '../stated/group-link.ts';
import { namesOf, textsOf } from '../values/private-texts.ts';
import { reportOrderCollisions, reportSharedNumbers } from './collisions.ts';
import { reportCountries } from './countries.ts';
import { describeNumberOrder, numberOrderAsDesired, numberOrderStartAndEnd } from './describe.ts';
import { planNumberOrders } from './plan.ts';
import { resolveNumberOrder } from './resolve.ts';

/** An order of phone numbers. It costs money, so it is placed once, behind a gate. */
export const numberOrder: Observable<'NumberOrder'> = {
  after: ['RequirementGroup'],
  documentsIn: ({ fields }) => documentsOfRequirements(fields),
  textSourcesIn: ({ fields }) => [...textSourcesOfRequirements(fields), ...textSourcesOfActions(fields)],
  ordersNamedIn: ({ fields: { id } }) =>
    id === undefined ? [] : [{ kind: 'number_order', id: id.toLowerCase(), path: ['id'] }],
  resolve: resolveNumberOrder,
  check(manifests, desired, resolution) {
    reportOrderCollisions(manifests, desired.NumberOrder, resolution);
    reportSharedNumbers(manifests, resolution);
    reportGroupLinks(manifests, desired.RequirementGroup, resolution);
    reportCountries(manifests, desired.RequirementGroup, resolution);
  },
  bind(orders, { definitions, observed }) {
    const bound = orders.map((order) => {
      const parts = observed.NumberOrder.get(order.name)?.subOrders ?? [];
      return bindOrder(
        order,
        definitions,
        parts.flatMap(({ holdings }) => holdings),
      );
    });
    return {
      objects: bound.map(({ order }) => order),
      problems: bound.flatMap(({ problems }) => problems),
    };
  },
  plan: planNumberOrders,
  describe: describeNumberOrder,
  startAndEnd: numberOrderStartAndEnd,
  end: numberOrderAsDesired,
  summarise(changes, manifests) {
    const create = changes.filter(({ verb }) => verb === 'create').length;
    const update = changes.filter(isWritten).length - create;
    return { number_orders: { create, update, unchanged: manifests - create - update } };
  },
  leavesValues: () => false,
  plainSettings: () => [],
  hide(redactor, orders, observed) {
    for (const { name, values, phoneNumbers, actions } of orders) {
      const held = observed.NumberOrder.get(name);
      if (held === undefined) continue;
      const numbers = phoneNumbers.map(({ number }) => number);
      const subOrders = held.subOrders.map(({ id }) => id);
      for (const id of [held.id, ...subOrders])
        redactor.know(id, [...numbers, ...textsOf(values, []), ...namesOf(actions), ...subOrders]);
      for (const { id } of held.actions ?? []) redactor.know(id, namesOf(actions));
    }
  },
  async observe(client, desired, run) {
    const { observeNumberOrders } = await import('./observe.ts');
    return observeNumberOrders(client, desired, run);
  },
  async apply(run, change, progress) {
    const { workOnNumberOrder } = await import('./apply.ts');
    return workOnNumberOrder(run, change, progress);
  },
};

/** An order whose actions are only started is unchanged otherwise. */
function isWritten({ verb }: NumberOrderChange): boolean {
  return verb !== 'unchanged';
}
