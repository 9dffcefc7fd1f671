import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tokensOf } from '../support/markdown.ts';
import { PAGES } from '../support/pages.ts';
import { ROOT } from '../support/root.ts';

const OTHERS = ['ARCHITECTURE.md', 'CHANGELOG.md', 'examples/README.md', 'CODE_OF_CONDUCT.md'];

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('a link', () => {
  it.each([...PAGES, ...OTHERS])('leads to a file, a heading or a line that is there, from %s', (page) => {
    expect(linksIn(textOf(page)).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });

  it('would be noticed if it led nowhere', () => {
    const broken = ['nowhere.md', '#nothing', 'LICENSE#L9999', 'docs/manifests.md#nothing', '../outside.md'];
    expect(broken.filter((link) => leadsSomewhere('README.md', link))).toEqual([]);
    expect(leadsSomewhere('README.md', 'LICENSE#L3')).toBe(true);
    expect(leadsSomewhere('docs/lock.md', 'manifests.md#regsyncyaml')).toBe(true);
  });
});

describe('a page in docs/', () => {
  const others = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  const index = linksIn(textOf('docs/README.md')).map((link) => relative(ROOT, resolve(ROOT, 'docs', link)));

  it.each(others)('is in the index: %s', (page) => {
    expect(index).toContain(page);
  });

  it.each(others)('says first when to read it, and last what to do if something goes wrong: %s', (page) => {
    const [, first = ''] = textOf(page).split('\n\n');
    expect(first).toMatch(/^(?:Read this page|Look up)/);
    // The troubleshooting is about nothing else.
    expect(
      page === 'docs/troubleshooting.md' || textOf(page).includes('\n## If something goes wrong\n'),
    ).toBe(true);
  });
});

/** Targets of links and pictures, without those of other hosts. */
function linksIn(markdown: string): string[] {
  return tokensOf(markdown)
    .map((token) => `${token.attrGet('href') ?? token.attrGet('src') ?? ''}`)
    .filter((target) => target !== '' && !/^(?:https?|mailto):/.test(target))
    .map((target) => decodeURIComponent(target));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', fragment] = link.split('#');
  const file = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
  if (relative(ROOT, file).startsWith('..') || !existsSync(file)) return false;
  if (fragment === undefined) return true;
  const text = readFileSync(file, 'utf8');
  const [, first, last = first] = fragment.match(/^L(\d+)(?:-L(\d+))?$/) ?? [];
  if (last !== undefined) return Number(last) <= text.split('\n').length - 1;
  return file.endsWith('.md') && anchorsIn(text).includes(fragment);
}

/** As GitHub makes them: small letters, digits, dashes; the second of one name gets `-1`. */
function anchorsIn(markdown: string): string[] {
  const tokens = tokensOf(markdown);
  const headings = tokens.filter((_, index) => tokens[index - 1]?.type === 'heading_open');
  const seen = new Map<string, number>();
  return headings.map(({ children }) => {
    const text = (children ?? []).map(({ content }) => content).join('');
    const anchor = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}
