import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder } from '../support/folders.ts';
import { ROOT } from '../support/root.ts';

const PLAIN = 'You read a line. Then you write the next one, and your colleague reads it.';

/** A hundred and eighty words: long enough for shares. */
const TEXT = times(12, PLAIN);

interface Measured {
  readonly status: number | null;
  /** The figures that are marked as worse than their limits. */
  readonly worse: readonly string[];
}

async function measure(text: string): Promise<Measured> {
  const file = join(await emptyFolder(), 'page.md');
  await writeFile(file, text);
  const { status, stdout } = spawnSync(process.execPath, ['scripts/prose.mjs', file], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [head = '', row = ''] = stdout.split('\n');
  const cells = row.replace(file, '').trim().split(/\s+/);
  const columns = head.trim().split(/\s+/);
  return { status, worse: columns.filter((_, index) => cells[index]?.endsWith('!')) };
}

function times(count: number, sentence: string): string {
  return Array(count).fill(sentence).join(' ');
}

function sentenceOf(words: number): string {
  return `You ${'go '.repeat(words - 2)}on.`;
}

describe('the measure of plain words', () => {
  it.each([
    ['plain sentences', TEXT],
    [
      'hard words in headings and in code',
      `${TEXT}\n\n# What is no way\n\n\`what\` \`what\`\n\n    what is no\n`,
    ],
    ['hard words in generated parts', `${TEXT}\n\n<!-- generated: x -->\nWhat is no “way”.\n<!-- end -->\n`],
    ['one sentence of 41 words', `${TEXT} ${sentenceOf(41)}`],
    ['a text that is too short for shares', 'What there is no more of.'],
  ])('lets %s pass', async (_, text) => {
    expect(await measure(text)).toEqual({ status: 0, worse: [] });
  });

  it.each([
    ['a text that never speaks to you', TEXT.replaceAll(/your?/gi, 'they'), ['you']],
    ['too many a what', `${TEXT} You know what it is, or whatever it was.`, ['what']],
    ['a way that is no way', `${TEXT} This is no way.`, ['isNo']],
    ['curly quotes', `${TEXT} You write “code”.`, ['curly']],
    ['two sentences of 41 words', `${TEXT} ${times(2, sentenceOf(41))}`, ['over40']],
    ['one sentence in five of 31 words', `${TEXT} ${times(6, sentenceOf(31))}`, ['nineTenths']],
    ['sentences of 17 words', times(12, sentenceOf(17)), ['median']],
  ])('finds %s', async (_, text, worse) => {
    expect(await measure(text)).toEqual({ status: 1, worse });
  });
});
