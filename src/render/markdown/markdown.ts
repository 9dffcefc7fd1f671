import { visible } from '../../model/visible.ts';
import { escapeHtml } from '../html/html.ts';
import type { JobPlace } from '../words/job-words.ts';

/** What every Markdown picture may know of where it is shown. */
export interface MarkdownContext {
  /** Where a line of a file can be read; `file` is relative to the root of the repository. Only http(s) becomes a link. */
  readonly sourceUrl?: (file: string, line?: number) => string | undefined;
  readonly runUrl?: string;
  readonly headSha?: string;
  /** Of the job that the text is of, which is then named in its heading. */
  readonly job?: JobPlace;
  /** UTF-8 bytes that the whole text may have. */
  readonly limitBytes?: number;
}

/**
 * Text that we did not write gets into Markdown by two ways only: `code` and `fence`. In both nothing means anything: no
 * markup, no HTML, and GitHub looks there neither for mentions nor for references to issues, commits and addresses. A
 * backslash would not do: `\@name` notifies all the same. Characters that do not show, or that reorder others, become escapes.
 */
export function code(text: string, where: 'markdown' | 'html' = 'markdown'): string {
  const line = visible(text);
  return where === 'html' ? `<code>${escapeHtml(line)}</code>` : codeSpan(line);
}

/** Each of the lines stays one line. The fence is longer than any run of backticks in them. */
export function fence(lines: readonly string[], language: 'diff' | 'text'): string {
  const body = lines.map(visible);
  const ticks = '`'.repeat(Math.max(3, ...body.map((line) => longestRun(line) + 1)));
  return [`${ticks}${language}`, ...body, ticks].join('\n');
}

/** Cells of a table are split at pipes before anything else is looked at, and renderers disagree about `\\|`: there is none. */
function codeSpan(line: string): string {
  const text = line === '' ? '(empty)' : line.replaceAll('|', '\\u007c');
  const ticks = '`'.repeat(longestRun(text) + 1);
  // One blank is taken off at both ends where both ends have one, unless there is nothing else.
  const blank = /^[` ]|[` ]$/.test(text) && /[^ ]/.test(text) ? ' ' : '';
  return `${ticks}${blank}${text}${blank}${ticks}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}

/** Words of letters as they are, anything else as code: `DE`, `toll_free`. */
export function word(text: string): string {
  return /^[A-Za-z]+(?:_[A-Za-z]+)*$/.test(text) ? text : code(text);
}

/**
 * @param label what is ours, or went through `code`.
 * @param url a link only if it is http(s); else the label alone.
 */
export function link(label: string, url: string | undefined): string {
  const href = url === undefined ? null : hrefOf(url);
  return href === null ? label : `<a href="${href}">${label}</a>`;
}

function hrefOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  return href.replace(/[^\w\-.~:/?#@!$&()+,;=%]/g, encodeURIComponent).replaceAll('&', '&amp;');
}

/** @param cells Markdown without newlines and without pipes. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** A first column without a head holds a sign and is centred. */
export function table(heads: readonly string[], rows: readonly string[]): string {
  const rule = heads.map((head, column) => (column === 0 && head === '' ? ':-:' : '---'));
  return [tableRow(heads), `|${rule.join('|')}|`, ...rows].join('\n');
}

/** A box that GitHub colours; elsewhere a quotation. */
export function alert(kind: 'NOTE' | 'WARNING' | 'CAUTION', lines: readonly string[]): string {
  return [`[!${kind}]`, ...lines].map((line) => `> ${line}`.trimEnd()).join('\n');
}

/** @param summary HTML, for no Markdown is read in there. */
export function details(summary: string, body: string, isOpen: boolean): string {
  return `<details${isOpen ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n</details>`;
}

/** `9d3f0a61`, of a fingerprint or a commit. */
export function short(hex: string, length: number): string {
  return code(hex.slice(0, length));
}
