import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/plan.ts';
import { asRemoteId, type BoundNumberOrder, type ObservedNumberOrder } from '../../src/model/resource.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { CLOSED_GATES } from '../../src/plan/decisions.ts';
import { findDeviations } from '../../src/plan/exact.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { renderApplySummary } from '../../src/render/markdown-apply.ts';
import { renderPlanComment } from '../../src/render/markdown-plan.ts';
import { desiredOrder, everyOrder, observedOrder } from '../support/ordered.ts';
import { describedPlan } from '../support/plans.ts';
import {
  desiredGroup,
  observedGroup,
  observedWorld,
  planInput,
  TEXT_ID,
  textValue,
} from '../support/worlds.ts';

const SOURCE = { file: 'groups/orders.yaml', line: 1, column: 1 };
const PINNED = { id: asRemoteId('id-berlin'), source: SOURCE };

describe('a plan of number orders', () => {
  it('has them after the groups, by name, each with what happens to it', () => {
    const { changes } = planChanges(everyOrder());
    expect(changes.map((change) => [change.kind, change.name, 'verb' in change && change.verb])).toEqual([
      ['Document', 'de-local/22222222-2222-4222-8222-222222222222', false],
      ['RequirementGroup', 'de-local', 'create'],
      ['NumberOrder', 'adopted', 'adopt'],
      ['NumberOrder', 'edited', 'update'],
      ['NumberOrder', 'new', 'create'],
    ]);
  });

  it('says of each what a person has to know', () => {
    const { attention } = planChanges(everyOrder());
    expect(attention.map(({ code, name }) => `${name} ${code}`)).toEqual([
      'adopted order-deadline',
      'edited order-deadline',
      'failed order-failed',
      'strange unknown-status',
      'strange order-differs',
    ]);
    expect(attention[0]?.message).toBe(
      'sub number order part-adopted: values wanted until 2026-06-08, in 7 days; without them its numbers are lost',
    );
  });

  it('does not speak of a deadline that is far away', () => {
    const { attention } = planChanges({ ...everyOrder(), warnDays: 6 });
    expect(attention.map(({ code }) => code)).not.toContain('order-deadline');
  });

  it('is closed by its gate alone', () => {
    const input = everyOrder();
    expect(planChanges(input).diagnostics.map(({ code }) => code)).toEqual(['orders-not-allowed']);
    const open = planChanges({ ...input, gates: { ...CLOSED_GATES, allowOrders: true } });
    expect(open.diagnostics).toEqual([]);
  });

  it('counts them, and a plan without any does not', () => {
    expect(describedPlan(everyOrder()).summary.number_orders).toEqual({ create: 1, update: 2, unchanged: 2 });
    const { summary } = describedPlan({ ...everyOrder(), numberOrders: [] });
    expect(summary).not.toHaveProperty('number_orders');
  });

  it('has another fingerprint and other prints when a number changes, and shows none', () => {
    const input = everyOrder();
    const planOf = (number: string) => {
      const phoneNumbers = [{ number: new Sensitive(number), source: SOURCE }];
      const orders = input.numberOrders.map((order) =>
        order.name === 'new' ? { ...order, phoneNumbers } : order,
      );
      return describedPlan({ ...input, numberOrders: orders });
    };
    const [plan, changed] = [planOf('+49300000001'), planOf('+49300000002')];
    expect(JSON.stringify([plan, changed])).not.toContain('4930000000');
    expect(changed.fingerprint).not.toBe(plan.fingerprint);
    expect(changed.changes.at(-1)?.patch).not.toEqual(plan.changes.at(-1)?.patch);
    expect(findDeviations(plan, changed)).toEqual([
      {
        kind: 'NumberOrder',
        name: 'new',
        message: 'what it should become has changed since the plan was reviewed',
      },
    ]);
  });

  it('that was reviewed covers an order that is placed meanwhile and lacks its values only', () => {
    const input = everyOrder();
    const order = { ...input.numberOrders[1], name: 'edited' } as (typeof input.numberOrders)[number];
    const before = observedWorld({});
    const reviewed = describedPlan({ ...input, numberOrders: [order], observed: before });
    const fresh = describedPlan({ ...input, numberOrders: [order] });
    expect(reviewed.changes.at(-1)?.actions).toEqual(['create', 'update']);
    expect(fresh.changes.at(-1)?.actions).toEqual(['update']);
    expect(findDeviations(reviewed, fresh)).toEqual([]);
    expect(findDeviations(fresh, reviewed)).toMatchObject([{ kind: 'NumberOrder', name: 'edited' }]);
  });

  it.each(['CH', 'DK', 'IT', 'NO', 'PT', 'SE', 'DE'])(
    'of %s knows whether a fulfilled group is needed',
    (country) => {
      const combination = { countryCode: country, phoneNumberType: 'local', action: 'ordering' };
      const group = desiredGroup({ combination, partial: true, values: [textValue('x')] });
      const input = { ...everyOrder(), gates: { ...CLOSED_GATES, allowOrders: true }, groups: [group] };
      const { changes, diagnostics, attention } = planChanges(input);
      const codes = diagnostics.map(({ code }) => code);
      expect(codes).toEqual(country === 'DE' ? [] : ['order-needs-fulfilled-group']);
      expect(attention.some(({ code, name }) => code === 'unfulfilled' && name === 'new')).toBe(
        country === 'DE',
      );
      expect(changes.at(-1)).toMatchObject({ name: 'new', ordersWith: null });
    },
  );

  it('counts what a group that is left alone holds, not what its manifest states', () => {
    const held = observedGroup({ [TEXT_ID]: 'Compliance desk' });
    const observed = observedWorld({ matches: { 'de-local': { group: held, superseded: [] } } });
    const input = { ...everyOrder(), groups: [], observed };
    const placing = (world: typeof observed) =>
      planChanges({ ...input, observed: world }).changes.find(({ name }) => name === 'new');
    expect(placing(observed)).toMatchObject({ ordersWith: 'de-local' });
    const empty = observedGroup({ [TEXT_ID]: '' });
    const other = observedWorld({ matches: { 'de-local': { group: empty, superseded: [] } } });
    expect(placing(other)).toMatchObject({ ordersWith: null });
  });
});

describe('a number order', () => {
  const open = { ...CLOSED_GATES, allowOrders: true };
  const group = { name: 'de-local', source: SOURCE };
  const plan = (
    desired: Partial<BoundNumberOrder>,
    found: Partial<ObservedNumberOrder> | null,
    world: Parameters<typeof observedWorld>[0] = {},
  ) => {
    const numberOrders = found === null ? {} : { berlin: observedOrder('berlin', found) };
    const observed = observedWorld({ ...world, numberOrders });
    const orders = [desiredOrder('berlin', desired)];
    return planChanges(planInput({ groups: [], numberOrders: orders, observed, gates: open }));
  };

  it('is not placed with a group that does not exist, nor without it', () => {
    const { diagnostics } = plan({ group }, null);
    expect(diagnostics).toMatchObject([{ severity: 'error', code: 'order-needs-group', name: 'berlin' }]);
    const matches = { 'de-local': { group: observedGroup({ [TEXT_ID]: 'Jo' }), superseded: [] } };
    expect(plan({ group }, null, { matches }).diagnostics).toEqual([]);
  });

  it.each(['failure', 'cancelled', 'deleted'])('that came to nothing gets no values: %s', (status) => {
    const values = [textValue('Jo Example')];
    expect(plan({ values }, { status }).changes).toEqual([]);
    expect(plan({ values }, { status: 'pending' }).changes).toMatchObject([{ verb: 'update' }]);
  });

  it.each([
    ['by its reference', {}, {}, null],
    ['by a reference that Telnyx has trimmed', {}, { reference: ' regsync/acme/order/berlin' }, null],
    ['by its numbers', {}, { reference: 'PO 7' }, 'regsync/acme/order/berlin'],
    ['by its numbers, without a reference', {}, { reference: null }, 'regsync/acme/order/berlin'],
    ['by its id', { id: PINNED }, { reference: 'PO 7' }, null],
    [
      'by its id and states a reference',
      { id: PINNED, statesReference: true },
      { reference: 'PO 7' },
      'regsync/acme/order/berlin',
    ],
  ])('that was found %s gets a reference or not: %#', (_, desired, found, written) => {
    const { changes } = plan(desired, found as Partial<ObservedNumberOrder>);
    expect(changes.map((change) => 'writesReference' in change && change.writesReference)).toEqual(
      written === null ? [] : [written],
    );
  });

  it('says of the orders that have lost its numbers that they are ordered anew', () => {
    const lostOrders = new Map([['berlin', [{ id: asRemoteId('id-old'), status: 'cancelled' }]]]);
    const input = planInput({
      groups: [],
      numberOrders: [desiredOrder('berlin')],
      observed: { ...observedWorld({}), lostOrders },
      gates: open,
    });
    expect(planChanges(input).attention).toMatchObject([
      { code: 'order-failed', name: 'berlin', message: expect.stringContaining('number order id-old') },
    ]);
  });
});

describe('a picture of orders without groups', () => {
  it('speaks of orders', () => {
    const input = { ...everyOrder(), groups: [] };
    expect(renderPlanComment(describedPlan(input))).toContain('3 orders change');
    const outcome: Outcome = {
      kind: 'NumberOrder',
      name: 'new',
      id: 'id-new',
      status: 'applied',
      operations: ['create', 'patch'],
      group_status: 'pending',
      error: null,
      warnings: [],
    };
    const summary = renderApplySummary([outcome]);
    expect(summary).toContain('regsync apply · 1 order done');
    expect(summary).toContain('| ✅ | `new` | order placed, order updated, id `id-new` | `pending` |');
  });
});
