import { OperationError } from '../../model/errors.ts';
import {
  type ObservedNumberOrder,
  type ObservedOrder,
  takesValue,
} from '../../model/orders/observed-order.ts';
import type { NumberOrderChange } from '../../model/plan/change.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import { sameReference } from '../../model/reference.ts';
import { NUMBER_ORDER_SETTINGS, type RemoteId } from '../../model/resource.ts';
import { normaliseDate } from '../../model/text/normal-text.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import { getNumberOrder, patchNumberOrder } from '../../telnyx/endpoints/number-orders.ts';
import type { ValueToWrite } from '../../telnyx/types.ts';
import { readAllSubOrders } from '../requirement-group/orders/orders.ts';
import type { Progress } from '../writing/outcome.ts';
import {
  changedSincePlanned,
  changesOfParts,
  lostByWrite,
  lostValues,
  otherStatus,
  referenceNotKept,
} from '../writing/read-again.ts';
import { begin, type Run } from '../writing/run.ts';
import { writeOrRepair } from '../writing/values.ts';

/** Writes the reference and the values of an existing order, and confirms them by reading it. */
export async function editNumberOrder(
  run: Run,
  change: NumberOrderChange,
  those: Edit,
  progress: Progress,
): Promise<void> {
  await writeOrRepair(run, change, those.values, progress, (values) =>
    patchOnce(run, change, { ...those, values }, progress),
  );
}

/**
 * Reads an order right before its first write, because a change since the plan would be overwritten unseen.
 *
 * @returns the parts of the order, or none if no values are to be written.
 */
export async function confirmUnchanged(
  run: Run,
  { writes, writesReference, source }: NumberOrderChange,
  observed: ObservedNumberOrder,
  values: readonly ValueToWrite[],
): Promise<readonly ObservedOrder[]> {
  const what = `number order ${observed.id}`;
  const row = await unlessGone(() => getNumberOrder(run.writer.client, observed.id));
  if (row === null) throw changedSincePlanned(what, ['it is gone'], source);
  const parts = writes.length === 0 ? [] : await readAllSubOrders(run.writer.client, row);
  const isAsWanted = row.reference === observed.reference || sameReference(row.reference, writesReference);
  const differences = [
    ...otherStatus(row.status, observed.status),
    ...(isAsWanted ? [] : ['it has another customer_reference']),
    ...NUMBER_ORDER_SETTINGS.filter((key) => row.settings[key] !== observed.settings[key]).map(
      (key) => `it has another ${key}`,
    ),
    ...changesOfParts(observed.subOrders, parts, wantedValues(values)),
  ];
  if (differences.length > 0) throw changedSincePlanned(what, differences, source);
  return parts;
}

export const READ_BACK_WAITS_MS = [0, 500, 1500, 3000] as const;

interface Edit {
  readonly id: RemoteId;
  readonly values: readonly ValueToWrite[];
  /** The parts of the order right before the write. */
  readonly before: readonly ObservedOrder[];
}

function wantedValues(values: readonly ValueToWrite[]): ReadonlyMap<string, string> {
  return new Map(values.map(({ requirementId, value }) => [requirementId, normaliseDate(reveal(value))]));
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

/**
 * Confirms the write, because a 200 is no proof. The reference is in the order and the values are in its
 * parts, where they may appear a little later.
 */
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
    const parts = values.length === 0 ? [] : await readAllSubOrders(run.writer.client, row);
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
    progress.warnings.push('the order does not show its values yet: a later run compares them');
    return;
  }
  throw new OperationError(
    'write-without-effect',
    `Telnyx answered success, but reading the order back shows no change of ${missing.join(', ')}`,
  );
}

/**
 * Returns whether every number that requires the value has it. An approved value stays as it is (documented).
 */
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
