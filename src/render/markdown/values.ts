import type { PlanChange, PlanValue } from '../../model/plan/plan.ts';
import { visible } from '../../model/text/visible.ts';
import { alignColumns } from '../text/columns.ts';
import { fromTo, valuesOf, valueWords } from '../words/plan-words.ts';
import { count, given, listSome } from '../words/wording.ts';
import { code, link, type MarkdownContext } from './markdown.ts';
import { renderQuotation } from './message.ts';

/** The values of a change, and what they bring: words of reviewers, documents. */

export function countTypes(values: readonly PlanValue[]): string[] {
  const of = (type: string) => values.filter(({ field_type }) => field_type === type).length;
  const [documents, addresses] = [of('document'), of('address')];
  const texts = values.length - documents - addresses;
  return given(
    texts > 0 && count(texts, 'value'),
    documents > 0 && count(documents, 'document'),
    addresses > 0 && count(addresses, 'address'),
  );
}

/** Renders the words of reviewers, directly below the values that answer them. */
export function saidBlocks({ said = [] }: PlanChange): string[] {
  return said.map((words) => {
    const [, who = '', quoted] = words.match(SAID) ?? [];
    return quoted === undefined ? `💬 ${code(words)}` : `💬 ${who}:\n${renderQuotation(quoted).join('\n')}`;
  });
}

/** The form of a reviewer's words. Further words are code as a whole. */
const SAID = /^(Reviewer(?: on \d{4}-\d{2}-\d{2})?): "(.*)"$/su;

/** The width of the widest cell that is aligned as a column. */
const WIDEST_CELL = 80;

/** Returns the name of an earlier value or change with the same document, or null. */
export type SameDocument = (change: PlanChange, value: PlanValue) => string | null;

/**
 * Maps each value with a document seen before to the first such value, or to its change if that is another.
 */
export function sameDocuments(changes: readonly PlanChange[]): SameDocument {
  const first = new Map<string, { readonly change: PlanChange; readonly value: PlanValue }>();
  for (const change of changes) {
    for (const value of valuesOf(change)) {
      const path = value.document?.path;
      if (path !== undefined && !first.has(path)) first.set(path, { change, value });
    }
  }
  return (change, value) => {
    const one = first.get(value.document?.path ?? '');
    if (one === undefined || one.value === value) return null;
    return one.change === change ? one.value.name : one.change.name;
  };
}

/** Returns a line for each value: words first, which a reviewer looks for, then the fingerprints as proof. */
export function valueLines(change: PlanChange, same: SameDocument): string[] {
  const values = valuesOf(change);
  const rows = values.map((value) => {
    const { name, type, standIn, verdict } = valueWords(value);
    const other = same(change, value);
    const isNew = value.before === null;
    const what = `${isNew ? 'new' : 'changed'}${verdict === '' ? '' : `, was ${verdict}`}`;
    const beside = other === null ? standIn : `same document as ${other}`;
    return [name, type, what, beside, fromTo(value)].map(visible);
  });
  const isNarrow = rows.every((row) => row.every((cell) => cell.length <= WIDEST_CELL));
  const lines = isNarrow ? alignColumns(rows, '') : rows.map((row) => row.filter(Boolean).join('  '));
  return lines.map((line, index) => `${values[index]?.before === null ? '+' : '!'} ${line}`);
}

/** The number of links that are shown. More would hide the rest, and the lines above name them all. */
const MAX_LINKS = 8;

/** Returns links to the documents that a change brings, because a reviewer has to see them. */
export function documentLinks(
  change: PlanChange,
  same: SameDocument,
  { sourceUrl }: MarkdownContext,
): string[] {
  if (sourceUrl === undefined) return [];
  const paths = valuesOf(change).flatMap((value) =>
    value.document === undefined || same(change, value) !== null ? [] : [value.document.path],
  );
  if (paths.length === 0) return [];
  return [`📄 ${listSome(paths, MAX_LINKS, (path) => link(code(path), sourceUrl(path)))}`];
}
