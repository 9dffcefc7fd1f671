import { describe, expect, it } from 'vitest';
import type { BoundAction, ObservedAction } from '../../src/model/orders/actions.ts';
import type { ObservedNumberOrder } from '../../src/model/orders/observed-order.ts';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asReference, asRemoteId } from '../../src/model/resource.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { desiredOrder, observedOrder } from '../support/ordered.ts';
import { ACTION_ID, observedWorld, planInput, TEXT_ID, textValue } from '../support/plan-inputs.ts';
import { desiredPort, observedPort, portingInput } from '../support/ported.ts';

const stated: BoundAction = {
  requirement: { id: ACTION_ID, name: 'Identity Check' },
  names: new Map([
    ['first_name', new Sensitive('Jo')],
    ['last_name', new Sensitive('Example')],
  ]),
  source: { file: 'groups/a.yaml', line: 7, column: 5 },
};

function observedAction(
  kind: ObservedAction['order']['kind'],
  state: ObservedAction['state'],
): ObservedAction {
  const id = asRemoteId('id-part');
  return {
    requirementId: ACTION_ID,
    order: { kind, id },
    id,
    state,
    status: 'awaiting-value',
    sent: new Map(),
    link: null,
    cancelReason: null,
    deadlineMs: null,
  };
}

const ALLOWED = { ...CLOSED_GATES, allow_orders: true, allow_actions: true };
const SENDS = 'sends the names of a person to Telnyx to start "Identity Check"';

/** A plan of a number order that states the action, and of the order at Telnyx. */
function ofNumbers(found: Partial<ObservedNumberOrder> | null, more: Partial<PlanInput> = {}): PlanInput {
  const actions = [observedAction('sub_number_order', 'open')];
  return planInput({
    RequirementGroup: [],
    NumberOrder: [desiredOrder('berlin', { actions: [stated] })],
    observed: observedWorld({
      numberOrders: found === null ? {} : { berlin: observedOrder('berlin', { actions, ...found }) },
    }),
    gates: ALLOWED,
    ...more,
  });
}

/** The same of a porting order. */
function ofPort(isOpen: boolean, state: ObservedAction['state'] = 'open', gates = ALLOWED): PlanInput {
  const actions = [observedAction('porting_order', state)];
  const status = isOpen ? 'exception' : 'ported';
  const held = observedPort({}, { isOpen, status, actions });
  return { ...portingInput(desiredPort({}, { actions: [stated] }), held), gates };
}

/** What a plan does and refuses, without the words. */
function inBrief(input: PlanInput) {
  const { changes, diagnostics } = planChanges(input);
  const [change] = changes.filter(({ kind }) => kind === 'NumberOrder' || kind === 'PortingOrder');
  return {
    actions: change !== undefined && 'actions' in change ? change.actions : [],
    starts: change !== undefined && 'starts' in change ? change.starts?.length : 0,
    refused: diagnostics.map(({ code }) => code),
  };
}

describe('an action of an order', () => {
  it.each<[string, PlanInput, readonly string[]]>([
    ['that is yet to be placed', ofNumbers(null), ['create', 'start']],
    ['that is pending', ofNumbers({}), ['start']],
    ['that gets its reference, too', ofNumbers({ reference: asReference('PO 7') }), ['adopt', 'start']],
    ['to be ported', ofPort(true), ['start']],
  ])('%s is started, and the plan says that it sends names', (_, input, actions) => {
    expect(inBrief(input)).toEqual({ actions, starts: 1, refused: [] });
    const [change] = planChanges(input).changes;
    expect(change !== undefined && 'consequences' in change && change.consequences).toContain(SENDS);
  });

  it.each<[string, PlanInput]>([
    ['that is yet to be placed', ofNumbers(null, { gates: { ...ALLOWED, allow_actions: false } })],
    ['that is pending', ofNumbers({}, { gates: { ...ALLOWED, allow_actions: false } })],
    ['to be ported', ofPort(true, 'open', { ...ALLOWED, allow_actions: false })],
  ])('%s is not started without its gate', (_, input) => {
    expect(inBrief(input).refused).toEqual(['actions-not-allowed']);
  });

  it.each<[string, PlanInput]>([
    ['failed', ofNumbers({ status: 'failure' })],
    ['was cancelled', ofNumbers({ status: 'cancelled' })],
    ['was deleted', ofNumbers({ status: 'deleted' })],
    ['is ported', ofPort(false)],
    ['has it started', ofNumbers({ actions: [observedAction('sub_number_order', 'started')] })],
    ['has it done', ofNumbers({ actions: [observedAction('sub_number_order', 'done')] })],
    ['has it in a state that nobody knows', ofPort(true, 'unknown')],
    ['does not ask for it', ofNumbers({ actions: [] })],
    ['has a manifest that does not state it', ofNumbers({}, { NumberOrder: [desiredOrder('berlin')] })],
  ])('is not started where the order %s', (_, input) => {
    expect(inBrief(input)).toEqual({ actions: [], starts: 0, refused: [] });
  });

  it('goes beside a value that the order gets', () => {
    const order = desiredOrder('berlin', { actions: [stated], values: [textValue('Jo Example')] });
    const input = ofNumbers({}, { NumberOrder: [order] });
    expect(inBrief(input)).toEqual({ actions: ['update', 'start'], starts: 1, refused: [] });
    const [change] = planChanges(input).changes;
    const writes = change !== undefined && 'writes' in change ? change.writes : [];
    expect(writes.map(({ requirementId }) => requirementId)).toEqual([TEXT_ID]);
  });

  it('is told of a person, at its line', () => {
    const { attention } = planChanges(
      ofNumbers({ actions: [observedAction('sub_number_order', 'started')] }),
    );
    expect(attention.filter(({ code }) => code === 'order-action')).toEqual([
      expect.objectContaining({ name: 'berlin', source: { file: 'groups/a.yaml', line: 7 } }),
    ]);
  });
});
