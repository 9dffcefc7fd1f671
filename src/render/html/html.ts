import { visible } from '../../model/text/visible.ts';

/** Markup that can be inserted into a page without escaping. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Renderable = Html | string | number | null | readonly Renderable[];

/**
 * Fills in a template, and escapes every value that is not `Html` for text and for attributes in double
 * quotes. Characters that hide or reorder others are shown as escapes, as on a terminal.
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

/** Returns a text of several lines as markup. */
export function lines(text: string): Html {
  const all = text.trim().split(/\r?\n/);
  return new Html(all.map((line) => escapeHtml(visible(line))).join('<br>'));
}

/** Escapes a text for markup: between tags, and in attributes in quotes. */
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
