import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selectGroups, type Wanted } from '../../src/import/select.ts';
import { accountOf, catalogueOf, composeAll, draftAll, groupRow, IDS, NOTHING_LOADED } from './accounts.ts';

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
    expect(draftAll(account, textual).map(({ holdsBack }) => holdsBack)).toEqual([expected]);
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
    const [draft] = draftAll(account, catalogue, { [ID]: bytes });
    expect(draft?.values.map(({ content: { kind } }) => kind)).toEqual(['document_id']);
  });
});
