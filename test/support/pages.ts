import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';

/** The pages that people read, from the root on. */
export const PAGES: readonly string[] = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`)
    .sort(),
];

/** A block of code: its lines stand between the two fences. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The number of its first line, from 1. */
  readonly line: number;
}

/** Blocks of code at any indentation, which is taken off. */
export function blocksIn(page: string): Block[] {
  const blocks: Block[] = [];
  let open: {
    readonly fence: string;
    readonly language: string;
    readonly indent: string;
    readonly line: number;
  } | null = null;
  let lines: string[] = [];
  for (const [index, line] of page.split('\n').entries()) {
    const [, indent = '', fence = '', language = ''] = line.match(/^( *)(`{3,})(.*)$/) ?? [];
    if (open === null) {
      if (fence !== '') open = { fence, language, indent, line: index + 2 };
      lines = [];
    } else if (fence === open.fence) {
      blocks.push({ language: open.language, text: lines.join('\n'), line: open.line });
      open = null;
    } else {
      lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    }
  }
  return blocks;
}

/** A command as it is typed after `$ `, and what a terminal shows then. */
export interface Shown {
  readonly command: string;
  readonly output: readonly string[];
}

/** Of a block ```` ```console ````: nothing else in a page has a prompt. */
export function commandsIn({ text }: Block): Shown[] {
  const parts = text.split(/^\$ /m);
  return parts.slice(1).map((part) => {
    const [command = '', ...output] = part.replace(/\n$/, '').split('\n');
    return { command, output };
  });
}

/** A block of YAML whose first line is a comment with nothing but a path is that file of the reader's repository. */
export function fileIn({ language, text }: Block): string | null {
  if (language !== 'yaml') return null;
  return text.match(/^# (\.?[\w./-]+\.ya?ml)\n/)?.[1] ?? null;
}

/**
 * Without what differs from run to run: ids, fingerprints, dates, days, seconds, sizes of what is encrypted, ports and keys. Columns move
 * with them, so blanks count once.
 */
function steady(line: string): string {
  return line
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<id>')
    .replaceAll(/\b\d{19}\b/g, '<id>')
    .replaceAll(/\b(?=[a-z]*\d)[0-9a-f]{8}(?:[0-9a-f]{24}|[0-9a-f]{56})?\b/g, '<hex>')
    .replaceAll(/«[0-9a-f]{8}»/g, '«<hex>»')
    .replaceAll(/\b20\d\d-\d\d-\d\d(?:[T ][\d:.]+(?:Z| UTC)?)?/g, '<date>')
    .replaceAll(/\b\d+ days?\b/g, '<days>')
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, '<time>')
    .replaceAll(/\bage1[a-z0-9]{20,}/g, '<recipient>')
    .replaceAll(/ {2,}/g, '  ')
    .trimEnd();
}

/** Whether the lines are those that a command printed; a line `…` stands for any number of them. */
export function isShownRight(shown: readonly string[], printed: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first.trim() === '…') {
    return printed.some((_, index) => isShownRight(rest, printed.slice(index))) || rest.length === 0;
  }
  const [line, ...others] = printed;
  return line !== undefined && steady(line) === steady(first) && isShownRight(rest, others);
}
