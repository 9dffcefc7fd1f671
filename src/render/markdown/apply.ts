import type { Outcome, OutcomeStatus } from '../../model/plan/outcome.ts';
import type { Plan } from '../../model/plan/plan.ts';
import {
  applyAgain,
  countOutcomes,
  describeOperations,
  errorLines,
  headline,
  NOTHING_ELSE,
  summariseOutcomes,
} from '../words/outcome-words.ts';
import { place } from '../words/plan-words.ts';
import { count, countMore } from '../words/wording.ts';
import { Budget, FRAME } from './budget.ts';
import {
  alert,
  code,
  details,
  fence,
  link,
  type MarkdownContext,
  short,
  table,
  tableRow,
} from './markdown.ts';

export interface ApplyContext extends MarkdownContext {
  /** The plan that was applied. */
  readonly plan?: Plan;
  /** The durations by the group's name. */
  readonly durationsMs?: ReadonlyMap<string, number>;
  readonly requests?: number;
  readonly retries?: number;
  /** True if a signal stopped the run. */
  readonly interrupted?: boolean;
}

/** A bound below the 1 MiB that GitHub takes from a step. */
export const SUMMARY_BYTES = 1_000_000;

/** Renders the job summary of an apply: all planned changes, the failed ones first. */
export function renderApplySummary(outcomes: readonly Outcome[], context: ApplyContext = {}): string {
  const shown = ORDER.flatMap((status) => outcomes.filter((outcome) => outcome.status === status));
  const budget = new Budget(context.limitBytes ?? SUMMARY_BYTES);
  const head = [`### ${heading(outcomes)}`, ...(context.interrupted ? [INTERRUPTED] : [])];
  const tail = [...advice(outcomes), footer(outcomes, context)];
  for (const block of [...head, ...tail, FRAME]) budget.spend(block);
  const rows = budget.fit(shown, (outcome) => outcomeRow(outcome, context));
  const told = shown.filter((outcome) => outcome.error !== null || outcome.warnings.length > 0);
  const stories = budget.fit(told, (outcome) => renderStory(outcome, context));
  const blocks = [
    ...head,
    ...(rows.size === 0 ? [] : [table(headsOf(shown, context), [...rows.values()])]),
    ...leftOut(shown.filter((outcome) => !rows.has(outcome))),
    ...stories.values(),
    ...tail,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** The statuses in the order of the table. Unchanged groups are only counted. */
const ORDER: readonly OutcomeStatus[] = ['failed', 'skipped', 'applied'];
const MARKS: Readonly<Record<OutcomeStatus, string>> = {
  failed: '❌',
  skipped: '⏭️',
  applied: '✅',
  unchanged: '',
};

const INTERRUPTED = alert('CAUTION', [
  '**Interrupted:** regsync finished the groups that it had begun, and began no others.',
]);

function heading(outcomes: readonly Outcome[]): string {
  const { applied, failed, skipped } = summariseOutcomes(outcomes);
  const total = countOutcomes(outcomes.filter(({ status }) => status !== 'unchanged'));
  if (applied + failed + skipped === 0) return 'regsync apply · nothing to do';
  if (failed + skipped === 0) return `regsync apply · ${total} done`;
  const rest = [...(failed > 0 ? [`${failed} failed`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  return `regsync apply · ${applied} of ${total} done, ${rest.join(', ')}`;
}

function headsOf(outcomes: readonly Outcome[], { durationsMs }: ApplyContext): string[] {
  const isOfGroups = outcomes.every(({ kind }) => kind === 'RequirementGroup');
  return [
    'Result',
    isOfGroups ? 'Group' : 'Group or order',
    'Status now',
    ...(durationsMs === undefined ? [] : ['Time']),
  ];
}

function outcomeRow(outcome: Outcome, { durationsMs }: ApplyContext): string {
  const milliseconds = durationsMs?.get(outcome.name);
  const time = milliseconds === undefined ? '' : `${(milliseconds / 1000).toFixed(1)} s`;
  return tableRow([
    `${MARKS[outcome.status]} ${result(outcome)}`,
    code(outcome.name),
    outcome.group_status === null ? '–' : code(outcome.group_status),
    ...(durationsMs === undefined ? [] : [time]),
  ]);
}

function result(outcome: Outcome): string {
  const { status, operations, error, id, warnings } = outcome;
  const done = operations.length === 0 ? [] : [describeOperations(outcome)];
  const created = operations.includes('create') && id !== null ? [`id ${code(id)}`] : [];
  const ended =
    status === 'applied'
      ? []
      : [error === null ? `**${status}**` : `**${status}**: ${code(headline(error))}`];
  const warned = warnings.length === 0 ? '' : ` · ⚠️ ${count(warnings.length, 'warning')}`;
  return `${[...done, ...created, ...ended].join(', ') || 'nothing left to do'}${warned}`;
}

/** Renders the error, such as `422 10021 Resource in use`, and the warnings of an outcome. */
function renderStory({ name, status, error, warnings }: Outcome, { sourceUrl }: ApplyContext): string {
  const source = error?.source ?? null;
  const where = source === null ? [] : [link(code(place(source)), sourceUrl?.(source.file, source.line))];
  const summary = [`${MARKS[status]} <b>${code(name, 'html')}</b>`, status].join(' · ');
  const lines = [...(error === null ? [] : errorLines(error)), ...warnings.map((warning) => `! ${warning}`)];
  return details(summary, [...where, fence(lines, 'text')].join('\n\n'), status === 'failed');
}

function leftOut(outcomes: readonly Outcome[]): string[] {
  if (outcomes.length === 0) return [];
  const { applied, failed, skipped } = summariseOutcomes(outcomes);
  const parts = [`${failed} failed`, `${skipped} skipped`, `${applied} applied`].filter(
    (part) => !part.startsWith('0 '),
  );
  const groups = outcomes.filter(({ kind }) => kind === 'RequirementGroup').length;
  return [`**And ${countMore(groups, outcomes.length - groups)}:** ${parts.join(', ')}. The log shows all.`];
}

function advice(outcomes: readonly Outcome[]): string[] {
  const { failed, skipped } = summariseOutcomes(outcomes);
  return failed + skipped === 0 ? [] : [`**${NOTHING_ELSE}** ${applyAgain(outcomes)}`];
}

function footer(outcomes: readonly Outcome[], context: ApplyContext): string {
  const { applied, failed, skipped, unchanged } = summariseOutcomes(outcomes);
  const numbers = [
    `${unchanged} unchanged`,
    `${applied} applied`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  const requests = [
    ...(context.requests === undefined ? [] : [count(context.requests, 'request')]),
    ...(context.retries === undefined ? [] : [count(context.retries, 'retry')]),
  ];
  const parts = [
    ...(context.plan === undefined ? [] : [`plan ${short(context.plan.fingerprint, 8)}`]),
    ...(context.headSha === undefined ? [] : [`commit ${short(context.headSha, 7)}`]),
    ...(requests.length === 0 ? [] : [requests.join(', ')]),
    `${countOutcomes(outcomes)}: ${numbers.join(', ')}`,
    ...(context.runUrl === undefined ? [] : [link('run', context.runUrl)]),
  ];
  return `<sub>${parts.join(' · ')}</sub>`;
}
