import { describe, expect, it } from 'vitest';
import { reviewStateOfNumberOrder } from '../../../src/kinds/values/order-review-state.ts';
import { type OrdersInput, reportOrders } from '../../../src/kinds/values/report-orders.ts';
import type { ActionState, ObservedAction } from '../../../src/model/orders/actions.ts';
import type { NamedOrder, ObservedOrder } from '../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import {
  type OrderReviewState,
  reviewStateOfPorting,
  waitsForPerson,
} from '../../../src/model/report/order-report.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { planChanges } from '../../../src/plan/plan.ts';
import { desiredOrder, observedOrder } from '../../support/ordered.ts';
import {
  CONTACT,
  DOCUMENT_ID,
  desiredGroup,
  observedWorld,
  planInput,
  TEXT_ID,
  textValue,
} from '../../support/plan-inputs.ts';
import { desiredPort, observedPort } from '../../support/ported.ts';

function report(given: Partial<OrdersInput>) {
  const input = planInput({ RequirementGroup: [], observed: observedWorld({}), ...given });
  return reportOrders({ ...input, ...given, changes: planChanges(input).changes });
}

const [PART] = observedOrder('berlin').subOrders;

function part(status: string, text = '', own: string | null = 'awaiting-value'): ObservedOrder {
  if (PART === undefined) throw new Error('an order has parts');
  const value = {
    requirementId: TEXT_ID,
    fieldType: 'textual',
    value: new Sensitive(text),
    status: own,
  } as const;
  return { ...PART, status, isOpen: status === 'pending', holdings: status === 'pending' ? [[value]] : [] };
}

describe('a number order in a report', () => {
  it('says what is missing until when, and no value', () => {
    const world = observedWorld({});
    const NumberOrder = [desiredOrder('berlin', { values: [textValue('Jo Example')] })];
    const observed = { ...world, NumberOrder: new Map([['berlin', observedOrder('berlin')]]) };
    expect(report({ NumberOrder, observed })).toEqual([
      {
        kind: 'NumberOrder',
        name: 'berlin',
        id: 'id-berlin',
        status: 'pending',
        standing: 'needs-work',
        group: null,
        phone_numbers: 1,
        deadline: { date: '2026-06-08', days: 7 },
        missing: ['Contact Info'],
        declined: [],
        parts: [{ id: 'part-berlin', status: 'pending', country_code: 'DE', phone_number_type: 'local' }],
        actions: ['update'],
        source: { file: 'groups/orders.yaml', line: 1 },
      },
    ]);
  });

  it('that is still to be placed is there, too', () => {
    expect(report({ NumberOrder: [desiredOrder('berlin')] })).toMatchObject([
      { id: null, status: 'absent', standing: 'open', phone_numbers: 1, actions: ['create'], parts: [] },
    ]);
  });

  it('has the parts that are compared with its group, by their ids', () => {
    const source = { file: 'groups/orders.yaml', line: 4, column: 1 };
    const id = asRemoteId('part-1');
    const of = (subNumberOrderId: typeof id, text: string): NamedOrder => ({
      ...part('pending', text, 'declined'),
      id: subNumberOrderId,
      subNumberOrderId,
      source,
    });
    const orders = new Map([['de-local', [of(id, 'x'), of(asRemoteId('part-2'), '')]]]);
    const found = observedOrder('berlin', { subOrders: [], subOrderIds: [id] });
    const observed = { ...observedWorld({}), orders, NumberOrder: new Map([['berlin', found]]) };
    const NumberOrder = [desiredOrder('berlin', { group: { name: 'de-local', source } })];
    const RequirementGroup = [desiredGroup({ values: [textValue('Jo')], definitions: [CONTACT] })];
    expect(report({ NumberOrder, RequirementGroup, observed })).toMatchObject([
      {
        group: 'de-local',
        standing: 'needs-work',
        missing: [],
        declined: ['Contact Info'],
        parts: [{ id: 'part-1' }],
      },
    ]);
  });

  it.each<[OrderReviewState, string, ObservedOrder[]]>([
    ['needs-work', 'pending', [part('pending')]],
    ['needs-work', 'pending', [part('pending', 'x', 'declined')]],
    ['under-way', 'pending', [part('pending', 'x', 'pending-approval')]],
    ['under-way', 'pending', [part('success'), part('pending', 'x', 'approved')]],
    ['under-way', 'pending', [{ ...part('pending'), holdings: [[]] }]],
    ['under-way', 'pending', []],
    ['done', 'success', [part('success')]],
    ['done', 'success', []],
    ['failed', 'failure', []],
    ['failed', 'pending', [part('success'), part('cancelled')]],
    ['failed', 'cancelled', [part('success')]],
    ['unknown', 'on-hold', []],
    ['unknown', 'pending', [part('constructor')]],
  ])('is %s where it is %s with these parts', (standing, status, parts) => {
    expect(reviewStateOfNumberOrder(status, parts)).toBe(standing);
  });
});

describe('what an order waits for', () => {
  const action = (state: ActionState, requirementId = TEXT_ID): ObservedAction => ({
    requirementId,
    order: { kind: 'sub_number_order', id: asRemoteId('part-berlin') },
    id: asRemoteId('part-berlin'),
    state,
    status: null,
    sent: new Map(),
    link: null,
    cancelReason: null,
    deadlineMs: null,
  });

  it.each<[string, ObservedOrder, ObservedAction[], string[] | undefined, boolean]>([
    ['a person with a link', part('pending'), [action('started')], ['Contact Info'], true],
    ['an action that nobody started', part('pending'), [action('open')], undefined, false],
    ['an action that was refused', part('pending'), [action('refused')], undefined, false],
    [
      'one of two parts, of which one is not started',
      part('pending'),
      [action('started'), action('open')],
      undefined,
      false,
    ],
    ['a value that an apply brings', part('pending'), [], undefined, false],
    ['another value than its action', part('pending'), [action('started', DOCUMENT_ID)], undefined, false],
    [
      'a reviewer who has it',
      part('pending', 'x', 'pending-approval'),
      [action('started')],
      undefined,
      false,
    ],
    ['nobody', part('success'), [], undefined, false],
  ])('is %s', (_, subOrder, actions, waits, isAwaited) => {
    const found = observedOrder('berlin', { subOrders: [subOrder], actions });
    const observed = { ...observedWorld({}), NumberOrder: new Map([['berlin', found]]) };
    const NumberOrder = [desiredOrder('berlin', { values: [textValue('Jo')] })];
    const [order] = report({ NumberOrder, observed });
    expect([order?.waits_for, order !== undefined && waitsForPerson(order)]).toEqual([waits, isAwaited]);
  });
});

describe('a porting order in a report', () => {
  const port = (given: Parameters<typeof observedPort>[1]) => {
    const observed = observedWorld({ portingOrders: { port: observedPort({}, given) } });
    return report({ PortingOrder: [desiredPort({})], observed })[0];
  };
  const own = (text: string, status: string | null, name: string | null = 'Letter') =>
    ({ requirementId: 'r', name, fieldType: 'document', value: new Sensitive(text), status }) as const;

  it('says what is missing, by the names that it gives', () => {
    const requirements = [own('', 'requirement-info-pending'), { ...own('x', null), requirementId: 's' }];
    expect(port({ status: 'in-process', requirements })).toMatchObject({
      kind: 'PortingOrder',
      id: 'id-port',
      standing: 'needs-work',
      deadline: null,
      missing: ['Letter'],
      declined: [],
    });
    expect(port({ status: 'in-process', requirements: [own('', null, null)] })?.missing).toEqual(['r']);
  });

  it('lacks nothing once it is closed', () => {
    expect(port({ status: 'ported', isOpen: false, requirements: [own('', null)] })).toMatchObject({
      standing: 'done',
      missing: [],
    });
  });

  it.each<[string, OrderReviewState]>([
    ['draft', 'open'],
    ['in-process', 'under-way'],
    ['submitted', 'under-way'],
    ['exception', 'needs-work'],
    ['foc-date-confirmed', 'under-way'],
    ['cancel-pending', 'under-way'],
    ['ported', 'done'],
    ['cancelled', 'failed'],
    ['constructor', 'unknown'],
  ])('that is %s is %s', (status, standing) => {
    expect(reviewStateOfPorting(status)).toBe(standing);
    expect(port({ status })?.standing).toBe(standing);
  });

  it('that is a draft is open, whatever it lacks', () => {
    expect(port({ status: 'draft', requirements: [own('', null)] })).toMatchObject({
      standing: 'open',
      missing: ['Letter'],
    });
  });
});
