import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './support/test-repository.ts';

/** What SECURITY.md, docs/security-model.md and docs/invariants.md promise, each with the tests that hold it. */

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const SECURITY = textOf('SECURITY.md');
const MODEL = textOf('docs/security-model.md');
const ARCHITECTURE = textOf('ARCHITECTURE.md');
const INVARIANTS = textOf('docs/invariants.md');

interface Named {
  /** From `test/` on. */
  readonly file: string;
  readonly title: string;
}

/** [`exact`](test/plan/exact.test.ts) _its title_, or the same with nothing but the path, from `test/` on, as code. */
const NAMED = /(?:\((?:\.\.\/)?test\/([\w./-]+\.test\.ts)\)|`([\w./-]+\.test\.ts)`) _(.+?)_(?!\w)/g;

function testsIn(text: string): Named[] {
  const found = text.replace(/\s+/g, ' ').matchAll(NAMED);
  return [...found].map(([, linked = '', bare = linked, title = '']) => ({ file: bare, title }));
}

/** The titles in a file of tests, and of their chapters: `%s` and `$name` stand for any text, as in what vitest prints. */
function titlesIn(file: string): { readonly text: string; readonly pattern: RegExp }[] {
  const literals = textOf(`test/${file}`).matchAll(/\(\s*(['"`])((?:(?!\1)[^\\\n]|\\.)+)\1,/g);
  return [...literals].map(([, , literal = '']) => {
    const text = literal.replace(/\\(.)/g, '$1');
    const parts = text
      .split(/%[sdifjo#]|\$[\w.]+/)
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    return { text, pattern: new RegExp(`^${parts.join('.+')}$`) };
  });
}

function isThere({ file, title }: Named): boolean {
  if (!existsSync(join(ROOT, 'test', file))) return false;
  return titlesIn(file).some(({ text, pattern }) => /[a-z]{3}/i.test(text) && pattern.test(title));
}

/** The cells of a table's rows, without its head. */
function rowsUnder(text: string, heading: string): string[][] {
  const [, after = ''] = text.split(`\n## ${heading}\n`);
  const [chapter = ''] = after.split('\n## ');
  const rows = chapter.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split(/ \| /)
      .map((cell) => cell.trim()),
  );
}

const invariants = rowsUnder(`\n## All\n${INVARIANTS}`, 'All');
const risks = rowsUnder(MODEL, 'Risks, rules and proofs');

describe('a promise', () => {
  it.each(invariants)('of docs/invariants.md names a test: %s', (_, __, test = '') => {
    expect(testsIn(test)).not.toEqual([]);
  });

  it.each(risks)(
    'of the security model names a test, and is a chapter in its file: %s',
    (risk = '', _ = '', test = '') => {
      const named = testsIn(test);
      expect(named).not.toEqual([]);
      const titles = named.flatMap(({ file }) => titlesIn(file)).map(({ text }) => text.toLowerCase());
      expect(titles).toContain(risk.toLowerCase());
    },
  );

  const [, promised = ''] = SECURITY.split('\n## Promises\n');
  const bullets = (promised.split('\n## ')[0] ?? '').split(/\n- /).slice(1);
  const sentences = bullets.flatMap((bullet) =>
    (bullet.split('\n\n')[0] ?? '')
      .replace(/\s+/g, ' ')
      .split(/(?<=\.(?:\*\*)?(?:\[\^\w+\])?) (?=[A-Z`]|regsync )/),
  );

  it.each(sentences)('has a number that leads to its tests: %s', (sentence) => {
    expect(sentence).toMatch(/\[\^\w+\]$/);
  });

  it('leads to tests by each of its numbers, and each number is one of a promise', () => {
    const [, ...notes] = SECURITY.split(/\n\[\^(?=\w+\]: )/);
    const defined = notes.map((note) => note.slice(0, note.indexOf(']')));
    const used = [...SECURITY.matchAll(/\[\^(\w+)\](?!:)/g)].map(([, name]) => name);
    expect([...used].sort()).toEqual([...defined].sort());
    expect(notes.filter((note) => testsIn(note).length === 0)).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const [, chapter = ''] = ARCHITECTURE.split('\n## Invariants\n');
  const [list = ''] = chapter.split('\n## ');
  const listed = [...list.matchAll(/^- .+ `([\w./-]+)`$/gm)].map(([, file = '']) => file);

  it('names a file of tests for each row of docs/invariants.md, in the same order', () => {
    expect(listed).toEqual(
      invariants.map(([, , test = '']) => testsIn(test)[0]?.file.replace('.test.ts', '')),
    );
  });

  it('stays within 1,200 words, and within 20 a cell', () => {
    expect(ARCHITECTURE.split(/\s+/).length).toBeLessThanOrEqual(1200);
    const cells = ARCHITECTURE.split('\n')
      .filter((line) => line.startsWith('|'))
      .flatMap((line) => line.split('|'));
    expect(cells.filter((cell) => cell.trim().split(/\s+/).length > 20)).toEqual([]);
  });
});

describe('a test that a document names', () => {
  const documents = [SECURITY, MODEL, INVARIANTS];
  const named = documents.flatMap(testsIn);
  const distinct = [...new Map(named.map((one) => [`${one.file} ${one.title}`, one])).values()];

  it.each(distinct)('is there: $file, $title', (one) => {
    expect(isThere(one)).toBe(true);
  });

  it('would be missed if it were not, or were called otherwise', () => {
    const [one] = distinct;
    if (one === undefined) throw new Error('there is none');
    expect(isThere({ ...one, title: `${one.title} or not` })).toBe(false);
    expect(isThere({ ...one, file: 'nowhere.test.ts' })).toBe(false);
  });

  it('is not passed over', () => {
    const written = documents.map((text) => text.split('.test.ts').length - 1);
    const told = documents.map((text) => testsIn(text).length);
    // The canary, once as text and once as link, is named for all that it holds.
    expect(written.map((count, index) => count - (told[index] ?? 0))).toEqual([0, 2, 0]);
  });
});

describe('a path that ARCHITECTURE.md names', () => {
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  const paths = [...ARCHITECTURE.matchAll(/`((?:[\w-]+\/)*[\w-]+\.(?:ts|mjs|json))`/g)].map(
    ([, path = '']) => path,
  );

  it.each([...new Set(paths)])('is one of a file: %s', (path) => {
    const places = ['', 'src/', 'test/', ...folders.map(({ name }) => `src/${name}/`)];
    expect(places.filter((place) => existsSync(join(ROOT, place, path)))).not.toEqual([]);
  });
});
