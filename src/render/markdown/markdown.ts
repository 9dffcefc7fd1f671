import { visible } from '../../model/text/visible.ts';
import { escapeHtml } from '../html/html.ts';
import type { JobPlace } from '../words/job-words.ts';

/** The facts about the place where Markdown is shown. */
export interface MarkdownContext {
  /**
   * Returns the URL of a line of a file. `file` is relative to the root of regsync's repository. Only http(s)
   * becomes a link.
   */
  readonly sourceUrl?: (file: string, line?: number) => string | undefined;
  /** The word for what is under review, where it is not a pull request. */
  readonly request?: 'pull request' | 'merge request';
  readonly runUrl?: string;
  readonly headSha?: string;
  /** The job that the text is about, which its heading then names. */
  readonly job?: JobPlace;
  /** The limit on the whole text, in UTF-8 bytes. */
  readonly limitBytes?: number;
}

/** Returns the word for what is under review. */
export function requestOf({ request = 'pull request' }: MarkdownContext): string {
  return request;
}

/**
 * Returns the text as a code span. Text from outside gets into Markdown only by `code` and `fence`, in which
 * GitHub reads no markup, HTML, mentions or references. A backslash is not enough: `\@name` still notifies.
 * Characters that do not show, or that reorder others, become escapes.
 */
export function code(text: string, where: 'markdown' | 'html' = 'markdown'): string {
  const line = visible(text);
  return where === 'html' ? `<code>${escapeHtml(line)}</code>` : codeSpan(line);
}

/**
 * Returns the lines as a code block, each as one line. The fence is longer than any run of backticks in them.
 */
export function fence(lines: readonly string[], language: 'diff' | 'text'): string {
  const body = lines.map(visible);
  const ticks = '`'.repeat(Math.max(3, ...body.map((line) => longestRun(line) + 1)));
  return [`${ticks}${language}`, ...body, ticks].join('\n');
}

/**
 * Replaces pipes by an escape, because tables are split at pipes first and renderers disagree about `\\|`.
 */
function codeSpan(line: string): string {
  const text = line === '' ? '(empty)' : line.replaceAll('|', '\\u007c');
  const ticks = '`'.repeat(longestRun(text) + 1);
  // Markdown removes one space at both ends if both have one, unless there is nothing else.
  const blank = /^[` ]|[` ]$/.test(text) && /[^ ]/.test(text) ? ' ' : '';
  return `${ticks}${blank}${text}${blank}${ticks}`;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}

/** Returns words of letters as they are, such as `DE` or `toll_free`, and anything else as code. */
export function word(text: string): string {
  return /^[A-Za-z]+(?:_[A-Za-z]+)*$/.test(text) ? text : code(text);
}

/**
 * @param label text of regsync, or text that went through `code`.
 * @param url the target. If it is not http(s), the result is the label alone.
 */
export function link(label: string, url: string | undefined): string {
  const href = url === undefined ? null : hrefOf(url);
  return href === null ? label : `<a href="${href}">${label}</a>`;
}

/** Returns the place in a manifest as code, with a link to its line if the context has one. */
export function sourceLink(
  { file, line }: { readonly file: string; readonly line: number },
  { sourceUrl }: MarkdownContext,
): string {
  return link(code(`${file}:${line}`), sourceUrl?.(file, line));
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

export function table(heads: readonly string[], rows: readonly string[]): string {
  const rule = heads.map(() => '---');
  return [tableRow(heads), `|${rule.join('|')}|`, ...rows].join('\n');
}

/** Returns a box that GitHub colours. Elsewhere it is a quotation. */
export function alert(kind: 'NOTE' | 'WARNING' | 'CAUTION', lines: readonly string[]): string {
  return [`[!${kind}]`, ...lines].map((line) => `> ${line}`.trimEnd()).join('\n');
}

/** @param summary HTML, because Markdown is not read there. */
export function details(summary: string, body: string, isOpen: boolean): string {
  return `<details${isOpen ? ' open' : ''}><summary>${summary}</summary>\n\n${body}\n</details>`;
}

/** Returns the start of a fingerprint or a commit: `9d3f0a61` */
export function short(hex: string, length: number): string {
  return code(hex.slice(0, length));
}
