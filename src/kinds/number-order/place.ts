import { OperationError, UnreachableError } from '../../model/errors.ts';
import type { NumberOrderChange } from '../../model/plan/change.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import { sameReference } from '../../model/reference.ts';
import type { RemoteId } from '../../model/resource.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import {
  getNumberOrder,
  listNumberOrdersByReference,
  placeNumberOrder,
} from '../../telnyx/endpoints/number-orders.ts';
import { UnknownOutcomeError } from '../../telnyx/failure.ts';
import { digitsOf, findOrdersWithNumbers, holdersOf } from '../../telnyx/order-numbers.ts';
import type { NumberOrderRow } from '../../telnyx/types.ts';
import { lookBeforeOrder } from '../requirement-group/look.ts';
import { afterLoss } from '../writing/ambiguous-write.ts';
import type { Progress } from '../writing/outcome.ts';
import { referenceNotKept } from '../writing/read-again.ts';
import { begin, type Run, refuseToGoOn, waitOutside } from '../writing/run.ts';
import { READ_BACK_WAITS_MS } from './edit.ts';

/** Places an order once. Looks for it before and after, by its reference and by its numbers. */
export async function placeOnce(
  run: Run,
  change: NumberOrderChange,
  groupId: RemoteId | null,
  progress: Progress,
): Promise<RemoteId> {
  begin(run, change, 'create');
  const earlier = await lookUp(run, change, BEFORE_WAITS_MS, () => refuseToGoOn(run));
  if (earlier !== null) {
    progress.warnings.push(`number order ${earlier} has this reference already: none was placed`);
    return (await confirmPlaced(run, change, earlier, progress)).id;
  }
  await refuseHeldNumbers(run, change);
  if (groupId !== null) await lookBeforeOrder(run, change, groupId);
  begin(run, change, 'create');
  const id = await place(run, change, groupId);
  progress.operations.push('create');
  progress.id = id;
  const placed = await confirmPlaced(run, change, id, progress);
  await lookForAnother(run, change, placed, progress);
  return id;
}

/** Three looks over five seconds, since lists may lag behind an order of a killed run. */
const BEFORE_WAITS_MS = [0, 2000, 3000] as const;
const AFTER_WAITS_MS = [500, 1500, 3000] as const;

/**
 * The plan has read all orders older than this. The margin allows for lists that lag and clocks that differ.
 */
const KNOWN_BEFORE_PLAN_MS = 24 * 60 * 60 * 1000;

/** Refuses numbers that another order has under any reference, so that no number is ordered twice. */
async function refuseHeldNumbers(run: Run, { name, desired }: NumberOrderChange): Promise<void> {
  const numbers = desired.phoneNumbers.map(({ number }) => reveal(number));
  const after = run.observed.readAtMs - KNOWN_BEFORE_PLAN_MS;
  const orders = await findOrdersWithNumbers(run.writer.client, numbers, after);
  const { exact, partial } = holdersOf(numbers, orders);
  const holders = [...exact, ...partial.map(({ row }) => row)].map(({ id }) => id).sort();
  const [first] = holders;
  if (first === undefined) return;
  throw new OperationError(
    'changed-since-planned',
    `changed since it was planned: number order ${holders.join(', ')} has phone numbers of "${name}" by now, so nothing was ordered. Plan again; to keep that order, write \`id: ${first}\` into the manifest`,
    desired.source,
  );
}

/**
 * Looks until lists show the placed order. Another run may have placed the same one at the same time, and at
 * least one of the two sees both. Continues only if the order of this run is certainly the oldest.
 */
async function lookForAnother(
  run: Run,
  { desired }: NumberOrderChange,
  placed: NumberOrderRow,
  progress: Progress,
): Promise<void> {
  let listed: readonly NumberOrderRow[] = [];
  for (const waitMs of READ_BACK_WAITS_MS) {
    await waitOutside(run, waitMs);
    listed = await listNumberOrdersByReference(run.writer.client, desired.reference);
    if (listed.some(({ id }) => id === placed.id)) break;
  }
  const others = listed.filter(({ id }) => id !== placed.id);
  if (others.length > 0) {
    const ids = [placed, ...others].map(({ id }) => id).sort();
    const message = `${describeDuplicates(ids, desired.reference)}. This run placed ${placed.id}; cancel one of them at Telnyx, and write \`id:\` with the other into the manifest`;
    if (!others.every((other) => isOlder(placed, other))) {
      throw new OperationError('duplicate-orders', message, desired.source);
    }
    progress.warnings.push(message);
  } else if (listed.length === 0) progress.warnings.push(unfindable(placed.id));
}

function isOlder(order: NumberOrderRow, other: NumberOrderRow): boolean {
  return order.createdAtMs !== null && other.createdAtMs !== null && order.createdAtMs < other.createdAtMs;
}

function describeDuplicates(ids: readonly string[], reference: string): string {
  return `${ids.length} number orders have the reference ${JSON.stringify(reference)}: ${ids.join(', ')}`;
}

function unfindable(id: RemoteId): string {
  return `lists do not show number order ${id} yet: write \`id: ${id}\` into its manifest before the next run, or wait until they do`;
}

/**
 * Sends the order, and looks for it after an ambiguous write.
 *
 * @throws UnknownOutcomeError if it is unknown whether the order was placed. A later run looks again before
 * it retries.
 */
async function place(run: Run, { desired }: NumberOrderChange, groupId: RemoteId | null): Promise<RemoteId> {
  try {
    return await placeNumberOrder(run.writer.client, {
      reference: desired.reference,
      phoneNumbers: desired.phoneNumbers.map(({ number }) => ({ phoneNumber: reveal(number), groupId })),
      settings: Object.fromEntries(desired.settings.map(({ key, value }) => [key, value])),
    });
  } catch (error) {
    // An answer without an id is ambiguous too.
    if (!(error instanceof UnknownOutcomeError || error instanceof UnreachableError)) throw error;
    const placed = await afterLoss(error, () => lookUp(run, { desired }, AFTER_WAITS_MS));
    if (placed === null) throw error;
    return placed;
  }
}

/**
 * Looks for an order with this reference, several times.
 *
 * @param check throws to prevent another look.
 */
async function lookUp(
  run: Run,
  { desired }: Pick<NumberOrderChange, 'desired'>,
  waitsMs: readonly number[],
  check: () => void = () => {},
): Promise<RemoteId | null> {
  const { client } = run.writer;
  for (const waitMs of waitsMs) {
    await waitOutside(run, waitMs);
    check();
    const [found, ...others] = await listNumberOrdersByReference(client, desired.reference);
    if (found === undefined) continue;
    if (others.length === 0) return found.id;
    const ids = [found, ...others].map(({ id }) => id).sort();
    const message = describeDuplicates(ids, desired.reference);
    throw new OperationError('duplicate-orders', message, desired.source);
  }
  return null;
}

/** Reads the order and compares it with the request, because a successful answer proves nothing. */
async function confirmPlaced(
  run: Run,
  change: NumberOrderChange,
  id: RemoteId,
  progress: Progress,
): Promise<NumberOrderRow> {
  const { client } = run.writer;
  let missing = 'the order itself';
  let stored: NumberOrderRow | null = null;
  for (const waitMs of READ_BACK_WAITS_MS) {
    await waitOutside(run, waitMs);
    const row = await unlessGone(() => getNumberOrder(client, id));
    if (row === null) continue;
    progress.status = row.status;
    if (!hasNumbers(row, change)) missing = 'the numbers that were ordered';
    else if (sameReference(row.reference, change.desired.reference)) return row;
    else stored = row;
  }
  if (stored !== null) {
    throw referenceNotKept('number order', id, { sent: change.desired.reference, stored: stored.reference });
  }
  throw new OperationError(
    'write-without-effect',
    `Telnyx answered success, but reading number order ${id} back does not show ${missing}`,
  );
}

/** Compares the numbers if the answer shows all of them, otherwise their count. */
function hasNumbers({ phoneNumbers, phoneNumbersCount }: NumberOrderRow, change: NumberOrderChange): boolean {
  const { phoneNumbers: wanted } = change.desired;
  if ((phoneNumbersCount ?? phoneNumbers.length) !== wanted.length) return false;
  if (phoneNumbers.length < wanted.length) return true;
  const ordered = new Set(phoneNumbers.map(({ phoneNumber }) => digitsOf(phoneNumber)));
  return wanted.every(({ number }) => ordered.has(digitsOf(reveal(number))));
}
