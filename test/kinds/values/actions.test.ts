import { describe, expect, it } from 'vitest';
import {
  actionsNotAllowed,
  actionsOfGroupOrder,
  isForAnother,
  NO_ACTIONS,
  planActions,
  startsOfNewOrder,
} from '../../../src/kinds/values/actions.ts';
import type { BoundAction, ObservedAction } from '../../../src/model/orders/actions.ts';
import type { NamedOrder } from '../../../src/model/orders/observed-order.ts';
import { CLOSED_GATES } from '../../../src/model/plan/gates.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { observedOrder } from '../../support/ordered.ts';
import { ACTION_ID, CONTACT, desiredGroup, observedWorld, VERIFICATION } from '../../support/plan-inputs.ts';
import { observedPort } from '../../support/ported.ts';

const SOURCE = { file: 'groups/a.yaml', line: 1, column: 1 };
const AT = { file: 'groups/a.yaml', line: 7, column: 5 };
const SUB = asRemoteId('0b000000-0000-4000-8000-000000000001');
const names = (first = 'Jo', last = 'Example') =>
  new Map([
    ['first_name', new Sensitive(first)],
    ['last_name', new Sensitive(last)],
  ]);

const stated: BoundAction = {
  requirement: { id: ACTION_ID, name: 'Identity Check' },
  names: names(),
  source: AT,
};
const order = (actions: readonly BoundAction[] = [stated]) => ({ name: 'desk', source: SOURCE, actions });
const observed = observedWorld({});

function action(given: Partial<ObservedAction> = {}): ObservedAction {
  return {
    requirementId: ACTION_ID,
    order: { kind: 'sub_number_order', id: SUB },
    id: SUB,
    state: 'open',
    status: 'awaiting-value',
    sent: new Map(),
    link: null,
    cancelReason: null,
    deadlineMs: null,
    ...given,
  };
}

const porting = { order: { kind: 'porting_order', id: SUB } } as const;
const LINK = new Sensitive('https://verify.example.com/1');

describe('an action that a manifest states', () => {
  it.each<[string, ObservedAction, boolean, string | null]>([
    ['nobody has started', action(), true, 'a person does it once this plan has started it'],
    ['was started', action({ state: 'started', link: LINK }), false, 'the person has a link'],
    [
      'was started for the same names',
      action({ state: 'started', sent: names(' Jo ') }),
      false,
      'has a link',
    ],
    [
      'was started for another person',
      action({ state: 'started', sent: names('Al') }),
      true,
      'once this plan',
    ],
    [
      'was declined',
      action({ state: 'refused', status: 'declined', sent: names() }),
      false,
      'it is declined',
    ],
    [
      'was declined, without a word whose',
      action({ state: 'refused', status: 'declined' }),
      false,
      'declined',
    ],
    [
      'was declined for another person',
      action({ state: 'refused', sent: names('Al') }),
      true,
      'once this plan',
    ],
    ['is done', action({ state: 'done', status: 'approved' }), false, null],
    ['is done by another person', action({ state: 'done', sent: names('Al') }), false, null],
    [
      'is in an unknown state',
      action({ state: 'unknown', status: 'odd' }),
      false,
      'its state "odd", and leaves',
    ],
    ['of a porting order is open', action(porting), true, 'once this plan'],
    [
      'of a porting order was cancelled',
      action({
        ...porting,
        state: 'refused',
        status: 'cancelled',
        cancelReason: 'Too late.',
        sent: names('Al'),
      }),
      false,
      'it is cancelled (Too late.), and is not started again',
    ],
  ])('and that %s', (_, found, isStarted, message) => {
    const { starts, attention } = planActions(order(), [found], { observed });
    expect(starts.map(({ observed: one }) => one)).toEqual(isStarted ? [found] : []);
    expect(attention).toEqual(
      message === null
        ? []
        : [
            {
              code: 'order-action',
              name: 'desk',
              message: expect.stringContaining(message),
              source: { file: AT.file, line: AT.line },
            },
          ],
    );
  });

  it('and that the order does not ask for is not started', () => {
    const { starts, attention } = planActions(order(), [], { observed });
    expect([starts, attention.map(({ message }) => message)]).toEqual([
      [],
      ['no open part of the order asks for "Identity Check": nothing is started'],
    ]);
    expect(attention).toMatchObject([{ code: 'order-action', name: 'desk', source: { line: 7 } }]);
  });

  it('is started in the order of its requirements, then of the parts', () => {
    const other = { ...stated, requirement: { id: '0-first', name: 'Other Check' } };
    const found = [
      action({ id: asRemoteId('s2') }),
      action({ id: asRemoteId('s1') }),
      action({ requirementId: '0-first', id: asRemoteId('s3') }),
    ];
    const { starts } = planActions(order([stated, other]), found, { observed });
    expect(starts.map(({ requirementId, observed: one }) => [requirementId, one?.id])).toEqual([
      ['0-first', 's3'],
      [ACTION_ID, 's1'],
      [ACTION_ID, 's2'],
    ]);
    const fresh = startsOfNewOrder(order([stated, other]));
    expect(fresh.starts.map(({ requirementId }) => requirementId)).toEqual(['0-first', ACTION_ID]);
    expect(startsOfNewOrder({ name: 'desk', source: SOURCE })).toEqual(NO_ACTIONS);
    expect(NO_ACTIONS).toEqual({ starts: [], attention: [], consequences: [] });
  });

  it.each<[string, ObservedAction, boolean, string]>([
    [
      'open, and nobody states it',
      action(),
      false,
      'a person has to do it. State it among `requirements:`, with `action: { first_name: …, last_name: … }`',
    ],
    ['to be started', action(), true, 'a person does it once this plan has started it'],
    [
      'started',
      action({ state: 'started' }),
      true,
      'the person has a link and has yet to do it. To see the link: regsync status --show-values',
    ],
    [
      'declined',
      action({ state: 'refused', status: 'declined' }),
      true,
      'it is declined, and is not started again with the same names. Correct the names, or start it at Telnyx',
    ],
    [
      'declined, and nobody states it',
      action({ state: 'refused', status: 'declined' }),
      false,
      'it is declined. Start it at Telnyx',
    ],
    [
      'cancelled for a reason, and nobody states it',
      action({ state: 'refused', status: 'cancelled', cancelReason: 'Too late.' }),
      false,
      'it is cancelled (Too late.). Start it at Telnyx',
    ],
    [
      'unknown',
      action({ state: 'unknown', status: 'odd' }),
      true,
      'regsync does not know its state "odd", and leaves it alone',
    ],
    [
      'unknown, without a status',
      action({ state: 'unknown', status: null }),
      true,
      'regsync does not know its state, and leaves it alone',
    ],
  ])('says what a person has to do where it is %s', (_, found, isStated, message) => {
    const { attention } = planActions(order(isStated ? [stated] : []), [found], { observed });
    const name = isStated ? 'Identity Check' : ACTION_ID;
    expect(attention.map((one) => one.message)).toEqual([
      `sub number order ${SUB}: "${name}" is an action: ${message}`,
    ]);
  });

  it('tells its deadline before the next step', () => {
    const deadlineMs = observed.readAtMs + 3 * 86_400_000;
    const { attention } = planActions(order([]), [action({ deadlineMs })], { observed });
    expect(attention[0]?.message).toMatch(
      /a person has to do it; without it the numbers are lost on \d{4}-\d\d-\d\d, in 3 days\. State it among/,
    );
  });

  it('says whose names go to Telnyx, and that an earlier link ends', () => {
    const consequences = (found: ObservedAction) => planActions(order(), [found], { observed }).consequences;
    const sends = 'sends the names of a person to Telnyx to start "Identity Check"';
    expect(consequences(action())).toEqual([sends]);
    expect(consequences(action({ state: 'started', sent: names('Al') }))).toEqual([
      `${sends}: an earlier link ends`,
    ]);
    expect(startsOfNewOrder(order()).consequences).toEqual([sends]);
  });
});

describe('the gate of actions', () => {
  const input = (allow_actions: boolean) => ({ gates: { ...CLOSED_GATES, allow_actions } });
  const starting = startsOfNewOrder(order());
  const nothing = startsOfNewOrder(order([]));

  it('is needed to start one, and for nothing else', () => {
    const codes = (plan: typeof starting, isOpen: boolean) =>
      actionsNotAllowed(order(), plan, input(isOpen)).map(({ code }) => code);
    expect([codes(starting, false), codes(starting, true), codes(nothing, false)]).toEqual([
      ['actions-not-allowed'],
      [],
      [],
    ]);
  });

  it('is named with each action once, at the line of the order', () => {
    const other = { ...stated, requirement: { id: 'z-last', name: 'Other Check' } };
    const twice = { ...stated, requirement: { id: 'y', name: 'Other Check' } };
    const plan = startsOfNewOrder(order([stated, other, twice]));
    expect(actionsNotAllowed(order(), plan, input(false))).toEqual([
      {
        severity: 'error',
        code: 'actions-not-allowed',
        message:
          '"desk" starts "Identity Check", "Other Check", for which Telnyx gets the names of a person. To allow it, add --allow-actions',
        name: 'desk',
        source: { file: SOURCE.file, line: SOURCE.line },
      },
    ]);
  });
});

it.each([
  ['the same', names(), false],
  ['the same, with other blanks', names(' Jo', 'Example '), false],
  ['another first name', names('Al'), true],
  ['another last name', names('Jo', 'Other'), true],
  ['none', new Map(), false],
])('names that were sent are for another person: %s', (_, sent, expected) => {
  expect(isForAnother({ sent }, names())).toBe(expected);
});

it('names that the manifest leaves out are those of nobody else', () => {
  expect(isForAnother({ sent: names() }, new Map([['first_name', new Sensitive('Jo')]]))).toBe(false);
});

describe('an action of an order that only a group names', () => {
  const group = desiredGroup({ definitions: [CONTACT, VERIFICATION] });
  const named = (status: string, given: Partial<NamedOrder> = {}): NamedOrder => ({
    kind: 'sub_number_order',
    id: SUB,
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: SUB,
    holdings: [[{ requirementId: ACTION_ID, fieldType: 'action', value: new Sensitive(''), status }]],
    source: AT,
    ...given,
  });

  it.each<[string, NamedOrder, number]>([
    ['is attention while it is left', named('awaiting-value'), 1],
    ['is nothing once it is approved', named('approved'), 0],
    ['is nothing where the order is closed', named('awaiting-value', { isOpen: false }), 0],
  ])('%s', (_, one, count) => {
    const attention = actionsOfGroupOrder(group, one, { observed });
    expect(attention).toHaveLength(count);
    for (const { message } of attention)
      expect(message).toBe(
        `sub number order ${SUB}: "Identity Check" is an action: a person has to do it. State it in a NumberOrder manifest of this order`,
      );
  });

  it.each<[NamedOrder['kind'], string]>([
    ['sub_number_order', 'a NumberOrder manifest'],
    ['phone_number', 'a NumberOrder manifest'],
    ['porting_order', 'a PortingOrder manifest'],
    ['advanced_order', 'the manifest'],
  ])('of the kind %s is to be stated in %s', (kind, manifest) => {
    const [one, ...others] = actionsOfGroupOrder(group, named('awaiting-value', { kind }), { observed });
    expect(others).toEqual([]);
    expect(one).toMatchObject({ code: 'order-action', source: { file: AT.file, line: AT.line } });
    expect(one?.message).toContain(`a person has to do it. State it in ${manifest} of this order`);
  });

  it.each<[string, readonly ObservedAction[] | undefined, number]>([
    ['has it', [action({ order: { kind: 'porting_order', id: asRemoteId('p9') } }), action()], 0],
    ['has that of another order', [action({ order: { kind: 'sub_number_order', id: asRemoteId('s9') } })], 1],
    ['has none', undefined, 1],
  ])('is left to the manifest of its order where that %s', (_, actions, count) => {
    const worlds = [
      observedWorld({
        numberOrders: { desk: observedOrder('desk', actions === undefined ? {} : { actions }) },
      }),
      observedWorld({ portingOrders: { desk: observedPort({}, actions === undefined ? {} : { actions }) } }),
    ];
    for (const world of worlds)
      expect(actionsOfGroupOrder(group, named('awaiting-value'), { observed: world })).toHaveLength(count);
  });
});
