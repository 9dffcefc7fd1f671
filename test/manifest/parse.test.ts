import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig, parseManifests } from '../../src/manifest/parse.ts';
import type { Problem } from '../../src/model/problem.ts';
import { runs } from '../properties/runs.ts';
import { fc } from '../support/fast-check.ts';
import { CONFIG, codes, group, groupWith } from './workspace.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/manifest/faulty');

function lines(problems: readonly Problem[]): string[] {
  return problems.map(({ source, code }) => `${source?.line}:${source?.column} ${code}`);
}

function problemsOf(text: string): readonly Problem[] {
  return parseManifests('a.yaml', text).problems;
}

const UUID = '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2';

const FAULTY: Readonly<Record<string, readonly string[]>> = {
  'empty.yaml': ['1:1 empty-manifest'],
  'only-comments.yaml': ['1:1 empty-manifest'],
  'empty-document-between-two.yaml': ['5:1 empty-manifest'],
  'misspelt-keys.yaml': ['3:1 unknown-key', '4:1 unknown-key', '8:5 unknown-key', '11:5 unknown-key'],
  'unquoted-strings.yaml': [
    '3:7 quote-it',
    '7:5 quote-it',
    '9:18 quote-it',
    '10:11 quote-it',
    '12:11 quote-it',
    '14:11 quote-it',
    '18:23 quote-it',
    '20:20 quote-it',
    '23:14 quote-it',
    '25:15 quote-it',
  ],
  'wrong-values.yaml': [
    '1:13 unknown-value',
    '3:7 invalid-value',
    '4:15 unknown-country',
    '5:20 unknown-value',
    '6:9 unknown-value',
    '7:11 unknown-value',
    '8:10 wrong-type',
    '9:5 invalid-value',
    '11:18 empty-value',
    '12:11 empty-value',
    '14:15 invalid-value',
    '16:16 invalid-value',
    '18:14 invalid-value',
  ],
  'no-value-and-two-values.yaml': [
    '8:5 no-value',
    '11:5 several-values',
    '13:5 empty-value',
    '15:16 no-value',
    '19:7 several-values',
  ],
  'address-without-name-or-street.yaml': ['1:1 missing-key', '1:1 missing-key', '6:15 unknown-country'],
  'duplicate-keys.yaml': ['4:1 duplicate-key', '6:1 duplicate-key'],
  'merge-key.yaml': ['3:1 merge-key'],
  'custom-tag.yaml': ['3:7 yaml-tag'],
  'yaml-1.1-directive.yaml': ['1:1 yaml-directive'],
  'billion-laughs.yaml': ['3:4 too-many-aliases'],
  'prototype-keys.yaml': [
    '7:1 unknown-key',
    '11:5 unknown-key',
    '18:7 unknown-key',
    '20:15 unknown-key',
    '22:16 unknown-key',
  ],
  'unclosed-quote.yaml': ['4:17 invalid-yaml'],
  'colon-in-plain-text.yaml': ['6:11 invalid-yaml'],
  'not-manifests.yaml': [
    '1:1 wrong-type',
    '3:1 wrong-type',
    '6:1 missing-key',
    '9:7 unknown-kind',
    '11:7 unknown-kind',
    '13:7 unknown-kind',
    '15:7 unknown-kind',
  ],
};

describe('a faulty manifest has one problem a mistake, at its place', () => {
  it.each(Object.entries(FAULTY))('%s', async (name, expected) => {
    const { problems } = parseManifests(name, await readFile(join(FIXTURES, name), 'utf8'));
    expect(lines(problems).sort(byPlace)).toEqual(expected);
    for (const problem of problems)
      expect(problem).toMatchObject({ severity: 'error', source: { file: name } });
  });

  it('and every fixture is listed', async () => {
    expect((await readdir(FIXTURES)).sort()).toEqual(Object.keys(FAULTY).sort());
  });
});

function byPlace(a: string, b: string): number {
  const [lineA = 0, columnA = 0] = a.split(/[: ]/).map(Number);
  const [lineB = 0, columnB = 0] = b.split(/[: ]/).map(Number);
  return lineA - lineB || columnA - columnB;
}

describe('a message', () => {
  it.each([
    ['a key', 'contry_code: DE', 'unknown key "contry_code"', 'Did you mean "country_code"?'],
    ['a part of a key', 'numbers: [1]', 'unknown key "numbers"', /^Known keys: /],
    ['the first word of a key', 'country: DE', 'unknown key "country"', 'Did you mean "country_code"?'],
    [
      'the last word of a key',
      'reference: A',
      'unknown key "reference"',
      'Did you mean "customer_reference"?',
    ],
    ['an unlikely key', 'xyzzy: DE', 'unknown key "xyzzy"', /^Known keys: apiVersion, kind, name, /],
    [
      'a value of a list',
      'approval: sumbit',
      '"approval" must be one of "submit", "none", not "sumbit"',
      'Did you mean "submit"?',
    ],
  ])('suggests %s', (_, line, message, hint) => {
    const [problem] = problemsOf(group('a', line));
    expect(problem?.message).toBe(message);
    expect(problem?.hint).toMatch(hint);
  });

  it.each(
    ['NumberOrder', 'PortingOrder', 'Document', 'Address'].flatMap((kind) =>
      ['deletion: forbid', 'manage: observe'].map((line) => [kind, line] as const),
    ),
  )('says at the line of a %s that only a group takes %s', (kind, line) => {
    const problem = problemsOf(`apiVersion: regsync/v1\nkind: ${kind}\nname: a\n${line}\n`).find(
      ({ code }) => code === 'unknown-key',
    );
    const key = line.replace(/:.*/, '');
    expect([problem?.message, problem?.source?.line]).toEqual([`unknown key "${key}"`, 4]);
    expect(problem?.hint).toMatch(
      new RegExp(`^Only a RequirementGroup takes "${key}"\\. .*Remove this line\\.$`),
    );
  });

  it.each([
    ['UK', '"UK" is not a country code (ISO 3166-1 alpha-2)', 'Did you mean "GB"?'],
    ['de', '"de" is not a country code (ISO 3166-1 alpha-2)', 'Did you mean "DE"?'],
    ['USA', '"USA" is not a country code (ISO 3166-1 alpha-2)', 'Did you mean "US"?'],
    ['XX', '"XX" is not a country code (ISO 3166-1 alpha-2)', undefined],
    ['Germany', '"Germany" is not a country code (ISO 3166-1 alpha-2)', 'Write "DE".'],
    ['Österreich', '"Österreich" is not a country code (ISO 3166-1 alpha-2)', 'Write "AT".'],
    ['Pays-Bas', '"Pays-Bas" is not a country code (ISO 3166-1 alpha-2)', 'Write "NL".'],
    ['Grat Britain', 'this is not a country code (ISO 3166-1 alpha-2)', 'Did you mean "GB"?'],
    [
      'Jane Roe',
      'this is not a country code (ISO 3166-1 alpha-2)',
      'Write the two letters of the country, such as DE for Germany.',
    ],
  ])('knows what country %s is', (code, message, hint) => {
    const [problem] = problemsOf(group('a').replace('country_code: DE', `country_code: ${code}`));
    expect(problem?.message).toBe(message);
    expect(problem?.hint).toBe(hint);
  });

  it('suggests a kind, and says where a Config belongs', () => {
    expect(problemsOf('kind: RequirementGruop')[0]).toMatchObject({
      hint: 'Did you mean "RequirementGroup"?',
    });
    expect(problemsOf('kind: Config')[0]).toMatchObject({ hint: 'Move it into regsync.yaml.' });
  });

  it('says to quote what YAML does not read as a string', () => {
    expect(problemsOf(groupWith('text: +4930123456'))[0]).toMatchObject({
      code: 'quote-it',
      message: '"text" must be a string, but YAML reads a number here: quote it',
      hint: 'Write text: "…".',
    });
  });

  it.each([
    ['partial: "true"', '"partial" must be true or false', 'Remove the quotes: they make it a string.'],
    [
      'partial: "no"',
      '"partial" must be true or false',
      'Write true or false: YAML 1.2 does not know yes, no, on and off.',
    ],
  ])('says what keeps %j from being read', (line, message, hint) => {
    expect(problemsOf(group('a', line))).toMatchObject([{ code: 'wrong-type', message, hint }]);
  });

  it('says that a number stands in quotes', () => {
    const { problems } = parseConfig('regsync.yaml', `${CONFIG}limits: { max_deletes: "5" }\n`);
    expect(problems).toMatchObject([
      { message: '"max_deletes" must be a whole number', hint: 'Remove the quotes: they make it a string.' },
    ]);
  });

  it.each([
    ['phone_numbers: ["+4930123456", "0049301"]', '4:16', /^entry 2 must be a phone number/],
    ['phone_numbers: ["+4930123456", 49, "+4930123457"]', '4:16', /^entry 2 must be a string/],
    ['requirements: [{ text: x }, { requirement: ID, txt: x }]', '4:15', /^entry 1 has no "requirement"$/],
    ['requirements: [{ requirement: ID, text: x }, {}]', '4:15', /^entry 2 has no "requirement"$/],
    [
      'requirements: [{ requirement: ID, text: x }, { requirement: ID, txt: x }]',
      '4:15',
      /^entry 2: unknown key "txt"$/,
    ],
    ['phone_numbers: ["0049301"]', '4:16', /^this entry must be a phone number/],
    ['phone_numbers: ["+4930123456",\n  "0049301"]', '5:3', /^this entry must be a phone number/],
    ['phone_numbers:\n  - "+4930123456"\n  - "0049301"', '6:5', /^this entry must be a phone number/],
  ])('names the entry that a line does not tell from its others: %j', (list, place, message) => {
    const text = `apiVersion: regsync/v1\nkind: NumberOrder\nname: a\n${list.replaceAll('ID', UUID)}\n`;
    const [problem] = problemsOf(text);
    expect(problem?.message).toMatch(message);
    expect(problem?.source).toMatchObject({
      line: Number(place.split(':')[0]),
      column: Number(place.split(':')[1]),
    });
  });

  it.each([
    ['kind: RequirementGroup\nname: a', '"action"', 'Add "action: ordering" or "action: porting".'],
    ['kind: RequirementGroup\nname: a', '"apiVersion"', 'Add "apiVersion: …".'],
    ['kind: RequirementGroup\nname: a', '"country_code"', 'Add "country_code: …".'],
  ])('says what to add where a key is missing: %j lacks %s', (text, key, hint) => {
    expect(problemsOf(text).find(({ message }) => message === `this manifest has no ${key}`)).toMatchObject({
      hint,
    });
  });

  it.each([
    ['approval: no', '"approval" must be one of "submit", "none", not "no"', 'Did you mean "none"?'],
    ['approval: false', '"approval" must be one of "submit", "none", not "false"', 'Did you mean "none"?'],
    ['approval: auto', '"approval" must be one of "submit", "none", not "auto"', 'Did you mean "submit"?'],
    [
      'requirements: [{ requirement: X, text_from: { env: TAX_ID } }]',
      '"env" must be a variable whose name begins with REGSYNC_VAR_, in capitals, digits and underscores',
      'Rename the variable where you set it, such as TAX_ID to REGSYNC_VAR_TAX_ID. Manifests can read no other variables.',
    ],
    [
      'requirements: [{ requirement: X, document: { file: a.pdf, expires: "2027-13-31" } }]',
      '"expires" is not a day of the calendar',
      'Write year, month and day, such as 2027-01-31.',
    ],
    [
      'requirements: [{ requirement: X, document: { file: a.pdf, expires: 31.01.2027 } }]',
      '"expires" must be a date, written YYYY-MM-DD',
      'Write year, month and day, such as 2027-01-31.',
    ],
    [
      'requirements:\n  – requirement: X',
      '"requirements" must be a list',
      'Write "- " before each entry: "–" is another character.',
    ],
    [
      'customer_reference: [A] ',
      '"customer_reference" must be a string',
      'Put the whole value in quotes if "[", "{" or ": " belongs to it.',
    ],
  ])('says what to write instead of %j', (line, message, hint) => {
    const [problem] = problemsOf(group('a', line));
    expect([problem?.message, problem?.hint]).toEqual([message, hint]);
  });

  it('tells a file of a later version from one that is misspelt', () => {
    const version = (written: string) => problemsOf(group('a').replace('regsync/v1', written))[0]?.hint;
    expect(version('regsync/v2')).toBe(
      'This file is for a later version. Update regsync with `npm install --global regsync@latest`, or write "apiVersion: regsync/v1".',
    );
    expect(version('regsynk/v1')).toBeUndefined();
  });

  it('names the line of the first of two equal keys', () => {
    expect(problemsOf('kind: Document\nname: a\nname: b')[0]?.message).toBe(
      'the key "name" is already on line 2',
    );
  });

  it('cuts long names, and shows what would act on a terminal or hide', () => {
    const hostile = `"\\e]8;;x\\u202e\\u200b${'k'.repeat(100)}": 1`;
    const [problem] = problemsOf(group('a', hostile));
    expect(problem?.message).toBe(`unknown key "\\u001b]8;;x\\u202e\\u200b${'k'.repeat(52)}…"`);
  });
});

const COLON = 'a space is missing after ":"';
const EQUALS = 'this is "=" in place of ":"';
const DASH = 'a space is missing after "-"';
const TAB = 'a tab in the indentation';

describe('a slip is called by its name, where it is', () => {
  it.each([
    ['no space after a colon', group('a').replace('name: a', 'name:a'), '3:1', COLON],
    ['nor after that of a quoted value', group('a').replace('name: a', 'name:"a"'), '3:1', COLON],
    ['nor in the first line', group('a').replace('apiVersion: ', 'apiVersion:'), '1:1', COLON],
    ['nor in the last one', group('a').replace('action: ', 'action:'), '6:1', COLON],
    ['nor in a list', groupWith('text: x').replace('requirement: C', 'requirement:C'), '8:5', COLON],
    ['nor below it', groupWith('text:x'), '9:5', COLON],
    ['nor in braces', groupWith('address: { locality:Berlin, country_code: DE }'), '9:14', COLON],
    ['"=" for a colon', group('a').replace('name: a', 'name = a'), '3:1', EQUALS],
    ['without spaces, too', group('a').replace('name: a', 'name=a'), '3:1', EQUALS],
    ['in the last line', group('a').replace('action: ordering', 'action = ordering'), '6:1', EQUALS],
    ['in a list', groupWith('text = x'), '9:5', EQUALS],
    ['in braces', groupWith('address: { locality = Berlin, country_code: DE }'), '9:14', EQUALS],
    ['a tab before a key', group('a').replace('name', '\tname'), '3:1', TAB],
    ['spaces and a tab before a key', group('a').replace('name', '  \tname'), '3:3', TAB],
    ['spaces and a tab in a list', groupWith('text: x').replace('    text', '  \ttext'), '9:3', TAB],
    ['no space after a dash', groupWith('text: x').replace('- req', '-req'), '8:3', DASH],
    [
      'nor after that of a later entry',
      `${groupWith('text: x')}  -requirement: B\n    text: y\n`,
      '10:3',
      DASH,
    ],
    ['nor before braces', `${groupWith('text: x')}\n  # B\n  -{ requirement: B, text: y }\n`, '12:3', DASH],
  ])('%s', (_, text, place, message) => {
    const problems = problemsOf(text);
    expect(problems).toMatchObject([{ code: 'invalid-yaml', message }]);
    expect(lines(problems)).toEqual([`${place} invalid-yaml`]);
  });

  it.each([
    ['text: Jane\n   Roe:x\n   b: c', 'a text with a colon'],
    ['text: x\nhttp://example.com', 'an address of the web'],
    ['text: x\n-----BEGIN', 'dashes'],
  ])('and %j is no such slip', (value) => {
    const [problem] = problemsOf(groupWith(value));
    expect([COLON, EQUALS, DASH, TAB]).not.toContain(problem?.message);
  });

  it('wrong indentation is told of the line that has it, not of blank ones before', () => {
    const text = `${groupWith('text: x')}\n  # B\n\n  requirement: B\n`;
    expect(problemsOf(text)).toMatchObject([{ message: 'wrong indentation', source: { line: 13 } }]);
  });

  it.each([
    ['between keys', '<<<<<<< HEAD\nname: a\n=======\nname: b\n>>>>>>> theirs\n', 1],
    ['within a text', `${groupWith('text: |')}      one\n<<<<<<< HEAD\n      two\n=======\n`, 11],
    ['only the last, with other line ends', `${group('a')}>>>>>>> theirs\n`.replaceAll('\n', '\r\n'), 7],
    ['of the common ancestor', `${group('a')}||||||| 1a2b3c4\n`, 7],
  ])('marks of a merge: %s', (_, text, line) => {
    const expected = {
      code: 'merge-conflict',
      message: 'a merge left conflict marks in this file',
      hint: 'Keep the lines that you want of either side, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>.',
      source: { line, column: 1 },
    };
    expect(problemsOf(text)).toMatchObject([expected]);
    expect(parseConfig('regsync.yaml', text).problems).toMatchObject([expected]);
  });
});

describe('YAML', () => {
  it.each([
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a document start', (text: string) => `---\n${text}`],
    ['a trailing document start', (text: string) => `${text}\n---\n`],
    ['a document end', (text: string) => `${text}\n...\n`],
    ['a comment before', (text: string) => `# comment\n\n${text}`],
    ['flow notation', (text: string) => `{ ${text.trim().split('\n').join(', ')} }`],
  ])('may have %s', (_, change) => {
    const { manifests, problems } = parseManifests('a.yaml', change(group('acme')));
    expect(problems).toEqual([]);
    expect(manifests).toMatchObject([{ kind: 'RequirementGroup', fields: { name: 'acme' } }]);
  });

  it('reads NO as a string, so that Norway is a country', () => {
    const { manifests, problems } = parseManifests('a.yaml', group('a').replace('DE', 'NO'));
    expect(problems).toEqual([]);
    expect(manifests).toMatchObject([{ fields: { country_code: 'NO' } }]);
  });

  it('may hold several manifests, each with the position of its first key', () => {
    const { manifests } = parseManifests('a.yaml', `# first\n${group('a')}\n---\n\n${group('b')}`);
    expect(manifests.map(({ origin }) => origin.position([]).line)).toEqual([2, 11]);
  });

  it('may use a few aliases', () => {
    const text = group(
      'a',
      'requirements:\n  - { requirement: A, text: &t Jane }\n  - { requirement: B, text: *t }',
    );
    const { manifests, problems } = parseManifests('a.yaml', text);
    expect(problems).toEqual([]);
    expect(manifests).toMatchObject([{ fields: { requirements: [{ text: 'Jane' }, { text: 'Jane' }] } }]);
  });

  it.each([
    ['an alias of nothing', 'text: *nobody', 'unknown-anchor'],
    ['an alias of itself', 'text: &a [*a]', 'unknown-anchor'],
    ['seventeen aliases', `text: [&a x${', *a'.repeat(17)}]`, 'too-many-aliases'],
    ['a local tag', 'text: !secret x', 'yaml-tag'],
    ['a binary', 'text: !!binary eA==', 'yaml-tag'],
    ['a set', 'text: !!set { a }', 'yaml-tag'],
    ['a tag of another type', 'text: !!map x', 'yaml-tag'],
    ['a tab as indentation', 'text: x\n\tname: x', 'invalid-yaml'],
    ['a mapping as key', '? { a: b }\n    : x', 'invalid-key'],
    ['an alias as key', 'text: &a x\n    *a : x', 'invalid-key'],
    ['half a character', 'text: "\\ud800"', 'invalid-yaml'],
    ['an unclosed brace', 'address: { locality: x', 'invalid-yaml'],
    ['an unclosed bracket', 'text: [x', 'invalid-yaml'],
    ['text after a quoted value', 'text: "x" y', 'invalid-yaml'],
    ['a value that begins with @', 'text: @x', 'invalid-yaml'],
    ['a value that begins with `', 'text: `x', 'invalid-yaml'],
    ['an unknown escape', 'text: "\\x"', 'invalid-yaml'],
    ['text in a block header', 'text: | x', 'invalid-yaml'],
    ['a list on the line of its key', 'text: - x', 'invalid-yaml'],
    ['two anchors', 'text: &a &b x', 'invalid-yaml'],
    ['a NUL', 'text: \0', 'control-character'],
    ['an escape character', 'text: \x1b[31m', 'control-character'],
    ['a C1 control', 'text: \x9b31m', 'control-character'],
  ])('with %s is a problem', (_, value, code) => {
    expect(codes(problemsOf(groupWith(value)))).toEqual([code]);
  });

  it('knows the core tags', () => {
    const { problems } = parseManifests('a.yaml', groupWith('text: !!str 0123'));
    expect(problems).toEqual([]);
  });

  it('with a broken document still has its other documents looked at', () => {
    const { manifests, problems, isUnreadable } = parseManifests(
      'a.yaml',
      `${group('a')}\n---\na: b: c\n---\n${group('b')}\n---\nkind: Document\n`,
    );
    expect(manifests.map(({ fields }) => fields.name)).toEqual(['a', 'b']);
    expect(codes(problems)).toEqual(['invalid-yaml', 'missing-key', 'missing-key', 'missing-key']);
    expect(isUnreadable).toBe(true);
  });

  it('gives plain data without a prototype, and pollutes none', async () => {
    parseManifests('a.yaml', await readFile(join(FIXTURES, 'prototype-keys.yaml'), 'utf8'));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    // A tab is nothing that the short way knows.
    for (const text of [group('a'), `${group('a')}# \t\n`]) {
      const { manifests } = parseManifests('a.yaml', text);
      expect(Object.getPrototypeOf(manifests[0]?.fields)).toBeNull();
    }
  });
});

describe('nesting', () => {
  it.each([
    ['[', (n: number) => '['.repeat(n) + ']'.repeat(n)],
    ['{a:', (n: number) => '{a: '.repeat(n) + '}'.repeat(n)],
    ['- -', (n: number) => `${'- '.repeat(n)}x`],
    ['? ?', (n: number) => `${'? '.repeat(n)}x`],
    [
      'lists by indentation',
      (n: number) => Array.from({ length: n }, (_, i) => `${' '.repeat(i)}-`).join('\n'),
    ],
    [
      'keys by indentation',
      (n: number) => Array.from({ length: n }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
    ],
  ])('is fine to 64 levels and a problem beyond: %s', (_, nest) => {
    expect(codes(problemsOf(nest(64)))).not.toContain('too-deep');
    expect(codes(problemsOf(nest(65)))).toEqual(['too-deep']);
    expect(codes(problemsOf(nest(1000)))).toEqual(['too-deep']);
  });
});

describe('what is wrong', () => {
  it('is bounded: a thousand mistakes give a hundred problems and their number', () => {
    const rest = `requirements:\n${'  - 5\n'.repeat(1000)}`;
    const problems = problemsOf(group('a', rest));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({ code: 'too-many-problems', severity: 'error' });
  });
});

describe('any text', () => {
  it('as a manifest or a configuration never throws, and is a manifest or a problem', () => {
    const yamlish = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            ...['\n', '  ', '- ', '? ', ': ', '[', ']', '{', '}', ',', '"', "'", '|\n', '>-\n', '#', '&a '],
          ),
          fc.constantFrom(
            ...[
              '*a',
              '!t ',
              '---\n',
              '...\n',
              '%YAML 1.1\n',
              '<<',
              'kind: ',
              'Document',
              'name: ',
              '\t',
              '\r',
            ],
          ),
          fc.constantFrom(
            'apiVersion: regsync/v1\n',
            'requirements:',
            'text: ',
            'address: ',
            '__proto__: ',
            '\\',
            '\uFEFF',
          ),
          fc.string({ unit: 'binary', maxLength: 5 }),
        ),
        { maxLength: 60 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          yamlish,
          yamlish.map((text) => groupWith(text)),
        ),
        (text) => {
          const { manifests, problems } = parseManifests('a.yaml', text);
          const { fields, problems: configProblems } = parseConfig('regsync.yaml', text);
          expect(manifests.length + problems.length).toBeGreaterThan(0);
          expect(fields !== null || configProblems.length > 0).toBe(true);
          for (const { source, excerpt } of problems) {
            expect(source?.line).toBeGreaterThanOrEqual(1);
            expect(source?.line).toBeLessThanOrEqual(text.split('\n').length);
            expect(source?.column).toBeLessThanOrEqual((excerpt ?? '').length + 1);
          }
        },
      ),
      runs(400),
    );
  });
});

describe('a configuration', () => {
  it.each([
    ['no scope', 'apiVersion: regsync/v1\nkind: Config\n', ['1:1 missing-key']],
    ['a scope of other characters', CONFIG.replace('acme', 'Acme_1'), ['3:8 invalid-value']],
    ['a long scope', CONFIG.replace('acme', 'a'.repeat(33)), ['3:8 invalid-value']],
    ['an unknown key', `${CONFIG}tenants: []\n`, ['4:1 unknown-key']],
    ['an unknown key in limits', `${CONFIG}limits: { max_delete: 1 }\n`, ['4:9 unknown-key']],
    ['a negative limit', `${CONFIG}limits:\n  max_deletes: -1\n`, ['5:16 invalid-value']],
    ['a quoted limit', `${CONFIG}limits:\n  max_deletes: "1"\n`, ['5:16 wrong-type']],
    ['a fraction over 1', `${CONFIG}limits:\n  max_delete_fraction: 30\n`, ['5:24 invalid-value']],
    ['half a day', `${CONFIG}expiry:\n  warn_days: 0.5\n`, ['5:14 wrong-type']],
    ['no manifests', `${CONFIG}manifests: []\n`, ['4:12 empty-value']],
    ['manifests that are no list', `${CONFIG}manifests: groups\n`, ['4:12 wrong-type']],
    ['manifests that are no strings', `${CONFIG}manifests:\n  - 1\n`, ['5:5 quote-it']],
    ['two documents', `${CONFIG}---\n${CONFIG}`, ['5:1 several-configs']],
    ['another kind', CONFIG.replace('Config', 'Document'), ['2:7 unknown-kind']],
    ['nothing in it', '', ['1:1 empty-manifest']],
  ])('with %s is a problem', (_, text, expected) => {
    const { fields, problems } = parseConfig('regsync.yaml', text);
    expect(fields).toBeNull();
    expect(lines(problems)).toEqual(expected);
  });

  it.each(['', '# to come\n', '---\n'])('that is empty is told what has to stand in it: %j', (text) => {
    expect(parseConfig('regsync.yaml', text).problems).toMatchObject([
      {
        message: 'this configuration is empty',
        hint: 'Delete it and run `regsync init`, or write "apiVersion: regsync/v1", "kind: Config" and "scope: NAME" into it.',
        source: { line: 1, column: 1 },
      },
    ]);
  });
});

describe('a scalar of a megabyte of backslashes', () => {
  it.each([
    ['closed', `a: "${'\\'.repeat(1_000_000)}"`],
    ['followed by something else', `a: "${'\\'.repeat(500_000)}x${'\\'.repeat(400_000)}x"`],
  ])('that is %s is judged at once', (_, text) => {
    expect(parseManifests('groups/a.yaml', text).problems).not.toEqual([]);
  });
});
