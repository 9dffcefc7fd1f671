import { ApiError, OperationError, UnreachableError } from '../../model/errors.ts';
import { normaliseDate } from '../../model/normal-text.ts';
import type { NumberOrderChange } from '../../model/plan.ts';
import { sameReference } from '../../model/reference.ts';
import {
  asRemoteId,
  NUMBER_ORDER_SETTINGS,
  type ObservedNumberOrder,
  type ObservedOrder,
  type RemoteId,
  takesValue,
} from '../../model/resource.ts';
import { reveal } from '../../model/sensitive.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import { UnknownOutcomeError } from '../../telnyx/client.ts';
import {
  getNumberOrder,
  listNumberOrdersByReference,
  listSubNumberOrders,
  patchNumberOrder,
  placeNumberOrder,
} from '../../telnyx/endpoints.ts';
import { digitsOf, findOrdersWithNumbers, holdersOf } from '../../telnyx/order-numbers.ts';
import { readOrder } from '../../telnyx/orders.ts';
import type { NumberOrderRow, ValueToWrite } from '../../telnyx/types.ts';
import { lookBeforeOrder } from '../requirement-group/look.ts';
import { afterLoss } from '../writing/lost-answer.ts';
import { NotAttemptedError, type Progress } from '../writing/outcome.ts';
import {
  changedSincePlanned,
  changesOfParts,
  lostByWrite,
  lostValues,
  referenceNotKept,
} from '../writing/read-again.ts';
import { begin, type Run, refuseToGoOn, waitOutside } from '../writing/run.ts';
import { isMadeFirst, makeValues, mendDocuments } from '../writing/values.ts';

/**
 * The operations of one number order. Placing it spends money, nothing at Telnyx keeps two orders apart, and nothing takes
 * one back. So it is looked for before, by its reference and by its numbers: a run that was killed a moment ago may have placed
 * it, and lists may lag. A request to place it is sent once in a run, whatever becomes of its answer. And it is looked for
 * after: another run may have placed it at the same time.
 */
export async function workOnNumberOrder(
  run: Run,
  change: NumberOrderChange,
  progress: Progress,
): Promise<void> {
  const groupId = groupToOrderWith(run, change);
  const { observed } = change;
  if (observed !== null && change.writes.some(isMadeFirst)) await confirmUnchanged(run, change, observed, []);
  // Before the order: a document that cannot be uploaded costs nothing yet.
  const values = await makeValues(run, change, progress);
  progress.source = change.source;
  const id = observed?.id ?? (await placeOnce(run, change, groupId, progress));
  progress.id = id;
  if (change.writesReference === null && values.length === 0) return;
  const before = observed === null ? [] : await confirmUnchanged(run, change, observed, values);
  await edit(run, change, { id, values, before }, progress);
}

/** Its group's change is done, or else nothing is ordered with it. */
function groupToOrderWith(run: Run, { desired, ordersWith }: NumberOrderChange): RemoteId | null {
  const name = desired.group?.name;
  if (name === undefined) return null;
  const outcome = run.groups.get(name);
  if (outcome !== undefined && outcome.status !== 'applied') {
    throw new NotAttemptedError(`not attempted: the change of its group "${name}" was not finished`);
  }
  if (ordersWith === null) return null;
  const id = outcome?.id ?? run.observed.RequirementGroup.get(name)?.group?.id;
  if (id == null) throw new NotAttemptedError(`not attempted: its group "${name}" does not exist`);
  return asRemoteId(id);
}

/* ---- Placing ---- */

/** Three looks over five seconds: lists may lag behind what a run that was killed has placed. */
const BEFORE_WAITS_MS = [0, 2000, 3000] as const;
const AFTER_WAITS_MS = [500, 1500, 3000] as const;
const READ_BACK_WAITS_MS = [0, 500, 1500, 3000] as const;

async function placeOnce(
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

/** Orders that are older than this were read when the plan was made; lists may lag, and clocks differ. */
const KNOWN_BEFORE_PLAN_MS = 24 * 60 * 60 * 1000;

/** An order may have the numbers although it has not the reference: whoever placed it, they are not ordered twice. */
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
 * Looks until lists show the order that was placed: another run may have placed the same at the same time, and one of the two
 * sees both. The older one stays; which of them that is has to be certain.
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

/** @throws UnknownOutcomeError where nobody can tell whether it was placed: a later run looks again before it tries. */
async function place(run: Run, { desired }: NumberOrderChange, groupId: RemoteId | null): Promise<RemoteId> {
  try {
    return await placeNumberOrder(run.writer.client, {
      reference: desired.reference,
      phoneNumbers: desired.phoneNumbers.map(({ number }) => ({ phoneNumber: reveal(number), groupId })),
      settings: Object.fromEntries(desired.settings.map(({ key, value }) => [key, value])),
    });
  } catch (error) {
    // An answer without an id counts as lost, too.
    if (!(error instanceof UnknownOutcomeError || error instanceof UnreachableError)) throw error;
    const placed = await afterLoss(error, () => lookUp(run, { desired }, AFTER_WAITS_MS));
    if (placed === null) throw error;
    return placed;
  }
}

/** @param check throws where no further look is to be taken. */
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

/** Reads the order and compares what was ordered: an answer is no proof. */
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

/** As far as the answer shows them all. */
function hasNumbers({ phoneNumbers, phoneNumbersCount }: NumberOrderRow, change: NumberOrderChange): boolean {
  const { phoneNumbers: wanted } = change.desired;
  if ((phoneNumbersCount ?? phoneNumbers.length) !== wanted.length) return false;
  if (phoneNumbers.length < wanted.length) return true;
  const ordered = new Set(phoneNumbers.map(({ phoneNumber }) => digitsOf(phoneNumber)));
  return wanted.every(({ number }) => ordered.has(digitsOf(reveal(number))));
}

/* ---- Editing ---- */

interface Edit {
  readonly id: RemoteId;
  readonly values: readonly ValueToWrite[];
  /** What its parts held right before. */
  readonly before: readonly ObservedOrder[];
}

/**
 * Reads an order right before its first write: what it holds may have been changed since the plan was made, and would be
 * overwritten unseen.
 *
 * @returns its parts, as far as values are to be written.
 */
async function confirmUnchanged(
  run: Run,
  { writes, writesReference, source }: NumberOrderChange,
  observed: ObservedNumberOrder,
  values: readonly ValueToWrite[],
): Promise<readonly ObservedOrder[]> {
  const what = `number order ${observed.id}`;
  const row = await unlessGone(() => getNumberOrder(run.writer.client, observed.id));
  if (row === null) throw changedSincePlanned(what, ['it is gone'], source);
  const parts = writes.length === 0 ? [] : await readParts(run, row);
  const isAsWanted = row.reference === observed.reference || sameReference(row.reference, writesReference);
  const differences = [
    ...(row.status === observed.status ? [] : [`its status is ${row.status}, no longer ${observed.status}`]),
    ...(isAsWanted ? [] : ['it has another customer_reference']),
    ...NUMBER_ORDER_SETTINGS.filter((key) => row.settings[key] !== observed.settings[key]).map(
      (key) => `it has another ${key}`,
    ),
    ...changesOfParts(observed.subOrders, parts, wantedValues(values)),
  ];
  if (differences.length > 0) throw changedSincePlanned(what, differences, source);
  return parts;
}

function wantedValues(values: readonly ValueToWrite[]): ReadonlyMap<string, string> {
  return new Map(values.map(({ requirementId, value }) => [requirementId, normaliseDate(reveal(value))]));
}

async function edit(run: Run, change: NumberOrderChange, those: Edit, progress: Progress): Promise<void> {
  try {
    await patchOnce(run, change, those, progress);
  } catch (error) {
    // Refused was the write itself, not the reading back of one that was done.
    if (progress.operations.includes('patch') || !(error instanceof ApiError)) throw error;
    const mended = await mendDocuments(run, change, those.values, progress);
    if (mended === null) throw error;
    await patchOnce(run, change, { ...those, values: mended }, progress);
  }
}

async function patchOnce(
  run: Run,
  change: NumberOrderChange,
  { id, values, before }: Edit,
  progress: Progress,
): Promise<void> {
  const { writesReference } = change;
  begin(run, change, 'patch');
  await patchNumberOrder(run.writer.client, id, { reference: writesReference, values });
  progress.operations.push('patch');
  await confirmEdit(run, change, { id, values, before }, progress);
}

/** A 200 is no proof: the reference stands in the order, the values in its parts, and may come there a little later. */
async function confirmEdit(
  run: Run,
  { writesReference: reference, desired, source }: NumberOrderChange,
  { id, values, before }: Edit,
  progress: Progress,
): Promise<void> {
  let missing: readonly string[] = [];
  let gone: readonly string[] = [];
  let isSilent = false;
  let stored: string | null = null;
  for (const waitMs of READ_BACK_WAITS_MS) {
    await run.writer.wait(waitMs);
    const row = await getNumberOrder(run.writer.client, id);
    const parts = values.length === 0 ? [] : await readParts(run, row);
    progress.status = row.status;
    const holdings = parts.flatMap(({ holdings }) => holdings);
    const lost = values.filter((value) => row.status === 'pending' && !isHeld(holdings, value));
    isSilent = holdings.every((holding) => holding.length === 0);
    missing = [
      ...lost.map(({ requirementId }) => `requirement ${requirementId}`),
      ...(reference === null || sameReference(row.reference, reference) ? [] : ['customer_reference']),
    ];
    gone = lostValues(before, parts, values);
    stored = row.reference;
    if (missing.length + gone.length === 0) return;
  }
  if (gone.length > 0) throw lostByWrite(`number order ${id}`, gone, source);
  if (reference !== null && desired.id === null && missing.join() === 'customer_reference') {
    throw referenceNotKept('number order', id, { sent: reference, stored });
  }
  if (isSilent && !missing.includes('customer_reference')) {
    progress.warnings.push('the order does not say yet what it holds: a later run compares its values');
    return;
  }
  throw new OperationError(
    'write-without-effect',
    `Telnyx answered success, but reading the order back shows no change of ${missing.join(', ')}`,
  );
}

async function readParts({ writer: { client } }: Run, row: NumberOrderRow): Promise<ObservedOrder[]> {
  const ids =
    row.subNumberOrderIds.length > 0
      ? row.subNumberOrderIds
      : (await listSubNumberOrders(client, row.id)).map(({ id }) => id);
  return Promise.all(ids.map((id) => readOrder(client, 'sub_number_order', id)));
}

/** By every number that demands it; what is approved stays as it is (documented). */
function isHeld(holdings: ObservedOrder['holdings'], written: ValueToWrite): boolean {
  const wanted = normaliseDate(reveal(written.value));
  const own = holdings.flat().filter(({ requirementId }) => requirementId === written.requirementId);
  return (
    own.length > 0 &&
    own.every(
      (held) => normaliseDate(reveal(held.value)) === wanted || (held.status !== null && !takesValue(held)),
    )
  );
}
