import type { PlanChange, PlanValue } from '../model/plan.ts';
import { visible } from '../model/visible.ts';
import { alignColumns } from './columns.ts';
import { code } from './markdown.ts';
import { fromTo, statusWay, valueWords } from './plan-words.ts';
import { count } from './wording.ts';

/** What groups and orders have in common in Markdown. */

export interface Sign {
  readonly mark: string;
  /** As an infinitive: `2 to create`. */
  readonly words: string;
}

export function countTypes(values: readonly PlanValue[]): string[] {
  const of = (...types: readonly string[]) =>
    values.filter(({ field_type }) => types.includes(field_type)).length;
  const [documents, addresses] = [of('document'), of('address')];
  const texts = values.length - documents - addresses;
  return [
    ...(texts > 0 ? [count(texts, 'value')] : []),
    ...(documents > 0 ? [count(documents, 'document')] : []),
    ...(addresses > 0 ? [count(addresses, 'address')] : []),
  ];
}

export function statusCell(change: PlanChange): string {
  const { from, to } = statusWay(change);
  const start = from === null ? '–' : code(from);
  return to === null ? start : `${start} → ${code(to)}`;
}

/** What reviewers wrote, right below the values that answer it. */
export function saidBlocks({ said = [] }: PlanChange): string[] {
  return said.map((words) => `💬 ${code(words)}`);
}

/** Beyond this a name is no column any more. */
const WIDEST_CELL = 80;

export function valueLines(values: readonly PlanValue[]): string[] {
  const rows = values.map((value) => {
    const { name, type, standIn, verdict } = valueWords(value);
    return [name, type, fromTo(value), standIn, verdict && `was ${verdict}`].map(visible);
  });
  const isNarrow = rows.every((row) => row.every((cell) => cell.length <= WIDEST_CELL));
  const lines = isNarrow
    ? alignColumns(
        rows.map((row) => row.map((text) => ({ text }))),
        '',
      )
    : rows.map((row) => row.filter(Boolean).join('  '));
  return lines.map((line, index) => `${values[index]?.before === null ? '+' : '!'} ${line}`);
}
