import { visible } from '../model/visible.ts';

/** Markup that is safe to put into a page as it is. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Renderable = Html | string | number | null | readonly Renderable[];

/**
 * Markup with everything that is filled in escaped, for texts and for attributes in double quotes: what is no `Html` is
 * text, whatever it holds. Characters that hide or reorder others are shown as escapes, as on a terminal.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Renderable[]): Html {
  return new Html(strings.map((part, index) => part + markupOf(values[index] ?? null)).join(''));
}

function markupOf(value: Renderable): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escapeHtml(visible(value));
  if (typeof value === 'number') return String(value);
  return value.map(markupOf).join('');
}

/** Text of several lines. */
export function lines(text: string): Html {
  const all = text.trim().split(/\r?\n/);
  return new Html(all.map((line) => escapeHtml(visible(line))).join('<br>'));
}

/** Returns the text as it stands in markup: between tags, and in attributes in quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES.get(character) ?? '');
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);
