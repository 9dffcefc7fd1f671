import type { Outcome, OutcomeStatus } from '../../model/plan/outcome.ts';
import { visible } from '../../model/text/visible.ts';
import {
  applyAgain,
  describeOperations,
  NOTHING_ELSE,
  summariseOutcomes,
  troubleLines,
} from '../words/outcome-words.ts';
import { given } from '../words/wording.ts';
import { alignBlocks, type Block, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';

/** Renders each outcome of an apply. Unchanged objects are only counted. */
export function renderOutcomesText(outcomes: readonly Outcome[], paint: Paint): string {
  const shown = outcomes.filter((outcome) => outcome.status !== 'unchanged');
  const blocks = shown.map((outcome): Block => {
    return [outcomeRow(outcome), troubleLines(outcome).map((line) => `      ${visible(line)}`)];
  });
  return `${given(alignBlocks(blocks, paint).join('\n'), renderFooter(outcomes)).join('\n\n')}\n`;
}

const MARKS: Readonly<Record<OutcomeStatus, readonly [string, Colour]>> = {
  applied: ['✓', 'green'],
  failed: ['✗', 'red'],
  skipped: ['-', 'yellow'],
  unchanged: ['=', 'dim'],
};

function outcomeRow(outcome: Outcome): Cell[] {
  const { name, status, group_status, id } = outcome;
  const mark = MARKS[status];
  const [, colour] = mark;
  return [mark, [name, 'bold'], [status, colour], describeOperations(outcome), group_status ?? '', id ?? ''];
}

function renderFooter(outcomes: readonly Outcome[]): string {
  const { applied, failed, skipped, unchanged } = summariseOutcomes(outcomes);
  return given(
    failed + skipped > 0 && `${NOTHING_ELSE} ${applyAgain(outcomes)}`,
    `Apply: ${applied} applied, ${failed} failed, ${skipped} skipped, ${unchanged} unchanged.`,
  ).join('\n');
}
