import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { checkComposition } from '../../src/import/check.ts';
import { quoted, word, writeYaml } from '../../src/import/yaml-text.ts';
import { parseManifests } from '../../src/manifest/parse.ts';
import { readYaml } from '../../src/manifest/yaml/read-yaml.ts';
import { SourceText } from '../../src/manifest/yaml/source.ts';
import { reveal } from '../../src/model/privacy/sensitive.ts';
import type { Reference } from '../../src/model/resource.ts';
import type { Account } from '../../src/observe/account.ts';
import { runs } from '../properties/runs.ts';
import { fc } from '../support/fast-check.ts';
import {
  accountOf,
  catalogueOf,
  composeAll,
  groupRow,
  type Held,
  IDS,
  NOTHING_LOADED,
  subOrder,
} from './accounts.ts';

/** What YAML, an editor or a terminal may take for something else. */
const AWKWARD = [
  `\${X}`,
  '{{ x }}',
  '##X##',
  'ENC[x]',
  'TODO',
  '“x”',
  '0123',
  '+49 30 0000000',
  'NO',
  'no',
  'true',
  '~',
  'null',
  '',
  ' ',
  '1e3',
  '0x1F',
  '.inf',
  '2027-01-31',
  '12:30:00',
  '- a',
  '? a',
  ': a',
  'a: b',
  'a #b',
  '# a',
  '"a"',
  "'a'",
  '\\',
  '\\n',
  '%a',
  '@a',
  '`a`',
  '!a',
  '&a',
  '*a',
  '|',
  '>',
  '{a}',
  '[a]',
  '---',
  '...',
  '--- a',
  'a\n---\nb',
  'a\n...\nb',
  'a\nb',
  'a\n\nb',
  'a\nb\n',
  '\na',
  'a \nb',
  ' a\nb',
  'a\n b',
  'a\tb',
  '\ta',
  'a\r\nb',
  'a\rb',
  'a\u0000b',
  'a\u0007b',
  'a\u001b[31mb',
  'a\u007fb',
  'a\u0085b',
  'a\u009fb',
  'a\u00a0b',
  'a\u00adb',
  'a\u200bb',
  'a\u2028b',
  'a\u2029b',
  'a\u202eb',
  '\ufeffa',
  'a\ufffeb',
  'a\uffffb',
  '\ud800',
  'a\udfffb',
  '👩‍👩‍👧',
  '\u{e0001}a',
  '\u{10ffff}',
  'e\u0301',
  'é',
  'Straße',
  '漢字',
  '__proto__',
  'constructor',
  '<<',
  '=',
  'y',
  'Y',
  'on',
  'x'.repeat(5000),
  `${'a'.repeat(200)}\n${'b'.repeat(200)}`,
];

const text = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...AWKWARD) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  // Any UTF-16, halves of characters too.
  {
    weight: 1,
    arbitrary: fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  },
  {
    weight: 1,
    arbitrary: fc.array(fc.constantFrom(...AWKWARD), { maxLength: 4 }).map((parts) => parts.join('\n')),
  },
);

function readBack(yaml: string): unknown {
  const { documents, problems } = readYaml(new SourceText('groups/x.yaml', yaml));
  expect(problems).toEqual([]);
  expect(documents).toHaveLength(1);
  return documents[0]?.value;
}

describe('a text written as YAML', () => {
  test.each(AWKWARD.filter((awkward) => awkward.isWellFormed()))('%j reads back as itself', (awkward) => {
    expect(readBack(writeYaml([[{ key: 'text', value: quoted(awkward) }]]))).toEqual({ text: awkward });
  });

  it('reads back as itself, whatever it is, in whatever place', () => {
    fc.assert(
      fc.property(
        text.filter((any) => any.isWellFormed()),
        (any) => {
          const nested = [{ key: 'a', value: [{ key: 'b', value: quoted(any) }] }];
          const yaml = writeYaml([
            [
              { key: 'list', value: { items: [nested, nested] } },
              { key: 'z', value: word(any) },
            ],
          ]);
          expect(readBack(yaml)).toEqual({ list: [{ a: { b: any } }, { a: { b: any } }], z: any });
        },
      ),
      runs(300),
    );
  });

  it('holds no character that does not show or that acts on a terminal', () => {
    fc.assert(
      fc.property(text, (any) => {
        const yaml = writeYaml([[{ key: 'text', value: quoted(any.toWellFormed()), comment: [any] }]]);
        expect(yaml.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/u);
      }),
      runs(300),
    );
  });

  it('as a comment stays one line of it, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), (lines) => {
        const item = [{ key: 'b', value: word('c'), comment: lines }];
        const yaml = writeYaml([[{ key: 'a', value: { items: [item] }, comment: lines }]]);
        expect(readBack(yaml)).toEqual({ a: [{ b: 'c' }] });
        expect(yaml.split('\n')).toHaveLength(2 * lines.length + 3);
      }),
      runs(300),
    );
  });

  test.each(['NO', 'no', 'Y', 'on', 'null', '0123', '1e3', '1.5', '-', 'a..b/', '2027-01-31', ''])(
    'is quoted as a word too where one YAML or another reads something else: %j',
    (any) => {
      expect(writeYaml([[{ key: 'word', value: word(any) }]])).toBe(`word: "${any}"\n`);
    },
  );

  test.each([
    'DE',
    'toll_free',
    'de-local',
    'crm-0001',
    'regsync/v1',
    '../documents/a-b.pdf.age',
    'a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b',
  ])('stands without quotes where it is a plain word: %s', (any) => {
    expect(writeYaml([[{ key: 'word', value: word(any) }]])).toBe(`word: ${any}\n`);
  });

  it('is a block of its lines where these show as they are', () => {
    expect(writeYaml([[{ key: 'text', value: quoted('first line\n\n# third: line') }]])).toBe(
      'text: |-\n  first line\n\n  # third: line\n',
    );
  });
});

const PDF = Buffer.from('%PDF-1.4\nsample\n%%EOF\n');
const SHA256 = createHash('sha256').update(PDF).digest('hex');
const DOCUMENT = '00000000-0000-4000-8000-00000000000d';

describe('an account, whatever stands in it', () => {
  it('becomes manifests with which the next plan is empty', () => {
    let attached = 0;
    const fields = [
      'business_name',
      'street_address',
      'locality',
      'postal_code',
      'extended_address',
    ] as const;
    const group = fc.record({
      reference: fc.option(text),
      value: text,
      unknown: text,
      status: fc.constantFrom('unapproved', 'pending-approval', 'approved', 'declined', 'expired', 'on-hold'),
      expires: fc.option(fc.constantFrom('2027-01-31T00:00:00Z', '2027-02-30', 'soon', '20270131', '')),
      address: fc.nat(3),
    });
    // What one of the groups holds, or nearly.
    const order = fc.record({
      of: fc.nat(3),
      other: fc.option(text, { freq: 2 }),
      reference: fc.option(text),
      status: fc.constantFrom('pending-approval', 'approved', 'declined', null),
      numbers: fc.integer({ min: 1, max: 3 }),
    });
    const address = fc.record(Object.fromEntries(fields.map((field) => [field, text])));
    const world = fc.record({
      groups: fc.array(group, { minLength: 1, maxLength: 4 }),
      addresses: fc.array(address, { maxLength: 3 }),
      requirementName: text,
      told: fc.boolean(),
      orders: fc.array(order, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(world, ({ groups, addresses, requirementName, told, orders }) => {
        const account = accountOf({
          groups: groups.map((given, index) => {
            const row = groupRow(
              {
                [IDS.text]: ['textual', given.value],
                [IDS.document]: ['document', DOCUMENT],
                [IDS.address]: ['address', String(1000 + given.address)],
                [IDS.unknown]: ['biometric', given.unknown],
              },
              {
                id: `0a000000-0000-4000-8000-00000000000${index}`,
                customer_reference: given.reference,
                status: given.status,
              },
            ) as { regulatory_requirements: object[] };
            const requirements = row.regulatory_requirements.map((entry) => ({
              ...entry,
              expires_at: given.expires,
            }));
            return { ...row, regulatory_requirements: requirements };
          }),
          documents: [
            { id: DOCUMENT, sha256: told ? SHA256 : null, status: 'verified', av_scan_status: 'scanned' },
          ],
          addresses: addresses.map((given, index) => ({
            id: String(1000 + index),
            country_code: 'DE',
            ...given,
          })),
          orders: orders.map(({ of, other, reference, status, numbers }, index) => {
            const given = groups[of % groups.length];
            const held: Held = {
              [IDS.text]: [other ?? given?.value ?? '', status],
              [IDS.document]: [DOCUMENT, status],
              [IDS.address]: [String(1000 + (given?.address ?? 0)), status],
              [IDS.unknown]: [given?.unknown ?? '', status],
            };
            return subOrder(index, Array(numbers).fill(held), { reference: reference as Reference | null });
          }),
        });
        const catalogue = catalogueOf([
          { id: IDS.text, name: requirementName, field_type: 'textual', acceptance_criteria: {} },
          { id: IDS.document, name: requirementName, field_type: 'document' },
        ]);
        const composition = composeAll(account, catalogue, { [DOCUMENT]: PDF });
        const objections = checkComposition(composition, { loaded: NOTHING_LOADED, account, catalogue });
        // References to other scopes are not imported; drafts do not know that.
        const foreign = groups.some(({ reference }) => reference?.startsWith('regsync/'));
        if (!foreign) expect([...objections]).toEqual([]);
        for (const { manifest } of composition.groups) {
          attached += manifest.orders.length;
          for (const { id } of manifest.orders) expect(rivalsOf(id, account)).toEqual([manifest.group.id]);
        }
        for (const { path } of [...composition.manifests, ...composition.documents]) {
          expect(path).toMatch(/^(?:groups|documents)\/[a-z0-9][a-z0-9._-]*\.(?:yaml|pdf)$/);
        }
        const paths = [...composition.manifests, ...composition.documents].map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
        for (const { path, text: yaml } of composition.manifests) {
          const { problems } = parseManifests(path, yaml);
          expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
        }
      }),
      runs(150),
    );
    expect(attached).toBeGreaterThan(0);
  });
});

/** Every group with all values of the order, by the plainest of comparisons. */
function rivalsOf(orderId: string, { groups, orders }: Account): string[] {
  const [holding = []] = orders.find(({ id }) => id === orderId)?.holdings ?? [];
  const open = holding.filter(({ status }) => status !== 'approved');
  const same = (a: string, b: string): boolean =>
    (a === '') === (b === '') && a.normalize().trim() === b.normalize().trim();
  return groups
    .filter(({ requirements }) =>
      open.every(({ requirementId, value }) => {
        const own = requirements.find((requirement) => requirement.requirementId === requirementId);
        return same(own === undefined ? '' : reveal(own.value), reveal(value));
      }),
    )
    .map(({ id }) => id);
}
