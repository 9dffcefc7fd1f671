import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../../src/manifest/parse.ts';
import { redactLine } from '../../../src/manifest/yaml/code-frame.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { runs } from '../../properties/runs.ts';
import { fc } from '../../support/fast-check.ts';
import { group, groupWith, workspace } from '../workspace.ts';

describe('an excerpt', () => {
  it.each([
    ['name: acme-de', 'name: acme-de'],
    ['  country_code: DE', '  country_code: DE'],
    ['country_code: "DE"', 'country_code: "DE"'],
    ['  - requirement: Contact Info', '  - requirement: Contact Info'],
    ['- - name: a', '- - name: a'],
    ['document: acme-registration', 'document: acme-registration'],
    ['      file: ../documents/bill.pdf', '      file: ../documents/bill.pdf'],
    ['customer_reference: MY REF 001', 'customer_reference: MY REF 001'],
    ['  max_deletes: 10', '  max_deletes: 10'],
    ['requirements:', 'requirements:'],
    ['---', '---'],
    ['...', '...'],
    ['  -', '  -'],
    ['', ''],
    ['    text: ""', '    text: ""'],
    ["    street_address: ''", "    street_address: ''"],
    ['    text: ""    # Jane Roe', '    text: ""'],
  ])('shows what is not private: %j', (line, expected) => {
    expect(redactLine(line, 1).text).toBe(expected);
  });

  it.each([
    ['    text: Jane Roe', '    text: «…»'],
    ['    "text": Jane Roe', '    "text": «…»'],
    ['    text : Jane Roe', '    text : «…»'],
    ['street_address: Unter den Linden 1', 'street_address: «…»'],
    ['address: acme-berlin', 'address: «…»'],
    ['nmae: Jane Roe', 'nmae: «…»'],
    ['name: Jane Roe', 'name: «…»'],
    ['name: acme # Jane Roe', 'name: acme «…»'],
    ['# name: Jane Roe', '«…»'],
    ['  Jane Roe', '  «…»'],
    ['  Jane Roe: x', '  «…»'],
    ['document: { file: Jane.pdf }', 'document: «…»'],
    ['- { requirement: Contact, text: Jane }', '- «…»'],
    ['requirement: "Contact" Jane', 'requirement: «…»'],
    ['requirement: "Contact', 'requirement: «…»'],
    ['requirement: |', 'requirement: «…»'],
    ['requirement: A: Jane', 'requirement: «…»'],
    ['requirement: &a Jane', 'requirement: «…»'],
    ['constructor: Jane', 'constructor: «…»'],
    ['__proto__: Jane', '__proto__: «…»'],
    ['--- Jane', '--- «…»'],
    ['%TAG ! Jane', '«…»'],
    ['name:Jane', '«…»'],
    ['? Jane', '? «…»'],
    ['text: ""Jane', 'text: «…»'],
    ['text: "" Jane', 'text: «…»'],
  ])('hides everything else: %j', (line, expected) => {
    expect(redactLine(line, 1).text).toBe(expected);
  });

  it('does not tell the length of what it hides', () => {
    const [short, long] = ['text: x', `text: ${'x'.repeat(10_000)}`].map((line) =>
      redactLine(line, line.length),
    );
    expect(short).toEqual({ text: 'text: «…»', column: 7 });
    expect(long).toEqual(short);
  });

  it('keeps the caret within what it shows', () => {
    expect(redactLine('name: acme', 7)).toEqual({ text: 'name: acme', column: 7 });
    expect(redactLine('name: acme', 99).column).toBe(11);
    expect(redactLine('    text: Jane', 11).column).toBe(11);
    expect(redactLine('    text: Jane', 14).column).toBe(11);
    expect(redactLine('name: acme   # Jane', 19).column).toBe(7);
  });

  it('cuts long lines', () => {
    const excerpt = redactLine(`${' '.repeat(500)}name: acme`, 501);
    expect(excerpt.text).toHaveLength(121);
    expect(excerpt.column).toBe(122);
  });

  it('shows control and bidirectional characters escaped', () => {
    expect(redactLine('requirement: a\u202eb\u200bc\u0085', 14)).toEqual({
      text: 'requirement: a\\u202eb\\u200bc\\u0085',
      column: 14,
    });
  });

  it('of a line within a longer scalar shows nothing, however it looks', () => {
    const block = group(
      'a',
      'requirements:\n  - requirement: A\n    text: |\n      name: CANARY\n    nonsense: x',
    );
    expect(parseManifests('a.yaml', block).problems).toMatchObject([{ excerpt: '    nonsense: «…»' }]);
    const plain = group('a', 'requirements:\n  - requirement: A\n    text: Jane\n      name: CANARY\n');
    const quoted = group('a', 'requirements:\n  - requirement: A\n    text: "Jane\n      name: CANARY" x\n');
    expect(excerpts(parseManifests('a.yaml', plain).problems)).toEqual(['    text: «…»']);
    expect(excerpts(parseManifests('a.yaml', quoted).problems)).toEqual(['      «…»']);
  });
});

function excerpts(problems: readonly Problem[]): (string | undefined)[] {
  return problems.map(({ excerpt }) => excerpt);
}

describe('a private value is in no problem', () => {
  it.each([
    'text: +49CANARY: x',
    'text: 0123\n    street_address: CANARY',
    'text: [CANARY]',
    'text: { a: CANARY }',
    'text: !CANARY x',
    'text: *CANARY',
    'text: "CANARY\\q"',
    'text: "CANARY',
    "text: 'CANARY",
    'text: @CANARY',
    'text: |CANARY',
    'text: CANARY\n   CANARY\n  CANARY',
    'text: "a" CANARY',
    'text: CANARY\0',
    'text: "\\ud800CANARY"',
    'text_from: CANARY',
    'text_from: { env: CANARY }',
    'text_from: { env: REGSYNC_VAR_A, file: CANARY }',
    'document: CANARY Passport',
    'document: { id: CANARY }',
    'document: { file: a.pdf, sha256: CANARY, expires: CANARY }',
    'document: [CANARY]',
    'address: CANARY Street 1',
    'address: { id: CANARY }',
    'address: { street_address: CANARY, locality: CANARY }',
    'address:\n      first_name: CANARY\n      country_code: CANARY',
    'address:\n      phone_number: 12\n      country_code: DE # CANARY',
    'txt: CANARY',
    '{ text: Jane, CANARY }: x',
    'address: { locality: Berlin, CANARY }',
    'address: { street_address: 1, CANARY Street }',
    'CANARY Roe: x',
    'CANARY Roe: x\n    CANARY Roe: y',
    '- CANARY',
    'CANARY',
    '"CANARY"',
    '# CANARY\n   name: x',
  ])('%j', (value) => {
    const { problems } = parseManifests('a.yaml', groupWith(value));
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain('CANARY');
  });

  it('nor when the slip of a key breaks the manifest around it', () => {
    const manifest = [
      group('acme', 'requirements:'),
      '  - requirement: Contact Info',
      '    text: CANARY Roe, CANARY GmbH',
      '  - requirement: Company',
      '    text: |',
      '      CANARY one',
      '      CANARY two',
      '  - { requirement: Flow, text: "CANARY" }',
      '  - requirement: Address',
      '    address:',
      '      business_name: CANARY GmbH',
      '      street_address: "CANARY 1"',
      "      locality: 'CANARY'",
      '      country_code: DE',
      '',
    ].join('\n');
    const slip = fc.constantFrom(
      '\n',
      ' ',
      '  ',
      '\t',
      ':',
      '-',
      '"',
      "'",
      '{',
      '}',
      '[',
      '#',
      '|',
      '&',
      '*',
      '!',
      '\\',
      '%',
    );
    fc.assert(
      fc.property(fc.nat(manifest.length), fc.nat(3), slip, (at, removed, inserted) => {
        const broken = manifest.slice(0, at) + inserted + manifest.slice(at + removed);
        expect(JSON.stringify(parseManifests('a.yaml', broken).problems)).not.toContain('CANARY');
      }),
      runs(500),
    );
  });

  it('nor when files and variables are what is wrong', async () => {
    const { load } = await workspace({
      'groups/a.yaml': group(
        'a',
        [
          'requirements:',
          '  - { requirement: A, text_from: { env: REGSYNC_VAR_A } }',
          '  - { requirement: B, text_from: { file: ../texts/a.txt } }',
          '  - requirement: C',
          '    text: CANARY',
          '  - requirement: C',
          '    address: { business_name: CANARY, street_address: CANARY, locality: CANARY, country_code: DE }',
          '  - requirement: D',
          `    document: { file: ../texts/a.txt, sha256: ${'a'.repeat(64)} }`,
        ].join('\n'),
      ),
      'texts/a.txt': Buffer.from('CANARY\xff', 'latin1'),
    });
    const { desired, problems } = await load({ REGSYNC_VAR_B: 'CANARY' });
    expect(problems.map(({ code }) => code).sort()).toEqual([
      'digest-mismatch',
      'duplicate-requirement',
      'not-utf8',
      'unset-variable',
    ]);
    expect(JSON.stringify([desired, problems])).not.toContain('CANARY');
  });
});
