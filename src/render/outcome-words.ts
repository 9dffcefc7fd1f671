import type { Operation, Outcome, OutcomeError } from '../model/plan.ts';
import { place } from './plan-words.ts';
import { count, countManifests } from './wording.ts';

/** What every picture of an apply says in the same words; nothing here is escaped for any of them. */

/** `2 groups and 1 order` */
export function countOutcomes(outcomes: readonly Outcome[]): string {
  const groups = outcomes.filter(({ kind }) => kind === 'RequirementGroup').length;
  return countManifests(groups, outcomes.length - groups);
}

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

type Words = Readonly<Record<Operation, (times: number) => string>>;

const DONE: Words = {
  upload: (times) => `${count(times, 'document')} uploaded`,
  create_address: (times) => `${count(times, 'address')} created`,
  create: () => 'group created',
  patch: () => 'group updated',
  submit: () => 'submitted',
  attach: (times) => `attached to ${count(times, 'order')}`,
  delete: (times) => (times === 1 ? 'group deleted' : `${times} groups deleted`),
};

const DONE_TO_ORDERS: Words = { ...DONE, create: () => 'order placed', patch: () => 'order updated' };

/** `1 document uploaded, group updated, submitted` */
export function describeOperations({ kind, operations }: Pick<Outcome, 'kind' | 'operations'>): string {
  const words = kind === 'RequirementGroup' ? DONE : DONE_TO_ORDERS;
  const done = [...new Set(operations)].map((operation) =>
    words[operation](operations.filter((other) => other === operation).length),
  );
  return done.length === 0 ? 'nothing done' : done.join(', ');
}

/** One line: what the API said, else what happened. */
export function headline(error: OutcomeError): string {
  const [first] = error.errors;
  const told = [error.status, first?.code, first?.title].filter(Boolean).join(' ');
  return first?.title ? told : error.message;
}

/** The first says all that fits into one line; below it, indented, what the API said. */
export function errorLines(error: OutcomeError): string[] {
  const where = error.source === null ? '' : `  ${place(error.source)}`;
  const told = error.errors.map(
    ({ code, title, detail, pointer }) =>
      `  ${[code, title, detail, pointer && `at ${pointer}`].filter(Boolean).join(' · ')}`,
  );
  return [
    `${error.code}: ${error.message}${where}`,
    ...told,
    ...(error.request_id === null ? [] : [`  request id ${error.request_id}`]),
    ...(error.hint === undefined ? [] : [error.hint]),
  ];
}

export const NOTHING_ELSE = 'Nothing else was touched.';

/** What was made and cannot be found again by its reference is not recognised by the next run. */
export function applyAgain(outcomes: readonly Outcome[]): string {
  return outcomes.some(({ error }) => UNRECOGNISED.has(error?.code ?? '')) ? PASTE_IDS : APPLY_AGAIN;
}

const UNRECOGNISED: ReadonlySet<string> = new Set(['reference-not-kept', 'already-there']);

const APPLY_AGAIN = 'Run apply again after mending the above: what is done is recognised.';
const PASTE_IDS =
  'Before you run apply again, write each `id:` line above into its manifest: without it, regsync may not find what was made.';
