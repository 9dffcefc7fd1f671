import type { Random } from './random.ts';

/** What goes wrong between a person, an editor, a merge and an attacker. `donor` is another seed. */
type Mutation = (text: string, random: Random, donor: string) => string;

const MAX_INPUT = 1024 * 1024;

/** One to a few of them, one after the other. */
export function mutate(text: string, random: Random, donor: string): string {
  let mutated = text;
  do {
    const [, mutation] = random.pick(WEIGHTED);
    mutated = mutation(mutated, random, donor).slice(0, MAX_INPUT);
  } while (random.isLucky(0.4));
  return mutated;
}

/** After everything else, since a flipped byte may leave no UTF-8. */
export function flipBytes(bytes: Buffer, random: Random): Buffer {
  const flipped = Buffer.from(bytes);
  for (let times = random.between(1, 4); times > 0 && flipped.length > 0; times -= 1) {
    const at = random.below(flipped.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
  }
  return flipped;
}

/** What makes inputs large is rare: they take most of the time. */
const MUTATIONS: readonly (readonly [weight: number, Mutation])[] = [
  [24, duplicateLines],
  [24, deleteLines],
  [24, swapLines],
  [24, indentLines],
  [12, joinLines],
  [8, tabLines],
  [32, spliceTokens],
  [8, crossOver],
  [40, insertIndicator],
  [16, removeCharacters],
  [16, replaceValue],
  [24, insertKey],
  [20, insertProperty],
  [16, insertOddCharacter],
  [8, changeLineEnds],
  [12, truncate],
  [3, nestDeeply],
  [2, growScalar],
  [3, repeatSlice],
  [1, growCollection],
  [1, multiply],
];

const WEIGHTED = MUTATIONS.flatMap((entry) => Array<typeof entry>(entry[0]).fill(entry));

/* ---- Lines ---- */

function onLines(text: string, change: (lines: string[]) => readonly string[]): string {
  return change(text.split('\n')).join('\n');
}

function duplicateLines(text: string, random: Random): string {
  return onLines(text, (lines) => {
    const [from, count] = [random.below(lines.length), random.between(1, 4)];
    return lines.toSpliced(random.below(lines.length), 0, ...lines.slice(from, from + count));
  });
}

function deleteLines(text: string, random: Random): string {
  return onLines(text, (lines) => lines.toSpliced(random.below(lines.length), random.between(1, 3)));
}

function swapLines(text: string, random: Random): string {
  return onLines(text, (lines) => {
    const [a, b] = [random.below(lines.length), random.below(lines.length)];
    return lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
  });
}

function indentLines(text: string, random: Random): string {
  const [from, count, by] = [
    random.below(text.split('\n').length),
    random.between(1, 5),
    random.between(-4, 4),
  ];
  const blank = random.isLucky(0.1) ? '\t' : ' ';
  return onLines(text, (lines) =>
    lines.map((line, index) => {
      if (index < from || index >= from + count) return line;
      return by < 0 ? line.replace(new RegExp(`^ {0,${-by}}`), '') : blank.repeat(by) + line;
    }),
  );
}

function joinLines(text: string, random: Random): string {
  const joint = random.pick(['', ' ', '\t', ', ', ': ', ' # ']);
  return onLines(text, (lines) => {
    const at = random.below(lines.length);
    return lines.toSpliced(at, 2, `${lines[at]}${joint}${(lines[at + 1] ?? '').trimStart()}`);
  });
}

function tabLines(text: string, random: Random): string {
  const [from, count] = [random.below(text.split('\n').length), random.between(1, 6)];
  return onLines(text, (lines) =>
    lines.map((line, index) =>
      index < from || index >= from + count ? line : line.replace(/(?<=\S) /g, '\t'),
    ),
  );
}

/* ---- Pieces ---- */

function place(text: string, random: Random): number {
  return random.below(text.length + 1);
}

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

function tokensOf(text: string): string[] {
  return text.match(/\s+|[\w.-]+|[^\s\w]/g) ?? [''];
}

/** A few tokens of another manifest in place of a few of this. */
function spliceTokens(text: string, random: Random, donor: string): string {
  const [tokens, donated] = [tokensOf(text), tokensOf(donor)];
  const from = random.below(donated.length);
  const pieces = donated.slice(from, from + random.between(1, 6));
  return tokens.toSpliced(random.below(tokens.length), random.between(0, 6), ...pieces).join('');
}

function crossOver(text: string, random: Random, donor: string): string {
  return text.slice(0, place(text, random)) + donor.slice(place(donor, random));
}

function removeCharacters(text: string, random: Random): string {
  const at = place(text, random);
  return text.slice(0, at) + text.slice(at + random.between(1, 3));
}

function truncate(text: string, random: Random): string {
  return text.slice(0, place(text, random));
}

function repeatSlice(text: string, random: Random): string {
  const at = place(text, random);
  const slice = text.slice(at, at + random.between(1, 200));
  return insert(text, at, slice.repeat(random.pick([3, 20, 100, 1000])));
}

/* ---- YAML ---- */

// biome-ignore format: one kind a line.
const INDICATORS = [
  '- ', '? ', ': ', ':', '-', '\n- ', '\n', '\n\n', ', ', '[', ']', '{', '}', '[]', '{}', '{ a: ',
  '"', "'", '\\', '\\u', '\\x', "''", '|', '>', '|\n', '>-\n', '|+2\n', '#', ' # ', '@', '`', '%', '%YAML 1.1\n',
  '---\n', '\n---\n', '\n...\n', '--- ', '&a ', '*a', '*a ', '!', '!t ', '<<: ', '~', '=',
];

function insertIndicator(text: string, random: Random): string {
  return insert(text, place(text, random), random.pick(INDICATORS));
}

// biome-ignore format: one kind a line.
const VALUES = [
  '', '""', "''", '~', 'null', 'true', 'NO', '0', '0123', '-1', '1e3', '0x1F', '.inf', '.nan', '2026-02-30', '[]', '{}', '[[]]',
  '"\\ud800"', '"\\0"', '"\\u202e"', '../../etc/hosts', '.git/config', '/etc/hosts', 'C:\\\\x', 'a.pdf', 'UK',
  '00000000-0000-4000-8000-000000000000', '{ id: x }', '{ file: x.pdf }', '{ env: HOME }', '{ env: REGSYNC_VAR_X }',
];

function replaceValue(text: string, random: Random): string {
  const values = [...text.matchAll(/: +[^\n]*/g)];
  if (values.length === 0) return text;
  const { index, 0: found } = random.pick(values);
  return `${text.slice(0, index)}: ${random.pick(VALUES)}${text.slice(index + found.length)}`;
}

// biome-ignore format: one kind a line.
const KEYS = [
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '""', '"a b"', '"\\e[31m"', '1', 'null', '~',
  '<<', '? a', '[a]', '{ a: b }', 'kind', 'name', 'text', 'document', 'address', 'requirements', 'requirement', 'apiVersion',
  'Text', 'documents', 'adress', 'k'.repeat(2000),
];

/** On a line of its own, as deep as the line before it, or within braces. */
function insertKey(text: string, random: Random): string {
  const entry = `${random.pick(KEYS)}: ${random.pick(VALUES)}`;
  const braces = [...text.matchAll(/\{/g)];
  if (braces.length > 0 && random.isLucky(0.3))
    return insert(text, random.pick(braces).index + 1, ` ${entry}, `);
  return onLines(text, (lines) => {
    const at = random.below(lines.length);
    const indentation = /^[ -]*/.exec(lines[at] ?? '')?.[0].replaceAll('-', ' ') ?? '';
    return lines.toSpliced(at + 1, 0, `${indentation}${entry}`);
  });
}

// biome-ignore format: one kind a line.
const PROPERTIES = [
  '&a ', '&b ', '*a', '*b', '&a [*a]', '!!str ', '!!int ', '!!map ', '!!binary ', '!!js/function ', '!secret ', '! ', '!<tag> ',
  '&a &b ', '&a !!str ', `[${'*a, '.repeat(20)}]`, '&', '*', '!!',
];

function insertProperty(text: string, random: Random): string {
  const values = [...text.matchAll(/(?:: +|- +)/g)];
  const at = values.length === 0 ? 0 : (({ index, 0: found }) => index + found.length)(random.pick(values));
  return insert(text, at, random.pick(PROPERTIES));
}

function nestDeeply(text: string, random: Random): string {
  const levels = random.pick([60, 64, 65, 70, 1000, 20_000]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['[', ''],
    ['{a: ', '}'],
    ['- ', ''],
    ['? ', ''],
    ['\n', ''],
  ]);
  if (open !== '\n') return insert(text, place(text, random), open.repeat(levels) + close.repeat(levels));
  const steps = Array.from({ length: Math.min(levels, 1000) }, (_, level) => `\n${' '.repeat(level)}a:`);
  return insert(text, place(text, random), steps.join(''));
}

function growScalar(text: string, random: Random): string {
  const [piece, most] = random.pick<readonly [string, number]>([
    ['x', 1_000_000],
    ['é ', 300_000],
    ['\u{1F600}', 200_000],
    [' ', 1_000_000],
    ['\n', 200_000],
    ['#', 200_000],
    ['\\', 200_000],
    ["''", 50_000],
    ['"', 50_000],
    [': ', 50_000],
    ['[]', 20_000],
  ]);
  return insert(text, place(text, random), piece.repeat(random.between(200, most)));
}

/** As a value, of as many entries as nobody writes. */
function growCollection(text: string, random: Random): string {
  const values = [...text.matchAll(/: +[^\n]*|:$/gm)];
  if (values.length === 0) return text;
  const { index, 0: found } = random.pick(values);
  const count = random.between(100, 30_000);
  const entries = (entry: (number: number) => string): string =>
    Array.from({ length: count }, (_, number) => entry(number)).join('');
  const collection = random.pick([
    () => `[${entries(() => '5,')}]`,
    () => `[${entries(() => '{a: b},')}]`,
    () => `{${entries((number) => `k${number}: x,`)}}`,
    () => `{${entries(() => 'a,')}}`,
    () => entries(() => '\n      - x'),
    () => entries((number) => `\n      text${number}: x`),
  ])();
  return `${text.slice(0, index)}: ${collection}${text.slice(index + found.length)}`;
}

/** The whole many times over, with other names each time, so that what refers to a name may miss it. */
function multiply(text: string, random: Random): string {
  const copies = Math.min(random.between(2, 300), Math.ceil(100_000 / (text.length + 1)));
  const number = (copy: number): string =>
    text.replace(
      /\b(name|document|address): [a-z][\w-]*/g,
      `$&-${random.isLucky(0.9) ? copy : random.below(copies)}`,
    );
  return Array.from({ length: copies }, (_, copy) => number(copy)).join('\n---\n');
}

/* ---- Characters ---- */

// biome-ignore format: one kind a line.
const ODD_CHARACTERS = [
  '\ufeff', '\0', '\t', '\r', '\r\n', '\u0085', '\u2028', '\u2029', '\u200b', '\u202e', '\u001b[31m', '\u007f', '\u009b', '\ufffe',
  '\uffff', '\u00a0', '\u{e0001}', 'e\u0301', '\u{1F468}\u200d\u{1F469}', '\ud800',
];

function insertOddCharacter(text: string, random: Random): string {
  const at = random.isLucky(0.2) ? 0 : place(text, random);
  return insert(text, at, random.pick(ODD_CHARACTERS));
}

function changeLineEnds(text: string, random: Random): string {
  return text.replaceAll('\n', random.pick(['\r\n', '\r\n', '\r', '\n\n', '\u0085', '\n\t']));
}
