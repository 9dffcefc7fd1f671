import type { RemoteId } from '../../model/resource.ts';
import { reveal } from '../../model/sensitive.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodePortingAction, decodeSubOrderAction } from '../decode.ts';
import { MalformedRow } from '../fields.ts';
import type { ActionFields, PortingActionRow, SubOrderActionRow } from '../types.ts';
import { getRow, listRows } from './rows.ts';

/**
 * Requirements that somebody has to fulfil in person; the identity check for Australian mobile numbers is the only one known.
 * The link that they are given is for one person, and private.
 */

const OF_SUB_ORDER =
  '/external_requirements/{regulatory_requirement_id}/sub_number_orders/{sub_number_order_id}';

/**
 * Returns the fields that the requirement needs, and the link once there is one (documented by the vendor's client alone). An
 * answer about another requirement is not believed: its link is for another check.
 */
export async function getSubOrderAction(
  client: ReadClient,
  requirementId: string,
  subOrderId: RemoteId,
): Promise<SubOrderActionRow> {
  const params = { regulatory_requirement_id: requirementId, sub_number_order_id: subOrderId };
  return getRow(client, OF_SUB_ORDER, params, {}, (value) => {
    const row = decodeSubOrderAction(value);
    if (row.requirementId === requirementId.toLowerCase()) return row;
    throw new MalformedRow('regulatory_requirement_id', 'not the one that was asked for');
  });
}

/**
 * The names go under `requirement`: at the top they are rejected (documented). Not repeated, as each start makes a link. The
 * link is read with `getSubOrderAction`, where it is null until it has been generated (documented).
 */
export async function startSubOrderAction(
  client: WriteClient,
  requirementId: string,
  subOrderId: RemoteId,
  fields: ActionFields,
): Promise<void> {
  await client.send({
    method: 'POST',
    template: OF_SUB_ORDER,
    params: { regulatory_requirement_id: requirementId, sub_number_order_id: subOrderId },
    repeat: 'never',
    body: { kind: 'json', value: { requirement: writeFields(fields) } },
  });
}

export async function listPortingActions(
  client: ReadClient,
  orderId: RemoteId,
): Promise<readonly PortingActionRow[]> {
  const template = '/porting_orders/{porting_order_id}/action_requirements';
  const params = { porting_order_id: orderId };
  const { rows } = await listRows(client, template, {}, decodePortingAction, params);
  return rows.filter((action) => action.orderId === null || action.orderId === orderId);
}

/** The names go under `params` (described). Not repeated: its status, and the link, are read from the list. */
export async function initiatePortingAction(
  client: WriteClient,
  orderId: RemoteId,
  id: RemoteId,
  fields: ActionFields,
): Promise<void> {
  await client.send({
    method: 'POST',
    template: '/porting_orders/{porting_order_id}/action_requirements/{id}/initiate',
    params: { porting_order_id: orderId, id },
    repeat: 'never',
    body: { kind: 'json', value: { params: writeFields(fields) } },
  });
}

function writeFields(fields: ActionFields): Record<string, string> {
  return Object.fromEntries([...fields].map(([name, value]) => [name, reveal(value)]));
}
