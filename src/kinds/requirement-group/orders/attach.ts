import {
  ApiError,
  AuthenticationError,
  InterruptedError,
  isUnreachable,
  OperationError,
} from '../../../model/errors.ts';
import type { ObservedGroup } from '../../../model/observed.ts';
import { type NamedOrder, type ObservedOrder, takesValue } from '../../../model/orders/observed-order.ts';
import type { AttachmentChange } from '../../../model/plan/change.ts';
import { reveal, type Sensitive } from '../../../model/privacy/sensitive.ts';
import type { OrderKind, RemoteId } from '../../../model/resource.ts';
import { normaliseDate } from '../../../model/text/normal-text.ts';
import type { WriteClient } from '../../../telnyx/client.ts';
import { attachGroupToAdvancedOrder } from '../../../telnyx/endpoints/advanced-orders.ts';
import {
  attachGroupToPhoneNumber,
  attachGroupToSubNumberOrder,
  patchNumberOrderPhoneNumber,
  patchSubNumberOrder,
} from '../../../telnyx/endpoints/number-orders.ts';
import { patchPortingOrder } from '../../../telnyx/endpoints/porting-orders.ts';
import { readOrder } from '../../../telnyx/orders.ts';
import type { ValueToWrite } from '../../../telnyx/types.ts';
import { sendOnce } from '../../writing/ambiguous-write.ts';
import { AttachError } from '../../writing/outcome.ts';
import { changedSincePlanned } from '../../writing/read-again.ts';
import type { WriterContext } from '../../writing/writer.ts';
import { attachToAdvancedOrder, READ_BACK_WAITS_MS } from './attach-advanced.ts';

/**
 * The most failures in a row. The other orders are then not tried, because each would wait for its own
 * retries to end.
 */
const MAX_UNREACHABLE = 3;

/**
 * Gives the group to one order after the other. A failure does not stop the next order. An interruption or a
 * refused key stops all of them, and hides no earlier failure.
 *
 * @param begin throws if the run was interrupted.
 * @throws AttachError of the first order that failed, with those of the others, or else the error that
 * stopped all of them.
 */
export async function attachAll(
  context: WriterContext,
  group: ObservedGroup,
  changes: readonly AttachmentChange[],
  progress: { readonly begin: () => void; readonly done: () => void },
): Promise<void> {
  const failures: AttachError[] = [];
  let unreachableInARow = 0;
  for (const change of changes) {
    const { order } = change;
    if (unreachableInARow >= MAX_UNREACHABLE) break;
    try {
      progress.begin();
      if (order.groupId !== undefined) await attachToAdvancedOrder(context, group, order, progress.done);
      else await attach(context, group, change, progress.done);
      unreachableInARow = 0;
    } catch (error) {
      const stopsAll = error instanceof AuthenticationError || error instanceof InterruptedError;
      if (stopsAll && failures.length === 0) throw error;
      failures.push(new AttachError(order, error));
      if (stopsAll) break;
      unreachableInARow = isUnreachable(error) ? unreachableInARow + 1 : 0;
    }
  }
  const [first, ...others] = failures;
  if (first !== undefined) throw first.with(others);
}

/**
 * @param done reports that Telnyx answered success, as for every other write. The effect is read back
 * afterwards.
 */
async function attach(
  context: WriterContext,
  group: ObservedGroup,
  change: AttachmentChange,
  done: () => void,
): Promise<void> {
  const { order } = change;
  if (await lookAgain(context, group, order)) return;
  const isSeen = await sendOnce({
    send: () => sendGroup(context, group, change),
    find: async () => ((await awaitValues(context, group, order)) ? true : null),
  });
  done();
  if (isSeen || (await awaitValues(context, group, order))) return;
  throw new OperationError(
    'attach-without-effect',
    'Telnyx answered success, but reading the order back shows other values than the group holds',
  );
}

/**
 * Reads the order once more right before it gets the values, because somebody may have filled it in or closed
 * it since the plan.
 *
 * @returns true if it already has the group's values.
 */
async function lookAgain(
  { client }: WriterContext,
  group: ObservedGroup,
  planned: NamedOrder,
): Promise<boolean> {
  const current = await readOrder(client, planned.kind, planned.id);
  if (!current.isOpen)
    throw changedSincePlanned('the order', [`its status is ${current.status}, no longer ${planned.status}`]);
  if (isInSync(current, group)) return true;
  const known = new Set([
    ...planned.holdings.flat().map(keyOf),
    ...group.requirements.map(({ requirementId, value }) => keyOf({ requirementId, value })),
  ]);
  const others = current.holdings.flat().filter((held) => !held.value.isEmpty && !known.has(keyOf(held)));
  const ids = [...new Set(others.map(({ requirementId }) => requirementId))];
  if (ids.length > 0) {
    const differences = ids.map((id) => `it holds another value for requirement ${id}`);
    throw changedSincePlanned('the order', differences);
  }
  return false;
}

function keyOf({
  requirementId,
  value,
}: {
  readonly requirementId: string;
  readonly value: Sensitive;
}): string {
  return JSON.stringify([requirementId, normaliseDate(reveal(value))]);
}

type Send<What> = Readonly<
  Record<OrderKind, (client: WriteClient, id: RemoteId, what: What) => Promise<void>>
>;

const SEND_GROUP: Send<RemoteId> = {
  sub_number_order: attachGroupToSubNumberOrder,
  phone_number: attachGroupToPhoneNumber,
  porting_order: (client, id, groupId) => patchPortingOrder(client, id, { groupId }),
  advanced_order: attachGroupToAdvancedOrder,
};

/** An advanced order holds no values of its own. */
const SEND_VALUES: Omit<Send<readonly ValueToWrite[]>, 'advanced_order'> = {
  sub_number_order: patchSubNumberOrder,
  phone_number: patchNumberOrderPhoneNumber,
  porting_order: (client, id, requirements) => patchPortingOrder(client, id, { requirements }),
};

async function send(
  client: WriteClient,
  group: ObservedGroup,
  { order: { kind, id }, by, requirements }: AttachmentChange,
): Promise<void> {
  if (by === undefined || kind === 'advanced_order') return SEND_GROUP[kind](client, id, group.id);
  const planned = new Set(requirements.map(({ requirementId }) => requirementId));
  const values = group.requirements.filter(
    ({ requirementId, value }) => planned.has(requirementId) && !value.isEmpty,
  );
  return SEND_VALUES[kind](client, id, values);
}

/**
 * Returns true if the order is seen to have the values, and false if it was only answered for. A refusal is
 * not a failure if the order has them already: somebody was faster, or an earlier write was ambiguous.
 */
async function sendGroup(
  { client }: WriterContext,
  group: ObservedGroup,
  change: AttachmentChange,
): Promise<boolean> {
  const { order } = change;
  try {
    await send(client, group, change);
    return false;
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal;
    const current = await readOrder(client, order.kind, order.id);
    if (current.isOpen && isInSync(current, group)) return true;
    throw refusal;
  }
}

async function awaitValues(
  { client, wait }: WriterContext,
  group: ObservedGroup,
  { kind, id }: NamedOrder,
): Promise<boolean> {
  for (const waitMs of READ_BACK_WAITS_MS) {
    await wait(waitMs);
    const current = await readOrder(client, kind, id);
    // Values that are approved in the group may end the review at once.
    if (current.status === 'success' || isInSync(current, group)) return true;
  }
  return false;
}

/**
 * Compares exactly, because orders copy values. It ignores approved values, which were not copied, and
 * holdings that are not filled in yet.
 */
function isInSync({ holdings }: ObservedOrder, group: ObservedGroup): boolean {
  const filled = holdings.filter((holding) => holding.length > 0);
  const values = new Map(
    group.requirements.flatMap(({ requirementId, value }) =>
      value.isEmpty ? [] : [[requirementId, normaliseDate(reveal(value))]],
    ),
  );
  return (
    filled.length > 0 &&
    filled.flat().every((own) => {
      const wanted = values.get(own.requirementId);
      return wanted === undefined || !takesValue(own) || normaliseDate(reveal(own.value)) === wanted;
    })
  );
}
