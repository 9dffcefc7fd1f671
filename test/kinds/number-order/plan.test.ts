import { describe, expect, it } from 'vitest';
import type { ObservedNumberOrder } from '../../../src/model/orders/observed-order.ts';
import type { PlanInput } from '../../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../../src/model/plan/gates.ts';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asReference, asRemoteId, type BoundNumberOrder } from '../../../src/model/resource.ts';
import { findDeviations } from '../../../src/plan/exact.ts';
import { planChanges } from '../../../src/plan/plan.ts';
import { renderApplySummary } from '../../../src/render/markdown/apply.ts';
import { renderPlanComment } from '../../../src/render/markdown/plan.ts';
import { desiredOrder, everyOrder, observedOrder } from '../../support/ordered.ts';
import {
  addressValue,
  CONTACT,
  definition,
  desiredGroup,
  LOCAL_ADDRESS,
  observedGroup,
  observedWorld,
  planInput,
  TEXT_ID,
  textValue,
} from '../../support/plan-inputs.ts';
import { describedPlan } from '../../support/plans.ts';

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
      'sub number order part-adopted: needs values until 2026-06-08, in 7 days; without them its numbers are lost',
    );
  });

  it('does not speak of a deadline that is far away', () => {
    const { attention } = planChanges({ ...everyOrder(), warnDays: 6 });
    expect(attention.map(({ code }) => code)).not.toContain('order-deadline');
  });

  it('is closed by its gate alone', () => {
    const input = everyOrder();
    expect(planChanges(input).diagnostics.map(({ code }) => code)).toEqual(['orders-not-allowed']);
    const open = planChanges({ ...input, gates: { ...CLOSED_GATES, allow_orders: true } });
    expect(open.diagnostics).toEqual([]);
  });

  it('counts them, and a plan without any does not', () => {
    expect(describedPlan(everyOrder()).summary.number_orders).toEqual({ create: 1, update: 2, unchanged: 2 });
    const { summary } = describedPlan({ ...everyOrder(), NumberOrder: [] });
    expect(summary).not.toHaveProperty('number_orders');
  });

  it('has another fingerprint and other prints when a number changes, and shows none', () => {
    const input = everyOrder();
    const planOf = (number: string) => {
      const phoneNumbers = [{ number: new Sensitive(number), source: SOURCE }];
      const orders = input.NumberOrder.map((order) =>
        order.name === 'new' ? { ...order, phoneNumbers } : order,
      );
      return describedPlan({ ...input, NumberOrder: orders });
    };
    const [plan, changed] = [planOf('+49300000001'), planOf('+49300000002')];
    expect(JSON.stringify([plan, changed])).not.toContain('4930000000');
    expect(changed.fingerprint).not.toBe(plan.fingerprint);
    expect(changed.changes.at(-1)?.patch).not.toEqual(plan.changes.at(-1)?.patch);
    expect(findDeviations(plan, changed)).toEqual([
      {
        kind: 'NumberOrder',
        name: 'new',
        message: 'its manifest changed since the plan was reviewed',
      },
    ]);
  });

  it('that was reviewed covers an order that is placed meanwhile and lacks its values only', () => {
    const input = everyOrder();
    const order = { ...input.NumberOrder[1], name: 'edited' } as (typeof input.NumberOrder)[number];
    const before = observedWorld({});
    const reviewed = describedPlan({ ...input, NumberOrder: [order], observed: before });
    const fresh = describedPlan({ ...input, NumberOrder: [order] });
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
      const input = {
        ...everyOrder(),
        gates: { ...CLOSED_GATES, allow_orders: true },
        RequirementGroup: [group],
      };
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
    const input = { ...everyOrder(), RequirementGroup: [], observed };
    const placing = (world: typeof observed) =>
      planChanges({ ...input, observed: world }).changes.find(({ name }) => name === 'new');
    expect(placing(observed)).toMatchObject({ ordersWith: 'de-local' });
    const empty = observedGroup({ [TEXT_ID]: '' });
    const other = observedWorld({ matches: { 'de-local': { group: empty, superseded: [] } } });
    expect(placing(other)).toMatchObject({ ordersWith: null });
  });
});

describe('a number order', () => {
  const open = { ...CLOSED_GATES, allow_orders: true };
  const group = { name: 'de-local', source: SOURCE };
  const plan = (
    desired: Partial<BoundNumberOrder>,
    found: Partial<ObservedNumberOrder> | null,
    world: Parameters<typeof observedWorld>[0] = {},
  ) => {
    const numberOrders = found === null ? {} : { berlin: observedOrder('berlin', found) };
    const observed = observedWorld({ ...world, numberOrders });
    const orders = [desiredOrder('berlin', desired)];
    return planChanges(planInput({ RequirementGroup: [], NumberOrder: orders, observed, gates: open }));
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
      RequirementGroup: [],
      NumberOrder: [desiredOrder('berlin')],
      observed: { ...observedWorld({}), lostOrders },
      gates: open,
    });
    expect(planChanges(input).attention).toMatchObject([
      { code: 'order-failed', name: 'berlin', message: expect.stringContaining('number order id-old') },
    ]);
  });
});

describe('what a plan decides of a number order', () => {
  const LINE = { file: 'groups/orders.yaml', line: 1 };
  const GROUP = { name: 'de-local', source: { file: 'groups/orders.yaml', line: 4, column: 3 } };
  const open = { ...CLOSED_GATES, allow_orders: true };
  const decide = (order: BoundNumberOrder, given: Partial<PlanInput> = {}) => {
    const { changes, attention, diagnostics } = planChanges(
      planInput({
        RequirementGroup: [],
        NumberOrder: [order],
        observed: observedWorld({}),
        gates: open,
        ...given,
      }),
    );
    return { changes: changes.filter(({ kind }) => kind === 'NumberOrder'), attention, diagnostics };
  };
  const found = (given: Partial<ObservedNumberOrder>) => ({
    observed: observedWorld({
      numberOrders: { berlin: observedOrder('berlin', { subOrders: [], ...given }) },
    }),
  });
  const about = (code: string, message: string, source = LINE) => ({ code, name: 'berlin', message, source });
  const error = (code: string, message: string, source = LINE) => ({
    severity: 'error',
    code,
    message,
    name: 'berlin',
    source,
  });
  const change = {
    kind: 'NumberOrder',
    name: 'berlin',
    source: SOURCE,
    observed: null,
    writes: [],
    writesReference: null,
    ordersWith: null,
    orderedGroup: null,
    dependsOn: [],
    consequences: [],
  };
  const numbers = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      number: new Sensitive(`+4930000000${index}`),
      source: SOURCE,
    }));

  it('that is placed is whole, with its values by requirement', () => {
    const second = definition('00000000-0000-4000-8000-000000000000', 'First', 'textual');
    const values = [textValue('Jo'), textValue('1', second)];
    const desired = desiredOrder('berlin', { values, phoneNumbers: numbers(2) });
    const write = (requirement: typeof second, text: string) => ({
      requirementId: requirement.id,
      requirementName: requirement.name,
      fieldType: 'textual',
      value: { kind: 'text', text: new Sensitive(text) },
      before: null,
      after: new Sensitive(`text:${text}`),
      observedStatus: null,
      source: { file: 'groups/a.yaml', line: 1, column: 1 },
    });
    expect(decide(desired)).toEqual({
      changes: [
        {
          ...change,
          verb: 'create',
          actions: ['create', 'update'],
          desired,
          writes: [write(second, '1'), write(CONTACT, 'Jo')],
          consequences: [
            'orders 2 phone numbers, which costs money',
            'goes to review: it has values of its own and no group',
          ],
        },
      ],
      attention: [],
      diagnostics: [],
    });
  });

  it('that is placed behind a closed gate says what it costs', () => {
    const { diagnostics } = decide(desiredOrder('berlin', { phoneNumbers: numbers(3) }), {
      gates: CLOSED_GATES,
    });
    expect(diagnostics).toEqual([
      error(
        'orders-not-allowed',
        '"berlin" orders 3 phone numbers, which costs money. To allow it, add --allow-orders',
      ),
    ]);
  });

  it('that is placed with its group is placed with what that holds, and after it', () => {
    const held = observedGroup({ [TEXT_ID]: 'old' }, { status: 'approved' });
    const observed = observedWorld({ matches: { 'de-local': { group: held, superseded: [] } } });
    const desired = desiredOrder('berlin', { group: GROUP });
    const placed = { ...change, verb: 'create', actions: ['create'], desired };
    const consequences = ['orders 1 phone number, which costs money'];
    expect(decide(desired, { observed }).changes).toEqual([
      {
        ...placed,
        ordersWith: 'de-local',
        orderedGroup: held,
        consequences: [...consequences, 'can be activated at once: the group "de-local" is approved'],
      },
    ]);
    const changed = [...consequences, 'goes to review: this run changes the group "de-local"'];
    const text = desiredGroup({ values: [textValue('new')], definitions: [CONTACT] });
    const dependsOn = ['RequirementGroup/de-local'];
    expect(decide(desired, { observed, RequirementGroup: [text] }).changes).toEqual([
      { ...placed, ordersWith: 'de-local', orderedGroup: held, consequences: changed, dependsOn },
    ]);
    const local = { ...LOCAL_ADDRESS.criteria, localityLimit: 'Identical locality' };
    const seat = { ...addressValue('Beispielweg 1'), requirement: { ...LOCAL_ADDRESS, criteria: local } };
    const seated = desiredGroup({ values: [seat], definitions: [LOCAL_ADDRESS] });
    expect(decide(desired, { RequirementGroup: [seated] }).changes).toEqual([
      {
        ...placed,
        ordersWith: 'de-local',
        dependsOn,
        consequences: [...consequences, 'goes to review: this run creates the group "de-local"'],
      },
    ]);
  });

  it('whose group is nowhere, could be several, or lacks values says so where it names it', () => {
    const desired = desiredOrder('berlin', { group: GROUP });
    const line = { file: 'groups/orders.yaml', line: 4 };
    expect(decide(desired).diagnostics).toEqual([
      error(
        'order-needs-group',
        '"berlin" is to be ordered with the group "de-local", which does not exist and which this run does not create',
        line,
      ),
    ]);
    const rivals = { 'de-local': { group: null, superseded: [], rivals: [observedGroup({})] } };
    expect(decide(desired, { observed: observedWorld({ matches: rivals }) })).toEqual({
      changes: [],
      attention: [],
      diagnostics: [
        {
          ...error(
            'order-waits-for-group',
            '"berlin" is not placed: several groups could be "de-local". Add the `id:` of the right one to the manifest of that group.',
            line,
          ),
          kind: 'NumberOrder',
        },
      ],
    });
    const empty = { values: [], partial: true };
    const german = decide(desired, { RequirementGroup: [desiredGroup(empty)] });
    expect(german.diagnostics).toEqual([]);
    expect(german.attention).toEqual([
      about(
        'unfulfilled',
        'is ordered without the group "de-local", which has no value for "Contact Info", "Registration": the order will wait for them until its deadline',
        line,
      ),
    ]);
    const combination = { countryCode: 'CH', phoneNumberType: 'local', action: 'ordering' };
    expect(
      decide(desired, { RequirementGroup: [desiredGroup({ ...empty, combination })] }).diagnostics,
    ).toEqual([
      error(
        'order-needs-fulfilled-group',
        'numbers in CH cannot be ordered without a fulfilled group, and "de-local" has no value for "Contact Info", "Registration"',
        line,
      ),
    ]);
  });

  it.each([
    ['reference', 'the reference "regsync/acme/order/berlin"'],
    ['numbers', 'exactly its numbers'],
  ] as const)('that could mean several with the same %s is left out, and says which', (inCommon, same) => {
    const rivals = { ids: ['1', '2'].map(asRemoteId), inCommon };
    const observed = { ...observedWorld({}), rivalOrders: new Map([['berlin', rivals]]) };
    const { diagnostics, ...others } = decide(desiredOrder('berlin'), { observed });
    expect(others).toEqual({ changes: [], attention: [] });
    expect(diagnostics).toEqual([
      {
        ...error(
          'duplicate-orders',
          `"berlin" could mean any of 2 number orders with ${same}, so none of them is touched: 1, 2. To say which one it means, add its line to the manifest at groups/orders.yaml:1, for example "id: 1". If another was placed by mistake, cancel it at Telnyx.`,
        ),
        kind: 'NumberOrder',
      },
    ]);
  });

  it('whose numbers were lost before says which order lost them', () => {
    const lostOrders = new Map([['berlin', [{ id: asRemoteId('id-old'), status: 'cancelled' }]]]);
    const { attention } = decide(desiredOrder('berlin'), { observed: { ...observedWorld({}), lostOrders } });
    expect(attention).toEqual([
      about(
        'order-failed',
        'number order id-old of exactly these numbers: cancelled; it holds none of them any more, so they are ordered anew',
      ),
    ]);
  });

  it.each<
    [string, Partial<BoundNumberOrder>, Partial<ObservedNumberOrder>, string | undefined, string | null]
  >([
    ['its own', {}, {}, undefined, null],
    ['its own, and it is named by its id', { id: PINNED }, {}, undefined, null],
    [
      'another, and it is named by its id',
      { id: PINNED },
      { reference: asReference('PO 7') },
      undefined,
      null,
    ],
    [
      'one of the former scope, and it is named by its id',
      { id: PINNED },
      { reference: asReference('regsync/old/order/berlin') },
      'old',
      'regsync/acme/order/berlin',
    ],
    [
      'none of the former scope, and it is named by its id',
      { id: PINNED },
      { reference: asReference('PO 7') },
      'old',
      null,
    ],
    [
      'one of another scope, and it is named by its id',
      { id: PINNED },
      { reference: asReference('regsync/undefined/order/berlin') },
      undefined,
      null,
    ],
  ])('that has the reference that is %s', (_, stated, held, formerScope, written) => {
    const { observed } = found(held);
    const former = formerScope === undefined ? {} : { formerScope };
    const desired = desiredOrder('berlin', stated);
    const { changes } = decide(desired, { observed: { ...observed, ...former } });
    expect(changes).toEqual(
      written === null
        ? []
        : [
            {
              ...change,
              verb: 'adopt',
              actions: ['adopt'],
              desired,
              observed: observedOrder('berlin', { subOrders: [], ...held }),
              writesReference: written,
            },
          ],
    );
  });

  it.each<[string, Partial<BoundNumberOrder>, string | null, string | null, boolean]>([
    ['its reference', {}, 'regsync/acme/order/berlin', null, false],
    ['its reference, with blanks around it', {}, ' regsync/acme/order/berlin ', null, false],
    ['its numbers, under another name', {}, 'PO 7', 'regsync/acme/order/berlin', true],
    ['its numbers, without a name', {}, null, 'regsync/acme/order/berlin', true],
    ['its id, under another name', { id: PINNED }, 'PO 7', null, false],
    [
      'its id, under another name than is stated',
      { id: PINNED, statesReference: true },
      'PO 7',
      'regsync/acme/order/berlin',
      false,
    ],
  ])(
    'says that nothing is ordered where it was found by its numbers: by %s',
    (_, stated, held, written, isSaid) => {
      const reference = held === null ? null : asReference(held);
      const observed = observedWorld({ numberOrders: { berlin: observedOrder('berlin', { reference }) } });
      const desired = desiredOrder('berlin', { ...stated, values: [textValue('Jo')] });
      expect(decide(desired, { observed }).changes).toMatchObject([
        {
          verb: 'update',
          actions: ['update'],
          writesReference: written,
          consequences: isSaid
            ? ['number order id-berlin has exactly these numbers: nothing is ordered']
            : [],
        },
      ]);
    },
  );

  it('writes its values by requirement', () => {
    const second = definition('00000000-0000-4000-8000-000000000000', 'First', 'textual');
    const values = [textValue('Jo'), textValue('1', second)];
    const own = observedOrder('berlin');
    const subOrders = own.subOrders.map((part) => ({
      ...part,
      holdings: part.holdings.map((holding) => [
        ...holding,
        { requirementId: second.id, fieldType: 'textual' as const, value: new Sensitive(''), status: null },
      ]),
    }));
    const { changes } = decide(desiredOrder('berlin', { values }), found({ subOrders }));
    expect(changes).toMatchObject([{ writes: [{ requirementId: second.id }, { requirementId: TEXT_ID }] }]);
  });

  it.each(['pending', 'success'])('that is %s says nothing of it', (status) => {
    expect(decide(desiredOrder('berlin'), found({ status })).attention).toEqual([]);
  });

  it.each<[string, Partial<BoundNumberOrder>, Partial<ObservedNumberOrder>, [string, string][]]>([
    [
      'that came to nothing',
      {},
      { status: 'failure' },
      [
        [
          'order-failed',
          'number order id-berlin: failure; it is not placed again. To order anew, give the manifest another name',
        ],
      ],
    ],
    [
      'in a status that nobody knows',
      {},
      { status: 'paused' },
      [['unknown-status', 'number order id-berlin has a status that regsync does not know: "paused"']],
    ],
    [
      'in a status that nobody knows, of which a part came to nothing',
      {},
      {
        status: 'paused',
        subOrders: observedOrder('berlin').subOrders.map((part) => ({
          ...part,
          status: 'deleted',
          isOpen: false,
        })),
      },
      [
        ['order-failed', 'sub number order part-berlin: deleted'],
        ['unknown-status', 'number order id-berlin has a status that regsync does not know: "paused"'],
      ],
    ],
    [
      'of which a part came to nothing',
      {},
      {
        subOrders: observedOrder('berlin').subOrders.flatMap((part) => [
          { ...part, status: 'cancelled', isOpen: false },
          { ...part, status: 'success', isOpen: false },
        ]),
      },
      [['order-failed', 'sub number order part-berlin: cancelled']],
    ],
    [
      'that was placed with other settings',
      {
        settings: [
          { key: 'connection_id', value: '1', source: SOURCE },
          { key: 'billing_group_id', value: '2', source: SOURCE },
          { key: 'messaging_profile_id', value: '3', source: SOURCE },
        ],
      },
      { settings: { connection_id: '9', billing_group_id: null, messaging_profile_id: '3' } },
      [
        [
          'order-differs',
          'number order id-berlin has the connection_id 9, not 1: it was fixed when the order was placed',
        ],
        [
          'order-differs',
          'number order id-berlin has no billing_group_id, not 2: it was fixed when the order was placed',
        ],
      ],
    ],
  ])('%s says so', (_, stated, held, said) => {
    const { changes, attention, diagnostics } = decide(desiredOrder('berlin', stated), found(held));
    expect([changes, diagnostics]).toEqual([[], []]);
    expect(attention).toEqual(said.map(([code, message]) => about(code, message)));
  });

  it('that lacks values writes them, says why others are left, and until when they are wanted', () => {
    const other = definition('99999999-9999-4999-8999-999999999999', 'Other', 'textual');
    const source = { file: 'groups/b.yaml', line: 7, column: 1 };
    const values = [textValue('Jo'), { ...textValue('x', other), source }];
    const desired = desiredOrder('berlin', { values });
    const observed = observedWorld({ numberOrders: { berlin: observedOrder('berlin') } });
    const { changes, attention } = decide(desired, { observed });
    expect(changes).toMatchObject([
      {
        verb: 'update',
        actions: ['update'],
        writesReference: null,
        consequences: [],
        writes: [{ requirementId: TEXT_ID }],
      },
    ]);
    expect(attention).toEqual([
      about(
        'requirements-changed',
        'number order id-berlin does not demand "Other": remove it from the manifest',
        { file: 'groups/b.yaml', line: 7 },
      ),
      about(
        'order-deadline',
        'sub number order part-berlin: needs values until 2026-06-08, in 7 days; without them its numbers are lost',
      ),
    ]);
  });

  it('that says nothing yet of what it demands says so at its own line', () => {
    const [part] = observedOrder('berlin').subOrders;
    const subOrders = part === undefined ? [] : [{ ...part, holdings: [[]] }];
    expect(
      decide(desiredOrder('berlin', { values: [textValue('Jo')] }), found({ subOrders })).attention,
    ).toEqual([
      about(
        'order-incomplete',
        'number order id-berlin does not list its requirements yet; a later run compares it',
      ),
    ]);
  });
});

describe('a picture of orders without groups', () => {
  it('speaks of orders', () => {
    const input = { ...everyOrder(), RequirementGroup: [] };
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
    expect(summary).toContain('| ✅ order placed, order updated, id `id-new` | `new` | `pending` |');
  });
});
