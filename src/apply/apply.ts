import { workOnNumberOrder } from '../kinds/number-order/apply.ts';
import { workOnPortingOrder } from '../kinds/porting-order/apply.ts';
import { workOnGroup } from '../kinds/requirement-group/apply.ts';
import {
  AttachError,
  describeError,
  NotAttemptedError,
  outcomeOf,
  type Progress,
} from '../kinds/writing/outcome.ts';
import { type ApplyInput, type Run, refuseToGoOn, startRun } from '../kinds/writing/run.ts';
import { ApiError, AuthenticationError, InterruptedError, isUnreachable } from '../model/errors.ts';
import { type Outcome, type WritingChange, writesValues } from '../model/plan.ts';
import { awaitContents } from './listing.ts';

/**
 * Walks the changes: groups side by side, then orders side by side, which may be placed with what the groups hold; the
 * operations of one in order. Whatever happens to one, the others go on; what happened is data.
 *
 * @throws AuthenticationError if the key was refused before anything was written.
 */
export async function applyChanges(input: ApplyInput): Promise<Outcome[]> {
  const run = startRun(input);
  const changes = input.changes.filter(writesValues);
  const groups = await sideBySide(
    run,
    changes.filter(({ kind }) => kind === 'RequirementGroup'),
  );
  for (const outcome of groups) run.groups.set(outcome.name, outcome);
  const orders = await sideBySide(
    run,
    changes.filter(({ kind }) => kind !== 'RequirementGroup'),
  );
  await awaitContents(run);
  if (run.keyRefused !== null && !run.hasWritten) throw run.keyRefused;
  return [...groups, ...orders];
}

async function sideBySide(run: Run, changes: readonly WritingChange[]): Promise<Outcome[]> {
  return Promise.all(changes.map((change) => run.places.within(() => applyOne(run, change))));
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
    await work(run, change, progress);
    run.unreachableInARow = 0;
    return outcomeOf(change, progress, 'applied', null);
  } catch (error) {
    run.keyRefused ??= findRefusedKey(error);
    if (isUnreachable(error)) run.unreachableInARow++;
    if (error instanceof AttachError) progress.warnings.push(...error.others.map(alsoFailed));
    const untouched = progress.operations.length === 0;
    const interrupted = error instanceof InterruptedError || error instanceof NotAttemptedError;
    const status = untouched && interrupted ? 'skipped' : 'failed';
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

/** What the message of a refusal leaves out. */
function describeRest({ details, requestId }: ApiError): string {
  const rest = [
    ...details.flatMap(({ title, detail, pointer }) => [detail && title, pointer && `at ${pointer}`]),
    requestId && `request id ${requestId}`,
  ].filter(Boolean);
  return rest.length === 0 ? '' : ` (${rest.join(', ')})`;
}

async function work(run: Run, change: WritingChange, progress: Progress): Promise<void> {
  switch (change.kind) {
    case 'RequirementGroup':
      return workOnGroup(run, change, progress);
    case 'NumberOrder':
      return workOnNumberOrder(run, change, progress);
    case 'PortingOrder':
      return workOnPortingOrder(run, change, progress);
    default:
      return change satisfies never;
  }
}
