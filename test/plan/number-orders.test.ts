import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/plan.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { CLOSED_GATES } from '../../src/plan/decisions.ts';
import { findDeviations } from '../../src/plan/exact.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { renderApplySummary } from '../../src/render/markdown-apply.ts';
import { renderPlanComment } from '../../src/render/markdown-plan.ts';
import { everyOrder } from '../support/ordered.ts';
import { describedPlan } from '../support/plans.ts';
import { desiredGroup, observedGroup, observedWorld, TEXT_ID, textValue } from '../support/worlds.ts';

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
      const phoneNumbers = [{ number: new Sensitive(number), source }];
      const orders = input.numberOrders.map((order) =>
        order.name === 'new' ? { ...order, phoneNumbers } : order,
      );
      return describedPlan({ ...input, numberOrders: orders });
    };
    const source = { file: 'groups/orders.yaml', line: 1, column: 1 };
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
