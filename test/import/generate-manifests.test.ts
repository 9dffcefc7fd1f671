import { describe, expect, it } from 'vitest';
import { findCandidates, heldDocuments } from '../../src/import/candidates.ts';
import {
  type Download,
  type GeneratedContent,
  type GeneratedManifest,
  generateManifests,
} from '../../src/import/generate-manifests.ts';
import { reveal } from '../../src/model/privacy/sensitive.ts';
import { accountOf, catalogueOf, groupRow, IDS } from './accounts.ts';

const DOCUMENT = '00000000-0000-4000-8000-00000000000d';
const LOUD = '00000000-0000-4000-8000-00000000000D';
const SEAT = '1000000000000000000';
const FILE: Download = { kind: 'file', sha256: '0'.repeat(64), bytes: 7, extension: 'pdf' };
const ADDRESS = {
  id: SEAT,
  business_name: 'Example GmbH',
  street_address: 'Beispielweg 1',
  locality: 'Berlin',
  country_code: 'DE',
};

const catalogue = catalogueOf([
  { id: IDS.text, name: 'Contact Info', field_type: 'textual', acceptance_criteria: { max_length: 20 } },
  { id: IDS.document, name: 'Registration', field_type: 'document' },
  { id: IDS.address, name: 'Local Address', field_type: 'address' },
]);

type Values = Parameters<typeof groupRow>[0];

interface Given {
  readonly group?: object;
  readonly documents?: readonly object[];
  readonly addresses?: readonly object[];
  readonly downloads?: Readonly<Record<string, Download>>;
}

function manifestsOf(values: Values, given: Given = {}) {
  const account = accountOf({
    groups: [groupRow(values, given.group)],
    documents: given.documents ?? [{ id: DOCUMENT }],
    addresses: given.addresses ?? [ADDRESS],
  });
  const candidates = findCandidates(account.groups, catalogue);
  const downloads = new Map(Object.entries(given.downloads ?? { [DOCUMENT]: FILE }));
  return { ...generateManifests(candidates, account, downloads), held: heldDocuments(candidates, account) };
}

function manifestOf(values: Values, given: Given = {}): GeneratedManifest {
  const [manifest] = manifestsOf(values, given).manifests;
  if (manifest === undefined) throw new Error('it is left');
  return manifest;
}

function inWords(content: GeneratedContent): string {
  switch (content.kind) {
    case 'text':
      return `text ${reveal(content.text)}`;
    case 'document':
      return `file ${content.document.extension} until ${content.document.expires}`;
    case 'address':
      return `address ${content.address.id}`;
    default:
      return `${content.kind} ${content.id}`;
  }
}

const WHOLE: Values = {
  [IDS.text]: ['textual', 'Example GmbH'],
  [IDS.document]: ['document', DOCUMENT],
  [IDS.address]: ['address', SEAT],
};

describe('a draft of a group', () => {
  it('that is complete states all of it', () => {
    const { values, ...others } = manifestOf(WHOLE);
    expect(
      values.map(({ requirement, content, note }) => [requirement.name, inWords(content), note]),
    ).toEqual([
      ['Contact Info', 'text Example GmbH', null],
      ['Registration', 'file pdf until null', null],
      ['Local Address', `address ${SEAT}`, null],
    ]);
    expect(others).toMatchObject({
      gaps: [],
      partial: false,
      isFulfilled: true,
      holdsBack: false,
      orders: [],
      orderNotes: [],
    });
  });

  it.each([
    ['unapproved', 'DE', true],
    ['unapproved', 'IT', false],
    ['approved', 'DE', false],
    ['pending-approval', 'DE', false],
  ])('that is complete, %s and in %s is held back from a submission: %s', (status, country_code, isHeld) => {
    expect(manifestOf(WHOLE, { group: { status, country_code } }).holdsBack).toBe(isHeld);
  });

  it.each<[string, Values, object]>([
    ['nothing', WHOLE, { partial: false, isFulfilled: true, holdsBack: true }],
    [
      'a value',
      { ...WHOLE, [IDS.text]: ['textual', ''] },
      { partial: true, isFulfilled: false, holdsBack: false },
    ],
    [
      'what is done on each order',
      { ...WHOLE, [IDS.unknown]: ['action', ''] },
      { partial: false, isFulfilled: false, holdsBack: false },
    ],
    [
      'a text that no manifest can state, and Telnyx has it',
      { ...WHOLE, [IDS.text]: ['textual', 'x'.repeat(21)] },
      { partial: true, isFulfilled: true, holdsBack: true },
    ],
  ])('that lacks %s', (_, values, expected) => {
    expect(manifestOf(values, { group: { status: 'unapproved' } })).toMatchObject(expected);
  });
});

describe('a value', () => {
  const one = (id: string, type: string, value: string, given: Given = {}): (string | null)[] => {
    const { values, gaps } = manifestOf({ [id]: [type, value] }, given);
    const found = values.find(({ requirement }) => requirement.id === id);
    if (found !== undefined) return [inWords(found.content), found.note];
    return [gaps.find(({ requirement }) => requirement.id === id)?.why ?? 'neither'];
  };
  const broken = (code: string) =>
    `kept at Telnyx: the text breaks its current rules (${code}). To manage it, correct the value and remove \`partial\``;

  it.each<[string, [string, string, string], Given, (string | null)[]]>([
    ['a text', [IDS.text, 'textual', 'Jo'], {}, ['text Jo', null]],
    ['no text', [IDS.text, 'textual', ''], {}, ['Telnyx has no value']],
    ['blanks', [IDS.text, 'textual', ' \n'], {}, ['Telnyx has no value']],
    ['a text as long as may be', [IDS.text, 'textual', 'x'.repeat(20)], {}, [`text ${'x'.repeat(20)}`, null]],
    ['a text that is too long', [IDS.text, 'textual', 'x'.repeat(21)], {}, [broken('too-long')]],
    [
      'half a character',
      [IDS.text, 'textual', 'a\ud800'],
      {},
      ['the text holds half a character, which YAML cannot write'],
    ],
    ['a placeholder', [IDS.text, 'textual', '{{ name }}'], {}, ['kept at Telnyx: the text is a placeholder']],
    ['an action', [IDS.unknown, 'action', 'done'], {}, ['an action, fulfilled on each order']],
    ['a file', [IDS.document, 'document', DOCUMENT], {}, ['file pdf until null', null]],
    [
      'a document that is left',
      [IDS.document, 'document', DOCUMENT],
      { downloads: { [DOCUMENT]: { kind: 'left', why: 'too large' } } },
      [`document_id ${DOCUMENT}`, 'too large'],
    ],
    [
      'a document that nobody downloads',
      [IDS.document, 'document', DOCUMENT],
      { downloads: {} },
      [`document_id ${DOCUMENT}`, null],
    ],
    [
      'a document that is gone',
      [IDS.document, 'document', DOCUMENT],
      { documents: [] },
      ['Telnyx lists no such document any more'],
    ],
    [
      'a document of an odd id that nobody downloads',
      [IDS.document, 'document', LOUD],
      { documents: [{ id: LOUD }], downloads: {} },
      ['the document has an id that no manifest can name'],
    ],
    ['an address', [IDS.address, 'address', SEAT], {}, [`address ${SEAT}`, null]],
    [
      'an address that is gone',
      [IDS.address, 'address', SEAT],
      { addresses: [] },
      ['Telnyx lists no such address any more'],
    ],
    [
      'an address that lacks a field',
      [IDS.address, 'address', SEAT],
      { addresses: [{ ...ADDRESS, street_address: ' ' }] },
      [`address_id ${SEAT}`, 'the address lacks a required field: named by its id'],
    ],
    [
      'an address with half a character',
      [IDS.address, 'address', SEAT],
      { addresses: [{ ...ADDRESS, locality: 'B\ud800' }] },
      [`address_id ${SEAT}`, 'the address lacks a required field: named by its id'],
    ],
    [
      'an address with a placeholder',
      [IDS.address, 'address', SEAT],
      { addresses: [{ ...ADDRESS, locality: '{{ name }}' }] },
      [
        `address_id ${SEAT}`,
        'a field of the address is a placeholder that nothing has filled in: named by its id',
      ],
    ],
    [
      'an address of an odd id that lacks a field',
      [IDS.address, 'address', 'a-1'],
      { addresses: [{ ...ADDRESS, id: 'a-1', street_address: '' }] },
      ['the address has an id that no manifest can name'],
    ],
    ['something unknown: a file', [IDS.unknown, 'odd', DOCUMENT], {}, ['file pdf until null', null]],
    ['something unknown: an address', [IDS.unknown, 'odd', SEAT], {}, [`address ${SEAT}`, null]],
    ['something unknown: a text', [IDS.unknown, 'odd', '7'], {}, ['text 7', null]],
  ])('is stated as what it is, or not: %s', (_, [id, type, value], given, expected) => {
    expect(one(id, type, value, given)).toEqual(expected);
  });
});

describe('a document that cannot be trusted', () => {
  const refused: Download = { kind: 'refused', why: 'it is another one' };

  it('keeps its whole group from being imported, and says how it can be', () => {
    const { manifests, left } = manifestsOf(WHOLE, { downloads: { [DOCUMENT]: refused } });
    expect(manifests).toEqual([]);
    expect(left).toMatchObject([
      {
        group: { reference: 'CRM-0001' },
        code: 'document-refused',
        message: 'it is another one; with --no-documents it is named by its id',
      },
    ]);
  });

  it('keeps no group that does not hold it', () => {
    const { manifests, left } = manifestsOf(
      { [IDS.text]: ['textual', DOCUMENT] },
      { downloads: { [DOCUMENT]: refused } },
    );
    expect([manifests.length, left]).toEqual([1, []]);
  });
});

describe('the documents that are downloaded', () => {
  it.each<[string, Values, string[]]>([
    ['one that is held', { [IDS.document]: ['document', DOCUMENT] }, [DOCUMENT]],
    [
      'one that is held twice',
      { [IDS.document]: ['document', DOCUMENT], [IDS.unknown]: ['odd', DOCUMENT] },
      [DOCUMENT],
    ],
    ['one that something unknown may be', { [IDS.unknown]: ['odd', DOCUMENT] }, [DOCUMENT]],
    ['none whose id is a text', { [IDS.text]: ['textual', DOCUMENT] }, []],
    ['none that nothing holds', {}, []],
  ])('are %s', (_, values, ids) => {
    const documents = [{ id: DOCUMENT }, { id: '00000000-0000-4000-8000-00000000000e' }];
    expect(manifestsOf(values, { documents }).held.map(({ id }) => id)).toEqual(ids);
  });
});
