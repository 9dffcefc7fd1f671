import type { Outcome, OutcomeStatus } from '../../model/plan/outcome.ts';
import type { Plan } from '../../model/plan/plan.ts';
import {
  applyAgain,
  countOutcomes,
  describeOperations,
  headline,
  NOTHING_ELSE,
  summariseOutcomes,
  troubleLines,
} from '../words/outcome-words.ts';
import { count, countMore, given } from '../words/wording.ts';
import { Budget, FRAME } from './budget.ts';
import {
  alert,
  code,
  details,
  fence,
  link,
  type MarkdownContext,
  short,
  sourceLink,
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
  const head = given(`### ${heading(outcomes)}`, context.interrupted && INTERRUPTED);
  const tail = given(advice(outcomes), footer(outcomes, context));
  for (const block of [...head, ...tail, FRAME]) budget.spend(block);
  const rows = budget.fit(shown, (outcome) => outcomeRow(outcome, context));
  const told = shown.filter((outcome) => outcome.error !== null || outcome.warnings.length > 0);
  const stories = budget.fit(told, (outcome) => renderStory(outcome, context));
  const blocks = given(
    ...head,
    rows.size > 0 && table(headsOf(shown, context), [...rows.values()]),
    leftOut(shown.filter((outcome) => !rows.has(outcome))),
    ...stories.values(),
    ...tail,
  );
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
  return `regsync apply · ${applied} of ${total} done, ${tally(outcomes, ['failed', 'skipped'])}`;
}

/** Returns `2 failed, 1 skipped`, without a part that is zero. */
function tally(outcomes: readonly Outcome[], statuses: readonly OutcomeStatus[]): string {
  const summary = summariseOutcomes(outcomes);
  return given(...statuses.map((status) => summary[status] > 0 && `${summary[status]} ${status}`)).join(', ');
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
  const parts = given(
    operations.length > 0 && describeOperations(outcome),
    operations.includes('create') && id && `id ${code(id)}`,
    status !== 'applied' && `**${status}**${error === null ? '' : `: ${code(headline(error))}`}`,
  );
  const warned = warnings.length === 0 ? '' : ` · ⚠️ ${count(warnings.length, 'warning')}`;
  return `${parts.join(', ') || 'nothing left to do'}${warned}`;
}

/** Renders the error, such as `422 10021 Resource in use`, and the warnings of an outcome. */
function renderStory(outcome: Outcome, context: ApplyContext): string {
  const { name, status, error } = outcome;
  const summary = `${MARKS[status]} <b>${code(name, 'html')}</b> · ${status}`;
  const where = error?.source && sourceLink(error.source, context);
  return details(
    summary,
    given(where, fence(troubleLines(outcome), 'text')).join('\n\n'),
    status === 'failed',
  );
}

function leftOut(outcomes: readonly Outcome[]): string | null {
  if (outcomes.length === 0) return null;
  return `**And ${countMore(outcomes)}:** ${tally(outcomes, ORDER)}. The log shows all.`;
}

function advice(outcomes: readonly Outcome[]): string | null {
  const { failed, skipped } = summariseOutcomes(outcomes);
  return failed + skipped === 0 ? null : `**${NOTHING_ELSE}** ${applyAgain(outcomes)}`;
}

function footer(outcomes: readonly Outcome[], context: ApplyContext): string {
  const { plan, headSha, runUrl, requests, retries } = context;
  const { applied, unchanged } = summariseOutcomes(outcomes);
  const numbers = given(
    `${unchanged} unchanged`,
    `${applied} applied`,
    tally(outcomes, ['failed', 'skipped']),
  );
  const traffic = given(
    requests !== undefined && count(requests, 'request'),
    retries !== undefined && count(retries, 'retry'),
  );
  const parts = given(
    plan && `plan ${short(plan.fingerprint, 8)}`,
    headSha && `commit ${short(headSha, 7)}`,
    traffic.join(', '),
    `${countOutcomes(outcomes)}: ${numbers.join(', ')}`,
    runUrl && link('run', runUrl),
  );
  return `<sub>${parts.join(' · ')}</sub>`;
}
