import { wordsOf } from '../../model/kinds.ts';
import type { ApplyReport } from '../../model/outputs.ts';
import type { Operation, Outcome, OutcomeError } from '../../model/plan/outcome.ts';
import { place } from './plan-words.ts';
import { count, countManifests, given, numbersOf } from './wording.ts';

/** The words that every format of an apply shares. They are not escaped for any of them. */

/** Counts changed groups and orders: `2 groups and 1 order` */
export function countOutcomes(outcomes: readonly Outcome[]): string {
  return countManifests(numbersOf(outcomes));
}

export function summariseOutcomes(outcomes: readonly Outcome[]): ApplyReport['summary'] {
  const summary = { applied: 0, failed: 0, skipped: 0, unchanged: 0 };
  for (const { status } of outcomes) summary[status]++;
  return summary;
}

type Words = Readonly<Record<Operation, (times: number) => string>>;

const DONE: Omit<Words, 'create' | 'patch'> = {
  upload: (times) => `${count(times, 'document')} uploaded`,
  create_address: (times) => `${count(times, 'address')} created`,
  submit: () => 'submitted',
  start: (times) => `${count(times, 'action')} started`,
  attach: (times) => `attached to ${count(times, 'order')}`,
  delete: (times) => (times === 1 ? 'group deleted' : `${times} groups deleted`),
};

function wordsFor(kind: Outcome['kind']): Words {
  const { counted, make } = wordsOf(kind);
  const made = make === 'place' ? 'placed' : 'created';
  return { ...DONE, create: () => `${counted} ${made}`, patch: () => `${counted} updated` };
}

/** Describes operations: `1 document uploaded, group updated, submitted` */
export function describeOperations({ kind, operations }: Pick<Outcome, 'kind' | 'operations'>): string {
  const words = wordsFor(kind);
  const done = [...new Set(operations)].map((operation) =>
    words[operation](operations.filter((other) => other === operation).length),
  );
  return done.length === 0 ? 'nothing done' : done.join(', ');
}

/** Returns one line with the words of the API, else with the message. */
export function headline(error: OutcomeError): string {
  const [first] = error.errors;
  const told = [error.status, first?.code, first?.title].filter(Boolean).join(' ');
  return first?.title ? told : error.message;
}

/** Returns a line with the error, and below it, indented, the errors of the API. */
export function errorLines(error: OutcomeError): string[] {
  const told = error.errors.map(
    ({ code, title, detail, pointer }) =>
      `  ${given(code, title, detail, pointer && `at ${pointer}`).join(' · ')}`,
  );
  return given(
    given(`${error.code}: ${error.message}`, place(error.source)).join('  '),
    ...told,
    error.request_id && `  request id ${error.request_id}`,
    error.hint,
  );
}

/** Returns the lines about the error and the warnings of an outcome. */
export function troubleLines({ error, warnings }: Outcome): string[] {
  return [...(error === null ? [] : errorLines(error)), ...warnings.map((warning) => `! ${warning}`)];
}

export const NOTHING_ELSE = 'Nothing else was touched.';

/**
 * Returns the next step. A new object that cannot be found by its reference is not recognised by the next
 * run, and needs its id in the manifest.
 */
export function applyAgain(outcomes: readonly Outcome[]): string {
  return outcomes.some(({ error }) => UNRECOGNISED.has(error?.code ?? '')) ? PASTE_IDS : APPLY_AGAIN;
}

const UNRECOGNISED: ReadonlySet<string> = new Set(['reference-not-kept', 'already-there']);

const APPLY_AGAIN = 'Run apply again after mending the above: what is done is recognised.';
const PASTE_IDS =
  'Before you run apply again, write each `id:` line above into its manifest: without it, regsync may not find what was made.';
