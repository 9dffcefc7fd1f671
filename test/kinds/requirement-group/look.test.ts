import { describe, expect, it } from 'vitest';
import {
  lookAgain,
  lookBeforeDelete,
  lookBeforeOrder,
  refuseUnseen,
} from '../../../src/kinds/requirement-group/look.ts';
import type { ObservedGroup } from '../../../src/model/observed.ts';
import type { NumberOrderChange, ValueWrite } from '../../../src/model/plan/change.ts';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { references } from '../../../src/model/reference-names.ts';
import type { RequirementDefinition } from '../../../src/model/requirements.ts';
import { asReference, asRemoteId } from '../../../src/model/resource.ts';
import {
  definition,
  desiredGroup,
  observedGroup,
  observedWorld,
  SCOPE,
  textValue,
} from '../../support/plan-inputs.ts';
import { type ClientScript, inTurn } from '../../support/scripted-client.ts';
import {
  addressOf,
  addressRow,
  addressWrite,
  at,
  documentOf,
  documentWrite,
  endOf,
  GONE,
  groupChange,
  groupRow,
  refused,
  scriptedRun,
  textWrite,
  valueWrite,
} from '../../support/scripted-run.ts';

const ID = asRemoteId('g1');
const GET = 'GET /requirement_groups/g1';
const LIST = 'GET /requirement_groups?filter[customer_reference]=regsync/acme/de-local';

/** Its manifest states a and b; d is stated, and not demanded any more. */
const DEMANDS: readonly RequirementDefinition[] = [
  definition('a', 'Contact "Info"', 'textual'),
  definition('b', 'Registration', 'textual'),
];
const DESIRED = desiredGroup({
  definitions: DEMANDS,
  values: [...DEMANDS, definition('d', 'Former', 'textual')].map((requirement) =>
    textValue('x', requirement),
  ),
});

function group(
  values: Readonly<Record<string, string>>,
  { status = 'unapproved', reference = 'regsync/acme/de-local', id = 'g1' } = {},
): ObservedGroup {
  return observedGroup(values, { id: asRemoteId(id), status, reference: asReference(reference) });
}

const changedSince = (why: string, consequence = 'It was left as it is', line: number | null = null) => ({
  code: 'changed-since-planned',
  message: `group g1 changed since it was planned: ${why}. ${consequence}; plan again`,
  line,
});
const otherValue = (name: string) => `it holds another value for ${name}`;

const A = textWrite('a', 'new');
const B = textWrite('b', '2026-06-01');
const HELD = { a: 'old', b: '', c: 'kept' };
const WANTED = { a: 'new', b: '2026-06-01T00:00:00.000Z', c: 'kept' };

interface Looking {
  readonly now: ObservedGroup | null;
  readonly planned?: ObservedGroup;
  readonly writes?: readonly ValueWrite[];
  readonly writesReference?: string;
  readonly actions?: readonly ('create' | 'update' | 'submit')[];
}

function look({
  now,
  planned = group(HELD),
  writes = [A, B],
  writesReference,
  actions = ['update', 'submit'],
}: Looking) {
  const { run, asked } = scriptedRun({ [GET]: now === null ? GONE : groupRow(now) });
  const change = groupChange({
    observed: planned,
    actions,
    writes,
    desired: DESIRED,
    writesReference: writesReference ?? null,
  });
  return { end: endOf(lookAgain(run, change, DESIRED)), asked };
}

describe('a group that is read again right before it is written to', () => {
  it.each<[string, Looking, boolean]>([
    ['and is as it was has still to be written', { now: group(HELD) }, false],
    ['and has nothing to be written is written', { now: group(HELD), writes: [] }, true],
    ['and holds all that is wanted is written', { now: group(WANTED) }, true],
    [
      'and holds half of what is wanted has still to be written',
      { now: group({ ...HELD, a: 'new' }) },
      false,
    ],
    [
      'and came to hold what is not demanded counts as it was',
      { now: group(HELD), planned: group(HELD) },
      false,
    ],
    [
      'and holds no value of what is stated but not demanded is written',
      { now: group(HELD), writes: [textWrite('d', 'x')] },
      true,
    ],
    [
      'and is still without what its manifest states has to be written',
      { now: group({}), planned: group({}), writes: [A] },
      false,
    ],
    [
      'and has its reference still to be written',
      {
        now: group(HELD, { reference: 'old' }),
        planned: group(HELD, { reference: 'old' }),
        writes: [],
        writesReference: 'new',
      },
      false,
    ],
    [
      'and has the reference that is wanted is written',
      {
        now: group(HELD, { reference: ' new ' }),
        planned: group(HELD, { reference: 'old' }),
        writes: [],
        writesReference: 'new',
      },
      true,
    ],
    [
      'and was approved, where all is written, is as it should be',
      { now: group(WANTED, { status: 'approved' }) },
      true,
    ],
    [
      'and was submitted, where all is written, is as it should be',
      { now: group(WANTED, { status: 'pending-approval' }) },
      true,
    ],
    [
      'and is unapproved as it was written to is as it should be',
      { now: group(WANTED), planned: group(HELD, { status: 'declined' }) },
      true,
    ],
  ])('%s', async (_, looking, isWritten) => {
    const { end, asked } = look(looking);
    expect(await end).toEqual({
      group: expect.objectContaining({ id: 'g1', status: looking.now?.status }),
      isWritten,
    });
    expect(asked).toEqual([GET]);
  });

  const planned = (status: string) => `no longer ${status}`;
  it.each<[string, Looking, string]>([
    ['is gone', { now: null }, 'it is gone'],
    [
      'has another reference',
      { now: group(HELD, { reference: 'theirs' }) },
      'it has another customer_reference',
    ],
    [
      'has a third reference',
      {
        now: group(HELD, { reference: 'third' }),
        planned: group(HELD, { reference: 'old' }),
        writesReference: 'new',
      },
      'it has another customer_reference',
    ],
    ['holds another value', { now: group({ ...HELD, a: 'theirs' }) }, otherValue('"Contact \\"Info\\""')],
    [
      'holds a value where there was none',
      { now: group({ ...HELD, b: 'theirs' }) },
      otherValue('"Registration"'),
    ],
    ['lost a value', { now: group({ ...HELD, a: '' }) }, otherValue('"Contact \\"Info\\""')],
    [
      'lost a value that its manifest does not state',
      { now: group({ a: 'old', b: '' }) },
      otherValue('requirement c'),
    ],
    [
      'got a value that its manifest does not state',
      { now: group({ ...HELD, e: 'x' }) },
      otherValue('requirement e'),
    ],
    [
      'holds another value where nothing is written',
      { now: group({ ...HELD, a: 'new' }), writes: [B] },
      otherValue('"Contact \\"Info\\""'),
    ],
    [
      'has another status, value and reference',
      { now: group({ ...HELD, a: 'theirs' }, { status: 'approved', reference: 'x' }) },
      `its status is approved, ${planned('unapproved')}; it has another customer_reference; ${otherValue('"Contact \\"Info\\""')}`,
    ],
    [
      'was approved before all was written',
      { now: group(HELD, { status: 'approved' }) },
      `its status is approved, ${planned('unapproved')}`,
    ],
    [
      'was submitted though nothing is to be',
      { now: group(WANTED, { status: 'pending-approval' }), actions: ['update'] },
      `its status is pending-approval, ${planned('unapproved')}`,
    ],
    [
      'was declined although all is written',
      { now: group(WANTED, { status: 'declined' }) },
      `its status is declined, ${planned('unapproved')}`,
    ],
    [
      'is unapproved though nothing was to be written',
      { now: group(HELD), planned: group(HELD, { status: 'approved' }), writes: [], actions: [] },
      `its status is unapproved, ${planned('approved')}`,
    ],
  ])('and %s is left as it is', async (_, looking, why) => {
    expect(await look(looking).end).toEqual(changedSince(why));
  });

  it('and cannot be read is a failure', async () => {
    const { run } = scriptedRun({ [GET]: refused(400) });
    expect(await endOf(lookAgain(run, groupChange({ observed: group(HELD) }), DESIRED))).toEqual(
      refused(400),
    );
  });

  it('counts what a group says last of a requirement', async () => {
    const both = group({ a: 'theirs' });
    const twice = { ...both, requirements: [...both.requirements, ...group(HELD).requirements] };
    expect(await look({ now: twice }).end).toMatchObject({ isWritten: false });
  });
});

describe('a value that somebody wrote since the plan', () => {
  const { sha256 } = documentOf('registration');
  const address = addressOf('Beispielweg 1');
  const reference = references.address(SCOPE, address.sha256);
  const ADDRESSES = `GET /addresses?filter[customer_reference][eq]=${reference}`;

  it.each<[string, ValueWrite, string, ClientScript, boolean]>([
    ['the text, in other blanks', A, ' new ', {}, true],
    ['another text', A, 'theirs', {}, false],
    ['none', A, '', {}, false],
    ['the id', valueWrite('a', { kind: 'remote', id: asRemoteId('x1') }), 'x1', {}, true],
    ['another id', valueWrite('a', { kind: 'remote', id: asRemoteId('x1') }), 'x2', {}, false],
    ['the upload that was to be used', documentWrite('a', 'registration', 'd1'), 'd1', {}, true],
    ['another upload than was to be used', documentWrite('a', 'registration', 'd1'), 'd2', {}, false],
    [
      'an upload of the same bytes',
      documentWrite('a', 'registration'),
      'd2',
      { 'GET /documents/d2': { id: 'd2', sha256 } },
      true,
    ],
    [
      'an upload of other bytes',
      documentWrite('a', 'registration'),
      'd2',
      { 'GET /documents/d2': { id: 'd2', sha256: 'b'.repeat(64) } },
      false,
    ],
    [
      'an upload that is gone',
      documentWrite('a', 'registration'),
      'd2',
      { 'GET /documents/d2': GONE },
      false,
    ],
    ['the address that was to be used', addressWrite('a', 'Beispielweg 1', 'a1'), 'a1', {}, true],
    ['another address than was to be used', addressWrite('a', 'Beispielweg 1', 'a1'), 'a2', {}, false],
    [
      'an address of the same fields',
      addressWrite('a', 'Beispielweg 1'),
      'a2',
      { [ADDRESSES]: [addressRow('a0', reference, addressOf('x')), addressRow('a2', reference, address)] },
      true,
    ],
    [
      'an address of other fields',
      addressWrite('a', 'Beispielweg 1'),
      'a2',
      { [ADDRESSES]: [addressRow('a1', reference, address), addressRow('a2', reference, addressOf('x'))] },
      false,
    ],
    ['an address that no list shows', addressWrite('a', 'Beispielweg 1'), 'a2', { [ADDRESSES]: [] }, false],
  ])('is what was wanted, or is not: %s', async (_, write, value, script, isWanted) => {
    const { run } = scriptedRun({ ...script, [GET]: groupRow(group({ ...HELD, a: value })) });
    const change = groupChange({ observed: group(HELD), writes: [write], actions: ['update'] });
    expect(await endOf(lookAgain(run, change, DESIRED))).toEqual(
      isWanted
        ? { group: expect.objectContaining({ id: 'g1' }), isWritten: true }
        : changedSince(otherValue('"Contact \\"Info\\""')),
    );
  });
});

describe('a group that is looked for right before it is made', () => {
  const MADE = { a: 'new', b: '2026-06-01' };
  const made = (values: Readonly<Record<string, string>>, given: Parameters<typeof group>[1] = {}) =>
    groupRow(group(values, given));
  const find = (rows: readonly object[], known: readonly ObservedGroup[] = []) => {
    const matches = { 'de-local': { group: null, superseded: known } };
    const { run, asked } = scriptedRun({ [LIST]: rows }, { observed: observedWorld({ matches }) });
    const change = groupChange({ writes: [A, B], actions: ['create', 'submit'] });
    return { end: endOf(lookAgain(run, change, DESIRED)), asked };
  };

  it.each<[string, readonly object[], unknown]>([
    ['is there not', [], { group: null, isWritten: false }],
    ['is there empty, and has still to be written', [made({})], { group: group({}), isWritten: false }],
    ['is there as it is wanted', [made(MADE)], { group: { id: 'g1' }, isWritten: true }],
    [
      'is there and submitted',
      [made(MADE, { status: 'pending-approval' })],
      { group: { id: 'g1' }, isWritten: true },
    ],
    [
      'is not one that its replacement will delete, nor one that cannot be used again',
      [made({ a: 'x' }, { id: 'old' }), made({ a: 'x' }, { id: 'g2', status: 'no-longer-eligible' })],
      { group: null, isWritten: false },
    ],
  ])('%s', async (_, rows, expected) => {
    const { end, asked } = find(rows, [group({}, { id: 'old' })]);
    expect(await end).toMatchObject(expected as object);
    expect(asked).toEqual([LIST]);
  });

  it.each<[string, readonly object[], unknown]>([
    [
      'is declined',
      [made(MADE, { status: 'declined' })],
      changedSince('its status is declined, no longer unapproved'),
    ],
    [
      'is approved with other values',
      [made({ a: 'x' }, { status: 'approved' })],
      changedSince(`its status is approved, no longer unapproved; ${otherValue('"Contact \\"Info\\""')}`),
    ],
    [
      'is there twice',
      [made(MADE, { id: 'g2' }), made(MADE, { status: 'declined' })],
      {
        code: 'duplicate-groups',
        message:
          '2 groups have this reference, oldest first: g1 (declined), g2 (unapproved). None is deleted. Write "id: g1" into the manifest to keep the oldest',
        line: 1,
      },
    ],
  ])('and %s is left as it is', async (_, rows, expected) => {
    expect(await find(rows).end).toEqual(expected);
  });
});

describe('a write that is read back', () => {
  const before = group(HELD, { reference: 'before' });
  const written = [{ requirementId: 'a', value: new Sensitive('new') }];
  const refuse = (after: ObservedGroup, reference: string | null) =>
    endOf((async () => refuseUnseen(before, after, { values: written, reference }, DESIRED))());

  it.each<[string, ObservedGroup, string | null]>([
    ['changed what it was to', group({ ...HELD, a: 'anything' }, { reference: 'before' }), null],
    ['changed the reference as well', group({ ...HELD, a: 'new' }, { reference: 'after' }), 'after'],
  ])('and %s is believed', async (_, after, reference) => {
    expect(await refuse(after, reference)).toBeUndefined();
  });

  it.each<[string, ObservedGroup, string | null, string]>([
    [
      'lost another value',
      group({ a: 'new', b: '' }, { reference: 'before' }),
      null,
      otherValue('requirement c'),
    ],
    [
      'shows another value of the manifest',
      group({ ...HELD, b: 'x' }, { reference: 'before' }),
      null,
      otherValue('"Registration"'),
    ],
    ['shows another reference', group(HELD, { reference: 'x' }), null, 'it has another customer_reference'],
    [
      'shows the reference of before, and more values',
      group({ ...HELD, c: 'x', e: 'x' }, { reference: 'before' }),
      'after',
      `it has another customer_reference; ${otherValue('requirement c')}; ${otherValue('requirement e')}`,
    ],
  ])('and %s is not submitted', async (_, after, reference, why) => {
    expect(await refuse(after, reference)).toEqual(changedSince(why, 'It is not submitted'));
  });
});

describe('a group that an order is placed with', () => {
  const outcome = (group_status: string | null): Outcome => ({
    kind: 'RequirementGroup',
    name: 'de-local',
    id: 'g1',
    status: 'applied',
    operations: [],
    group_status,
    error: null,
    warnings: [],
  });
  const check = (
    now: ObservedGroup | null,
    planned: ObservedGroup | null,
    done: Outcome | null,
    ordersWith: string | null = 'de-local',
  ) => {
    const { run, asked } = scriptedRun({ [GET]: now === null ? GONE : groupRow(now) });
    if (done !== null) run.groups.set('de-local', done);
    const change = { ordersWith, orderedGroup: planned, source: at(7) } as NumberOrderChange;
    return { end: endOf(lookBeforeOrder(run, change, ID)), asked };
  };
  const approved = group(HELD, { status: 'approved' });
  const pending = group(HELD, { status: 'pending-approval' });

  it.each<[string, ObservedGroup, ObservedGroup | null, Outcome | null]>([
    ['as it was planned', pending, pending, null],
    ['approved by now', approved, pending, null],
    [
      'as this run left it, whatever it held before',
      pending,
      group({}, { status: 'declined' }),
      outcome('pending-approval'),
    ],
    ['approved since this run left it', approved, null, outcome('pending-approval')],
    ['of which no status is known', pending, null, outcome(null)],
    ['of which nothing is known', pending, null, null],
  ])('is taken %s', async (_, now, planned, done) => {
    const { end, asked } = check(now, planned, done);
    expect(await end).toBeUndefined();
    expect(asked).toEqual([GET]);
  });

  it.each<[string, ObservedGroup | null, ObservedGroup | null, Outcome | null, string]>([
    ['is gone', null, approved, null, 'it is gone'],
    [
      'was declined',
      group(HELD, { status: 'declined' }),
      approved,
      null,
      'its status is declined, no longer approved',
    ],
    [
      'was declined after this run',
      group(HELD, { status: 'declined' }),
      approved,
      outcome('pending-approval'),
      'its status is declined, no longer pending-approval',
    ],
    ['is unapproved', group(HELD), pending, null, 'its status is unapproved, no longer pending-approval'],
    [
      'holds other values',
      group({ ...HELD, a: 'x' }, { status: 'approved' }),
      approved,
      null,
      otherValue('requirement a'),
    ],
    [
      'is another in all',
      group({ ...HELD, a: 'x', c: '' }, { status: 'declined' }),
      approved,
      null,
      `its status is declined, no longer approved; ${otherValue('requirement a')}; ${otherValue('requirement c')}`,
    ],
  ])('and %s stops the order', async (_, now, planned, done, why) => {
    expect(await check(now, planned, done).end).toEqual(changedSince(why, 'Nothing was ordered with it', 7));
  });
});

describe('a group that is read again right before it is deleted', () => {
  const planned = group(HELD, { status: 'declined' });
  const check = (now: ObservedGroup | null) => {
    const { run } = scriptedRun({ [GET]: inTurn(now === null ? GONE : groupRow(now)) });
    return endOf(lookBeforeDelete(run, planned));
  };

  it('is deleted where it is as it was, and need not be where it is gone', async () => {
    expect(await check(group(HELD, { status: 'declined', reference: ' regsync/acme/de-local' }))).toBe(true);
    expect(await check(null)).toBe(false);
  });

  it.each<[string, ObservedGroup, string]>([
    ['has another status', group(HELD, { status: 'approved' }), 'its status is approved, no longer declined'],
    [
      'has another reference',
      group(HELD, { status: 'declined', reference: 'x' }),
      'it has another customer_reference',
    ],
    ['holds another value', group({ ...HELD, c: 'x' }, { status: 'declined' }), otherValue('requirement c')],
    [
      'holds another value for what its manifest names',
      group({ ...HELD, a: '' }, { status: 'declined' }),
      otherValue('requirement a'),
    ],
    [
      'is another in all',
      group({}, { status: 'approved', reference: 'x' }),
      `its status is approved, no longer declined; it has another customer_reference; ${otherValue('requirement a')}; ${otherValue('requirement c')}`,
    ],
  ])('and %s stays', async (_, now, why) => {
    expect(await check(now)).toEqual(changedSince(why));
  });
});
