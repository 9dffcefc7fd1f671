import { describe, expect, it } from 'vitest';
import { attachAll } from '../../../../src/kinds/requirement-group/orders/attach.ts';
import { AttachError } from '../../../../src/kinds/writing/outcome.ts';
import {
  AuthenticationError,
  InterruptedError,
  MalformedAnswerError,
  UnreachableError,
} from '../../../../src/model/errors.ts';
import type { ObservedGroup } from '../../../../src/model/observed.ts';
import type { NamedOrder } from '../../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../../src/model/resource.ts';
import { observedGroup } from '../../../support/plan-inputs.ts';
import { type ClientScript, inTurn } from '../../../support/scripted-client.ts';
import { LOST, refused, scriptedRun } from '../../../support/scripted-run.ts';

/** `{ requirement: [value, status] }` */
type Held = Readonly<Record<string, readonly [string, string | null]>>;

const GROUP = observedGroup({ a: 'wanted', b: '2026-06-01', c: '' }, { id: asRemoteId('g1') });
const GET = 'GET /sub_number_orders/o1?filter[include_phone_numbers]=true';
const POST = 'POST /sub_number_orders/o1/requirement_group';
const SENT = [POST, { requirement_group_id: 'g1' }];
const EMPTY: Held = { a: ['', 'awaiting-value'] };
const CARRIED: Held = {
  a: ['wanted', 'pending-approval'],
  b: ['2026-06-01T00:00:00.000Z', 'pending-approval'],
};

const rowsOf = (held: Held) =>
  Object.entries(held).map(([requirement_id, [field_value, status]]) => ({
    requirement_id,
    field_type: 'textual',
    field_value,
    status,
  }));

/** A sub order of one phone number for each of these holdings. */
function order(
  given: { readonly status?: string; readonly id?: string } = {},
  ...holdings: readonly Held[]
): object {
  const { id = 'o1', status = 'pending' } = given;
  return {
    id,
    country_code: 'DE',
    phone_number_type: 'local',
    status,
    phone_numbers_count: holdings.length,
    phone_numbers: holdings.map((held, index) => ({
      id: `n${index}`,
      phone_number: `+4930000000${index}`,
      regulatory_requirements: rowsOf(held),
    })),
  };
}

function planned(given: Partial<NamedOrder> = {}, held: Held = EMPTY): NamedOrder {
  const holding = Object.entries(held).map(([requirementId, [value, status]]) => ({
    requirementId,
    fieldType: 'textual' as const,
    value: new Sensitive(value),
    status,
  }));
  return {
    kind: 'sub_number_order',
    id: asRemoteId('o1'),
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: asRemoteId('o1'),
    holdings: [holding],
    source: { file: 'groups/a.yaml', line: 9, column: 5 },
    ...given,
  };
}

interface End {
  readonly error: unknown;
  readonly others: readonly unknown[];
  readonly asked: readonly unknown[];
}

async function attach(
  script: ClientScript,
  orders: readonly NamedOrder[] = [planned()],
  { group = GROUP, begin = () => {} }: { readonly group?: ObservedGroup; readonly begin?: () => void } = {},
): Promise<End> {
  const { run, asked } = scriptedRun(script);
  const changes = orders.map((one) => ({ order: one, requirements: [], replaces: [] }));
  const progress = {
    begin: () => {
      begin();
      asked.push('begins');
    },
    done: () => void asked.push('done'),
  };
  try {
    await attachAll(run.writer, group, changes, progress);
    return { error: null, others: [], asked };
  } catch (error) {
    if (!(error instanceof AttachError)) return { error, others: [], asked };
    return { error: error.message, others: error.others.map(({ message }) => message), asked };
  }
}

const LOOKS = [GET, 'wait 500', GET, 'wait 1500', GET, 'wait 3000', GET];
const failed = (why: string, id = 'o1') => `sub number order ${id} did not get the group's values: ${why}`;
const changed = (why: string) =>
  failed(`the order changed since it was planned: ${why}. It was left as it is; plan again`);

describe('an order that gets the values of a group', () => {
  it.each<[string, ClientScript, unknown[]]>([
    [
      'is looked at before, and read back after',
      { [GET]: inTurn(order({}, EMPTY), order({}, CARRIED)), [POST]: {} },
      ['begins', GET, SENT, 'done', GET],
    ],
    ['is not written to where it carries them already', { [GET]: order({}, CARRIED) }, ['begins', GET]],
    [
      'may show them only after five seconds',
      {
        [GET]: inTurn(
          order({}, EMPTY),
          order({}, EMPTY),
          order({}, EMPTY),
          order({}, EMPTY),
          order({}, CARRIED),
        ),
        [POST]: {},
      },
      ['begins', GET, SENT, 'done', ...LOOKS],
    ],
    [
      'may keep what was approved in it',
      {
        [GET]: inTurn(order({}, EMPTY), order({}, { ...CARRIED, b: ['2026-05-01', 'approved'] })),
        [POST]: {},
      },
      ['begins', GET, SENT, 'done', GET],
    ],
    [
      'may hold what the group says nothing of',
      {
        [GET]: inTurn(
          order({}, EMPTY),
          order({}, { ...CARRIED, c: ['later', 'pending-approval'], d: ['', null] }),
        ),
        [POST]: {},
      },
      ['begins', GET, SENT, 'done', GET],
    ],
    [
      'may have numbers that are not filled in yet beside those that are',
      { [GET]: inTurn(order({}, EMPTY, {}), order({}, {}, CARRIED)), [POST]: {} },
      ['begins', GET, SENT, 'done', GET],
    ],
    [
      'may be accepted at once',
      { [GET]: inTurn(order({}, EMPTY), order({ status: 'success' })), [POST]: {} },
      ['begins', GET, SENT, 'done', GET],
    ],
    [
      'and refuses them as it carries them by then, has got them',
      { [GET]: inTurn(order({}, EMPTY), order({}, CARRIED)), [POST]: refused() },
      ['begins', GET, SENT, GET, 'done'],
    ],
    [
      'is not sent them again where an answer was lost, and it carries them',
      { [GET]: inTurn(order({}, EMPTY), order({}, EMPTY), order({}, CARRIED)), [POST]: LOST },
      ['begins', GET, SENT, GET, 'wait 500', GET, 'done'],
    ],
    [
      'is sent them again where an answer was lost, and it does not carry them',
      {
        [GET]: inTurn(...Array.from({ length: 5 }, () => order({}, EMPTY)), order({}, CARRIED)),
        [POST]: inTurn(LOST, {}),
      },
      ['begins', GET, SENT, ...LOOKS, SENT, 'done', GET],
    ],
    [
      'may hold by now what was planned, or what the group holds',
      {
        [GET]: inTurn(order({}, { a: ['old', 'declined'], b: ['2026-06-01', null] }), order({}, CARRIED)),
        [POST]: {},
      },
      ['begins', GET, SENT, 'done', GET],
    ],
  ])('%s', async (_, script, expected) => {
    const { error, asked } = await attach(script, [planned({}, { a: ['old', 'declined'] })]);
    expect([error, asked]).toEqual([null, expected]);
  });

  it.each<[string, ClientScript, string, unknown[]]>([
    [
      'and is closed by now is left alone',
      { [GET]: order({ status: 'cancelled' }) },
      changed('its status is cancelled, no longer pending'),
      ['begins', GET],
    ],
    [
      'and holds values by now that nobody saw is left alone, and each requirement is named once',
      {
        [GET]: order(
          {},
          { a: ['theirs', 'pending-approval'], b: ['x', 'declined'] },
          { a: ['else', 'pending-approval'], c: ['', null] },
        ),
      },
      changed('it holds another value for requirement a; it holds another value for requirement b'),
      ['begins', GET],
    ],
    [
      'and does not show them is a failure',
      { [GET]: order({}, EMPTY), [POST]: {} },
      failed('Telnyx answered success, but reading the order back shows other values than the group holds'),
      ['begins', GET, SENT, 'done', ...LOOKS],
    ],
    [
      'and shows the values of one number alone is a failure',
      { [GET]: inTurn(order({}, EMPTY, EMPTY), order({}, CARRIED, EMPTY)), [POST]: {} },
      failed('Telnyx answered success, but reading the order back shows other values than the group holds'),
      ['begins', GET, SENT, 'done', ...LOOKS],
    ],
    [
      'and is not filled in at all is a failure',
      { [GET]: inTurn(order({}, EMPTY), order({}, {})), [POST]: {} },
      failed('Telnyx answered success, but reading the order back shows other values than the group holds'),
      ['begins', GET, SENT, 'done', ...LOOKS],
    ],
    [
      'and refuses them without carrying them is a failure',
      { [GET]: order({}, EMPTY), [POST]: refused() },
      failed('SOME /request answered 422'),
      ['begins', GET, SENT, GET],
    ],
    [
      'and refuses them, closed by now, is a failure',
      { [GET]: inTurn(order({}, EMPTY), order({ status: 'success' }, CARRIED)), [POST]: refused() },
      failed('SOME /request answered 422'),
      ['begins', GET, SENT, GET],
    ],
    [
      'and cannot be reached is a failure without another look',
      { [GET]: order({}, EMPTY), [POST]: new UnreachableError('No usable answer') },
      failed('No usable answer'),
      ['begins', GET, SENT],
    ],
  ])('%s', async (_, script, message, expected) => {
    expect(await attach(script)).toEqual({ error: message, others: [], asked: expected });
  });

  it('is not written to where it does not say whether another value is approved', async () => {
    const { error } = await attach({ [GET]: order({}, { a: ['theirs', null] }) }, [
      planned({}, { a: ['theirs', null] }),
    ]);
    expect(error).toBeNull();
  });

  it('is asked for, and sent them, as the kind of order that it is', async () => {
    const number = { id: 'n1', phone_number: '+49300000001', status: 'pending' };
    const porting = { id: 'p1', status: { value: 'draft' } };
    const NUMBER = 'GET /number_order_phone_numbers/n1';
    const PORTING = ['GET /porting_orders/p1', 'GET /porting_orders/p1/requirements'];
    const required = (value: string) => ({
      requirement_type: { id: 'a' },
      field_value: value,
      requirement_status: 'requirement-info-pending',
    });
    const { error, asked } = await attach(
      {
        [NUMBER]: inTurn(number, { ...number, regulatory_requirements: rowsOf(CARRIED) }),
        'POST /number_order_phone_numbers/n1/requirement_group': {},
        'GET /porting_orders/p1': porting,
        'GET /porting_orders/p1/requirements': inTurn([required('')], [required('wanted')]),
        'PATCH /porting_orders/p1': {},
      },
      [
        planned({ kind: 'phone_number', id: asRemoteId('n1') }),
        planned({ kind: 'porting_order', id: asRemoteId('p1'), status: 'draft' }),
      ],
    );
    expect([error, asked]).toEqual([
      null,
      [
        'begins',
        NUMBER,
        ['POST /number_order_phone_numbers/n1/requirement_group', { requirement_group_id: 'g1' }],
        'done',
        NUMBER,
        'begins',
        ...PORTING,
        ['PATCH /porting_orders/p1', { requirement_group_id: 'g1' }],
        'done',
        ...PORTING,
      ],
    ]);
  });
});

describe('several orders that get the values of a group', () => {
  const IDS = ['o1', 'o2', 'o3', 'o4', 'o5'];
  const all = IDS.map((id) => planned({ id: asRemoteId(id) }));
  const get = (id: string) => `GET /sub_number_orders/${id}?filter[include_phone_numbers]=true`;
  /** Those that are not named carry the values already. */
  const scripted = (given: Readonly<Record<string, Error | (() => Error)>>): ClientScript =>
    Object.fromEntries(IDS.map((id) => [get(id), given[id] ?? order({ id }, CARRIED)]));
  const down = new UnreachableError('down');
  const strange = new MalformedAnswerError('strange');

  it.each<[string, Readonly<Record<string, Error>>, unknown, readonly string[], string[]]>([
    ['all get them', {}, null, [], IDS],
    [
      'one that fails does not stop the others, and all that fail are told',
      { o2: refused(400), o4: refused(409) },
      failed('SOME /request answered 400', 'o2'),
      [failed('SOME /request answered 409', 'o4')],
      IDS,
    ],
    [
      'after three in a row that cannot be reached the rest is not tried',
      { o2: down, o3: down, o4: down, o5: down },
      failed('down', 'o2'),
      [failed('down', 'o3'), failed('down', 'o4')],
      ['o1', 'o2', 'o3', 'o4'],
    ],
    [
      'three that cannot be reached, but not in a row, do not stop the rest',
      { o1: down, o2: down, o4: down },
      failed('down', 'o1'),
      [failed('down', 'o2'), failed('down', 'o4')],
      IDS,
    ],
    [
      'another failure begins the count anew, and answers that make no sense do not count',
      { o1: down, o2: down, o3: strange, o4: down, o5: refused() },
      failed('down', 'o1'),
      [
        failed('down', 'o2'),
        failed('strange', 'o3'),
        failed('down', 'o4'),
        failed('SOME /request answered 422', 'o5'),
      ],
      IDS,
    ],
    [
      'a refused key stops all of them as it is, where none had failed',
      { o2: new AuthenticationError('no key') },
      new AuthenticationError('no key'),
      [],
      ['o1', 'o2'],
    ],
    [
      'a refused key does not hide one that had failed',
      { o1: refused(), o2: new AuthenticationError('no key') },
      failed('SOME /request answered 422', 'o1'),
      [failed('no key', 'o2')],
      ['o1', 'o2'],
    ],
  ])('%s', async (_, given, error, others, tried) => {
    const end = await attach(scripted(given), all);
    expect(end).toEqual({ error, others, asked: tried.flatMap((id) => ['begins', get(id)]) });
  });

  it.each<[string, Readonly<Record<string, Error>>, unknown, string[]]>([
    ['as it is, where none had failed', {}, new InterruptedError('stop'), []],
    [
      'without hiding one that had failed',
      { o1: refused() },
      failed('SOME /request answered 422', 'o1'),
      [failed('stop', 'o2')],
    ],
  ])('an interruption stops all of them %s', async (_, given, error, others) => {
    let begun = 0;
    const begin = () => {
      begun += 1;
      if (begun > 1) throw new InterruptedError('stop');
    };
    expect(await attach(scripted(given), all, { begin })).toEqual({
      error,
      others,
      asked: ['begins', get('o1')],
    });
  });
});
