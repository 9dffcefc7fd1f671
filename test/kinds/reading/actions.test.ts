import { describe, expect, it } from 'vitest';
import { readPortingActions, readSubOrderActions } from '../../../src/kinds/reading/actions.ts';
import type { ObservedOrder } from '../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { type ClientScript, scriptedClient } from '../../support/scripted-client.ts';
import { GONE } from '../../support/scripted-run.ts';

const CHECK = 'b7c72fb8-fa08-4529-aaf6-b9117d3f3698';
const GET = `GET /external_requirements/${CHECK}/sub_number_orders/s1`;
const LINK = 'https://verify.example.com/1';

const answer = (first: string | null, value: string | null) => ({
  regulatory_requirement_id: CHECK,
  fields_required: [
    { name: 'first_name', value: first },
    { name: 'last_name', value: first },
  ],
  requirement_action: { type: 'id_verification', value },
});

function subOrder(statuses: readonly (string | null)[], given: Partial<ObservedOrder> = {}): ObservedOrder {
  return {
    kind: 'sub_number_order',
    id: asRemoteId('s1'),
    status: 'pending',
    isOpen: true,
    countryCode: 'AU',
    phoneNumberType: 'mobile',
    subNumberOrderId: asRemoteId('s1'),
    holdings: statuses.map((status) => [
      { requirementId: CHECK, fieldType: 'action', value: new Sensitive(''), status },
      { requirementId: 'text', fieldType: 'textual', value: new Sensitive(''), status },
    ]),
    ...given,
  };
}

async function read(script: ClientScript, order: ObservedOrder, stated: readonly string[] = []) {
  const { client, asked } = scriptedClient(script);
  return { actions: await readSubOrderActions(client, [order], new Set(stated)), asked };
}

describe('the action of a sub order', () => {
  it.each<[string, readonly (string | null)[], object, string]>([
    ['is open before anybody has started it', ['awaiting-value'], answer(null, null), 'open'],
    ['is started where it has a link', ['awaiting-value'], answer(null, LINK), 'started'],
    [
      'is started where it has names, and a link is to come',
      ['awaiting-value'],
      answer('Jo', null),
      'started',
    ],
    ['is started where Telnyx reviews it', ['pending-approval'], answer(null, null), 'started'],
    ['is refused where the person failed', ['declined'], answer('Jo', null), 'refused'],
    ['is started again after that where it has a link', ['declined'], answer('Jo', LINK), 'started'],
    [
      'is as its worst number has it',
      ['approved', 'declined', 'awaiting-value'],
      answer('Jo', null),
      'refused',
    ],
    ['is left where one number is left', ['approved', 'awaiting-value'], answer(null, null), 'open'],
    ['is unknown where Telnyx has none', ['awaiting-value'], GONE, 'unknown'],
  ])('%s', async (_, statuses, row, state) => {
    const { actions } = await read({ [GET]: row }, subOrder(statuses));
    expect(actions.map((action) => action.state)).toEqual([state]);
  });

  it('is not asked for once it is done, nor where the order is closed', async () => {
    const done = await read({}, subOrder(['approved']));
    expect([done.actions.map(({ state }) => state), done.asked]).toEqual([['done'], []]);
    const closed = await read({}, subOrder(['awaiting-value'], { isOpen: false }));
    expect([closed.actions, closed.asked]).toEqual([[], []]);
  });

  it('is read where only the manifest calls it an action', async () => {
    const holdings = [
      [{ requirementId: CHECK, fieldType: 'textual', value: new Sensitive(''), status: 'awaiting-value' }],
    ] as const;
    const order = subOrder([], { holdings });
    expect((await read({}, order)).actions).toEqual([]);
    expect((await read({ [GET]: answer(null, null) }, order, [CHECK])).actions).toHaveLength(1);
  });
});

describe('the actions of a porting order', () => {
  const row = (id: string, status: string, requirement = CHECK) => ({
    id,
    status,
    requirement_type_id: requirement,
  });

  it.each<[string, readonly object[], readonly [string, string][]]>([
    ['none', [], []],
    [
      'each of its own requirement',
      [row('a', 'created'), row('b', 'pending', 'x')],
      [
        ['a', 'open'],
        ['b', 'started'],
      ],
    ],
    ['one that is under way counts most', [row('a', 'created'), row('b', 'pending')], [['b', 'started']]],
    ['a new one follows a cancelled one', [row('a', 'cancelled'), row('b', 'created')], [['b', 'open']]],
    ['a new one follows one that is done', [row('a', 'completed'), row('b', 'created')], [['b', 'open']]],
    ['done counts more than failed', [row('a', 'failed'), row('b', 'completed')], [['b', 'done']]],
    ['an unknown one may be under way', [row('a', 'created'), row('b', 'odd')], [['b', 'unknown']]],
  ])('%s', async (_, rows, expected) => {
    const { client } = scriptedClient({ 'GET /porting_orders/p1/action_requirements': rows });
    const actions = await readPortingActions(client, asRemoteId('p1'));
    expect(actions.map(({ id, state }) => [id, state])).toEqual(expected);
  });
});
