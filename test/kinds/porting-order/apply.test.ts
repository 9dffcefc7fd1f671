import { describe, expect, it } from 'vitest';
import { workOnPortingOrder } from '../../../src/kinds/porting-order/apply.ts';
import type { Progress } from '../../../src/kinds/writing/outcome.ts';
import type { ApplyInput } from '../../../src/kinds/writing/run.ts';
import { InterruptedError, UnreachableError } from '../../../src/model/errors.ts';
import type { SettingPath, SettingValue, SettingWrite } from '../../../src/model/orders/porting.ts';
import type { PortingOrderChange, ValueWrite } from '../../../src/model/plan/change.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { desiredPort, observedPort } from '../../support/ported.ts';
import { type ClientScript, inTurn } from '../../support/scripted-client.ts';
import {
  at,
  documentOf,
  documentWrite,
  endOf,
  GONE,
  newProgress,
  refused,
  scriptedRun,
  textWrite,
} from '../../support/scripted-run.ts';

const ORDER = 'GET /porting_orders/id-port';
const REQUIREMENTS = 'GET /porting_orders/id-port/requirements';
const PATCH = 'PATCH /porting_orders/id-port';
const BEGIN = 'patch of port begins';
const text = (written: string) => new Sensitive(written);

/** As it is planned: a name, a passcode, a place, two values. */
const SETTINGS = {
  customer_reference: 'PORT 1',
  end_user: { admin: { entity_name: 'Example AG', pin_passcode: '0000' } },
};
const row = (fields: object = SETTINGS, status = 'exception') => ({
  id: 'id-port',
  status: { value: status },
  ...fields,
});
const required = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([id, field_value]) => ({ requirement_type: { id }, field_value }));

const requirement = (requirementId: string, value: string) => ({
  requirementId,
  fieldType: 'textual' as const,
  value: text(value),
  status: null,
  name: null,
});
const PLANNED = observedPort(
  {
    customer_reference: text('PORT 1'),
    'end_user.admin.entity_name': text('Example AG'),
    'end_user.admin.pin_passcode': text('0000'),
  },
  { requirements: [requirement('a', 'old'), requirement('b', 'kept'), requirement('c', '')] },
);
const HELD = { a: 'old', b: 'kept', c: '' };

function settingWrite(path: SettingPath, value: SettingValue, line = 31): SettingWrite {
  return { path, value, before: text(''), after: text(''), source: at(line) };
}
const NAME = settingWrite('end_user.admin.entity_name', text('Example GmbH'));
const NAMED = { ...SETTINGS, end_user: { admin: { entity_name: 'Example GmbH', pin_passcode: '0000' } } };
const SENT = [PATCH, { end_user: { admin: { entity_name: 'Example GmbH' } } }];

async function work(
  { settings = [NAME], writes = [], ...change }: Partial<PortingOrderChange>,
  script: ClientScript,
  given: Partial<Omit<ApplyInput, 'client'>> = {},
): Promise<{ end: unknown; progress: Progress; asked: readonly unknown[] }> {
  const { run, asked } = scriptedRun(script, given);
  const whole: PortingOrderChange = {
    kind: 'PortingOrder',
    name: 'port',
    source: at(1),
    verb: 'update',
    actions: ['update'],
    desired: desiredPort({}),
    observed: PLANNED,
    settings,
    writes,
    dependsOn: [],
    consequences: [],
    ...change,
  };
  const progress = newProgress({ id: whole.observed.id, status: whole.observed.status, source: at(1) });
  return { end: await endOf(workOnPortingOrder(run, whole, progress)), progress, asked };
}

const changed = (why: string) => ({
  code: 'changed-since-planned',
  message: `porting order id-port changed since it was planned: ${why}. It was left as it is; plan again`,
  line: 1,
});
const lost = (names: string) => ({
  code: 'settings-lost',
  message: `porting order id-port held values that the request did not touch and that are gone or changed since: ${names}. Enter them again at Telnyx, or state them in the manifest, which then sends them along`,
  line: 1,
});
const withoutEffect = (names: string, line: number) => ({
  code: 'write-without-effect',
  message: `Telnyx answered success, but reading the order back shows no change of ${names}`,
  line,
});
const done = (given: Partial<Progress> = {}) =>
  newProgress({ id: PLANNED.id, status: 'exception', operations: ['patch'], source: at(1), ...given });

describe('a porting order', () => {
  it('is read, written in one request, and read back', async () => {
    const { end, progress, asked } = await work(
      { writes: [textWrite('a', 'new')] },
      {
        [ORDER]: inTurn(row(), row(NAMED, 'in-process')),
        [REQUIREMENTS]: inTurn(required(HELD), required({ ...HELD, a: 'new' })),
        [PATCH]: {},
      },
    );
    expect(end).toBeUndefined();
    expect(progress).toEqual(done({ status: 'in-process' }));
    expect(asked).toEqual([
      ORDER,
      REQUIREMENTS,
      BEGIN,
      [
        PATCH,
        {
          end_user: { admin: { entity_name: 'Example GmbH' } },
          requirements: [{ requirement_type_id: 'a', field_value: 'new' }],
        },
      ],
      ORDER,
      REQUIREMENTS,
    ]);
  });

  it('is not asked what it demands where only settings and documents are written, whatever values were planned with', async () => {
    const loa: ValueWrite = { ...documentWrite('a', 'loa'), requirementId: 'documents.loa' };
    const { progress, asked } = await work(
      { settings: [], writes: [loa] },
      {
        [ORDER]: inTurn(row(), row(), row({ ...SETTINGS, documents: { loa: 'd1' } })),
        'POST /documents': { id: 'd1', sha256: documentOf('loa').sha256 },
        [PATCH]: {},
      },
    );
    expect(progress).toEqual(done({ operations: ['upload', 'patch'] }));
    // Once before the upload as well: a document for an order that changed would be of no use.
    expect(asked).toEqual([
      ORDER,
      'upload of port begins',
      expect.arrayContaining(['POST /documents']),
      ORDER,
      BEGIN,
      [PATCH, { documents: { loa: 'd1' } }],
      ORDER,
    ]);
  });

  it.each<[string, ClientScript]>([
    ['a second later', { [ORDER]: inTurn(row(), row(), row(NAMED)) }],
    ['there again a second later', { [ORDER]: inTurn(row(), GONE, row(NAMED)) }],
  ])('may show what was written %s', async (_, script) => {
    const { end, asked } = await work({}, { ...script, [PATCH]: {} });
    expect([end, asked]).toEqual([undefined, [ORDER, BEGIN, SENT, ORDER, 'wait 1000', ORDER]]);
  });
});

describe('a porting order that is read again right before it is written to', () => {
  it.each<[string, Partial<PortingOrderChange>, object, Readonly<Record<string, string>>]>([
    ['may hold the setting that is wanted', {}, NAMED, HELD],
    [
      'may hold the value that is wanted',
      { settings: [], writes: [textWrite('a', 'new')] },
      SETTINGS,
      { ...HELD, a: 'new' },
    ],
  ])('%s: a killed run may have written it', async (_, change, fields, values) => {
    const { end, progress } = await work(change, {
      [ORDER]: row(fields),
      [REQUIREMENTS]: required(values),
      [PATCH]: {},
    });
    expect([end, progress]).toEqual([undefined, done()]);
  });

  it.each<[string, object | Error, Readonly<Record<string, string>>, string]>([
    ['is gone', GONE, HELD, 'it is gone'],
    ['has another status', row(SETTINGS, 'ported'), HELD, 'its status is ported, no longer exception'],
    [
      'has another passcode and reference',
      row({ end_user: { admin: { entity_name: 'Example AG', pin_passcode: '9999' } } }),
      HELD,
      'customer_reference has another value; end_user.admin.pin_passcode has another value',
    ],
    [
      'has a third name',
      row({ ...SETTINGS, end_user: { admin: { entity_name: 'X', pin_passcode: '0000' } } }),
      HELD,
      'end_user.admin.entity_name has another value',
    ],
    ['holds another value', row(), { ...HELD, b: 'x' }, 'b has another value'],
    [
      'lost a value, and got others',
      row(),
      { a: '', b: 'kept', c: 'x', d: 'x' },
      'a has another value; c has another value; d has another value',
    ],
    [
      'has a document',
      row({ ...SETTINGS, documents: { invoice: 'd9' } }),
      HELD,
      'documents.invoice has another value',
    ],
  ])('and %s is left as it is', async (_, answer, values, why) => {
    const { end, progress, asked } = await work(
      { writes: [textWrite('a', 'new')] },
      { [ORDER]: answer, [REQUIREMENTS]: required(values) },
    );
    expect([end, progress]).toEqual([changed(why), done({ operations: [] })]);
    expect(asked).toEqual([ORDER, REQUIREMENTS]);
  });

  it('may have documents that its group has brought, but not in place of those that are written', async () => {
    const group = { name: 'de-porting', source: at(2) };
    const brought = { ...NAMED, documents: { loa: 'd9' } };
    const script = {
      [ORDER]: inTurn(row({ ...SETTINGS, documents: { loa: 'd9' } }), row(brought)),
      [PATCH]: {},
    };
    const desired = desiredPort({}, { group });
    expect((await work({ desired }, script)).end).toBeUndefined();
    const loa: ValueWrite = { ...documentWrite('a', 'loa', 'd1'), requirementId: 'documents.loa' };
    expect((await work({ desired, writes: [loa] }, script)).end).toEqual(
      changed('documents.loa has another value'),
    );
  });

  it('is left as it is before anything is uploaded for it', async () => {
    const { end, asked } = await work({ writes: [documentWrite('a', 'loa')] }, { [ORDER]: GONE });
    expect(end).toEqual(changed('it is gone'));
    expect(asked).toEqual([ORDER, REQUIREMENTS]);
  });

  it('and cannot be read is a failure', async () => {
    expect((await work({}, { [ORDER]: refused(400) })).end).toEqual(refused(400));
  });

  it('is not begun after an interruption', async () => {
    const interruption = new AbortController();
    const last = () => {
      interruption.abort();
      return row();
    };
    const { end, asked } = await work({}, { [ORDER]: last }, { signal: interruption.signal });
    expect([end, asked]).toEqual([new InterruptedError('interrupted before patch'), [ORDER]]);
  });
});

describe('a porting order that is read back', () => {
  const twice = (after: object | Error) => ({ [ORDER]: inTurn(row(), after), [PATCH]: {} });

  it.each<[string, Partial<PortingOrderChange>, ClientScript, unknown, string]>([
    [
      'shows no change of a setting',
      {},
      twice(row(SETTINGS, 'in-process')),
      withoutEffect('end_user.admin.entity_name', 31),
      'in-process',
    ],
    ['is not there', {}, twice(GONE), withoutEffect('the order itself', 1), 'exception'],
    [
      'shows no change of anything',
      {
        settings: [settingWrite('customer_reference', null, 32), NAME],
        writes: [textWrite('a', 'new'), textWrite('c', '2026-06-01')],
      },
      { ...twice(row()), [REQUIREMENTS]: required(HELD) },
      withoutEffect('customer_reference, end_user.admin.entity_name, a, c', 32),
      'exception',
    ],
    [
      'shows no change of one value',
      { settings: [], writes: [textWrite('a', 'new'), textWrite('c', '2026-06-01')] },
      {
        ...twice(row()),
        [REQUIREMENTS]: inTurn(required(HELD), required({ ...HELD, c: '2026-06-01T00:00:00.000Z' })),
      },
      withoutEffect('a', 11),
      'exception',
    ],
    [
      'lost settings',
      {},
      twice(row({ end_user: { admin: { entity_name: 'Example GmbH' } } })),
      lost('customer_reference, end_user.admin.pin_passcode'),
      'exception',
    ],
    [
      'lost a setting, and shows no change of another',
      {},
      twice(row({ ...SETTINGS, end_user: { admin: { entity_name: 'Example AG' } } })),
      lost('end_user.admin.pin_passcode'),
      'exception',
    ],
    [
      'lost a value, and has another for another',
      {
        settings: [],
        writes: [textWrite('a', 'new')],
        observed: { ...PLANNED, requirements: [...PLANNED.requirements, requirement('e', 'e')] },
      },
      {
        ...twice(row()),
        [REQUIREMENTS]: inTurn(required({ ...HELD, e: 'e' }), required({ a: 'new', b: '', e: 'x' })),
      },
      lost('b, e'),
      'exception',
    ],
  ])('and %s is a failure after two looks', async (_, change, script, expected, status) => {
    const { end, progress, asked } = await work(change, script);
    expect([end, progress]).toEqual([expected, done({ status })]);
    expect(asked.filter((step) => step === ORDER)).toHaveLength(3);
    expect(asked).toContain('wait 1000');
  });

  it('may show more than it did before', async () => {
    const { end } = await work({}, twice(row({ ...NAMED, webhook_url: 'https://example.com/port' })));
    expect(end).toBeUndefined();
  });

  it('may not lose anything else with the type of a port', async () => {
    const before = { ...SETTINGS, misc: { type: 'partial' } };
    const observed = observedPort({ ...Object.fromEntries(PLANNED.settings), 'misc.type': text('partial') });
    const after = { end_user: SETTINGS.end_user, misc: { type: 'full' } };
    const script = { [ORDER]: inTurn(row(before), row(after)), [PATCH]: {} };
    const { end } = await work({ settings: [settingWrite('misc.type', text('full'))], observed }, script);
    expect(end).toEqual(lost('customer_reference'));
  });

  it.each<[string, SettingWrite, object, boolean]>([
    ['the type is written', settingWrite('misc.type', text('full')), { type: 'full' }, false],
    ['the whole of it is cleared', settingWrite('misc', null), { type: 'full' }, false],
    ['something else is written', NAME, { type: 'partial' }, true],
  ])('may lose what follows from the type of a port, where %s', async (_, setting, misc, isLost) => {
    const before = { ...SETTINGS, misc: { type: 'partial', remaining_numbers_action: 'keep' } };
    const fields = setting === NAME ? NAMED : SETTINGS;
    const observed = observedPort({
      ...Object.fromEntries(PLANNED.settings),
      'misc.type': text('partial'),
      'misc.remaining_numbers_action': text('keep'),
    });
    const script = { [ORDER]: inTurn(row(before), row({ ...fields, misc })), [PATCH]: {} };
    const { end } = await work({ settings: [setting], observed }, script);
    expect(end).toEqual(isLost ? lost('misc.remaining_numbers_action') : undefined);
  });
});

describe('a porting order that refuses what is written', () => {
  const reused: ValueWrite = { ...documentWrite('a', 'loa', 'd0'), requirementId: 'documents.loa' };

  it('gets it again with a document that had vanished', async () => {
    const { end, progress, asked } = await work(
      { settings: [], writes: [reused] },
      {
        [ORDER]: inTurn(row(), row(), row({ ...SETTINGS, documents: { loa: 'd1' } })),
        [PATCH]: inTurn(refused(), {}),
        'GET /documents/d0': GONE,
        'POST /documents': { id: 'd1', sha256: documentOf('loa').sha256 },
      },
    );
    expect(end).toBeUndefined();
    expect(progress).toMatchObject({
      operations: ['upload', 'patch'],
      warnings: ['documents/loa.pdf had vanished at Telnyx since the plan was made and was uploaded again'],
    });
    expect(asked.filter((step) => Array.isArray(step) && step[0] === PATCH)).toEqual([
      [PATCH, { documents: { loa: 'd0' } }],
      [PATCH, { documents: { loa: 'd1' } }],
    ]);
  });

  it.each<[string, ClientScript, unknown, string[], number]>([
    [
      'for another reason fails',
      { [ORDER]: row(), [PATCH]: refused(), 'GET /documents/d0': { id: 'd0' } },
      refused(),
      [],
      1,
    ],
    [
      'and is not reached fails',
      { [ORDER]: row(), [PATCH]: new UnreachableError('down') },
      new UnreachableError('down'),
      [],
      1,
    ],
    [
      'only to be read back is not written to again',
      { [ORDER]: inTurn(row(), refused()), [PATCH]: {} },
      refused(),
      ['patch'],
      1,
    ],
  ])('%s', async (_, script, expected, operations, patches) => {
    const { end, progress, asked } = await work({ settings: [], writes: [reused] }, script);
    expect([end, progress.operations]).toEqual([expected, operations]);
    expect(asked.filter((step) => Array.isArray(step))).toHaveLength(patches);
  });
});
