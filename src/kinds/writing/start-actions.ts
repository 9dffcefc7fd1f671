import { OperationError } from '../../model/errors.ts';
import type { ActionNames, ActionStart, ObservedAction } from '../../model/orders/actions.ts';
import { nameOrder, type ObservedOrder } from '../../model/orders/observed-order.ts';
import type { NumberOrderChange, PortingOrderChange } from '../../model/plan/change.ts';
import { UnknownOutcomeError } from '../../telnyx/failure.ts';
import { isForAnother } from '../values/actions.ts';
import { afterLoss } from './ambiguous-write.ts';
import type { Progress } from './outcome.ts';
import { changedSincePlanned } from './read-again.ts';
import { begin, type Run, waitOutside } from './run.ts';

/** The requests of one kind of order. */
export interface ActionRequests {
  /** Reads the action anew. Null if its order is closed, or does not ask for it any more. */
  readonly read: () => Promise<ObservedAction | null>;
  readonly send: (names: ActionNames) => Promise<void>;
}

type StartingChange = NumberOrderChange | PortingOrderChange;

/** The waits before each look after the start. A link may come some time after it (documented). */
const READ_BACK_WAITS_MS = [0, 500, 1500, 3000] as const;

/**
 * Starts one action: looks, writes, and looks again. Each start makes a new link and ends the one before, so
 * that an ambiguous write is looked for, and is never repeated in this run.
 *
 * @param planned the action as planned. Null if its order was placed in this run.
 * @throws OperationError `changed-since-planned` or `write-without-effect`
 */
export async function startAction(
  run: Run,
  change: StartingChange,
  { start, planned }: { readonly start: ActionStart; readonly planned: ObservedAction | null },
  requests: ActionRequests,
  progress: Progress,
): Promise<void> {
  progress.source = start.source;
  const current = await requests.read();
  if (current === null) throw changed(start, planned, ['its order asks for it no more']);
  if (isStartedFor(current, start.names, planned)) {
    progress.warnings.push(`"${start.requirementName}" was started already: it was not started again`);
    tellLink(run, change, start, current);
    return;
  }
  const differences = differencesOf(planned, current);
  if (differences.length > 0) throw changed(start, current, differences);
  begin(run, change, 'start');
  const seen = await send(run, { start, planned: current }, requests);
  progress.operations.push('start');
  const started = seen ?? (await awaitStart(run, { start, planned: current }, requests));
  if (started === null) {
    throw new OperationError(
      'write-without-effect',
      `Telnyx answered success, but "${start.requirementName}" of ${nameOrder(current.order)} does not show that it was started`,
      start.source,
    );
  }
  if (started.link === null) progress.warnings.push(linkLater(start));
  tellLink(run, change, start, started);
}

function linkLater({ requirementName }: ActionStart): string {
  return `the link for "${requirementName}" is not there yet. To see it later: regsync status --show-values`;
}

/** Sends the request once. Returns the started action if an ambiguous write is seen to have been carried out. */
async function send(
  run: Run,
  context: { readonly start: ActionStart; readonly planned: ObservedAction },
  requests: ActionRequests,
): Promise<ObservedAction | null> {
  try {
    await requests.send(context.start.names);
    return null;
  } catch (error) {
    if (!(error instanceof UnknownOutcomeError)) throw error;
    const started = await afterLoss(error, () => awaitStart(run, context, requests));
    if (started === null) throw error;
    return started;
  }
}

/** Reads the action until it is started and, if this run hands out links, until its link is there. */
async function awaitStart(
  run: Run,
  { start, planned }: { readonly start: ActionStart; readonly planned: ObservedAction },
  { read }: ActionRequests,
): Promise<ObservedAction | null> {
  let started: ObservedAction | null = null;
  for (const waitMs of READ_BACK_WAITS_MS) {
    await waitOutside(run, waitMs);
    const current = await read();
    if (current === null || !isStartedFor(current, start.names, planned)) continue;
    started = current;
    if (current.link !== null || run.onLink === undefined) break;
  }
  return started;
}

/**
 * Returns true if the action is under way for these names. Telnyx need not say for whom, so that another link
 * than before tells it as well.
 */
function isStartedFor(current: ObservedAction, names: ActionNames, planned: ObservedAction | null): boolean {
  if (current.state === 'done') return true;
  if (isForAnother(current, names)) return false;
  // Names that were sent again to a refused action leave it refused until the person has acted (inferred).
  const isNewlySent = current.sent.size > 0 && planned !== null && isForAnother(planned, names);
  return current.state === 'started' || isNewlySent;
}

function differencesOf(planned: ObservedAction | null, current: ObservedAction): string[] {
  if (planned === null) return current.state === 'open' ? [] : [STARTED_BY_ANOTHER];
  if (planned.status !== current.status)
    return [`it is ${current.status ?? 'without a status'}, no longer ${planned.status ?? 'without one'}`];
  const isSame =
    planned.state === current.state &&
    current.sent.size === planned.sent.size &&
    !isForAnother(current, planned.sent);
  return isSame ? [] : [STARTED_BY_ANOTHER];
}

const STARTED_BY_ANOTHER = 'somebody else has started it';

function changed(
  { requirementName, source }: ActionStart,
  action: ObservedAction | null,
  differences: readonly string[],
): OperationError {
  const of = action === null ? '' : ` of ${nameOrder(action.order)}`;
  return changedSincePlanned(`the action "${requirementName}"${of}`, differences, source);
}

function tellLink(
  run: Run,
  { kind, name }: StartingChange,
  { requirementId, requirementName }: ActionStart,
  { order, link }: ObservedAction,
): void {
  if (link === null) return;
  run.onLink?.({ kind, name, orderId: order.id, requirementId, requirementName, link });
}

/** Returns the open parts of an order that ask for the action. */
export function partsThatAsk(
  parts: readonly ObservedOrder[],
  { requirementId }: Pick<ActionStart, 'requirementId'>,
): ObservedOrder[] {
  return parts.filter(
    ({ isOpen, holdings }) => isOpen && holdings.flat().some((own) => own.requirementId === requirementId),
  );
}
