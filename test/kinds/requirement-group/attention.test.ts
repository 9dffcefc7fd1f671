import { describe, expect, it } from 'vitest';
import { decideApproval } from '../../../src/kinds/requirement-group/approval.ts';
import {
  expiries,
  formerAttention,
  groupAttention,
  noLongerManaged,
  orphanAttention,
} from '../../../src/kinds/requirement-group/attention.ts';
import { expiryInWords } from '../../../src/kinds/values/expiries.ts';
import type { Observed, ObservedGroup, ObservedMatch } from '../../../src/model/observed.ts';
import type { Attention } from '../../../src/model/plan/plan.ts';
import { asReference, asRemoteId, type BoundGroup } from '../../../src/model/resource.ts';
import { textOf } from '../../../src/model/text/sentence.ts';
import {
  ACTION_ID,
  CONTACT,
  DOCUMENT_ID,
  definition,
  desiredGroup,
  documentValue,
  observedGroup,
  observedWorld,
  REGISTRATION,
  TEXT_ID,
  textValue,
  VERIFICATION,
} from '../../support/plan-inputs.ts';

const SOURCE = { file: 'groups/a.yaml', line: 1 };
const EQUAL = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };

function item(code: string, message: string, source = SOURCE) {
  return { code, name: 'de-local', message, source };
}

/** Of one group, as a plan says it. */
function said(
  group: ObservedGroup | null,
  {
    desired = desiredGroup(),
    differ = false,
    ...given
  }: {
    readonly desired?: BoundGroup;
    readonly differ?: boolean;
    readonly comments?: Observed['comments'];
    readonly rejected?: Parameters<typeof groupAttention>[0]['rejected'];
    readonly unclaimed?: readonly ObservedGroup[];
  } = {},
): Attention[] {
  const { comments = new Map(), rejected = [], unclaimed = [] } = given;
  const match = { group, superseded: [] };
  const rule = decideApproval(group?.status ?? null, differ);
  const observed = { ...observedWorld({ matches: { 'de-local': match }, comments }), unclaimed };
  return groupAttention({ group: desired, match, rule, rejected, observed, warnDays: 30 });
}

describe('the status of a group', () => {
  it.each([
    ['unapproved', []],
    ['approved', []],
    ['pending-approval', [item('under-review', 'is under review')]],
    ['declined', [item('declined', 'declined: Telnyx does not say which requirement.')]],
    ['expired', [item('expired', 'expired: Telnyx does not say which requirement.')]],
    ['odd', [item('unknown-status', 'has a status that regsync does not know: "odd"')]],
  ])('that is %s is said', (status, expected) => {
    expect(said(observedGroup(EQUAL, { status }))).toEqual(expected);
  });

  it.each(['pending-approval', 'declined', 'expired'])(
    'that is %s is not said where it changes',
    (status) => {
      expect(said(observedGroup(EQUAL, { status }), { differ: true })).toEqual([]);
    },
  );

  it('that is declined or expired names what is, by the names that are known', () => {
    const ids = [TEXT_ID, DOCUMENT_ID, 'nobody-knows'];
    const rows = (status: string) =>
      observedGroup(Object.fromEntries(ids.map((id) => [id, 'x'])), { status, requirementStatus: status });
    const names = 'Contact Info, Registration, nobody-knows';
    expect(said(rows('declined'))).toEqual([item('declined', `declined: ${names}`)]);
    expect(said(rows('expired'))).toEqual([item('expired', `expired: ${names}`)]);
  });

  it('that is declined names what is demanded and not stated, and what is stated and not demanded', () => {
    const stated = definition('66666666-6666-4666-8666-666666666666', 'New Rule', 'textual');
    const desired = desiredGroup({ values: [textValue('x', stated)], definitions: [REGISTRATION] });
    const group = observedGroup(
      { [DOCUMENT_ID]: 'doc-1', [stated.id]: 'x' },
      { status: 'declined', requirementStatus: 'declined' },
    );
    expect(said(group, { desired })[0]).toEqual(item('declined', 'declined: Registration, New Rule'));
  });

  it.each(['declined', 'expired'] as const)(
    'that is %s is said at the line of each value that is',
    (status) => {
      const at = (line: number) => ({ file: 'groups/b.yaml', line, column: 7 });
      const desired = desiredGroup({
        values: [
          { ...textValue('Compliance desk'), contentSource: at(12) },
          { ...documentValue('registration'), contentSource: at(14) },
        ],
      });
      const comments = new Map([
        [observedGroup({}).id, [{ body: 'Too dark.', byReviewer: true, createdAt: '2026-06-01T08:00:00Z' }]],
      ]);
      const ids = { [TEXT_ID]: 'x', [DOCUMENT_ID]: 'doc-1', 'nobody-states': 'y' };
      const group = observedGroup(ids, { status, requirementStatus: status });
      const inFile = (line: number) => ({ file: 'groups/b.yaml', line });
      expect(said(group, { desired, comments })).toEqual([
        item(status, `${status}: Contact Info`, inFile(12)),
        item(status, `${status}: Registration`, inFile(14)),
        item(status, `${status}: nobody-states`),
        item(
          'reviewer-comment',
          'Reviewer on 2026-06-01: "Too dark."',
          status === 'declined' ? inFile(12) : SOURCE,
        ),
      ]);
    },
  );

  it.each([
    ['pending-approval', true],
    ['unapproved', true],
    ['expired', true],
    ['declined', false],
  ])('that is %s has no question that was answered: %s', (status, isAnswered) => {
    const talk = [
      { body: 'Which floor?', byReviewer: true, createdAt: '2026-06-01T08:00:00Z' },
      { body: 'The second.', byReviewer: false, createdAt: '2026-06-02T08:00:00Z' },
    ];
    const group = observedGroup(EQUAL, { status });
    const words = said(group, { comments: new Map([[group.id, talk]]), differ: true });
    expect(words.map(({ code }) => code)).toEqual(isAnswered ? [] : ['reviewer-comment']);
  });

  it('that is declined does not name what is not, and quotes reviewers alone', () => {
    const group = observedGroup(EQUAL, { status: 'declined' });
    const [first, ...others] = group.requirements;
    if (first === undefined) throw new Error('there is one');
    const partly = { ...group, requirements: [{ ...first, status: 'declined' }, ...others] };
    const comment = (body: string, byReviewer: boolean) => ({ body, byReviewer, createdAt: '' });
    const comments = new Map([
      [group.id, [comment(' illegible scan\n', true), comment('ours', false), comment('and too old', true)]],
      [asRemoteId('another'), [comment('of another', true)]],
    ]);
    expect(said(partly, { comments })).toEqual([
      item('declined', 'declined: Contact Info'),
      item('reviewer-comment', 'Reviewer: "and too old" Reviewer: "illegible scan"'),
    ]);
  });
});

describe('a document that Telnyx rejected', () => {
  it.each([
    ['infected', 'infected-document', 'found a virus in'],
    ['denied', 'denied-document', 'denied'],
  ] as const)('is said: %s', (rejected, code, verb) => {
    const rejection = { rejected, path: 'documents/a.pdf', requirementName: 'Registration' };
    expect(said(null, { rejected: [rejection] })).toEqual([
      item(
        code,
        `Registration: Telnyx ${verb} documents/a.pdf; nothing is done to this group until it is replaced`,
      ),
    ]);
  });
});

describe('a requirement', () => {
  const added = definition('66666666-6666-4666-8666-666666666666', 'New Rule', 'textual');
  const source = { file: 'groups/b.yaml', line: 7, column: 3 };
  const values = [...desiredGroup().values, { ...textValue('x', added), source }];

  it('that a group was created without is said at its value', () => {
    expect(said(observedGroup(EQUAL, { status: 'approved' }), { desired: desiredGroup({ values }) })).toEqual(
      [
        item(
          'requirements-changed',
          '"New Rule" is demanded since this group was created and cannot be set on it',
          { file: 'groups/b.yaml', line: 7 },
        ),
      ],
    );
  });

  it('that a group is created with is not', () => {
    expect(said(null, { desired: desiredGroup({ values }) })).toEqual([]);
  });

  it('that is an action is fulfilled on each order', () => {
    const desired = desiredGroup({ definitions: [CONTACT, REGISTRATION, VERIFICATION] });
    expect(said(observedGroup({ ...EQUAL, [ACTION_ID]: 'done' }), { desired })).toEqual([
      item(
        'action-required',
        '"Identity Check" is an action: it is fulfilled on each order, and the group is not submitted',
      ),
    ]);
  });

  const partial = (countryCode: string, given: Partial<BoundGroup> = {}) =>
    desiredGroup({
      combination: { countryCode, phoneNumberType: 'local', action: 'ordering' },
      values: [],
      definitions: [CONTACT, REGISTRATION, VERIFICATION],
      partial: true,
      ...given,
    });
  const codesOf = (countryCode: string, given: Partial<BoundGroup> = {}) =>
    said(null, { desired: partial(countryCode, given) }).map(({ code }) => code);

  it('without a value is said where numbers need a fulfilled group to be ordered', () => {
    expect(said(null, { desired: partial('CH') })[1]).toEqual(
      item(
        'unfulfilled',
        'numbers in CH cannot be ordered without a fulfilled group; no value for "Contact Info", "Registration"',
      ),
    );
    expect(codesOf('CH')).toEqual(['action-required', 'unfulfilled']);
    expect(codesOf('DE')).toEqual(['action-required']);
    expect(codesOf('CH', { definitions: [VERIFICATION] })).toEqual(['action-required']);
    expect(codesOf('CH', { definitions: [CONTACT] })).toEqual(['unfulfilled']);
  });

  it('is reviewed with each order where there is no pre-approval', () => {
    const italian = { ...partial('IT'), values: desiredGroup().values, definitions: [CONTACT, REGISTRATION] };
    expect(said(null, { desired: italian })).toEqual([
      item(
        'no-pre-approval',
        'IT has no pre-approval: the group is filled and not submitted; orders are reviewed one by one',
      ),
    ]);
    expect(said(null, { desired: { ...italian, approval: 'none' } })).toEqual([]);
    expect(said(observedGroup(EQUAL, { status: 'approved' }), { desired: italian })).toEqual([]);
  });
});

describe('all that is said of a group', () => {
  const rejected = [{ rejected: 'denied', path: 'a.pdf', requirementName: 'Registration' }] as const;
  const added = definition('66666666-6666-4666-8666-666666666666', 'New Rule', 'textual');
  const desired = desiredGroup({
    values: [
      textValue('Compliance desk'),
      documentValue('registration', REGISTRATION, { expires: '2026-06-02' }),
      textValue('x', added),
    ],
    definitions: [CONTACT, REGISTRATION, VERIFICATION],
  });
  const codes = (attention: readonly Attention[]) => attention.map(({ code }) => code);

  it('is in one order, where there is one', () => {
    const group = observedGroup(EQUAL, { status: 'expired', expiresAt: '2026-05-31' });
    expect(codes(said(group, { desired, rejected }))).toEqual([
      'expired',
      'denied-document',
      'requirements-changed',
      'action-required',
      'expired',
      'expiring',
      'expired',
    ]);
  });

  it('is in one order, where one is to be made', () => {
    const copy = observedGroup({ [TEXT_ID]: 'Compliance desk' }, { reference: null });
    const one = { ...desired, values: desired.values.slice(0, 1) };
    expect(codes(said(null, { desired: one, rejected, unclaimed: [copy] }))).toEqual([
      'already-there',
      'denied-document',
      'action-required',
    ]);
  });
});

describe('a day on which something expires', () => {
  const NAMES = { file: 'groups/b.yaml', line: 8, column: 3 };
  const stated = (expires: string | null) => ({
    ...documentValue('registration', REGISTRATION, { expires }),
    contentSource: NAMES,
  });
  const group = (expires: string | null) =>
    desiredGroup({ values: [textValue('Compliance desk'), stated(expires)] });
  const told = (expiresAt: string | null, values: Record<string, string> = { [TEXT_ID]: 'x' }) =>
    observedGroup(values, { ...(expiresAt === null ? {} : { expiresAt }) });
  const daysOf = (desired: BoundGroup, held: ObservedGroup | null, warnDays = 30) =>
    expiries({
      group: desired,
      match: { group: held, superseded: [] },
      observed: observedWorld({}),
      warnDays,
    });

  it('is said where the manifest states it, and where Telnyx tells it', () => {
    expect(daysOf(group('2026-06-02'), told('2026-05-30T10:00:00Z'))).toEqual([
      {
        ...item('expired', 'Contact Info expired on 2026-05-30, 2 days ago'),
        expires: '2026-05-30',
      },
      {
        ...item('expiring', 'Registration expires tomorrow (2026-06-02)', { file: 'groups/b.yaml', line: 8 }),
        expires: '2026-06-02',
      },
    ]);
  });

  it('is said of one requirement, though of another Telnyx tells no day, or one that is far', () => {
    for (const far of [null, '2027-01-01']) {
      const held = told('2026-06-03', { [DOCUMENT_ID]: 'doc-1' });
      const requirements = [
        ...observedGroup({ [TEXT_ID]: 'x' }).requirements.map((one) => ({ ...one, expiresAt: far })),
        ...held.requirements,
      ];
      expect(daysOf(group(null), { ...held, requirements }).map(({ expires }) => expires)).toEqual([
        '2026-06-03',
      ]);
    }
  });

  it('is said of what the manifest does not state, by the name that is known', () => {
    const held = told('2026-06-03', { [DOCUMENT_ID]: 'doc-1', 'nobody-knows': 'x' });
    const desired = desiredGroup({ values: [textValue('x')] });
    expect(daysOf(desired, held).map(({ message, source }) => [message, source])).toEqual([
      ['Registration expires in 2 days (2026-06-03)', SOURCE],
      ['nobody-knows expires in 2 days (2026-06-03)', SOURCE],
    ]);
  });

  it.each<[string, string | null, string | null, number, string[]]>([
    ['none', null, null, 30, []],
    ['the last day that is warned of, stated', '2026-07-01', null, 30, ['2026-07-01']],
    ['the first day that is not, stated', '2026-07-02', null, 30, []],
    ['the last day that is warned of, told', null, '2026-07-01T23:59:59Z', 30, ['2026-07-01']],
    ['the first day that is not, told', null, '2026-07-02T00:00:00Z', 30, []],
    ['a day whose text begins with the next one', null, '2026-07-02T00:30:00+02:00', 30, ['2026-07-01']],
    ['today, told', null, '2026-06-01T00:00:00Z', 30, ['2026-06-01']],
    ['today, with no days', '2026-06-01', null, 0, ['2026-06-01']],
    ['tomorrow, with no days', '2026-06-02', null, 0, []],
    ['one near and one far', '2026-06-02', '2026-09-01', 30, ['2026-06-02']],
    ['one far and one near', '2026-09-01', '2026-06-02', 30, ['2026-06-02']],
    ['what is no day', null, 'some day', 30, []],
  ])('is said or not: %s', (_, expires, expiresAt, warnDays, days) => {
    const held = expiresAt === null ? null : told(expiresAt);
    expect(daysOf(group(expires), held, warnDays).map((one) => one.expires)).toEqual(days);
  });

  it.each([
    ['2026-05-31', 'expired'],
    ['2026-06-01', 'expiring'],
    ['2026-06-02', 'expiring'],
  ])('that is %s is past or still to come: %s', (expires, code) => {
    expect(daysOf(group(expires), null).map((one) => one.code)).toEqual([code]);
    expect(daysOf(group(null), told(expires)).map((one) => one.code)).toEqual([code]);
  });

  it.each([
    [-2, 'expired on 2026-06-03, 2 days ago'],
    [-1, 'expired on 2026-06-03, yesterday'],
    [0, 'expires today (2026-06-03)'],
    [1, 'expires tomorrow (2026-06-03)'],
    [2, 'expires in 2 days (2026-06-03)'],
  ])('in %d days is said in words: %s', (days, words) => {
    expect(textOf(expiryInWords('2026-06-03', days))).toBe(words);
  });
});

describe('a group of the former scope', () => {
  const former = (reference: string | null) =>
    observedGroup(
      {},
      {
        id: asRemoteId('1'),
        status: 'approved',
        reference: reference === null ? null : asReference(reference),
      },
    );
  const left = (scope: string, next: string) =>
    `group 1 (DE/local/ordering, approved) of the former scope "${scope}" is left alone: ${next}. If nobody needs the group, delete it at Telnyx.`;

  it('is left alone, and a manifest of its name would adopt it', () => {
    expect(formerAttention(former('regsync/old/de'), observedWorld({}))).toEqual({
      code: 'former-scope',
      name: 'de',
      message: left('old', 'to adopt it, write a manifest named "de"'),
    });
  });

  it('is left alone where the manifest of its name means something else', () => {
    const observed = observedWorld({ matches: { de: { group: null, superseded: [] } } });
    expect(formerAttention(former('regsync/old/de'), observed)).toEqual({
      code: 'former-scope',
      name: 'de',
      message: left(
        'old',
        'the manifest "de" does not adopt it, for it means another group or another country, type or action',
      ),
    });
  });

  it('is called by its reference, or by its id, where no name is in it', () => {
    expect(formerAttention(former('odd'), observedWorld({}))).toMatchObject({ name: 'odd' });
    expect(formerAttention(former(null), observedWorld({}))).toMatchObject({
      name: '1',
      message: left('', 'to adopt it, write a manifest named "1"'),
    });
  });
});

describe('a group that a manifest managed before the change under review', () => {
  const source = { file: 'groups/a.yaml', line: 3, column: 1 };
  const of = (id: string, reference: string | null = 'regsync/acme/de') =>
    observedGroup(
      {},
      {
        id: asRemoteId(id),
        status: 'approved',
        reference: reference === null ? null : asReference(reference),
      },
    );
  const match = (group: ObservedGroup | null, given: Partial<ObservedMatch> = {}) => ({
    group,
    superseded: [],
    ...given,
  });
  const lost = (
    before: Record<string, ObservedMatch>,
    now: Record<string, ObservedMatch> = {},
    deleted: readonly string[] = [],
  ) => {
    const groups = Object.keys(before).map((name) => ({ name, source }));
    const base = { groups, matches: new Map(Object.entries(before)) };
    return noLongerManaged(base, observedWorld({ matches: now }), new Set(deleted.map(asRemoteId)));
  };
  const idsOf = (attention: readonly Attention[]) =>
    attention.map(({ name, message }) => [name, message.split(' ')[1]]);

  it('and that none manages now is said, with the line that keeps it', () => {
    const message = (drop: string) =>
      `group 1 (DE/local/ordering, approved) was managed by "de" in groups/a.yaml, and no manifest manages it now: regsync no longer watches its status and its dates. To keep it managed, restore the manifest with this line: id: 1. ${drop}`;
    expect(lost({ de: match(of('1')) })).toEqual([
      { code: 'no-longer-managed', name: 'de', message: message('To delete it, use --prune.') },
    ]);
    for (const reference of ['regsync/other/de', null]) {
      expect(lost({ de: match(of('1', reference)) })).toEqual([
        {
          code: 'no-longer-managed',
          name: 'de',
          message: message('If nobody needs it, delete it at Telnyx.'),
        },
      ]);
    }
  });

  it.each<[string, Record<string, ObservedMatch>, readonly string[], string[][]]>([
    [
      'is managed',
      { de: match(of('1')) },
      [],
      [
        ['de', '2'],
        ['de', '3'],
      ],
    ],
    [
      'is managed under another name',
      { fr: match(of('2')) },
      [],
      [
        ['de', '1'],
        ['de', '3'],
      ],
    ],
    [
      'is to be replaced',
      { fr: match(null, { superseded: [of('2')] }) },
      [],
      [
        ['de', '1'],
        ['de', '3'],
      ],
    ],
    [
      'is one of several that could be meant',
      { fr: match(null, { rivals: [of('3')] }) },
      [],
      [
        ['de', '1'],
        ['de', '2'],
      ],
    ],
    ['is deleted by this run', {}, ['1', '3'], [['de', '2']]],
  ])('is not said where it %s', (_, now, deleted, expected) => {
    const before = { de: match(of('1'), { superseded: [of('2')], rivals: [of('3')] }) };
    expect(idsOf(lost(before, now, deleted))).toEqual(expected);
  });

  it('is said by name, and nothing is of a manifest that meant none', () => {
    const before = { b: match(of('2')), c: match(null), a: match(of('1')) };
    expect(idsOf(lost(before))).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
    const base = { groups: [{ name: 'x', source }], matches: new Map() };
    expect(noLongerManaged(base, observedWorld({}), new Set())).toEqual([]);
  });
});

describe('an orphan', () => {
  const orphan = observedGroup({}, { id: asRemoteId('1'), status: 'approved' });
  const message = (prune: boolean, renamed: string | null) =>
    orphanAttention('de', orphan, { prune, renamed });

  it('is told with how it is deleted, and which manifest may have been its', () => {
    expect(message(false, null)).toEqual({
      code: 'orphaned',
      name: 'de',
      message:
        'orphaned group 1 (DE/local/ordering, approved): no manifest names it; to delete it, add --prune',
    });
    expect(message(true, 'fr')).toEqual({
      code: 'orphaned',
      name: 'de',
      message:
        'orphaned group 1 (DE/local/ordering, approved): it is approved, so regsync keeps it; to delete it, add --allow-delete de. If "fr" is its manifest, renamed, add this line there: id: 1',
    });
  });
});
