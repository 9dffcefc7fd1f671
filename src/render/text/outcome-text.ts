import type { Outcome, OutcomeStatus } from '../../model/plan/outcome.ts';
import { visible } from '../../model/text/visible.ts';
import {
  applyAgain,
  describeOperations,
  errorLines,
  NOTHING_ELSE,
  summariseOutcomes,
} from '../words/outcome-words.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';

/** Renders each outcome of an apply. Unchanged objects are only counted. */
export function renderOutcomesText(outcomes: readonly Outcome[], paint: Paint): string {
  const shown = outcomes.filter((outcome) => outcome.status !== 'unchanged');
  const heads = alignColumns(
    shown.map((outcome) => outcomeRow(outcome, paint)),
    '  ',
  );
  const blocks = shown.map((outcome, index) => [heads[index] ?? '', ...detailLines(outcome)].join('\n'));
  const footer = renderFooter(outcomes);
  return `${[blocks.join('\n'), footer].filter((block) => block !== '').join('\n\n')}\n`;
}

const MARKS: Readonly<Record<OutcomeStatus, readonly [string, Colour]>> = {
  applied: ['✓', 'green'],
  failed: ['✗', 'red'],
  skipped: ['-', 'yellow'],
  unchanged: ['=', 'dim'],
};

function outcomeRow(outcome: Outcome, paint: Paint): Cell[] {
  const [mark, colour] = MARKS[outcome.status];
  return [
    { text: mark, painted: paint(colour, mark) },
    { text: visible(outcome.name), painted: paint('bold', visible(outcome.name)) },
    { text: outcome.status, painted: paint(colour, outcome.status) },
    { text: describeOperations(outcome) },
    { text: visible(outcome.group_status ?? '') },
    { text: visible(outcome.id ?? '') },
  ];
}

function detailLines(outcome: Outcome): string[] {
  const warnings = outcome.warnings.map((warning) => `      ! ${visible(warning)}`);
  return outcome.error === null
    ? warnings
    : [...errorLines(outcome.error).map((line) => `      ${visible(line)}`), ...warnings];
}

function renderFooter(outcomes: readonly Outcome[]): string {
  const { applied, failed, skipped, unchanged } = summariseOutcomes(outcomes);
  const lines: string[] = [];
  if (failed + skipped > 0) {
    lines.push(`${NOTHING_ELSE} ${applyAgain(outcomes)}`);
  }
  lines.push(`Apply: ${applied} applied, ${failed} failed, ${skipped} skipped, ${unchanged} unchanged.`);
  return lines.join('\n');
}
