import { describe, expect, it } from 'vitest';
import { workOnNumberOrder } from '../../../src/kinds/number-order/apply.ts';
import type { Progress } from '../../../src/kinds/writing/outcome.ts';
import type { ApplyInput, Run } from '../../../src/kinds/writing/run.ts';
import { AuthenticationError, UnreachableError } from '../../../src/model/errors.ts';
import type { ObservedNumberOrder } from '../../../src/model/orders/observed-order.ts';
import type { NumberOrderChange } from '../../../src/model/plan/change.ts';
import { CLOSED_GATES } from '../../../src/model/plan/gates.ts';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asReference, asRemoteId, type BoundNumberOrder } from '../../../src/model/resource.ts';
import { BERLIN_NUMBER, CONTACT_INFO, type Connection, connect } from '../../sandbox/connection.ts';
import { applyHere } from '../../support/applied.ts';
import { desiredOrder, observedOrder } from '../../support/ordered.ts';
import { definition, observedGroup, observedWorld, planInput, textValue } from '../../support/plan-inputs.ts';
import { type ClientScript, inTurn } from '../../support/scripted-client.ts';
import {
  at,
  documentOf,
  documentWrite,
  endOf,
  GONE,
  groupRow,
  LOST,
  newProgress,
  refused,
  scriptedRun,
  textWrite,
} from '../../support/scripted-run.ts';

const CONTACT = definition(CONTACT_INFO, 'Contact Info', 'textual');
const ORDER_ID = '5ef8ab9b-0000-4000-8000-000000000001';

async function place(connection: Connection, given: Partial<BoundNumberOrder> = {}) {
  const input = planInput({
    RequirementGroup: [],
    NumberOrder: [desiredOrder('berlin', given)],
    observed: { ...observedWorld({}), readAtMs: Date.now() },
    gates: { ...CLOSED_GATES, allow_orders: true },
  });
  const [outcome] = await applyHere(input, { baseUrl: connection.sandbox.url });
  if (outcome === undefined) throw new Error('nothing was to be placed');
  return outcome;
}

async function edit(connection: Connection, found: ObservedNumberOrder, given: Partial<BoundNumberOrder>) {
  const observed = observedWorld({ numberOrders: { berlin: found } });
  const input = planInput({ RequirementGroup: [], NumberOrder: [desiredOrder('berlin', given)], observed });
  const [outcome] = await applyHere(input, { baseUrl: connection.sandbox.url });
  if (outcome === undefined) throw new Error('nothing was to be edited');
  return outcome;
}

async function orders({ api }: Connection): Promise<readonly { id: string; customer_reference: string }[]> {
  return (await api('GET', '/number_orders')).body.data;
}

async function placedElsewhere(connection: Connection, fields: object = {}): Promise<string> {
  const body = { phone_numbers: [{ phone_number: BERLIN_NUMBER }], ...fields };
  return (await connection.api('POST', '/number_orders', body)).body.data.id;
}

describe('an order that is placed', () => {
  it('is found by its reference and has nothing to be said about it', async () => {
    const connection = await connect();
    expect(await place(connection)).toMatchObject({
      status: 'applied',
      operations: ['create'],
      warnings: [],
    });
  });

  it('without the reference that was sent is a failure with its id', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { references: 'drop' });
    const outcome = await place(connection);
    const [order] = await orders(connection);
    expect(outcome).toMatchObject({
      id: order?.id,
      status: 'failed',
      operations: ['create'],
      error: { code: 'reference-not-kept', message: expect.stringContaining(`\`id: ${order?.id}\``) },
    });
  });

  it('that lists do not show is warned of', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { list_lag_ms: 600_000 });
    const { id, status, warnings } = await place(connection);
    expect(status).toBe('applied');
    expect(warnings).toEqual([expect.stringContaining(`lists do not show number order ${id} yet`)]);
  });

  it('is not placed where another order has its numbers by now', async () => {
    const connection = await connect();
    const id = await placedElsewhere(connection);
    expect(await place(connection)).toMatchObject({
      operations: [],
      error: { code: 'changed-since-planned', message: expect.stringContaining(`\`id: ${id}\``) },
    });
    expect(await orders(connection)).toHaveLength(1);
  });

  it('is not placed where an order has its reference by now', async () => {
    const connection = await connect();
    const id = await placedElsewhere(connection, { customer_reference: 'regsync/acme/order/berlin' });
    expect(await place(connection)).toMatchObject({ id, status: 'applied', operations: [] });
    expect(await orders(connection)).toHaveLength(1);
  });
});

describe('an order that exists', () => {
  const value = textValue('Jo Example', CONTACT);

  /** As a plan would have read it. */
  async function observed(connection: Connection): Promise<ObservedNumberOrder> {
    const id = await placedElsewhere(connection, { customer_reference: 'regsync/acme/order/berlin' });
    const { data } = (await connection.api('GET', `/number_orders/${id}`)).body;
    const part = asRemoteId(data.sub_number_orders_ids[0]);
    const { phone_numbers } = (
      await connection.api('GET', `/sub_number_orders/${part}?filter[include_phone_numbers]=true`)
    ).body.data;
    const holdings = [
      phone_numbers[0].regulatory_requirements.map((own: Record<string, string>) => ({
        requirementId: own.requirement_id,
        fieldType: 'textual',
        value: new Sensitive(own.field_value ?? ''),
        status: own.status,
      })),
    ];
    const [whole] = observedOrder('berlin').subOrders;
    if (whole === undefined) throw new Error('an order has parts');
    const subOrders = [{ ...whole, id: part, subNumberOrderId: part, holdings }];
    return observedOrder('berlin', { id: asRemoteId(id), subOrders });
  }

  it('gets its values where it is as it was planned', async () => {
    const connection = await connect();
    const outcome = await edit(connection, await observed(connection), { values: [value] });
    expect(outcome).toMatchObject({ status: 'applied', operations: ['patch'], error: null });
  });

  it.each([
    [
      'another value',
      { field_value: 'Somebody Else' },
      `requirement ${CONTACT_INFO} has another value or status`,
    ],
    ['the value that it is to get', { field_value: 'Jo Example' }, null],
  ])('and holds %s since then is left alone, or not: %#', async (_, { field_value }, why) => {
    const connection = await connect();
    const found = await observed(connection);
    await connection.api('PATCH', `/number_orders/${found.id}`, {
      regulatory_requirements: [{ requirement_id: CONTACT_INFO, field_value }],
    });
    const outcome = await edit(connection, found, { values: [value] });
    if (why === null) return expect(outcome).toMatchObject({ status: 'applied', operations: ['patch'] });
    expect(outcome).toMatchObject({
      operations: [],
      error: { code: 'changed-since-planned', message: expect.stringContaining(why) },
    });
    expect(outcome.error?.message).not.toContain('Somebody');
  });

  it('and is gone since then fails', async () => {
    const connection = await connect();
    const found = observedOrder('berlin', { id: asRemoteId(ORDER_ID), reference: asReference('PO 7') });
    const outcome = await edit(connection, found, {});
    expect(outcome).toMatchObject({
      operations: [],
      error: { code: 'changed-since-planned', message: expect.stringContaining('it is gone') },
    });
  });
});

/* ---- Against a script: which requests are sent, and what is reported ---- */

const LIST = 'GET /number_orders?filter[customer_reference]=regsync/acme/order/berlin';
/** A day before the plan was read. */
const RECENT = 'GET /number_orders?filter[created_at][gt]=2026-05-31T12:00:00.000Z';
const GET = 'GET /number_orders/o1';
const POST = 'POST /number_orders';
const PATCH = 'PATCH /number_orders/o1';
const PART = 'GET /sub_number_orders/part-berlin?filter[include_phone_numbers]=true';
const BEGIN = 'create of berlin begins';
const REFERENCE = 'regsync/acme/order/berlin';
const NUMBER = '+49300000001';
const SENT = [POST, { phone_numbers: [{ phone_number: NUMBER }], customer_reference: REFERENCE }];
const BEFORE = [BEGIN, LIST, 'wait 2000', LIST, 'wait 3000', LIST, RECENT, BEGIN];
const UNLISTED = [[], [], []];

function orderRow(id: string, given: object = {}, numbers: readonly string[] = [NUMBER]): object {
  return {
    id,
    customer_reference: REFERENCE,
    status: 'pending',
    phone_numbers: numbers.map((phone_number, index) => ({ id: `${id}-${index}`, phone_number })),
    phone_numbers_count: numbers.length,
    sub_number_orders_ids: ['part-berlin'],
    created_at: '2026-06-01T12:00:00Z',
    ...given,
  };
}

function numberChange(given: Partial<NumberOrderChange> = {}): NumberOrderChange {
  return {
    kind: 'NumberOrder',
    name: 'berlin',
    source: at(1),
    verb: 'create',
    actions: ['create'],
    desired: desiredOrder('berlin', { source: at(2) }),
    observed: null,
    writes: [],
    writesReference: null,
    ordersWith: null,
    orderedGroup: null,
    dependsOn: [],
    consequences: [],
    ...given,
  };
}

async function work(
  change: Partial<NumberOrderChange>,
  script: ClientScript,
  prepare: (run: Run) => void = () => {},
  given: Partial<Omit<ApplyInput, 'client'>> = {},
): Promise<{ end: unknown; progress: Progress; asked: readonly unknown[] }> {
  const { run, asked } = scriptedRun({ [RECENT]: [], ...script }, given);
  prepare(run);
  const whole = numberChange(change);
  const { id = null, status = null } = whole.observed ?? {};
  const progress = newProgress({ id, status, source: at(1) });
  const end = await endOf(run.places.within(() => workOnNumberOrder(run, whole, progress)));
  return { end, progress, asked };
}

const placed = (given: Partial<Progress> = {}) =>
  newProgress({ id: asRemoteId('o1'), status: 'pending', operations: ['create'], source: at(1), ...given });
const nothing = (given: Partial<Progress> = {}) => newProgress({ source: at(1), ...given });
const duplicates = (...ids: string[]) =>
  `${ids.length} number orders have the reference "${REFERENCE}": ${ids.join(', ')}`;

describe('the requests that place an order', () => {
  it('look for it three times by its reference, then for its numbers, and once more after it is placed', async () => {
    const settings = [{ key: 'connection_id' as const, value: 'c1', source: at(3) }];
    const { end, progress, asked } = await work(
      { desired: desiredOrder('berlin', { settings }) },
      { [LIST]: inTurn(...UNLISTED, [orderRow('o1')]), [POST]: { id: 'o1' }, [GET]: orderRow('o1') },
    );
    expect([end, progress]).toEqual([undefined, placed()]);
    expect(asked).toEqual([...BEFORE, [POST, { ...(SENT[1] as object), connection_id: 'c1' }], GET, LIST]);
  });

  it.each([1, 2, 3])('are not sent where it is found at look %i', async (look) => {
    const looks = [...UNLISTED.slice(1, look), [orderRow('o1')]];
    const { end, progress, asked } = await work({}, { [LIST]: inTurn(...looks), [GET]: orderRow('o1') });
    expect([end, progress]).toEqual([
      undefined,
      placed({ operations: [], warnings: ['number order o1 has this reference already: none was placed'] }),
    ]);
    expect(asked).toEqual([...BEFORE.slice(0, 2 * look), GET]);
  });

  it('are not sent where it is found with other numbers, and it is not taken for this one', async () => {
    const { end } = await work({}, { [LIST]: [orderRow('o1')], [GET]: orderRow('o1', {}, ['+49300000002']) });
    expect(end).toEqual(withoutEffect('the numbers that were ordered'));
  });

  it('are not sent where it is found twice', async () => {
    const { end, progress, asked } = await work({}, { [LIST]: [orderRow('o2'), orderRow('o1')] });
    expect(end).toEqual({ code: 'duplicate-orders', message: duplicates('o1', 'o2'), line: 2 });
    expect([progress, asked]).toEqual([nothing(), BEFORE.slice(0, 2)]);
  });

  it('are not sent where orders have its numbers by now, whole or in part', async () => {
    const theirs = { customer_reference: 'THEIRS' };
    const { end, progress, asked } = await work(
      {},
      {
        [LIST]: [],
        [RECENT]: [
          orderRow('o9', theirs),
          orderRow('o8', theirs, [NUMBER, '+49300000002']),
          orderRow('o7', theirs, ['+49300000003']),
        ],
        'GET /number_orders/o9': orderRow('o9', theirs),
        'GET /number_orders/o8': orderRow('o8', theirs, [NUMBER, '+49300000002']),
      },
    );
    expect(end).toEqual({
      code: 'changed-since-planned',
      message:
        'changed since it was planned: number order o8, o9 has phone numbers of "berlin" by now, so nothing was ordered. Plan again; to keep that order, write `id: o8` into the manifest',
      line: 2,
    });
    expect(progress).toEqual(nothing());
    expect(asked).not.toContainEqual(SENT);
  });

  it.each<[string, number]>([
    ['before the first look', 0],
    ['between the looks', 1],
    ['before it is placed', 3],
  ])('are not sent after an interruption %s', async (_, looks) => {
    const interruption = new AbortController();
    let seen = 0;
    if (looks === 0) interruption.abort();
    const list = () => {
      seen += 1;
      if (seen === looks) interruption.abort();
      return [];
    };
    const { end, asked } = await work({}, { [LIST]: list }, undefined, { signal: interruption.signal });
    expect((end as Error).name).toBe('InterruptedError');
    expect(asked.filter((step) => step === LIST)).toHaveLength(looks);
    expect(asked).not.toContainEqual(SENT);
  });

  it('are sent once, whatever becomes of the answer, and it is looked for after a loss', async () => {
    const { end, progress, asked } = await work(
      {},
      { [LIST]: inTurn(...UNLISTED, [], [], [orderRow('o1')]), [POST]: LOST, [GET]: orderRow('o1') },
    );
    expect([end, progress]).toEqual([undefined, placed()]);
    expect(asked).toEqual([
      ...BEFORE,
      SENT,
      'wait 500',
      LIST,
      'wait 1500',
      LIST,
      'wait 3000',
      LIST,
      GET,
      LIST,
    ]);
  });

  it('and are answered without an id are looked for, too', async () => {
    const script = { [LIST]: inTurn(...UNLISTED, [orderRow('o1')]), [POST]: {}, [GET]: orderRow('o1') };
    expect(await work({}, script)).toMatchObject({ end: undefined, progress: placed() });
  });

  it.each<[string, ClientScript, unknown]>([
    ['and are refused are not sent again', { [LIST]: [], [POST]: refused() }, refused()],
    ['and are lost without a trace are not sent again', { [LIST]: [], [POST]: LOST }, LOST()],
    [
      'and are lost, where the key is refused then, tell of both',
      { [LIST]: inTurn(...UNLISTED, new AuthenticationError('no key')), [POST]: LOST },
      new AuthenticationError(
        'It is not known whether POST /something was processed: answered 503; then: no key',
        {
          cause: new AuthenticationError('no key'),
        },
      ),
    ],
    [
      'and are lost, and found twice, are not taken for either',
      { [LIST]: inTurn(...UNLISTED, [orderRow('o1'), orderRow('o2')]), [POST]: LOST },
      { code: 'duplicate-orders', message: duplicates('o1', 'o2'), line: 2 },
    ],
  ])('%s', async (_, script, expected) => {
    const { end, progress, asked } = await work({}, script);
    expect([end, progress]).toEqual([expected, nothing()]);
    expect(asked.filter((step) => Array.isArray(step))).toEqual([SENT]);
  });

  it('wait without keeping others from their work', async () => {
    const places: number[] = [];
    let see: Run | null = null;
    await work(
      {},
      {
        [LIST]: inTurn(...UNLISTED, [orderRow('o1')]),
        [POST]: { id: 'o1' },
        [GET]: inTurn(GONE, orderRow('o1')),
      },
      (run) => {
        see = run;
      },
      { wait: async () => void places.push(see?.places.free ?? -1) },
    );
    expect(places).toEqual([1, 1, 1]);
  });
});

const withoutEffect = (missing: string) => ({
  code: 'write-without-effect',
  message: `Telnyx answered success, but reading number order o1 back does not show ${missing}`,
  line: null,
});

describe('an order that was just placed', () => {
  const placing = (get: ClientScript['x'], change: Partial<NumberOrderChange> = {}) =>
    work(change, { [LIST]: inTurn(...UNLISTED, [orderRow('o1')]), [POST]: { id: 'o1' }, [GET]: get ?? {} });
  const LOOKS = [GET, 'wait 500', GET, 'wait 1500', GET, 'wait 3000', GET];
  const dropped = orderRow('o1', { customer_reference: null, status: 'success' });

  it.each<[string, ClientScript['x'], unknown, string | null]>([
    ['is not there', GONE, withoutEffect('the order itself'), null],
    [
      'has other numbers',
      orderRow('o1', {}, ['+49300000002']),
      withoutEffect('the numbers that were ordered'),
      'pending',
    ],
    [
      'is without its reference',
      dropped,
      {
        code: 'reference-not-kept',
        message: `Telnyx stores none as the customer_reference of number order o1 instead of "${REFERENCE}", so that it cannot be found by it again: write \`id: o1\` into its manifest, and leave customer_reference out`,
        line: null,
      },
      'success',
    ],
    [
      'has other numbers in the end, and had its own without a reference',
      inTurn(dropped, orderRow('o1', {}, ['+49300000002'])),
      expect.objectContaining({ code: 'reference-not-kept' }),
      'pending',
    ],
    ['cannot be read', refused(400), refused(400), null],
  ])('and %s is a failure with its id', async (_, get, expected, status) => {
    const { end, progress, asked } = await placing(get);
    expect([end, progress]).toEqual([expected, placed({ status })]);
    expect(asked.slice(BEFORE.length + 1)).toEqual(expected instanceof Error ? [GET] : LOOKS);
  });

  it.each<[string, ClientScript['x']]>([
    ['is not there yet', inTurn(GONE, GONE, GONE, orderRow('o1'))],
    [
      'has no numbers yet',
      inTurn(orderRow('o1', {}, []), orderRow('o1', {}, []), orderRow('o1', {}, []), orderRow('o1')),
    ],
    ['has no reference yet', inTurn(dropped, dropped, dropped, orderRow('o1'))],
  ])('and %s is looked at again for five seconds', async (_, get) => {
    const { end, asked } = await placing(get);
    expect(end).toBeUndefined();
    expect(asked.slice(BEFORE.length + 1)).toEqual([...LOOKS, LIST]);
  });

  const TWO = [NUMBER, '+49300000002'];
  it.each<[string, object, boolean]>([
    ['all numbers, in another form', orderRow('o1', {}, ['0049 30 0000001', '49300000002']), true],
    ['all numbers, without a count', orderRow('o1', { phone_numbers_count: null }, TWO), true],
    ['the count alone', orderRow('o1', { phone_numbers_count: 2 }, []), true],
    ['the count and the first number', orderRow('o1', { phone_numbers_count: 2 }, [NUMBER]), true],
    ['one number, without a count', orderRow('o1', { phone_numbers_count: null }, [NUMBER]), false],
    ['one number', orderRow('o1', {}, [NUMBER]), false],
    ['more numbers', orderRow('o1', {}, [...TWO, '+49300000003']), false],
    ['another number', orderRow('o1', {}, [NUMBER, '+49300000003']), false],
  ])('shows what was ordered, or does not: %s', async (_, row, isShown) => {
    const phoneNumbers = TWO.map((number) => ({ number: new Sensitive(number), source: at(3) }));
    const { end } = await placing(row, { desired: desiredOrder('berlin', { phoneNumbers }) });
    expect(end).toEqual(isShown ? undefined : withoutEffect('the numbers that were ordered'));
  });
});

describe('another order with the same reference', () => {
  const after = (...lists: (readonly object[])[]) =>
    work({}, { [LIST]: inTurn(...UNLISTED, ...lists), [POST]: { id: 'o1' }, [GET]: orderRow('o1') });
  const made = (time: string | null) => orderRow('o2', { created_at: time });
  const message = `${duplicates('o1', 'o2')}. This run placed o1; cancel one of them at Telnyx, and write \`id:\` with the other into the manifest`;

  it.each<[string, readonly object[]]>([
    ['listed beside it', [made('2026-06-01T12:00:01Z'), orderRow('o1')]],
    ['listed without it', [made('2026-06-01T12:00:01Z')]],
  ])('that is younger is told of: %s', async (_, list) => {
    const { end, progress } = await after(list);
    expect([end, progress]).toEqual([undefined, placed({ warnings: [message] })]);
  });

  it.each<[string, readonly object[]]>([
    ['older', [orderRow('o1'), made('2026-06-01T11:59:59Z')]],
    ['of the same time', [orderRow('o1'), made('2026-06-01T12:00:00Z')]],
    ['of a time that is not said', [orderRow('o1'), made(null)]],
  ])('that is %s is a failure', async (_, list) => {
    const { end, progress } = await after(list);
    expect([end, progress]).toEqual([{ code: 'duplicate-orders', message, line: 2 }, placed()]);
  });

  it('beside one that does not say its time is a failure', async () => {
    const undated = orderRow('o1', { created_at: null });
    const { end } = await work(
      {},
      { [LIST]: inTurn(...UNLISTED, [made('2026-06-01T12:00:01Z')]), [POST]: { id: 'o1' }, [GET]: undated },
    );
    expect(end).toEqual({ code: 'duplicate-orders', message, line: 2 });
  });

  it('is named with it in the order of their ids', async () => {
    const { progress } = await after([
      orderRow('o1'),
      orderRow('o0', { created_at: '2026-06-01T12:00:01Z' }),
    ]);
    expect(progress.warnings).toEqual([expect.stringContaining(duplicates('o0', 'o1'))]);
  });

  it('is older than one of two', async () => {
    const { end } = await after([
      orderRow('o1'),
      made('2026-06-01T12:00:01Z'),
      orderRow('o3', { created_at: '2026-06-01T11:00:00Z' }),
    ]);
    expect(end).toMatchObject({ code: 'duplicate-orders', message: expect.stringContaining('o1, o2, o3') });
  });

  it('is looked for until lists show the order that was placed', async () => {
    const { progress, asked } = await after([], [made('2026-06-01T12:00:01Z')], [orderRow('o1')]);
    expect(progress.warnings).toEqual([]);
    expect(asked.slice(-5)).toEqual([LIST, 'wait 500', LIST, 'wait 1500', LIST]);
  });

  it('cannot be told where lists show none for five seconds', async () => {
    const { progress, asked } = await after([]);
    expect(progress.warnings).toEqual([
      'lists do not show number order o1 yet: write `id: o1` into its manifest before the next run, or wait until they do',
    ]);
    expect(asked.slice(-7)).toEqual([LIST, 'wait 500', LIST, 'wait 1500', LIST, 'wait 3000', LIST]);
  });
});

describe('the group that numbers are ordered with', () => {
  const desired = desiredOrder('berlin', { group: { name: 'de-local', source: at(4) }, source: at(2) });
  const script: ClientScript = {
    [LIST]: inTurn(...UNLISTED, [orderRow('o1')]),
    [POST]: { id: 'o1' },
    [GET]: orderRow('o1'),
  };
  const asGroup = (id: string) => observedGroup({}, { id: asRemoteId(id), status: 'approved' });
  const outcome = (status: Outcome['status'], id: string | null) => (run: Run) =>
    run.groups.set('de-local', { status, id, group_status: 'approved' } as Outcome);
  const sentWith = (asked: readonly unknown[]) =>
    asked.find((step) => Array.isArray(step) && step[0] === POST);

  it.each<[string, string | null, (run: Run) => void, Partial<ApplyInput>, string | null]>([
    ['this run has made', 'de-local', outcome('applied', 'g1'), {}, 'g1'],
    [
      'was there before',
      'de-local',
      () => {},
      { observed: observedWorld({ matches: { 'de-local': { group: asGroup('g2'), superseded: [] } } }) },
      'g2',
    ],
    ['cannot be used yet', null, outcome('applied', 'g1'), {}, null],
  ])('is the one that %s', async (_, ordersWith, prepare, given, id) => {
    const { end, asked } = await work(
      { desired, ordersWith },
      {
        ...script,
        'GET /requirement_groups/g1': groupRow(asGroup('g1')),
        'GET /requirement_groups/g2': groupRow(asGroup('g2')),
      },
      prepare,
      given,
    );
    expect(end).toBeUndefined();
    const group = id === null ? {} : { requirement_group_id: id };
    expect(sentWith(asked)).toEqual([
      POST,
      { phone_numbers: [{ phone_number: NUMBER, ...group }], customer_reference: REFERENCE },
    ]);
    // Looked at right before.
    expect(asked.includes(`GET /requirement_groups/${id}`)).toBe(id !== null);
  });

  it.each<[string, string | null, (run: Run) => void, string]>([
    [
      'was not finished',
      'de-local',
      outcome('failed', 'g1'),
      'the change of its group "de-local" was not finished',
    ],
    [
      'was skipped, though it would not be used',
      null,
      outcome('skipped', 'g1'),
      'the change of its group "de-local" was not finished',
    ],
    ['does not exist', 'de-local', () => {}, 'its group "de-local" does not exist'],
    ['was deleted', 'de-local', outcome('applied', null), 'its group "de-local" does not exist'],
  ])('and %s keeps the order from being placed', async (_, ordersWith, prepare, why) => {
    const { end, asked } = await work({ desired, ordersWith }, script, prepare);
    expect(end).toMatchObject({ code: 'not-attempted', message: `not attempted: ${why}` });
    expect(asked).toEqual([]);
  });

  it('and is declined by now keeps the order from being placed', async () => {
    const { end, progress, asked } = await work(
      { desired, ordersWith: 'de-local' },
      { ...script, 'GET /requirement_groups/g1': groupRow({ ...asGroup('g1'), status: 'declined' }) },
      outcome('applied', 'g1'),
    );
    expect(end).toMatchObject({ code: 'changed-since-planned', line: 1 });
    expect([progress, sentWith(asked)]).toEqual([nothing(), undefined]);
  });
});

describe('the requests that edit an order', () => {
  /** `{ requirement: [value, status] }` of its one number. */
  type Held = Readonly<Record<string, readonly [string, string | null]>>;
  const PLANNED: Held = { a: ['', 'awaiting-value'], b: ['kept', 'approved'] };
  const WRITTEN: Held = { ...PLANNED, a: ['new', 'pending-approval'] };
  const part = (...numbers: readonly Held[]) => ({
    id: 'part-berlin',
    country_code: 'DE',
    phone_number_type: 'local',
    status: 'pending',
    phone_numbers_count: numbers.length,
    phone_numbers: numbers.map((held, index) => ({
      id: `n${index}`,
      phone_number: `+4930000000${index}`,
      regulatory_requirements: Object.entries(held).map(([requirement_id, [field_value, status]]) => ({
        requirement_id,
        field_type: 'textual',
        field_value,
        status,
      })),
    })),
  });
  const [whole] = observedOrder('berlin').subOrders;
  if (whole === undefined) throw new Error('an order has parts');
  const holdings = [
    Object.entries(PLANNED).map(([requirementId, [value, status]]) => ({
      requirementId,
      fieldType: 'textual' as const,
      value: new Sensitive(value),
      status,
    })),
  ];
  const observed = observedOrder('berlin', { id: asRemoteId('o1'), subOrders: [{ ...whole, holdings }] });
  const A = textWrite('a', 'new');
  const sent = [PATCH, { regulatory_requirements: [{ requirement_id: 'a', field_value: 'new' }] }];
  const begins = 'patch of berlin begins';
  const edited = (given: Partial<Progress> = {}) => placed({ operations: ['patch'], ...given });
  const edit = (change: Partial<NumberOrderChange>, script: ClientScript) =>
    work(
      { verb: 'update', actions: ['update'], observed, writes: [A], ...change },
      { [GET]: orderRow('o1'), [PATCH]: {}, ...script },
    );

  it('read it with its parts, write, and read both again', async () => {
    const { end, progress, asked } = await edit({}, { [PART]: inTurn(part(PLANNED), part(WRITTEN)) });
    expect([end, progress]).toEqual([undefined, edited()]);
    expect(asked).toEqual([GET, PART, begins, sent, GET, PART]);
  });

  it('read its parts by a list where the order does not name them', async () => {
    const { end, asked } = await edit(
      {},
      {
        [GET]: orderRow('o1', { sub_number_orders_ids: [] }),
        'GET /sub_number_orders?filter[order_request_id]=o1': [{ ...part(), order_request_id: 'o1' }],
        [PART]: inTurn(part(PLANNED), part(WRITTEN)),
      },
    );
    expect(end).toBeUndefined();
    expect(asked.slice(0, 3)).toEqual([GET, 'GET /sub_number_orders?filter[order_request_id]=o1', PART]);
  });

  it('read the order alone where only its reference is written', async () => {
    const old = { ...observed, reference: asReference('OLD') };
    const { end, progress, asked } = await edit(
      { observed: old, writes: [], writesReference: REFERENCE },
      { [GET]: inTurn(orderRow('o1', { customer_reference: 'OLD' }), orderRow('o1', { status: 'success' })) },
    );
    expect([end, progress]).toEqual([undefined, edited({ status: 'success' })]);
    expect(asked).toEqual([GET, begins, [PATCH, { customer_reference: REFERENCE }], GET]);
  });

  it('are not sent where nothing is to be written', async () => {
    const { progress, asked } = await edit({ writes: [] }, {});
    expect([progress, asked]).toEqual([edited({ operations: [] }), []]);
  });

  it('follow the order that was just placed, which nothing is compared with', async () => {
    const { end, progress, asked } = await work(
      { writes: [A] },
      {
        [LIST]: inTurn(...UNLISTED, [orderRow('o1')]),
        [POST]: { id: 'o1' },
        [GET]: orderRow('o1'),
        [PATCH]: {},
        [PART]: part(WRITTEN),
      },
    );
    expect([end, progress]).toEqual([undefined, placed({ operations: ['create', 'patch'] })]);
    expect(asked.slice(-4)).toEqual([begins, sent, GET, PART]);
  });

  it('upload a document before, after a look', async () => {
    const { sha256 } = documentOf('paper');
    const { asked } = await edit(
      { writes: [documentWrite('a', 'paper')] },
      {
        'POST /documents': { id: 'd1', sha256 },
        [PART]: inTurn(part(PLANNED), part(PLANNED), part({ ...PLANNED, a: ['d1', 'pending-approval'] })),
      },
    );
    expect(asked.slice(0, 3)).toEqual([GET, PART, 'upload of berlin begins']);
    expect(asked.slice(4)).toEqual([
      GET,
      PART,
      begins,
      [PATCH, { regulatory_requirements: [{ requirement_id: 'a', field_value: 'd1' }] }],
      GET,
      PART,
    ]);
  });

  it('follow the upload of a document, which comes before the order is placed', async () => {
    const { sha256 } = documentOf('paper');
    const { end, asked } = await work(
      { writes: [documentWrite('a', 'paper')] },
      {
        'POST /documents': { id: 'd1', sha256 },
        [LIST]: inTurn(...UNLISTED, [orderRow('o1')]),
        [POST]: { id: 'o1' },
        [GET]: orderRow('o1'),
        [PATCH]: {},
        [PART]: part({ a: ['d1', 'pending-approval'] }),
      },
    );
    expect(end).toBeUndefined();
    expect([asked[0], asked[2]]).toEqual(['upload of berlin begins', BEGIN]);
  });

  it('are sent where it holds the wanted value or reference by now: a killed run may have written it', async () => {
    const old = { ...observed, reference: asReference('OLD') };
    const { end } = await edit({ observed: old, writesReference: REFERENCE }, { [PART]: part(WRITTEN) });
    expect(end).toBeUndefined();
  });

  const changed = (why: string) => ({
    code: 'changed-since-planned',
    message: `number order o1 changed since it was planned: ${why}. It was left as it is; plan again`,
    line: 1,
  });
  it.each<[string, ClientScript['x'], object, string]>([
    ['is gone', GONE, part(PLANNED), 'it is gone'],
    [
      'has another status',
      orderRow('o1', { status: 'success' }),
      part(PLANNED),
      'its status is success, no longer pending',
    ],
    [
      'has another reference',
      orderRow('o1', { customer_reference: 'x' }),
      part(PLANNED),
      'it has another customer_reference',
    ],
    [
      'has other settings',
      orderRow('o1', { connection_id: 'x', billing_group_id: 'x' }),
      part(PLANNED),
      'it has another connection_id; it has another billing_group_id',
    ],
    [
      'holds another value',
      orderRow('o1'),
      part({ ...PLANNED, a: ['x', 'pending-approval'] }),
      'requirement a has another value or status',
    ],
    [
      'is another in all',
      orderRow('o1', { status: 'success', customer_reference: null }),
      part({ ...PLANNED, b: ['x', 'approved'] }),
      'its status is success, no longer pending; it has another customer_reference; requirement b has another value or status',
    ],
  ])('are not sent to one that %s', async (_, get, held, why) => {
    const { end, progress, asked } = await edit({}, { [GET]: get ?? {}, [PART]: held });
    expect([end, progress]).toEqual([changed(why), edited({ operations: [] })]);
    expect(asked).not.toContainEqual(sent);
  });

  it('compare a reference as it was written, where none is to be written', async () => {
    const { end } = await edit(
      { observed: { ...observed, reference: null } },
      { [GET]: orderRow('o1', { customer_reference: null }), [PART]: inTurn(part(PLANNED), part(WRITTEN)) },
    );
    expect(end).toBeUndefined();
  });

  const LOOKS = [GET, PART, 'wait 500', GET, PART, 'wait 1500', GET, PART, 'wait 3000', GET, PART];
  const noChange = (missing: string) => ({
    code: 'write-without-effect',
    message: `Telnyx answered success, but reading the order back shows no change of ${missing}`,
    line: null,
  });
  it.each<[string, Partial<NumberOrderChange>, object, object, unknown]>([
    ['shows no change of a value', {}, orderRow('o1'), part(PLANNED), noChange('requirement a')],
    [
      'shows no change of the value of one number',
      {},
      orderRow('o1'),
      part(WRITTEN, PLANNED),
      noChange('requirement a'),
    ],
    [
      'does not hold what was written',
      {},
      orderRow('o1'),
      part({ b: PLANNED.b ?? ['', ''] }),
      noChange('requirement a'),
    ],
    [
      'holds another value, and does not say whether that is approved',
      {},
      orderRow('o1'),
      part({ ...PLANNED, a: ['other', null] }),
      noChange('requirement a'),
    ],
    [
      'shows no change of a value and the reference',
      { writesReference: 'new' },
      orderRow('o1'),
      part(PLANNED),
      noChange('requirement a, customer_reference'),
    ],
    [
      'lost a value',
      {},
      orderRow('o1'),
      part({ ...WRITTEN, b: ['', 'awaiting-value'] }),
      {
        code: 'settings-lost',
        message:
          'number order o1 held values that the request did not touch and that are gone or changed since: requirement b. Enter them again at Telnyx, or state them in the manifest, which then sends them along',
        line: 1,
      },
    ],
    [
      'does not keep the reference by which it is found',
      { writesReference: 'new' },
      orderRow('o1'),
      part(WRITTEN),
      {
        code: 'reference-not-kept',
        message: `Telnyx stores "${REFERENCE}" as the customer_reference of number order o1 instead of "new", so that it cannot be found by it again: write \`id: o1\` into its manifest, and leave customer_reference out`,
        line: null,
      },
    ],
    [
      'shows no change of the reference of an order that is found by its id',
      {
        writesReference: 'new',
        desired: desiredOrder('berlin', { id: { id: asRemoteId('o1'), source: at(2) } }),
      },
      orderRow('o1'),
      part(WRITTEN),
      noChange('customer_reference'),
    ],
  ])('and an order that %s is a failure after five seconds', async (_, change, get, after, expected) => {
    const { end, progress, asked } = await edit(change, { [GET]: get, [PART]: inTurn(part(PLANNED), after) });
    expect([end, progress]).toEqual([expected, edited()]);
    expect(asked.slice(4)).toEqual(LOOKS);
  });

  it('and an order that does not say what it holds is warned of', async () => {
    const bare = { ...observed, subOrders: [{ ...whole, holdings: [] }] };
    const { end, progress } = await edit({ observed: bare }, { [PART]: part({}) });
    expect([end, progress]).toEqual([
      undefined,
      edited({ warnings: ['the order does not show its values yet: a later run compares them'] }),
    ]);
  });

  it('and an order that does not say what it holds, nor the new reference, is a failure', async () => {
    const bare = { ...observed, subOrders: [{ ...whole, holdings: [] }] };
    const { end } = await edit({ observed: bare, writesReference: 'new' }, { [PART]: part({}) });
    expect(end).toEqual(noChange('requirement a, customer_reference'));
  });

  it.each<[string, ClientScript]>([
    [
      'may keep what was approved',
      { [PART]: inTurn(part(PLANNED), part({ ...PLANNED, a: ['other', 'approved'] })) },
    ],
    [
      'may hold no value any more once it is done',
      {
        [GET]: inTurn(orderRow('o1'), orderRow('o1', { status: 'success' })),
        [PART]: inTurn(part(PLANNED), { ...part(), status: 'success' }),
      },
    ],
    ['may show it later', { [PART]: inTurn(part(PLANNED), part(PLANNED), part(PLANNED), part(WRITTEN)) }],
  ])('and the order %s', async (_, script) => {
    const { end, progress } = await edit({}, script);
    expect([end, progress.warnings]).toEqual([undefined, []]);
  });

  it('are sent again with a document that had vanished', async () => {
    const { end, progress } = await edit(
      { writes: [documentWrite('a', 'paper', 'd0')] },
      {
        [PATCH]: inTurn(refused(), {}),
        'GET /documents/d0': GONE,
        'POST /documents': { id: 'd1', sha256: documentOf('paper').sha256 },
        [PART]: inTurn(part(PLANNED), part({ ...PLANNED, a: ['d1', 'pending-approval'] })),
      },
    );
    expect(end).toBeUndefined();
    expect(progress.operations).toEqual(['upload', 'patch']);
    expect(progress.warnings).toHaveLength(1);
  });

  it.each<[string, ClientScript, unknown, string[]]>([
    [
      'and are refused for another reason fail',
      { [PATCH]: refused(), 'GET /documents/d0': { id: 'd0' } },
      refused(),
      [],
    ],
    [
      'and are not answered fail',
      { [PATCH]: new UnreachableError('down') },
      new UnreachableError('down'),
      [],
    ],
    [
      'are not sent again where only the reading back is refused',
      { [GET]: inTurn(orderRow('o1'), refused()) },
      refused(),
      ['patch'],
    ],
  ])('%s', async (_, script, expected, operations) => {
    const change = { writes: [documentWrite('a', 'paper', 'd0')] };
    const { end, progress, asked } = await edit(change, { [PART]: part(PLANNED), ...script });
    expect([end, progress.operations]).toEqual([expected, operations]);
    expect(asked.filter((step) => Array.isArray(step))).toHaveLength(1);
  });
});
