import { referenceKey } from '../../model/reference.ts';
import type { DesiredNumberOrder, Reference } from '../../model/resource.ts';
import { unlessUnknown } from '../../telnyx/absence.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import {
  beginNumberOrders,
  getNumberOrder,
  listNumberOrdersByReference,
} from '../../telnyx/endpoints/number-orders.ts';
import type { NumberOrderRow } from '../../telnyx/types.ts';
import { indexRows } from '../reading/index-rows.ts';
import { isCheaperByReference } from '../reading/look-up.ts';

/** Finds an order by its id. Reads one found by its reference again by id: lists show less (documented). */
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
 * Looks up orders by their references, one by one or in the list of all, by the smaller number of requests.
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

/** The number of orders below which each is looked up by itself, however many the account has. */
const FEW_ORDERS = 5;
