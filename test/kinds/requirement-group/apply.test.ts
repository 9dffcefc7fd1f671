import { describe, expect, it } from 'vitest';
import { workOnGroup } from '../../../src/kinds/requirement-group/apply.ts';
import type { Progress } from '../../../src/kinds/writing/outcome.ts';
import type { ApplyInput } from '../../../src/kinds/writing/run.ts';
import { InterruptedError, UnreachableError } from '../../../src/model/errors.ts';
import type { ObservedGroup } from '../../../src/model/observed.ts';
import type { NamedOrder } from '../../../src/model/orders/observed-order.ts';
import type { GroupChange } from '../../../src/model/plan/change.ts';
import { references } from '../../../src/model/reference-names.ts';
import { asReference, asRemoteId } from '../../../src/model/resource.ts';
import {
  definition,
  desiredGroup,
  documentValue,
  observedGroup,
  observedWorld,
  SCOPE,
  textValue,
} from '../../support/plan-inputs.ts';
import { type ClientScript, inTurn } from '../../support/scripted-client.ts';
import {
  at,
  documentOf,
  documentWrite,
  endOf,
  GONE,
  groupChange,
  groupRow,
  LOST,
  newProgress,
  refused,
  scriptedRun,
  textWrite,
} from '../../support/scripted-run.ts';

const LIST = 'GET /requirement_groups?filter[customer_reference]=regsync/acme/de-local';
const GET = 'GET /requirement_groups/g1';
const PATCH = 'PATCH /requirement_groups/g1';
const SUBMIT = 'POST /requirement_groups/g1/submit_for_approval';
const BEGIN = { create: 'create of de-local begins', patch: 'patch of de-local begins' };
const SUBMITTED = ['submit of de-local begins', SUBMIT, GET];

const { sha256 } = documentOf('registration');
const UPLOADED = { id: 'd1', sha256 };
const POST_DOCUMENT = [
  'POST /documents',
  { customer_reference: references.document(SCOPE, sha256), 'document.pdf': 'registration' },
];
const CONTACT = definition('a', 'Contact', 'textual');
const REGISTRATION = definition('b', 'Registration', 'document');
const DESIRED = desiredGroup({
  values: [textValue('desk', CONTACT), documentValue('registration', REGISTRATION)],
  definitions: [CONTACT, REGISTRATION],
});

function group(values: Readonly<Record<string, string>>, given: Partial<ObservedGroup> = {}): ObservedGroup {
  return observedGroup(values, { id: asRemoteId('g1'), ...given });
}
const row = (...of: Parameters<typeof group>) => groupRow(group(...of));
const pending = (values: Readonly<Record<string, string>>) => row(values, { status: 'pending-approval' });

const posted = (...values: (readonly [string, string])[]) => [
  'POST /requirement_groups',
  {
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    customer_reference: 'regsync/acme/de-local',
    regulatory_requirements: values.map(([requirement_id, field_value]) => ({ requirement_id, field_value })),
  },
];
const patched = (...values: (readonly [string, string])[]) => [
  PATCH,
  {
    regulatory_requirements: values.map(([requirement_id, field_value]) => ({ requirement_id, field_value })),
  },
];

async function work(
  change: Partial<GroupChange>,
  script: ClientScript,
  given: Partial<Omit<ApplyInput, 'client'>> = {},
): Promise<{ end: unknown; progress: Progress; asked: readonly unknown[] }> {
  const { run, asked } = scriptedRun(script, given);
  const whole = groupChange({ desired: DESIRED, ...change });
  const { id = null, status = null } = whole.observed ?? {};
  const progress = newProgress({ id, status, source: whole.source });
  return { end: await endOf(workOnGroup(run, whole, progress)), progress, asked };
}

const A = textWrite('a', 'desk');
const B = documentWrite('b', 'registration');

describe('a group that is to be created', () => {
  it('is looked for, made, read back, looked for again, and submitted', async () => {
    const { end, progress, asked } = await work(
      { writes: [A] },
      {
        [LIST]: inTurn([], [row({ a: 'desk' })]),
        'POST /requirement_groups': { id: 'g1' },
        [GET]: inTurn(row({ a: 'desk' }), pending({ a: 'desk' })),
        [SUBMIT]: {},
      },
    );
    expect(end).toBeUndefined();
    expect(progress).toEqual({
      id: 'g1',
      status: 'pending-approval',
      operations: ['create', 'submit'],
      warnings: [],
      source: at(1),
    });
    expect(asked).toEqual([LIST, BEGIN.create, posted(['a', 'desk']), GET, LIST, ...SUBMITTED]);
  });

  it('is looked for once more after its uploads, which take their time', async () => {
    const { progress, asked } = await work(
      { writes: [A, B], actions: ['create'] },
      {
        [LIST]: inTurn([], [], [row({})]),
        'POST /documents': UPLOADED,
        'POST /requirement_groups': { id: 'g1' },
        [GET]: row({ a: 'desk', b: 'd1' }),
      },
    );
    expect(progress).toMatchObject({ operations: ['upload', 'create'], status: 'unapproved', source: at(1) });
    expect(asked).toEqual([
      LIST,
      'upload of de-local begins',
      POST_DOCUMENT,
      LIST,
      BEGIN.create,
      posted(['a', 'desk'], ['b', 'd1']),
      GET,
      LIST,
    ]);
  });

  it('is not made where it is there by now as it is wanted, and nothing is uploaded for it', async () => {
    const { progress, asked } = await work(
      { writes: [A, documentWrite('b', 'registration')] },
      {
        [LIST]: [row({ a: 'desk', b: 'd7' })],
        'GET /documents/d7': { ...UPLOADED, id: 'd7' },
        [SUBMIT]: {},
        [GET]: pending({}),
      },
    );
    expect(progress).toEqual({
      id: 'g1',
      status: 'pending-approval',
      operations: ['submit'],
      warnings: ['group g1 has this reference already: none was created'],
      source: at(1),
    });
    expect(asked).toEqual([LIST, 'GET /documents/d7', ...SUBMITTED]);
  });

  it('is not made where it came to be there during its uploads', async () => {
    const { progress, asked } = await work(
      { writes: [B], actions: ['create'] },
      { [LIST]: inTurn([], [row({ b: 'd1' })]), 'POST /documents': UPLOADED, 'GET /documents/d1': UPLOADED },
    );
    expect(progress).toMatchObject({
      id: 'g1',
      operations: ['upload'],
      warnings: ['group g1 has this reference already: none was created'],
    });
    expect(asked.at(-1)).toBe('GET /documents/d1');
  });

  it('gets its values where it is there by now without them, and that is said once', async () => {
    const { progress, asked } = await work(
      { writes: [A, B], actions: ['create'] },
      {
        [LIST]: [row({})],
        'POST /documents': UPLOADED,
        [PATCH]: {},
        [GET]: row({ a: 'desk', b: 'd1' }),
      },
    );
    expect(progress).toMatchObject({
      operations: ['upload', 'patch'],
      warnings: ['group g1 has this reference already: none was created'],
    });
    expect(asked.slice(3)).toEqual([LIST, BEGIN.patch, patched(['a', 'desk'], ['b', 'd1']), GET]);
  });

  it('is made anew with a document that had vanished, after another look', async () => {
    const { end, progress, asked } = await work(
      { writes: [documentWrite('b', 'registration', 'd0')], actions: ['create'] },
      {
        [LIST]: inTurn([], [], [row({})]),
        'POST /requirement_groups': inTurn(refused(), { id: 'g1' }),
        'GET /documents/d0': GONE,
        'POST /documents': UPLOADED,
        [GET]: row({ b: 'd1' }),
      },
    );
    expect(end).toBeUndefined();
    expect(progress).toMatchObject({
      operations: ['upload', 'create'],
      warnings: [
        'documents/registration.pdf had vanished at Telnyx since the plan was made and was uploaded again',
      ],
    });
    expect(asked).toEqual([
      LIST,
      BEGIN.create,
      posted(['b', 'd0']),
      'GET /documents/d0',
      'upload of de-local begins',
      POST_DOCUMENT,
      LIST,
      BEGIN.create,
      posted(['b', 'd1']),
      GET,
      LIST,
    ]);
  });

  it.each<[string, ClientScript, unknown, string[], string | null]>([
    [
      'and refused for another reason than its documents fails',
      { [LIST]: [], 'POST /requirement_groups': refused(), 'GET /documents/d0': { id: 'd0' } },
      refused(),
      [],
      null,
    ],
    [
      'and not answered for fails, whatever has become of its documents',
      { [LIST]: [], 'POST /requirement_groups': new UnreachableError('No usable answer') },
      new UnreachableError('No usable answer'),
      [],
      null,
    ],
    [
      'and cannot be read back is not made again',
      { [LIST]: [], 'POST /requirement_groups': { id: 'g1' }, [GET]: refused() },
      refused(),
      ['create'],
      null,
    ],
    [
      'and is the younger of two is not submitted',
      {
        [LIST]: inTurn([], [row({}, { id: asRemoteId('g0') }), row({})]),
        'POST /requirement_groups': { id: 'g1' },
        [GET]: row({ b: 'd0' }),
      },
      expect.objectContaining({ code: 'duplicate-groups' }),
      ['create'],
      'unapproved',
    ],
  ])('%s', async (_, script, expected, operations, status) => {
    const { end, progress } = await work({ writes: [documentWrite('b', 'registration', 'd0')] }, script);
    expect(end).toEqual(expected);
    expect(progress).toEqual({
      id: operations.length === 0 ? null : 'g1',
      status,
      operations,
      warnings: [],
      source: at(1),
    });
  });

  it('is not made beside one without a reference that holds exactly its values', async () => {
    const observed = { ...observedWorld({}), unclaimed: [group({ a: 'desk' }, { reference: null })] };
    const { end, asked } = await work({ writes: [A] }, { [LIST]: [] }, { observed });
    expect(end).toMatchObject({ code: 'already-there' });
    expect(asked).toEqual([LIST]);
  });

  const twins = [row({}, { createdAt: '2026-05-01T00:00:00Z' }), row({}, { id: asRemoteId('g2') })];
  it.each<[string, ClientScript, string[]]>([
    [
      'that has a younger twin is told of',
      { [LIST]: inTurn([], twins), 'POST /requirement_groups': { id: 'g1' } },
      [
        '2 groups have this reference, oldest first: g1 (unapproved), g2 (unapproved). None is deleted. Write "id: g1" into the manifest to keep the oldest',
      ],
    ],
    [
      'whose answer was lost is told of once, with its twin',
      { [LIST]: inTurn([], twins), 'POST /requirement_groups': LOST },
      ['an answer was lost and a duplicate requirement group was made: g2 beside g1; it is not deleted'],
    ],
  ])('%s', async (_, script, warnings) => {
    const read = row({ a: 'desk' }, { createdAt: '2026-05-01T00:00:00Z' });
    const { end, progress } = await work({ writes: [A], actions: ['create'] }, { ...script, [GET]: read });
    expect([end, progress.warnings]).toEqual([undefined, warnings]);
  });
});

describe('a group that is to be changed', () => {
  const observed = group({ a: 'old', c: 'kept' });
  const written = { a: 'desk', c: 'kept' };
  const change: Partial<GroupChange> = {
    verb: 'update',
    actions: ['update', 'submit'],
    observed,
    writes: [A],
  };

  it('is read, patched, read back and submitted', async () => {
    const { end, progress, asked } = await work(change, {
      [GET]: inTurn(groupRow(observed), row(written), pending(written)),
      [PATCH]: {},
      [SUBMIT]: {},
    });
    expect(end).toBeUndefined();
    expect(progress).toEqual({
      id: 'g1',
      status: 'pending-approval',
      operations: ['patch', 'submit'],
      warnings: [],
      source: at(1),
    });
    expect(asked).toEqual([GET, BEGIN.patch, patched(['a', 'desk']), GET, ...SUBMITTED]);
  });

  it('gets its reference with its values', async () => {
    const { asked } = await work(
      { ...change, actions: ['update', 'adopt'], writesReference: 'regsync/acme/x' },
      {
        [GET]: inTurn(groupRow(observed), row(written, { reference: asReference('regsync/acme/x') })),
        [PATCH]: {},
      },
    );
    expect(asked[2]).toEqual([
      PATCH,
      {
        customer_reference: 'regsync/acme/x',
        regulatory_requirements: [{ requirement_id: 'a', field_value: 'desk' }],
      },
    ]);
    expect(asked).toHaveLength(4);
  });

  it.each(['approved', 'pending-approval'])(
    'is not submitted where it is %s after the patch',
    async (status) => {
      const { progress, asked } = await work(change, {
        [GET]: inTurn(groupRow(observed), row(written, { status })),
        [PATCH]: {},
      });
      expect(progress).toMatchObject({ status, operations: ['patch'] });
      expect(asked).toHaveLength(4);
    },
  );

  it('is not patched where nothing is to be written', async () => {
    const { progress, asked } = await work(
      { ...change, actions: ['submit'], writes: [] },
      { [GET]: inTurn(groupRow(observed), pending({ a: 'old', c: 'kept' })), [SUBMIT]: {} },
    );
    expect(progress.operations).toEqual(['submit']);
    expect(asked).toEqual([GET, ...SUBMITTED]);
  });

  it.each<[string, ClientScript, unknown, string[], string]>([
    [
      'and lost another value by the write is not submitted',
      { [GET]: inTurn(groupRow(observed), row({ a: 'desk', c: '' })), [PATCH]: {} },
      expect.objectContaining({ code: 'changed-since-planned' }),
      ['patch'],
      'unapproved',
    ],
    [
      'and cannot be read back is not patched again',
      { [GET]: inTurn(groupRow(observed), refused()), [PATCH]: {} },
      refused(),
      ['patch'],
      'unapproved',
    ],
    ['and is refused fails', { [GET]: groupRow(observed), [PATCH]: refused() }, refused(), [], 'unapproved'],
    [
      'and refused to be submitted fails, though it is patched',
      { [GET]: inTurn(groupRow(observed), row(written)), [PATCH]: {}, [SUBMIT]: refused(400) },
      expect.objectContaining({
        code: 'submit-refused',
        message: 'Telnyx refused the submission: SOME /request answered 400',
      }),
      ['patch'],
      'unapproved',
    ],
    [
      'and not answered for as it is submitted fails as that',
      { [GET]: inTurn(groupRow(observed), row(written)), [PATCH]: {}, [SUBMIT]: new UnreachableError('No') },
      new UnreachableError('No'),
      ['patch'],
      'unapproved',
    ],
    [
      'and declined since the plan is left as it is, but its status is told',
      { [GET]: row({ a: 'old', c: 'kept' }, { status: 'declined' }) },
      expect.objectContaining({ code: 'changed-since-planned' }),
      [],
      'unapproved',
    ],
  ])('%s', async (_, script, expected, operations, status) => {
    const { end, progress } = await work(change, script);
    expect(end).toEqual(expected);
    expect(progress).toEqual({ id: 'g1', status, operations, warnings: [], source: at(1) });
  });

  it.each(['create', 'patch', 'submit'] as const)(
    'is left alone once it is interrupted before its %s',
    async (operation) => {
      const interruption = new AbortController();
      const last = () => {
        interruption.abort();
        return operation === 'create' ? [] : row(operation === 'patch' ? { a: 'old', c: 'kept' } : written);
      };
      const { end, asked } = await work(
        operation === 'create' ? { writes: [A] } : change,
        { [LIST]: last, [GET]: operation === 'patch' ? last : inTurn(groupRow(observed), last), [PATCH]: {} },
        { signal: interruption.signal },
      );
      expect(end).toEqual(new InterruptedError(`interrupted before ${operation}`));
      expect(asked.at(-1)).toBe(operation === 'create' ? LIST : GET);
    },
  );
});

describe('orders that a group is attached to', () => {
  const order: NamedOrder = {
    kind: 'phone_number',
    id: asRemoteId('n1'),
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: null,
    holdings: [],
    source: at(9),
  };
  const NUMBER = 'GET /number_order_phone_numbers/n1';
  const ATTACH = 'POST /number_order_phone_numbers/n1/requirement_group';
  const number = (value: string) => ({
    id: 'n1',
    phone_number: '+49300000001',
    regulatory_requirements: [{ requirement_id: 'a', field_value: value, status: 'pending-approval' }],
  });
  const observed = group({ a: 'desk' }, { status: 'approved' });
  const change: Partial<GroupChange> = {
    actions: ['attach'],
    observed,
    attaches: [{ order, requirements: [], replaces: [] }],
  };

  it('get its values after its own writes, and before anything is deleted', async () => {
    const { end, progress, asked } = await work(
      { ...change, deletes: [observedGroup({}, { id: asRemoteId('old') })] },
      {
        [GET]: groupRow(observed),
        [NUMBER]: inTurn({ ...number(''), regulatory_requirements: [] }, number('desk')),
        [ATTACH]: {},
        'GET /requirement_groups/old': GONE,
      },
    );
    expect(end).toBeUndefined();
    expect(progress).toMatchObject({ status: 'approved', operations: ['attach', 'delete'] });
    expect(asked).toEqual([
      GET,
      'attach of de-local begins',
      NUMBER,
      [ATTACH, { requirement_group_id: 'g1' }],
      NUMBER,
      'delete of de-local begins',
      'GET /requirement_groups/old',
    ]);
  });
});

describe('a group that is to be deleted', () => {
  const old = observedGroup({ a: 'x' }, { id: asRemoteId('old'), status: 'declined' });
  const older = observedGroup({}, { id: asRemoteId('older') });
  const OLD = 'GET /requirement_groups/old';
  const begins = 'delete of de-local begins';
  const only: Partial<GroupChange> = { desired: null, actions: ['delete'], observed: old, deletes: [old] };

  it('is read, deleted, and looked for, and has no status afterwards', async () => {
    const { end, progress, asked } = await work(only, {
      [OLD]: inTurn(groupRow(old), GONE),
      'DELETE /requirement_groups/old': {},
    });
    expect(end).toBeUndefined();
    expect(progress).toMatchObject({ id: 'old', status: null, operations: ['delete'] });
    expect(asked).toEqual([begins, OLD, 'DELETE /requirement_groups/old', OLD]);
  });

  it('and is gone already is deleted, without a request for it', async () => {
    const { progress, asked } = await work(only, { [OLD]: GONE });
    expect(progress).toMatchObject({ status: null, operations: ['delete'] });
    expect(asked).toEqual([begins, OLD]);
  });

  it('and changed since it was planned stays, with its status', async () => {
    const { end, progress } = await work(only, { [OLD]: groupRow({ ...old, status: 'approved' }) });
    expect(end).toMatchObject({ code: 'changed-since-planned' });
    expect(progress).toMatchObject({ status: 'declined', operations: [] });
  });

  it('goes after its successor is submitted, whose status is told', async () => {
    const { progress, asked } = await work(
      { writes: [A], deletes: [old, older] },
      {
        [LIST]: inTurn([], [row({ a: 'desk' })]),
        'POST /requirement_groups': { id: 'g1' },
        [GET]: inTurn(row({ a: 'desk' }), pending({ a: 'desk' })),
        [SUBMIT]: {},
        [OLD]: GONE,
        'GET /requirement_groups/older': GONE,
      },
    );
    expect(progress).toMatchObject({
      id: 'g1',
      status: 'pending-approval',
      operations: ['create', 'submit', 'delete', 'delete'],
    });
    expect(asked.slice(-4)).toEqual([begins, OLD, begins, 'GET /requirement_groups/older']);
  });

  it('stays where its successor could not be submitted', async () => {
    const { progress, asked } = await work(
      { writes: [A], deletes: [old] },
      {
        [LIST]: inTurn([], [row({ a: 'desk' })]),
        'POST /requirement_groups': { id: 'g1' },
        [GET]: row({ a: 'desk' }),
        [SUBMIT]: refused(),
      },
    );
    expect(progress.operations).toEqual(['create']);
    expect(asked).not.toContain(begins);
  });
});
