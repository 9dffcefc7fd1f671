import { MANAGED, managedRoomOf } from '../kinds/index.ts';
import {
  AttachError,
  describeError,
  isNotAttempted,
  outcomeOf,
  type Progress,
} from '../kinds/writing/outcome.ts';
import { type ApplyInput, type Run, refuseToGoOn, startRun } from '../kinds/writing/run.ts';
import { ApiError, AuthenticationError, isUnreachable } from '../model/errors.ts';
import { MANAGED_KINDS, type ManagedKind } from '../model/kinds.ts';
import { type WritingChange, writesValues } from '../model/plan/change.ts';
import type { Outcome } from '../model/plan/outcome.ts';
import { whileAtWork } from './at-work.ts';
import { awaitContents } from './listing.ts';

/**
 * Walks the changes, kind by kind, after the kinds that each depends on. Changes of kinds that do not wait
 * for each other run in parallel, and the operations of one change run in order. A failure stops only its own
 * change, and is data.
 *
 * @throws AuthenticationError if the key was refused before anything was written.
 */
export async function applyChanges(input: ApplyInput): Promise<Outcome[]> {
  const run = startRun(input);
  const changes = input.changes.filter(writesValues);
  const outcomes: Outcome[] = [];
  for (const kinds of inTurns()) {
    const done = await sideBySide(
      run,
      changes.filter(({ kind }) => kinds.includes(kind)),
    );
    for (const outcome of done)
      if (outcome.kind === 'RequirementGroup') run.groups.set(outcome.name, outcome);
    outcomes.push(...done);
  }
  await awaitContents(run);
  if (run.keyRefused !== null && !run.hasWritten) throw run.keyRefused;
  return outcomes;
}

/** Returns the kinds in turns. The kinds of one turn may run in parallel. */
function inTurns(): ManagedKind[][] {
  const turnOf = (kind: ManagedKind): number => Math.max(-1, ...MANAGED[kind].after.map(turnOf)) + 1;
  const turns: ManagedKind[][] = [];
  for (const kind of MANAGED_KINDS) {
    const turn = turnOf(kind);
    turns[turn] = [...(turns[turn] ?? []), kind];
  }
  return turns;
}

async function sideBySide(run: Run, changes: readonly WritingChange[]): Promise<Outcome[]> {
  return Promise.all(
    changes.map((change) =>
      run.places.within(async () => {
        const outcome = await applyOne(run, change);
        run.onOutcome?.(outcome);
        return outcome;
      }),
    ),
  );
}

async function applyOne(run: Run, change: WritingChange): Promise<Outcome> {
  const progress: Progress = {
    id: change.observed?.id ?? null,
    status: change.observed?.status ?? null,
    operations: [],
    warnings: [],
    source: change.source,
  };
  try {
    refuseToGoOn(run);
    await whileAtWork(change, () => managedRoomOf(change).apply(run, change, progress));
    run.unreachableInARow = 0;
    return outcomeOf(change, progress, 'applied', null);
  } catch (error) {
    run.keyRefused ??= findRefusedKey(error);
    if (isUnreachable(error)) run.unreachableInARow++;
    if (error instanceof AttachError) progress.warnings.push(...error.others.map(alsoFailed));
    const untouched = progress.operations.length === 0;
    const status = untouched && isNotAttempted(error) ? 'skipped' : 'failed';
    return outcomeOf(change, progress, status, describeError(error, change, progress));
  }
}

function findRefusedKey(error: unknown): AuthenticationError | null {
  const causes = error instanceof AttachError ? error.others.map(({ cause }) => cause) : [error];
  return causes.find((cause) => cause instanceof AuthenticationError) ?? null;
}

function alsoFailed({ message, cause, order: { source } }: AttachError): string {
  const rest = cause instanceof ApiError ? describeRest(cause) : '';
  return `${message}${rest}  ${source.file}:${source.line}`;
}

/** Returns the details that the message of a refusal leaves out. */
function describeRest({ details, requestId }: ApiError): string {
  const rest = [
    ...details.flatMap(({ title, detail, pointer }) => [detail && title, pointer && `at ${pointer}`]),
    requestId && `request id ${requestId}`,
  ].filter(Boolean);
  return rest.length === 0 ? '' : ` (${rest.join(', ')})`;
}
