import type { Operation, Outcome, OutcomeError, OutcomeStatus } from '../model/plan.ts';
import { visible } from '../model/visible.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import { count } from './wording.ts';

export interface OutcomeSummary {
  readonly applied: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unchanged: number;
}

export function summariseOutcomes(outcomes: readonly Outcome[]): OutcomeSummary {
  const summary = { applied: 0, failed: 0, skipped: 0, unchanged: 0 };
  for (const { status } of outcomes) summary[status]++;
  return summary;
}

/** What an apply did, group by group; what is unchanged is only counted. */
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
    { text: describeOperations(outcome.operations) },
    { text: visible(outcome.group_status ?? '') },
    { text: visible(outcome.id ?? '') },
  ];
}

const DONE: Readonly<Record<Operation, (times: number) => string>> = {
  upload: (times) => `${count(times, 'document')} uploaded`,
  create_address: (times) => `${count(times, 'address')} created`,
  create: () => 'group created',
  patch: () => 'group updated',
  submit: () => 'submitted',
  delete: (times) => (times === 1 ? 'group deleted' : `${times} groups deleted`),
};

/** `1 document uploaded, group updated, submitted` */
export function describeOperations(operations: readonly Operation[]): string {
  const done = [...new Set(operations)].map((operation) =>
    DONE[operation](operations.filter((other) => other === operation).length),
  );
  return done.length === 0 ? 'nothing done' : done.join(', ');
}

function detailLines(outcome: Outcome): string[] {
  const warnings = outcome.warnings.map((warning) => `      ! ${visible(warning)}`);
  return outcome.error === null ? warnings : [...errorLines(outcome.error), ...warnings];
}

function errorLines(error: OutcomeError): string[] {
  const where = error.source === null ? '' : `  ${visible(error.source.file)}:${error.source.line}`;
  const lines = [`      ${error.code}: ${visible(error.message)}${where}`];
  for (const entry of error.errors) {
    const parts = [entry.code, entry.title, entry.detail, entry.pointer && `at ${entry.pointer}`];
    lines.push(`        ${visible(parts.filter(Boolean).join(' · '))}`);
  }
  if (error.request_id !== null) lines.push(`        request id ${visible(error.request_id)}`);
  if (error.hint !== undefined) lines.push(`      ${visible(error.hint)}`);
  return lines;
}

function renderFooter(outcomes: readonly Outcome[]): string {
  const { applied, failed, skipped, unchanged } = summariseOutcomes(outcomes);
  const lines: string[] = [];
  if (failed + skipped > 0) {
    lines.push(
      'Nothing else was touched. Run apply again after mending the above: what is done is recognised.',
    );
  }
  lines.push(`Apply: ${applied} applied, ${failed} failed, ${skipped} skipped, ${unchanged} unchanged.`);
  return lines.join('\n');
}
