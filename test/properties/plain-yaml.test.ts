import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/manifest/fault.ts';
import { readPlainYaml } from '../../src/manifest/yaml/read-plain-yaml.ts';
import { readAnyYaml } from '../../src/manifest/yaml/read-yaml.ts';
import { SourceText } from '../../src/manifest/yaml/source.ts';
import type { YamlNode } from '../../src/manifest/yaml/yaml-node.ts';
import { openInputs } from '../fuzz/inputs.ts';
import { fc } from '../support/fast-check.ts';
import { ROOT } from '../support/root.ts';
import { runs, UNHURRIED } from './runs.ts';

/**
 * The short way through YAML may give up, and must never differ from the long one: neither in what it reads, nor in where
 * that stands, nor in which lines may be shown.
 */
function expectSame(text: string): 'answered' | 'gave up' {
  const plain = readPlainYaml(text);
  if (plain === null) return 'gave up';
  const source = new SourceText('groups/any.yaml', text);
  const { documents, problems } = readAnyYaml(source);
  expect(problems, JSON.stringify(text)).toEqual([]);
  expect(plain.map(describeNode), JSON.stringify(text)).toEqual(documents.map(describeNode));
  const untouched = new SourceText('groups/any.yaml', text);
  for (const offset of plain.flatMap(offsetsIn)) {
    expect(untouched.position(offset), JSON.stringify(text)).toEqual(source.problem(offset, FAULT).source);
  }
  return 'answered';
}

const FAULT = new Fault('sample', 'sample');

function describeNode({ at, value, isEmpty, openEnd, entries, items }: YamlNode): unknown {
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    at,
    value: JSON.stringify(value) ?? String(value),
    type: typeof value,
    isWithoutPrototype: isMapping && Object.getPrototypeOf(value) === null,
    isEmpty,
    openEnd,
    entries: [...entries].map(([key, { keyAt, node }]) => [key, keyAt, describeNode(node)]),
    items: items.map(describeNode),
  };
}

function offsetsIn({ at, entries, items }: YamlNode): number[] {
  const within = [...entries.values()].flatMap(({ keyAt, node }) => [keyAt, ...offsetsIn(node)]);
  return [at, ...within, ...items.flatMap(offsetsIn)];
}

describe('the short way through YAML', () => {
  it.each(
    ['groups', 'examples'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.yaml') && !file.startsWith('kubernetes/'))
        .map((file) => `${folder}/${file}`),
    ),
  )('answers for %s', (file) => {
    expect(expectSame(readFileSync(join(ROOT, file), 'utf8'))).toBe('answered');
  });

  it.each([
    ...[
      'null',
      'Null',
      'NULL',
      'nULL',
      '~',
      'true',
      'True',
      'TRUE',
      'tRUE',
      'false',
      'False',
      'FALSE',
      'fALSE',
    ],
    ...['yes', 'No', 'ON', 'off', 'y', 'N', 'nil', 'none', 'truely', 'nullable', 'False positive'],
    ...[
      '0',
      '-0',
      '+0',
      '00',
      '007',
      '7',
      '-7',
      '+7',
      '1_000',
      '1,000',
      '12345678901234567890',
      '1:30',
      '2031-01-31',
    ],
    ...['1.', '.5', '-.5', '1.50', '1e3', '1E-3', '.e3', '1e', '0x1F', '0X1F', '0xg', '0o17', '0O17', '0b11'],
    ...['.inf', '-.Inf', '+.INF', '.nan', '.NaN', '.NANs', '-', '+', '.', '=', '<<'],
  ])('reads %s as the long one does, or nothing, wherever it stands', (word) => {
    for (const text of [`a: ${word}\n`, `- ${word}\n`, `a: [${word}, b]\n`, `a: { b: ${word} }\n`]) {
      if (readAnyYaml(new SourceText('groups/any.yaml', text)).problems.length === 0) expectSame(text);
      else expect(readPlainYaml(text)).toBeNull();
    }
  });

  it(
    'reads manifests that are written in any of its ways as the long one does, and does read them',
    () => {
      let answered = 0;
      const { numRuns, seed } = runs(500);
      fc.assert(
        fc.property(manifests(), (text) => {
          if (expectSame(text) === 'answered') answered += 1;
        }),
        { numRuns, seed },
      );
      expect(answered / numRuns).toBeGreaterThan(0.5);
    },
    UNHURRIED.timeout,
  );

  it(
    'reads what becomes of manifests when people, editors and merges change them as the long one does',
    () => {
      const { numRuns, seed } = runs(3000);
      const inputs = openInputs(ROOT, seed);
      let answered = 0;
      for (let index = 0; index < numRuns; index += 1) {
        const text = new TextDecoder().decode(inputs.at(index).bytes);
        if (text.length < LONGEST && expectSame(text) === 'answered') answered += 1;
      }
      expect(answered / numRuns).toBeGreaterThan(0.02);
    },
    UNHURRIED.timeout,
  );

  it(
    'reads any text as the long one does',
    () => {
      let answered = 0;
      const { numRuns, seed } = runs(5000);
      fc.assert(
        fc.property(anyText(), (text) => {
          if (expectSame(text) === 'answered') answered += 1;
        }),
        { numRuns, seed },
      );
      expect(answered / numRuns).toBeGreaterThan(0.02);
    },
    UNHURRIED.timeout,
  );
});

/** The long way takes seconds for a megabyte. */
const LONGEST = 20_000;

/* ---- Texts ---- */

const WORDS = ['a', 'b', 'name', 'kind', 'text', 'file', 'null', 'true', '__proto__', 'x-1', '_'];
const ODD_WORDS = ['1', 'é', '"a"', '<<', 'a b', 'a '];
const VALUES = [
  ...[
    'Example GmbH',
    'x',
    '-',
    '--',
    '---',
    '...',
    '-x',
    '- x',
    '?',
    '? x',
    ':',
    '::',
    ':x',
    'a:b',
    'a: b',
    'a:',
  ],
  ...[
    '#',
    'a#b',
    'a #b',
    "it's",
    "''",
    "'it''s'",
    "'a'b",
    "'a' b",
    "'a: b # c'",
    '""',
    '"a"',
    '"a\\n"',
    '"a',
    '"a" #b',
  ],
  ...[
    '"a"#b',
    "'a':",
    '"a": b',
    '1',
    '01',
    '-1',
    '+49300000000',
    '1e3',
    '1.5',
    '.5',
    '5.',
    '0x1f',
    '0o7',
    '2099-01-31',
  ],
  ...[
    '10117',
    '123456789012345678',
    '.inf',
    '-.INF',
    '.nan',
    'null',
    'Null',
    '~',
    'true',
    'True',
    'FALSE',
    'yes',
    'no',
  ],
  ...[
    '{ a: b }',
    '{a: b}',
    '{ a: b, c: d }',
    '{ a: b, }',
    '{ a: b,, c: d }',
    '{}',
    '{ a }',
    '{ a: }',
    '{a:b}',
    '{ a: b',
  ],
  ...[
    '{ a: { b: c } }',
    '{ a: b } #c',
    '{ a: b }c',
    '{ a: b } c: d',
    '{ a: "b, c" }',
    '{ a: b }: c',
    '{ a: a, a: b }',
  ],
  ...[
    '[a, b]',
    '[]',
    '[ a ]',
    '[a, [b, c]]',
    '[a,]',
    '[a b]',
    '[a: b]',
    '[{ a: b }]',
    '[a',
    'a]',
    'a, b',
    'a { b',
    '[- a]',
  ],
  ...[
    '|',
    '>-',
    '&x',
    '&x y',
    '*x',
    '!x',
    '!!str 1',
    '%x',
    '@x',
    '`x',
    '<<',
    '2708e569-696a-4fc7-9305-5fdb3eb9c7dd',
  ],
  ...[
    'a\tb',
    '\ta',
    'a\u00a0',
    '\u00a0a',
    'ä',
    '日本',
    '😀',
    '\ufeff',
    '\u2028',
    '\u0085',
    'a\r',
    '\\',
    'a \\',
    '...x',
    '--- a',
  ],
];

/** Mostly sound: trees of mappings and lists in all the ways of indenting, with values of all kinds. */
function manifests(): fc.Arbitrary<string> {
  const usual = fc.constantFrom(
    'Example GmbH',
    'x',
    "'a: b'",
    '"c"',
    '10117',
    'true',
    '{ a: b }',
    '[a, b]',
    '2099-01-31',
  );
  const value = fc.oneof(
    { weight: 200, arbitrary: usual },
    { weight: 1, arbitrary: fc.constantFrom(...VALUES) },
  );
  const tree = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      value.map((written): Tree => ({ kind: 'value', written })),
      fc.record({
        kind: fc.constant('mapping' as const),
        of: keyed(tie('tree')),
        by: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({
        kind: fc.constant('list' as const),
        of: fc.array(item(tie('tree')), { minLength: 1, maxLength: 3 }),
        by: fc.integer({ min: 0, max: 4 }),
      }),
    ),
  })).tree;
  const noise = fc.constantFrom('', '', '', '', '\n', '# note\n', '   # note\n', '  \n');
  const document = fc.tuple(keyed(tree), fc.array(noise, { minLength: 1, maxLength: 5 }));
  const separator = fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom('---\n', '---\n# note\n') },
    { weight: 1, arbitrary: fc.constantFrom('--- \n', '...\n---\n', '---\n---\n') },
  );
  return fc
    .tuple(fc.array(document, { minLength: 1, maxLength: 3 }), separator, fc.boolean())
    .map(([documents, between, isOpened]) => {
      const texts = documents.map(([entries, noises]) => {
        const lines = writeEntries(entries, 0);
        return lines
          .map(
            (line, index) =>
              (noises[index % noises.length] ?? '') + line + (index % 7 === 3 ? ' # note\n' : '\n'),
          )
          .join('');
      });
      return (isOpened ? '---\n' : '') + texts.join(between);
    });
}

/** Lists in lists are for the long way. */
function item(tree: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> {
  const mapping = tree.map(
    (of): Tree => (of.kind === 'list' ? { kind: 'mapping', of: [{ key: 'in', value: of }], by: 0 } : of),
  );
  return fc.oneof({ weight: 50, arbitrary: mapping }, { weight: 1, arbitrary: tree });
}

type Tree =
  | { readonly kind: 'value'; readonly written: string }
  | { readonly kind: 'mapping'; readonly of: readonly Entry[]; readonly by: number }
  | { readonly kind: 'list'; readonly of: readonly Tree[]; readonly by: number };

interface Entry {
  readonly key: string;
  readonly value: Tree;
}

function keyed(tree: fc.Arbitrary<Tree>): fc.Arbitrary<Entry[]> {
  const key = fc.oneof(
    { weight: 200, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 1, arbitrary: fc.constantFrom(...ODD_WORDS) },
  );
  const entry = fc.record({ key, value: tree });
  return fc.uniqueArray(entry, { selector: ({ key }) => key, minLength: 1, maxLength: 4 });
}

function writeEntries(entries: readonly Entry[], indent: number): string[] {
  return entries.flatMap(({ key, value }) => {
    const start = `${' '.repeat(indent)}${key}:`;
    if (value.kind === 'value') return [`${start} ${value.written}`];
    return [start, ...writeBlock(value, indent)];
  });
}

function writeBlock(tree: Exclude<Tree, { kind: 'value' }>, indent: number): string[] {
  const inner = indent + tree.by;
  if (tree.kind === 'mapping') return writeEntries(tree.of, inner);
  return tree.of.flatMap((item) => {
    const lines = item.kind === 'value' ? [item.written] : writeBlock({ ...item, by: 0 }, inner + 2);
    const [first = '', ...rest] = lines;
    return [`${' '.repeat(inner)}- ${first.trimStart()}`, ...rest];
  });
}

/** Pieces of YAML in any order, so that most of it is none. */
function anyText(): fc.Arbitrary<string> {
  const indentation = fc.constantFrom('', '', '', ' ', '  ', '  ', '    ');
  const start = fc.constantFrom(
    '',
    'a: ',
    'b: ',
    'c:',
    'd: ',
    'e:',
    '- ',
    '- ',
    '- a: ',
    '- b:',
    '-',
    '#',
    '? ',
    '"a": ',
    '- - ',
  );
  const line = fc.tuple(
    indentation,
    start,
    fc.constantFrom('', '', 'x', 'x', ...VALUES),
    fc.constantFrom('', '', '', ' ', ' #', '#'),
  );
  const lines = fc.array(
    line.map((parts) => parts.join('')),
    { minLength: 1, maxLength: 4 },
  );
  const pieces = fc.array(fc.constantFrom(...'abc:-#?[]{},|>&*!%@`"\'\\ \n\n\n  ~01.+é\t\r'), {
    maxLength: 24,
  });
  return fc.oneof(
    { weight: 4, arbitrary: lines.map((all) => `${all.join('\n')}\n`) },
    { weight: 1, arbitrary: lines.map((all) => all.join('\n')) },
    { weight: 2, arbitrary: pieces.map((all) => `a: ${all.join('')}`) },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
  );
}
