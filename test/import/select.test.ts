import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selectGroups, type Wanted } from '../../src/import/select.ts';
import type { ObservedGroup, ObservedMatch } from '../../src/model/observed.ts';
import { asReference, asRemoteId, type Desired } from '../../src/model/resource.ts';
import { desiredGroup } from '../support/plan-inputs.ts';
import {
  accountOf,
  catalogueOf,
  composeAll,
  generateAll,
  groupRow,
  IDS,
  NOTHING_LOADED,
} from './accounts.ts';

const ANY: Wanted = {
  ids: null,
  countryCode: null,
  phoneNumberType: null,
  action: null,
  status: null,
  referencePrefix: null,
};

function select(rows: readonly object[], wanted: Partial<Wanted> = {}) {
  const { groups } = accountOf({ groups: rows });
  const found = selectGroups({ ...ANY, ...wanted }, groups, {
    desired: NOTHING_LOADED.desired,
    matches: new Map(),
  });
  return {
    groups: found.groups.map(({ reference }) => reference),
    left: found.left.map(({ group, code }) => `${group.reference} ${code}`),
  };
}

function row(number: number, given: object): object {
  return groupRow({}, { id: `0a000000-0000-4000-8000-00000000000${number}`, ...given });
}

describe('the groups that are imported', () => {
  it('are those of this scope and of none, never those of another scope', () => {
    const rows = [
      row(1, { customer_reference: 'regsync/acme/de' }),
      row(2, { customer_reference: 'regsync/other/de' }),
      row(3, { customer_reference: 'CRM-0001' }),
      row(4, { customer_reference: 'regsync/acme-2/de' }),
    ];
    const found = {
      groups: ['CRM-0001', 'regsync/acme/de'],
      left: ['regsync/acme-2/de other-scope', 'regsync/other/de other-scope'],
    };
    expect(select(rows)).toEqual(found);
    // Whoever names one by its id hears of it, and does not get it either.
    const ids = new Set(['0a000000-0000-4000-8000-000000000002']);
    expect(select(rows, { ids })).toEqual({ groups: [], left: ['regsync/other/de other-scope'] });
  });

  it('can all be used again', () => {
    expect(select([row(1, { customer_reference: 'a', status: 'no-longer-eligible' })])).toEqual({
      groups: [],
      left: ['a no-longer-eligible'],
    });
  });
});

describe('the groups that an import is asked for', () => {
  const rows = [
    row(1, { customer_reference: 'A 1' }),
    row(2, { customer_reference: 'B 2', country_code: 'FR' }),
    row(3, { customer_reference: 'B 3', phone_number_type: 'mobile' }),
    row(4, { customer_reference: 'B 4', action: 'porting' }),
    row(5, { customer_reference: 'B 5', status: 'declined' }),
    row(6, { customer_reference: null }),
  ];
  const all = [null, 'A 1', 'B 2', 'B 3', 'B 4', 'B 5'];
  const but = (...left: readonly string[]) => all.filter((one) => one === null || !left.includes(one));
  const id = (number: number) => `0a000000-0000-4000-8000-00000000000${number}`;

  it.each<[string, Partial<Wanted>, (string | null)[]]>([
    ['all', {}, all],
    ['a country', { countryCode: 'DE' }, but('B 2')],
    ['a type', { phoneNumberType: 'local' }, but('B 3')],
    ['an action', { action: 'ordering' }, but('B 4')],
    ['a status', { status: 'approved' }, but('B 5')],
    ['the beginning of a reference', { referencePrefix: 'B' }, ['B 2', 'B 3', 'B 4', 'B 5']],
    ['any beginning', { referencePrefix: '' }, all],
    ['what stands further on in a reference', { referencePrefix: '2' }, []],
    ['several at once', { referencePrefix: 'B', countryCode: 'FR', status: 'approved' }, ['B 2']],
    ['nothing that is there', { countryCode: 'CH' }, []],
    ['ids', { ids: new Set([id(3), id(1), 'nowhere']) }, ['A 1', 'B 3']],
    ['no id', { ids: new Set() }, []],
  ])('are found by %s, in the order of their references', (_, wanted, groups) => {
    expect(select(rows.toReversed(), wanted)).toEqual({ groups, left: [] });
  });

  it('by their ids and are left out by a filter are accounted for', () => {
    expect(select(rows, { ids: new Set([id(1), id(2)]), countryCode: 'FR' })).toEqual({
      groups: ['B 2'],
      left: ['A 1 filtered-out'],
    });
  });

  it('have the order of their ids where their references are the same', () => {
    const same = [row(2, {}), row(1, {}), row(3, { customer_reference: null })];
    const { groups } = accountOf({ groups: same });
    const found = selectGroups(ANY, groups, { desired: NOTHING_LOADED.desired, matches: new Map() });
    expect(found.groups.map((group) => group.id)).toEqual([id(3), id(1), id(2)]);
  });
});

describe('a group that is left', () => {
  const [group] = accountOf({ groups: [row(1, {})] }).groups;
  if (group === undefined) throw new Error('there is one');
  const source = { file: 'groups/de.yaml', line: 4, column: 1 };
  const desired = {
    ...NOTHING_LOADED.desired,
    RequirementGroup: [desiredGroup({ name: 'other' }), desiredGroup({ name: 'de-local', source })],
  } as unknown as Desired;
  const reasonFor = (given: Partial<ObservedGroup>, match: ObservedMatch | null = null) => {
    const one = { ...group, ...given };
    const matches = new Map(match === null ? [] : [['de-local', match]]);
    const { groups, left } = selectGroups(ANY, [one], { desired, matches });
    expect([...groups, ...left.map((entry) => entry.group)]).toEqual([one]);
    return left.map(({ code, message }) => [code, message]);
  };
  const covered = [['covered', 'already covered by "de-local" in groups/de.yaml:4']];

  it.each<[string, Partial<ObservedGroup>, ObservedMatch | null, string[][]]>([
    ['none', {}, null, []],
    ['one that a manifest means', {}, { group, superseded: [] }, covered],
    ['one that a manifest replaces', {}, { group: null, superseded: [group] }, covered],
    ['one of several that it could mean', {}, { group: null, superseded: [], rivals: [group] }, covered],
    [
      'none that a manifest does not mean',
      {},
      { group: { ...group, id: asRemoteId('another') }, superseded: [] },
      [],
    ],
    [
      'one that cannot be used again',
      { status: 'no-longer-eligible' },
      null,
      [['no-longer-eligible', 'it cannot be used again']],
    ],
    [
      'one of another scope',
      { reference: asReference('regsync/other/de') },
      null,
      [['other-scope', 'it belongs to another regsync scope']],
    ],
    [
      'one whose country no manifest can have',
      { combination: { ...group.combination, countryCode: 'Germany' } },
      null,
      [['inexpressible', 'no manifest can have its country, type, action or id']],
    ],
    [
      'one whose type no manifest can have',
      { combination: { ...group.combination, phoneNumberType: '' } },
      null,
      [['inexpressible', 'no manifest can have its country, type, action or id']],
    ],
    [
      'one whose action no manifest can have',
      { combination: { ...group.combination, action: '' } },
      null,
      [['inexpressible', 'no manifest can have its country, type, action or id']],
    ],
    [
      'one whose id no manifest can have',
      { id: asRemoteId('1') },
      null,
      [['inexpressible', 'no manifest can have its country, type, action or id']],
    ],
  ])('is %s', (_, given, match, expected) => {
    expect(reasonFor(given, match)).toEqual(expected);
  });
});

const catalogue = catalogueOf([
  { id: IDS.text, name: 'Contact Info', field_type: 'textual' },
  { id: IDS.document, name: 'Registration', field_type: 'document' },
  { id: IDS.unknown, name: 'Passport', field_type: 'document' },
]);

describe('a complete group', () => {
  it.each([
    ['unapproved', true],
    ['pending-approval', false],
    ['approved', false],
    ['declined', false],
    ['expired', false],
  ])('that is %s is held back from a submission: %s', (status, expected) => {
    const text: readonly [string, string] = ['textual', 'Example GmbH'];
    const values = { [IDS.text]: text, [IDS.document]: text, [IDS.unknown]: text };
    const account = accountOf({ groups: [groupRow(values, { status })] });
    const textual = catalogueOf(Object.keys(values).map((id) => ({ id, name: id, field_type: 'textual' })));
    expect(generateAll(account, textual).map(({ holdsBack }) => holdsBack)).toEqual([expected]);
  });
});

describe('a document', () => {
  const PDF = Buffer.from('%PDF-1.4\nsample\n%%EOF\n');
  const ID = '00000000-0000-4000-8000-00000000000d';
  const sha256 = createHash('sha256').update(PDF).digest('hex');

  function pathsWithKindDocument(groups: readonly object[]): string[] {
    const account = accountOf({ groups, documents: [{ id: ID, sha256 }] });
    const { manifests } = composeAll(account, catalogue, { [ID]: PDF });
    return manifests.filter(({ text }) => text.includes('kind: Document')).map(({ path }) => path);
  }

  const once = { [IDS.text]: ['textual', 'x'], [IDS.document]: ['document', ID] } as const;
  const twice = { ...once, [IDS.unknown]: ['document', ID] } as const;

  it.each([
    ['used once stays in its group', [groupRow(once)], []],
    [
      'used twice in a group has a manifest of its own beside it',
      [groupRow(twice)],
      ['groups/crm-0001.yaml'],
    ],
    [
      'used by two groups has one that they share',
      [
        groupRow(once),
        groupRow(once, { id: '0a000000-0000-4000-8000-000000000002', customer_reference: 'CRM-0002' }),
      ],
      ['groups/documents.yaml'],
    ],
  ])('%s', (_, groups, expected) => {
    expect(pathsWithKindDocument(groups)).toEqual(expected);
  });
});

describe('a download that no manifest could name', () => {
  const ID = '00000000-0000-4000-8000-00000000000d';

  it.each([
    ['an HTML page', '<!doctype html><html><body>Sign in</body></html>'],
    ['half a PDF', '%PDF-1.4\n1 0 obj'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n'],
    ['what git-crypt encrypted', '\0GITCRYPT\0x'],
  ])('is left at Telnyx and named by its id: %s', (_, content) => {
    const bytes = Buffer.from(content);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const account = accountOf({
      groups: [groupRow({ [IDS.document]: ['document', ID] })],
      documents: [{ id: ID, sha256 }],
    });
    const [manifest] = generateAll(account, catalogue, { [ID]: bytes });
    expect(manifest?.values.map(({ content: { kind } }) => kind)).toEqual(['document_id']);
  });
});
