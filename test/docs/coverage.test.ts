import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { describe, expect, it } from 'vitest';
import { PAGES } from '../support/pages.ts';
import { ROOT } from '../support/root.ts';

/** What the program has and a page must explain: keys, variables, codes. */

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const DOCS = PAGES.filter((page) => page.startsWith('docs/'))
  .map(textOf)
  .join('\n');

describe('a key of the schemas', () => {
  const schemas = readdirSync(join(ROOT, 'schemas')).filter((file) => file.endsWith('.schema.json'));

  it.each(schemas)('is in a table of the pages, whatever it belongs to: %s', (file) => {
    const keys = new Set<string>();
    JSON.parse(textOf(`schemas/${file}`), (key, value) => {
      if (key === 'properties') for (const name of Object.keys(value as object)) keys.add(name);
      return value;
    });
    expect(keys.size).toBeGreaterThan(2);
    const missing = [...keys].filter(
      (key) => !new RegExp(`^\\| \`(?:[\\w.[\\]]+\\.)?${key}(?:\\[\\])?\``, 'm').test(DOCS),
    );
    expect(missing).toEqual([]);
  });

  it('is in the table of its kind, for each kind and shape of manifests', () => {
    const { $defs } = JSON.parse(textOf('schemas/manifest.schema.json')) as { $defs: Record<string, object> };
    const shapes = Object.keys($defs).filter((name) => 'properties' in ($defs[name] ?? {}));
    const page = textOf('docs/manifests.md');
    expect(shapes.filter((name) => !page.includes(`<!-- generated: schema manifest#${name} -->`))).toEqual(
      [],
    );
  });
});

describe('a key of a manifest or of the configuration', () => {
  it('has an example, unless it is an object or a list of objects, whose keys have them', () => {
    const rows = textOf('docs/manifests.md')
      .split('\n')
      .filter((line) => /^\| `[^|]+` (?:\(required\) )?\| /.test(line));
    expect(rows.length).toBeGreaterThan(100);
    const isPlain = (row: string) => !/^\|[^|]+\| (?:mapping|list of mapping|list of \[)/.test(row);
    const lacking = rows.filter((row) => isPlain(row) && /^\|[^|]+\|[^|]+\|[^|]*\| +\|/.test(row));
    expect(lacking.map((row) => row.slice(0, 60))).toEqual([]);
  });
});

describe('a variable', () => {
  it('that the program reads is in the pages', () => {
    const read = new Set<string>();
    for (const { path } of sources()) {
      const text = textOf(path);
      for (const [, name = ''] of text.matchAll(/\benv\.([A-Z][A-Z0-9_]+)\b/g)) read.add(name);
      for (const [, name = ''] of text.matchAll(
        /'((?:TELNYX|REGSYNC|GITHUB|RUNNER|NODE|JOB|CI)_[A-Z_]+|[A-Z]+_PROXY)'/g,
      ))
        read.add(name);
    }
    expect([...read]).toEqual(
      expect.arrayContaining(['TELNYX_API_KEY', 'NO_COLOR', 'HTTPS_PROXY', 'CI_NODE_INDEX']),
    );
    expect([...read].filter((name) => !new RegExp(`\`${name}\\b`).test(DOCS))).toEqual([]);
  });
});

describe('a code', () => {
  const codes = [...findCodes()].sort();

  it('is found in many shapes', () => {
    const shapes = [
      'unknown-key',
      'expired',
      'lock-edited',
      'not-attempted',
      'submit-refused',
      'unreachable',
      'too-short',
    ];
    expect(codes).toEqual(expect.arrayContaining(shapes));
  });

  it('that the program prints has an entry in the troubleshooting', () => {
    const entries = [...textOf('docs/troubleshooting.md').matchAll(/^### `([\w-]+)`$/gm)].map(
      ([, code]) => code,
    );
    expect(codes.filter((code) => !entries.includes(code))).toEqual([]);
    expect(entries.filter((code, index) => entries.indexOf(code) !== index)).toEqual([]);
  });

  it('in the troubleshooting is one of the program', () => {
    const literals = sources()
      .map(({ path }) => textOf(path))
      .join('\n');
    const entries = [...textOf('docs/troubleshooting.md').matchAll(/^### `([\w-]+)`$/gm)].map(
      ([, code]) => code,
    );
    expect(entries.filter((code) => !literals.includes(`'${code}'`))).toEqual([]);
  });
});

/** The program without the simulator, whose codes are those of Telnyx. */
function sources(): { readonly path: string }[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.startsWith('sandbox/'))
    .map((path) => ({ path: `src/${path}` }));
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** By these a code gets to a person: what is first in the arguments of one of them, or of two of them second. */
const MAKERS = new Set([
  'Fault',
  'OperationError',
  'warning',
  'error',
  'diagnose',
  'doubt',
  'about',
  'ending',
  'notChecked',
]);

/** What is wrong on the wire is said to people in words, and never by these. */
const WIRE = /^src\/http\//;

function findCodes(): ReadonlySet<string> {
  const codes = new Set<string>(attentionCodes());
  const trees = sources()
    .filter(({ path }) => !WIRE.test(path))
    .map(({ path }) => parseAst(textOf(path), { lang: 'ts' }) as unknown as Node);
  const constants = new Map(trees.flatMap(constantsIn));
  const add = (node: unknown) => {
    for (const code of literalsIn(node as Node, constants))
      if (/^[a-z]+(?:-[a-z0-9]+)*$/.test(code)) codes.add(code);
  };
  for (const tree of trees) {
    walk(tree, (node) => {
      if (node.type === 'NewExpression' || node.type === 'CallExpression') {
        const callee = node.callee as { name?: string };
        if (MAKERS.has(callee.name ?? ''))
          for (const argument of (node.arguments as Node[]).slice(0, 2)) add(argument);
      }
      if (node.type === 'Property' && (node.key as { name?: string }).name === 'code') add(node.value);
      if (node.type === 'FunctionDeclaration' && (node.id as { name?: string }).name === 'codeOf') {
        walk(node, (inner) => inner.type === 'ReturnStatement' && add(inner.argument));
      }
    });
  }
  return codes;
}

/** A literal, one of two literals, or the name of a constant that is one. */
function literalsIn(node: Node | null, constants: ReadonlyMap<string, string>): string[] {
  if (node === null) return [];
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value];
  if (node.type === 'Identifier') return [constants.get(node.name as string) ?? []].flat();
  if (node.type !== 'ConditionalExpression') return [];
  return [node.consequent, node.alternate].flatMap((branch) => literalsIn(branch as Node, constants));
}

function constantsIn(tree: Node): [string, string][] {
  const found: [string, string][] = [];
  walk(tree, (node) => {
    if (node.type !== 'VariableDeclarator') return;
    const [name, value] = [
      (node.id as { name?: string }).name,
      (node.init as { value?: unknown } | null)?.value,
    ];
    if (name !== undefined && /^[A-Z_]+$/.test(name) && typeof value === 'string') found.push([name, value]);
  });
  return found;
}

function attentionCodes(): string[] {
  const [, union = ''] = textOf('src/model/plan/plan.ts').match(/export type AttentionCode =([^;]*);/) ?? [];
  return [...union.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code);
}

function walk(node: unknown, visit: (node: Node) => void): void {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const one of node) walk(one, visit);
    return;
  }
  if ('type' in node) visit(node as Node);
  for (const value of Object.values(node)) walk(value, visit);
}
