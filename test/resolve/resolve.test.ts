import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRepository } from '../../src/manifest/repository.ts';
import { hashAddressFields } from '../../src/model/address.ts';
import { reveal } from '../../src/model/privacy/sensitive.ts';
import type { DesiredContent } from '../../src/model/resource.ts';
import { loadDesired } from '../../src/resolve/load.ts';
import { codes, group, groupWith, places, workspace } from '../manifest/workspace.ts';

const DOCUMENT = 'apiVersion: regsync/v1\nkind: Document\nname: bill\nfile: ../documents/bill.pdf\n';
const ADDRESS = [
  'apiVersion: regsync/v1',
  'kind: Address',
  'name: acme-berlin',
  'business_name: Example GmbH',
  'street_address: Unter den Linden 1',
  'locality: Berlin',
  'country_code: DE',
  '',
].join('\n');

const SOUND = join(import.meta.dirname, '../fixtures/manifest/sound/every-form.yaml');

async function soundWorkspace() {
  return workspace({
    'groups/every-form.yaml': await readFile(SOUND, 'utf8'),
    'documents/registration.pdf': 'hi\n',
    'documents/bill.pdf': 'bye\n',
    'texts/use-case.txt': 'Two-factor codes.\r\n',
  });
}

function onlyContent(desired: {
  RequirementGroup: readonly { requirements: readonly { content: DesiredContent }[] }[];
}) {
  const content = desired.RequirementGroup[0]?.requirements[0]?.content;
  if (content === undefined) throw new Error('no requirement was resolved');
  return content;
}

describe('a manifest in every form', () => {
  it('becomes a desired group with all that it states', async () => {
    const { load } = await soundWorkspace();
    const { desired, problems, files } = await load({ REGSYNC_VAR_TAX_ID: 'DE000000000\n' });
    expect(problems).toEqual([]);
    expect(files).toBe(1);
    expect(desired.scope).toBe('acme');
    expect(desired.RequirementGroup).toMatchObject([
      {
        name: 'acme-de-local',
        combination: { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' },
        reference: 'MY REF 001',
        statesReference: true,
        id: { id: '00000000-0000-4000-8000-00000000000a', source: { line: 10, column: 5 } },
        approval: 'none',
        partial: true,
        attach: [],
        source: { file: 'groups/every-form.yaml', line: 2, column: 1 },
      },
    ]);
    expect(desired.RequirementGroup[0]?.requirements).toMatchObject([
      {
        requirement: 'Contact Info',
        content: { kind: 'text' },
        source: { line: 13, column: 18 },
        contentSource: { line: 14, column: 11 },
      },
      {
        content: {
          kind: 'document',
          document: {
            name: 'acme-registration',
            path: 'documents/registration.pdf',
            sha256: '98ea6e4f216f2fb4b69fff9b3a44842c38686ca685f3f55dc48c5d3fb1107be4',
            bytes: 3,
            expires: null,
            source: { line: 37, column: 1 },
          },
        },
      },
      {
        content: {
          kind: 'document',
          document: {
            name: null,
            path: 'documents/bill.pdf',
            bytes: 4,
            expires: '2027-01-31',
            source: { line: 18, column: 15 },
          },
        },
      },
      { content: { kind: 'document_id', id: '00000000-0000-4000-8000-00000000000b' } },
      { content: { kind: 'address', address: { name: 'acme-berlin', validateAddress: true } } },
      { content: { kind: 'address', address: { name: null, validateAddress: true } } },
      { content: { kind: 'address_id', id: '1000000000000000000' } },
      { content: { kind: 'text' } },
      { content: { kind: 'text' } },
    ]);
    const texts = desired.RequirementGroup[0]?.requirements.flatMap(({ content }) =>
      content.kind === 'text' ? [reveal(content.text)] : [],
    );
    expect(texts).toEqual(['Jane Roe, Example GmbH, +49 30 0000000', 'DE000000000', 'Two-factor codes.']);
  });

  it('leaves environment variables unread in validate', async () => {
    const { load } = await soundWorkspace();
    const { desired, problems } = await load(null);
    expect(problems).toEqual([]);
    expect(desired.RequirementGroup[0]?.requirements[7]?.content).toEqual({
      kind: 'unread_text',
      variable: 'REGSYNC_VAR_TAX_ID',
    });
  });

  it('sends of an address’s fields what its identity is made of: trimmed, of one line, without the empty ones', async () => {
    const { load } = await workspace({
      'groups/a.yaml': `${groupWith('address: acme-berlin')}---\n${ADDRESS}extended_address: "  "\nborough: " Mitte "\nneighborhood: |\n  Hof  2\n  Tür B\n`,
    });
    const { desired } = await load();
    const content = onlyContent(desired);
    if (content.kind !== 'address') throw new Error(content.kind);
    const fields = Object.fromEntries(
      [...content.address.fields].map(([key, value]) => [key, reveal(value)]),
    );
    expect(fields).toEqual({
      business_name: 'Example GmbH',
      street_address: 'Unter den Linden 1',
      locality: 'Berlin',
      borough: 'Mitte',
      neighborhood: 'Hof 2 Tür B',
      country_code: 'DE',
    });
    expect(content.address.sha256).toBe(hashAddressFields(content.address.fields));
  });

  it.each([
    ['DE', false],
    ['GB', false],
    ['US', true],
    ['CA', true],
  ])('asks Telnyx to validate an address in %s: %s', async (country, expected) => {
    const address = `{ business_name: A, street_address: B, locality: C, country_code: ${country} }`;
    const { load } = await workspace({ 'groups/a.yaml': groupWith(`address: ${address}`) });
    const content = onlyContent((await load()).desired);
    expect(content.kind === 'address' && content.address.validateAddress).toBe(expected);
  });

  it('gives a group its default reference, submission and no requirements when it states none', async () => {
    const { load } = await workspace({
      'groups/a.yaml': group('a'),
      'groups/b.yaml': group('b', 'requirements: []'),
      'groups/c.yaml': group('c', 'requirements:'),
    });
    const { desired, problems } = await load();
    expect(problems).toEqual([]);
    expect(desired.RequirementGroup).toMatchObject(
      ['a', 'b', 'c'].map((name) => ({
        reference: `regsync/acme/${name}`,
        statesReference: false,
        id: null,
        approval: 'submit',
        partial: false,
        attach: [],
        requirements: [],
      })),
    );
  });

  it('reads a file that two manifests point to once, and gives both its digest', async () => {
    const { load } = await workspace({
      'groups/a.yaml': group(
        'a',
        'requirements:\n  - { requirement: A, document: { file: ../documents/bill.pdf } }',
      ),
      'groups/deep/b.yaml': group(
        'b',
        'requirements:\n  - { requirement: A, document: { file: ../../documents/bill.pdf } }',
      ),
      'documents/bill.pdf': 'bye\n',
    });
    const { desired, problems } = await load();
    expect(problems).toEqual([]);
    const documents = desired.RequirementGroup.map(({ requirements }) => requirements[0]?.content);
    expect(documents).toMatchObject([
      { document: { path: 'documents/bill.pdf', bytes: 4 } },
      { document: { path: 'documents/bill.pdf', bytes: 4 } },
    ]);
  });
});

describe('references between manifests', () => {
  it('names the address that was probably meant', async () => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('address: acme-berln'),
      'groups/b.yaml': ADDRESS,
    });
    const { problems } = await load();
    expect(problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        code: 'unknown-reference',
        message: 'unknown address "acme-berln"',
        hint: 'Did you mean "acme-berlin"?',
        source: { file: 'groups/a.yaml', line: 9, column: 14 },
      },
    ]);
  });

  it('says so when the name is that of a manifest of another kind', async () => {
    const { load } = await workspace({
      'groups/a.yaml': `${groupWith('document: acme-berlin')}---\n${ADDRESS}`,
    });
    expect((await load()).problems).toMatchObject(
      [
        { code: 'unused-manifest', severity: 'notice' },
        { code: 'unknown-reference', hint: 'It is the name of an Address.' },
      ].toReversed(),
    );
  });

  it('does not call a reference unknown that a manifest with a mistake declares', async () => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('address: acme-berlin'),
      'groups/b.yaml': ADDRESS.replace('locality', 'localty'),
    });
    expect(places((await load()).problems)).toEqual(['groups/b.yaml:6:1 unknown-key']);
  });

  it('does not call a reference unknown when a file is too broken to say what it declares', async () => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('address: acme-berlin'),
      'groups/b.yaml': `${ADDRESS}phone_number: "unclosed`,
    });
    expect(places((await load()).problems)).toEqual(['groups/b.yaml:8:15 invalid-yaml']);
  });

  it('does not call an address unused when a group that may refer to it has a mistake', async () => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('address: acme-berlin').replace('action:', 'acton:'),
      'groups/b.yaml': ADDRESS,
    });
    expect(places((await load()).problems)).toEqual(['groups/a.yaml:6:1 unknown-key']);
  });

  it('takes the same name for a group, a document and an address', async () => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('address: acme').concat(
        '---\n',
        ADDRESS.replace('acme-berlin', 'acme'),
        '---\n',
        DOCUMENT.replace('bill', 'acme'),
      ),
      'documents/bill.pdf': 'x',
      'documents/acme.pdf': 'x',
    });
    expect(codes((await load()).problems)).toEqual(['unused-manifest']);
  });

  it('notices what nothing refers to', async () => {
    const { load } = await workspace({ 'groups/a.yaml': group('a'), 'groups/b.yaml': ADDRESS });
    expect((await load()).problems).toMatchObject([
      {
        severity: 'notice',
        code: 'unused-manifest',
        message: 'no requirement refers to the address "acme-berlin"',
        source: { file: 'groups/b.yaml', line: 3 },
      },
    ]);
  });
});

describe('what must be unique', () => {
  it('is a name within its kind: both places are named', async () => {
    const { load } = await workspace({ 'groups/a.yaml': group('acme'), 'groups/b.yaml': group('acme') });
    const { desired, problems } = await load();
    expect(problems).toMatchObject([
      {
        code: 'duplicate-name',
        message: 'RequirementGroup "acme" is already defined at groups/a.yaml:3:7',
        source: { file: 'groups/b.yaml', line: 3, column: 7 },
      },
    ]);
    expect(desired.RequirementGroup).toHaveLength(1);
  });

  it.each([
    ['a name', 'Tax ID', 'Tax ID', ['groups/a.yaml:10:18 duplicate-requirement']],
    ['a name in another case', 'Tax ID', 'tax id', []],
    [
      'an id in another case',
      '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2',
      '6D3E2643-EFAA-4BD3-8C31-77B6CDA1D6A2',
      ['groups/a.yaml:10:18 duplicate-requirement'],
    ],
  ])('is a requirement in its group: %s', async (_, first, second, expected) => {
    const rest = `requirements:\n  - requirement: ${first}\n    text: x\n  - requirement: ${second}\n    text: y\n`;
    const { load } = await workspace({ 'groups/a.yaml': group('a', rest) });
    expect(places((await load()).problems)).toEqual(expected);
  });

  it('of a list within one line is told by the numbers of its entries', async () => {
    const numbers = 'phone_numbers: ["+4930123456", "+4930123457", "+4930123456"]';
    const requirements = 'requirements: [{ requirement: A, text: x }, { requirement: A, text: y }]';
    const { load } = await workspace({
      'groups/a.yaml': group('a', requirements),
      'groups/b.yaml': `apiVersion: regsync/v1\nkind: NumberOrder\nname: b\n${numbers}\n`,
    });
    expect((await load()).problems).toMatchObject([
      { message: 'entry 2 is already given as entry 1', source: { line: 7 } },
      {
        message: 'entry 3: this phone number is already given as entry 1',
        source: { line: 4, column: 16 },
      },
    ]);
  });

  it('is a reference together with country, type and action', async () => {
    const stated = 'customer_reference: SHARED';
    const { load } = await workspace({
      'groups/a.yaml': group('a', stated),
      'groups/b.yaml': group('b', stated),
      'groups/c.yaml': group('c', stated).replace('country_code: DE', 'country_code: FR'),
    });
    expect((await load()).problems).toMatchObject([
      {
        code: 'duplicate-reference',
        message: 'the same reference, country, type and action as "a" at groups/a.yaml:1:1',
        source: { file: 'groups/b.yaml', line: 7, column: 21 },
      },
    ]);
  });

  it('is an adopted id, whatever its case', async () => {
    const { load } = await workspace({
      'groups/a.yaml': group('a', 'id: 00000000-0000-4000-8000-00000000000A'),
      'groups/b.yaml': group('b', 'id: 00000000-0000-4000-8000-00000000000a'),
    });
    expect(places((await load()).problems)).toEqual(['groups/b.yaml:7:5 duplicate-id']);
  });
});

describe('a stated customer_reference', () => {
  it.each([
    ['MY REF', []],
    ['regsync/acme/a', []],
    ['regsync/other/a', ['groups/a.yaml:7:21 reserved-reference']],
    ['regsync/acme/b', ['groups/a.yaml:7:21 reserved-reference']],
    ['regsync/acme/doc/0', ['groups/a.yaml:7:21 reserved-reference']],
  ])('%s', async (reference, expected) => {
    const { load } = await workspace({ 'groups/a.yaml': group('a', `customer_reference: ${reference}`) });
    const { desired, problems } = await load();
    expect(places(problems)).toEqual(expected);
    expect(desired.RequirementGroup[0]).toMatchObject({ reference, statesReference: true });
  });

  const order = (reference: string) =>
    `apiVersion: regsync/v1\nkind: NumberOrder\nname: o\nphone_numbers: ["+49300000001"]\ncustomer_reference: ${reference}\n`;

  it.each([
    ['"PO 7 "', 'Write customer_reference: "PO 7"'],
    ['" PO 7"', 'Write customer_reference: "PO 7"'],
    ['"PO  7"', 'Write customer_reference: "PO 7"'],
    ['"PO\\u00a07"', 'Write customer_reference: "PO 7"'],
    ['"Zu\u0308rich"', 'Write customer_reference: "Z\u00fcrich"'],
    ['"PO 7"', undefined],
    [`"${'x'.repeat(255)}"`, undefined],
    [`"${'x'.repeat(256)}"`, 'Write a shorter one.'],
  ])(
    '%s that Telnyx may store otherwise is a problem of groups and of orders, with the right spelling',
    async (reference, hint) => {
      const { load } = await workspace({
        'groups/a.yaml': group('a', `customer_reference: ${reference}`),
        'groups/o.yaml': order(reference),
      });
      const { problems } = await load();
      const places = hint === undefined ? [] : ['groups/a.yaml:7', 'groups/o.yaml:5'];
      expect(problems).toMatchObject(
        places.map((place) => ({
          code: 'untidy-reference',
          hint,
          source: { file: place.split(':')[0], line: Number(place.split(':')[1]) },
        })),
      );
      expect(problems).toHaveLength(places.length);
    },
  );
});

describe('a document', () => {
  it('that is not the pinned one is a problem that tells its digest', async () => {
    const { load } = await workspace({
      'groups/a.yaml': `${DOCUMENT}sha256: ${'a'.repeat(64)}\n`,
      'documents/bill.pdf': 'bye\n',
    });
    const { problems } = await load();
    expect(places(problems)).toEqual([
      'groups/a.yaml:3:7 unused-manifest',
      'groups/a.yaml:5:9 digest-mismatch',
    ]);
    expect(problems[1]?.hint).toContain('abc6fd595fc079d3114d4b71a4d84b1d1d0f79df1e70f8813212f2a65d8916df');
  });

  it.each([
    ['2027-02-28', []],
    ['2028-02-29', []],
    ['2027-02-29', ['groups/a.yaml:5:10 invalid-value']],
    ['2027-13-01', ['groups/a.yaml:5:10 invalid-value']],
    ['31.01.2027', ['groups/a.yaml:5:10 invalid-value']],
    ['2027-01-31T00:00:00Z', ['groups/a.yaml:5:10 invalid-value']],
    ['20270131', ['groups/a.yaml:5:10 quote-it']],
  ])('may expire on a day that there is: %s', async (expires, expected) => {
    const { load } = await workspace({
      'groups/a.yaml': `${DOCUMENT}expires: ${expires}\n---\n${groupWith('document: bill')}`,
      'documents/bill.pdf': 'bye\n',
    });
    expect(places((await load()).problems)).toEqual(expected);
  });

  it.each(['pdf', 'PDF', 'png', 'jpg', 'jpeg', 'csv', 'txt', 'json', 'doc', 'docx', 'xls', 'xlsx'])(
    'may be of type %s',
    async (extension) => {
      const path = `documents/bill.${extension}`;
      const { load } = await workspace({
        'groups/a.yaml': groupWith(`document: { file: ../${path} }`),
        [path]: 'x',
      });
      expect((await load()).problems).toEqual([]);
    },
  );

  it.each([
    ['bill.exe', 'unknown-document-type'],
    ['bill', 'unknown-document-type'],
    ['.pdf', 'unknown-document-type'],
    ['bill.exe.age', 'unknown-document-type'],
    ['bill.AGE', 'unknown-document-type'],
  ])('of another type is a problem: %s', async (file, code) => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith(`document:\n      file: ../documents/${file}`),
      [`documents/${file}`]: 'x',
    });
    expect(places((await load()).problems)).toEqual([`groups/a.yaml:10:13 ${code}`]);
  });
});

describe('a text from elsewhere', () => {
  it.each([
    ['unset', {}, 'the environment variable REGSYNC_VAR_X is not set'],
    ['empty', { REGSYNC_VAR_X: '' }, 'the environment variable REGSYNC_VAR_X is empty'],
    ['blank', { REGSYNC_VAR_X: ' \n' }, 'the environment variable REGSYNC_VAR_X is empty'],
  ])('is a problem when its variable is %s', async (_, env, message) => {
    const { load } = await workspace({ 'groups/a.yaml': groupWith('text_from:\n      env: REGSYNC_VAR_X') });
    const { desired, problems } = await load(env);
    expect(problems).toMatchObject([
      { code: 'unset-variable', message, source: { file: 'groups/a.yaml', line: 10, column: 12 } },
    ]);
    expect(desired.RequirementGroup[0]?.requirements).toEqual([]);
  });

  it.each([
    ['one\n', 'one'],
    ['one\r\n', 'one'],
    ['one\n\n', 'one\n'],
    [' one ', ' one '],
    ['\uFEFFone', 'one'],
  ])('loses one final newline and nothing else: %j', async (written, expected) => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('text_from: { file: ../texts/a.txt }'),
      'texts/a.txt': written,
    });
    const content = onlyContent((await load()).desired);
    expect(content.kind === 'text' && reveal(content.text)).toBe(expected);
  });

  it.each([
    ['empty', '', 'empty-file'],
    ['blank', ' \n', 'empty-file'],
    ['no UTF-8', Buffer.from([0x4a, 0xff]), 'not-utf8'],
    ['over 64 KiB', 'x'.repeat(64 * 1024 + 1), 'too-large'],
  ])('is a problem when its file is %s', async (_, content, code) => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('text_from:\n      file: ../texts/a.txt'),
      'texts/a.txt': content,
    });
    expect(places((await load()).problems)).toEqual([`groups/a.yaml:10:13 ${code}`]);
  });

  it('takes a file of exactly 64 KiB', async () => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('text_from: { file: ../texts/a.txt }'),
      'texts/a.txt': 'x'.repeat(64 * 1024),
    });
    expect((await load()).problems).toEqual([]);
  });
});

it('reports the problems of all files at once, sorted by place', async () => {
  const { root } = await workspace({
    'groups/b.yaml': group('b', 'nonsense: 1'),
    'groups/a.yaml': `${group('a', 'requirements:\n  - { requirement: A, document: none }')}\n---\n${group('a')}`,
    'groups/c.yaml': '',
  });
  const { problems } = await loadDesired(await openRepository({ cwd: root }), { env: {} });
  expect(places(problems)).toEqual([
    'groups/a.yaml:12:7 duplicate-name',
    'groups/b.yaml:7:1 unknown-key',
    'groups/c.yaml:1:1 empty-manifest',
  ]);
});
