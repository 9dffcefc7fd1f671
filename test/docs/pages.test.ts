import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { copyInto, openPageRepository, type PageRepository } from '../support/page-repository.ts';
import {
  type Block,
  blocksIn,
  commandsIn,
  fileIn,
  isShownRight,
  PAGES,
  type Shown,
} from '../support/pages.ts';
import { whenInstalled } from '../support/programs/programs.ts';
import { generateParts, hasParts } from '../support/reference.ts';
import { ROOT } from '../support/root.ts';

/**
 * Every `$` line of a page is typed, in the page's order, in one folder: what is printed is what stands there. A block of YAML that
 * begins with its path is written to that file. After a change that is meant: `npm run docs`, and read the difference.
 *
 * A page begins in an empty folder, or with what is named here.
 */
const BEGINNINGS: Readonly<Record<string, (repository: PageRepository) => Promise<void>>> = {
  'README.md': (repository) => copyInto(repository, 'examples', 'examples'),
};

const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');
/** What a block may be: `text` is for what cannot be tested. */
const LANGUAGES: ReadonlySet<string> = new Set(['console', 'text', 'yaml', 'json', 'dockerfile', 'groovy']);

/** Programs that not every machine has. */
const PROGRAMS = ['age', 'curl'];

const made = PAGES.filter(
  (page) => hasParts(textOf(page)) || blocksIn(textOf(page)).some(isTranscript),
).filter((page) =>
  PROGRAMS.every((program) => !textOf(page).includes(`$ ${program}`) || whenInstalled(program)),
);

describe('a page', () => {
  it.concurrent.for(made)(
    'shows what its commands print, and what is generated: %s',
    async (page, context) => {
      const generated = await generateParts(textOf(page));
      await context.expect(await retype(page, generated)).toMatchFileSnapshot(join(ROOT, page));
    },
  );

  it.each(PAGES)('has its commands in blocks that are tested: %s', (page) => {
    const others = blocksIn(textOf(page)).filter((block) => !isTranscript(block));
    expect(others.filter(({ text }) => /^\s*\$ /m.test(text)).map(({ line }) => line)).toEqual([]);
    const untyped = blocksIn(textOf(page)).filter(
      (block) => isTranscript(block) && !block.text.startsWith('$ '),
    );
    expect(untyped.map(({ line }) => line)).toEqual([]);
  });

  it.each(PAGES)('has YAML and JSON that can be read: %s', (page) => {
    const blocks = blocksIn(textOf(page));
    for (const { language, text } of blocks) {
      if (language === 'yaml') expect(parseAllDocuments(text).flatMap(({ errors }) => errors)).toEqual([]);
      if (language === 'json') expect(() => JSON.parse(text)).not.toThrow();
    }
    const languages = new Set(blocks.map(({ language }) => language));
    expect([...languages].filter((language) => !LANGUAGES.has(language))).toEqual([]);
  });
});

function isTranscript({ language }: Block): boolean {
  return language === 'console';
}

/** The page as it should be: a block that shows something else than its commands print now is written anew. */
async function retype(page: string, text: string): Promise<string> {
  const typed: { readonly block: Block; readonly text: string }[] = [];
  const repository = await openPageRepository();
  try {
    await BEGINNINGS[page]?.(repository);
    for (const block of blocksIn(text).filter((one) => isTranscript(one) || fileIn(one) !== null)) {
      const file = fileIn(block);
      if (file !== null) await repository.write(file, `${block.text}\n`);
      else typed.push({ block, text: await typeAll(repository, commandsIn(block)) });
    }
  } finally {
    await repository.end();
  }
  const lines = text.split('\n');
  // From the last one on, so that the lines of the others keep their numbers.
  for (const { block, text: printed } of typed.reverse()) {
    const indent = lines[block.line - 2]?.match(/^ */)?.[0] ?? '';
    const indented = printed.split('\n').map((line) => (line === '' ? '' : `${indent}${line}`));
    lines.splice(block.line - 1, block.text.split('\n').length, ...indented);
  }
  return lines.join('\n');
}

/** @throws Error where a command fails and the page does not look at its exit code next. */
async function typeAll(repository: PageRepository, shown: readonly Shown[]): Promise<string> {
  const lines: string[] = [];
  for (const [index, { command, output }] of shown.entries()) {
    const { code, lines: printed } = await repository.type(command);
    const isLookedAt = shown[index + 1]?.command === 'echo $?';
    if (code !== 0 && !isLookedAt) throw new Error(`${command} ended with ${code}:\n${printed.join('\n')}`);
    lines.push(`$ ${command}`, ...(isShownRight(output, printed) ? output : shorten(printed, output)));
  }
  return lines.join('\n');
}

/** What is printed, cut where the page cuts what it shows: as many lines before and after its one `…`. */
function shorten(printed: readonly string[], shown: readonly string[]): readonly string[] {
  const cuts = shown.flatMap((line, index) => (line.trim() === '…' ? [index] : []));
  const [cut] = cuts;
  if (cut === undefined || cuts.length > 1) return printed;
  const after = shown.length - cut - 1;
  if (printed.length <= cut + after) return printed;
  return [...printed.slice(0, cut), '…', ...printed.slice(printed.length - after)];
}
