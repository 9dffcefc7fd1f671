import { describe, expect, it } from 'vitest';
import { startActions } from '../../src/kinds/number-order/start.ts';
import { startPortingActions } from '../../src/kinds/porting-order/start.ts';
import type { ActionStart, ObservedAction } from '../../src/model/orders/actions.ts';
import type { NumberOrderChange, PortingOrderChange } from '../../src/model/plan/change.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../src/model/resource.ts';
import { desiredOrder, observedOrder } from '../support/ordered.ts';
import { desiredPort, observedPort } from '../support/ported.ts';
import { type ClientScript, inTurn } from '../support/scripted-client.ts';
import { endOf, GONE, newProgress, scriptedRun } from '../support/scripted-run.ts';

const SOURCE = { file: 'groups/a.yaml', line: 7, column: 5 };
const NAMES = new Map([
  ['first_name', new Sensitive('Jo')],
  ['last_name', new Sensitive('Example')],
]);
const SENT = { first_name: 'Jo', last_name: 'Example' };
const BEGINS = 'start of desk begins';

function stated(observed: ObservedAction | null, requirementId = 'check'): ActionStart {
  return { requirementId, requirementName: 'Identity Check', names: NAMES, observed, source: SOURCE };
}

const common = {
  name: 'desk',
  source: SOURCE,
  verb: 'unchanged' as const,
  actions: ['start' as const],
  writes: [],
  writesReference: null,
  dependsOn: [],
  consequences: [],
};

/* ---- Number orders ---- */

const ORDER = 'GET /number_orders/o1';
const part = (id: string) => `GET /sub_number_orders/${id}?filter[include_phone_numbers]=true`;
const check = (id: string) => `/external_requirements/check/sub_number_orders/${id}`;

/** An order with these parts. */
const orderRow = (...ids: string[]) => ({ id: 'o1', status: 'pending', sub_number_orders_ids: ids });

/** A part whose only number demands this. */
const partRow = (id: string, requirements: readonly string[], status = 'pending') => ({
  id,
  country_code: 'AU',
  phone_number_type: 'mobile',
  status,
  phone_numbers_count: 1,
  phone_numbers: [
    {
      id: `${id}-n`,
      phone_number: '+61400000001',
      status: 'pending',
      regulatory_requirements: requirements.map((requirement_id) => ({
        requirement_id,
        field_type: 'action',
        field_value: null,
        status: 'awaiting-value',
      })),
    },
  ],
});

const actionRow = (name: string | null, link: string | null = null) => ({
  regulatory_requirement_id: 'check',
  fields_required: name === null ? [] : [{ name: 'first_name', value: name }],
  requirement_action: { value: link },
});
const LINK = 'https://verify.example.com/1';

/** All that it takes to start the action of a part. */
const startable = (id: string): ClientScript => ({
  [`GET ${check(id)}`]: inTurn(actionRow(null), actionRow('Jo', LINK)),
  [`POST ${check(id)}`]: {},
});

async function ofNumbers(starts: readonly ActionStart[] | undefined, script: ClientScript, isPlaced = false) {
  const { run, asked } = scriptedRun(script);
  const progress = newProgress();
  const change: NumberOrderChange = {
    kind: 'NumberOrder',
    ...common,
    desired: desiredOrder('desk'),
    observed: isPlaced ? observedOrder('desk') : null,
    ordersWith: null,
    orderedGroup: null,
    ...(starts === undefined ? {} : { starts }),
  };
  const end = await endOf(startActions(run, change, asRemoteId('o1'), progress));
  return { end, asked, operations: progress.operations, warnings: progress.warnings };
}

describe('the actions of a number order', () => {
  it.each([[undefined], [[]]])('are none where the plan starts none: %j', async (starts) => {
    expect(await ofNumbers(starts, {})).toMatchObject({ end: undefined, asked: [] });
  });

  it('that was just placed are started in each part that asks for them', async () => {
    const script = {
      [ORDER]: orderRow('s1', 's2', 's3'),
      [part('s1')]: partRow('s1', ['check']),
      [part('s2')]: partRow('s2', ['text']),
      [part('s3')]: partRow('s3', ['text', 'check']),
      ...startable('s1'),
      ...startable('s3'),
    };
    const { asked, ...rest } = await ofNumbers([stated(null)], script);
    expect(rest).toEqual({ end: undefined, operations: ['start', 'start'], warnings: [] });
    const sent = asked.filter((one) => Array.isArray(one));
    expect(sent).toEqual(['s1', 's3'].map((id) => [`POST ${check(id)}`, { requirement: SENT }]));
    expect(asked).not.toContain(`GET ${check('s2')}`);
  });

  it('that was just placed wait until every part says what it demands', async () => {
    const script = {
      [ORDER]: inTurn(orderRow('s1'), orderRow('s1', 's2')),
      [part('s1')]: inTurn(partRow('s1', []), partRow('s1', ['check'])),
      [part('s2')]: inTurn(partRow('s2', []), partRow('s2', ['text'])),
      ...startable('s1'),
    };
    const { asked, operations } = await ofNumbers([stated(null)], script);
    expect(operations).toEqual(['start']);
    expect(
      asked.slice(0, asked.indexOf(BEGINS)).filter((one) => /wait|number_orders\/o1/.test(String(one))),
    ).toEqual([ORDER, 'wait 500', ORDER, 'wait 1500', ORDER]);
  });

  it('that no part asks for are left to a later plan', async () => {
    const script = { [ORDER]: orderRow('s1'), [part('s1')]: partRow('s1', ['text']) };
    expect(await ofNumbers([stated(null)], script)).toMatchObject({
      end: undefined,
      operations: [],
      warnings: [
        'the order does not ask for "Identity Check" yet: nothing was started, and a later plan shows it',
      ],
    });
  });

  const planned: ObservedAction = {
    requirementId: 'check',
    order: { kind: 'sub_number_order', id: asRemoteId('s1') },
    id: asRemoteId('s1'),
    state: 'open',
    status: 'awaiting-value',
    sent: new Map(),
    link: null,
    cancelReason: null,
    deadlineMs: null,
  };

  it('that exists are started in the part that the plan shows, and read before and after', async () => {
    const script = { [part('s1')]: partRow('s1', ['check']), ...startable('s1') };
    expect((await ofNumbers([stated(planned)], script, true)).asked).toEqual([
      part('s1'),
      `GET ${check('s1')}`,
      BEGINS,
      [`POST ${check('s1')}`, { requirement: SENT }],
      part('s1'),
      `GET ${check('s1')}`,
    ]);
  });

  it.each<[string, object]>([
    ['asks for it no more', partRow('s1', ['text'])],
    ['is closed by now', partRow('s1', ['check'], 'success')],
  ])('are not started where their part %s', async (_, row) => {
    const { end, operations } = await ofNumbers([stated(planned)], { [part('s1')]: row }, true);
    expect(end).toMatchObject({ code: 'changed-since-planned', line: 7 });
    expect(operations).toEqual([]);
  });
});

/* ---- Porting orders ---- */

const PORT = 'GET /porting_orders/id-port';
const ACTIONS = `${PORT}/action_requirements`;
const INITIATE = 'POST /porting_orders/id-port/action_requirements/a1/initiate';
const portingRow = (id: string, status: string) => ({ id, requirement_type_id: 'check', status });

const created: ObservedAction = {
  requirementId: 'check',
  order: { kind: 'porting_order', id: asRemoteId('id-port') },
  id: asRemoteId('a1'),
  state: 'open',
  status: 'created',
  sent: new Map(),
  link: null,
  cancelReason: null,
  deadlineMs: null,
};

async function ofPort(starts: readonly ActionStart[] | undefined, script: ClientScript) {
  const { run, asked } = scriptedRun(script);
  const progress = newProgress();
  const change: PortingOrderChange = {
    kind: 'PortingOrder',
    ...common,
    desired: desiredPort({}),
    observed: observedPort({}),
    settings: [],
    ...(starts === undefined ? {} : { starts }),
  };
  const end = await endOf(startPortingActions(run, change, progress));
  return { end, asked, operations: progress.operations };
}

describe('the actions of a porting order', () => {
  it.each([[undefined], [[]], [[stated(null)]]])('are none where the plan shows none: %#', async (starts) => {
    expect(await ofPort(starts, {})).toEqual({ end: undefined, asked: [], operations: [] });
  });

  it('are initiated by their own id, and read before and after', async () => {
    const script = {
      [PORT]: { id: 'id-port', status: 'exception' },
      [ACTIONS]: inTurn(
        [portingRow('a0', 'created'), portingRow('a1', 'created')],
        [portingRow('a0', 'created'), { ...portingRow('a1', 'pending'), action_url: LINK }],
      ),
      [INITIATE]: {},
    };
    expect(await ofPort([stated(created)], script)).toEqual({
      end: undefined,
      operations: ['start'],
      asked: [PORT, ACTIONS, BEGINS, [INITIATE, { params: SENT }], PORT, ACTIONS],
    });
  });

  it.each<[string, ClientScript]>([
    ['the order is gone', { [PORT]: GONE }],
    ['the order is closed', { [PORT]: { id: 'id-port', status: 'ported' } }],
    [
      'the order has another action',
      { [PORT]: { id: 'id-port', status: 'draft' }, [ACTIONS]: [portingRow('a2', 'created')] },
    ],
    [
      'the action is cancelled',
      { [PORT]: { id: 'id-port', status: 'draft' }, [ACTIONS]: [portingRow('a1', 'cancelled')] },
    ],
  ])('are not initiated where %s', async (_, script) => {
    const { end, operations } = await ofPort([stated(created)], script);
    expect(end).toMatchObject({ code: 'changed-since-planned', line: 7 });
    expect(operations).toEqual([]);
  });
});
