import { referenceKey } from '../../model/reference.ts';
import type { DesiredNumberOrder, Reference } from '../../model/resource.ts';
import { unlessUnknown } from '../../telnyx/absence.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { beginNumberOrders, getNumberOrder, listNumberOrdersByReference } from '../../telnyx/endpoints.ts';
import type { NumberOrderRow } from '../../telnyx/types.ts';
import { indexRows } from '../reading/index-rows.ts';
import { isCheaperByReference } from '../reading/look-up.ts';

/** Finds an order by its id, or by its reference and then again by its id: lists say less (documented). */
export async function findNumberOrders(
  client: ReadClient,
  order: DesiredNumberOrder,
  lookUp: LookUp,
): Promise<readonly NumberOrderRow[]> {
  if (order.id !== null) {
    const row = await getNumberOrderOrNull(client, order.id.id);
    return row === null ? [] : [row];
  }
  const listed = await lookUp(order.reference);
  const [only] = listed;
  if (only === undefined || listed.length > 1) return listed;
  const row = await getNumberOrderOrNull(client, only.id);
  return [row ?? only];
}

async function getNumberOrderOrNull(client: ReadClient, id: NumberOrderRow['id']) {
  return unlessUnknown(() => getNumberOrder(client, id));
}

type LookUp = (reference: Reference) => Promise<readonly NumberOrderRow[]>;

/**
 * Looks orders up by their references, one by one or out of the list of all: whichever takes fewer requests.
 */
export async function lookUpNumberOrders(
  client: ReadClient,
  references: ReadonlySet<Reference>,
): Promise<LookUp> {
  const oneByOne: LookUp = (reference) => listNumberOrdersByReference(client, reference);
  if (references.size < FEW_ORDERS) return oneByOne;
  const begun = await beginNumberOrders(client, references);
  if (isCheaperByReference(references.size, begun)) return oneByOne;
  const { rows } = await begun.finish();
  const ours = rows.filter((row) => row !== null);
  const byReference = indexRows(ours, ({ reference }) => referenceKey(reference));
  return async (reference) => byReference.get(referenceKey(reference) ?? '') ?? [];
}

/** So few are asked for one by one, whatever the account holds. */
const FEW_ORDERS = 5;
