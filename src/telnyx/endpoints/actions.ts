import { reveal } from '../../model/privacy/sensitive.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodePortingAction, decodeSubOrderAction } from '../decode/actions.ts';
import { MalformedRow } from '../fields.ts';
import { json } from '../request.ts';
import type { ActionFields, PortingActionRow, SubOrderActionRow } from '../types.ts';
import { getRow, listRows } from './rows.ts';

/**
 * Requirements that a person has to fulfil. The only known one is the identity check for Australian mobile
 * numbers. The link is private and for one person.
 */

const OF_SUB_ORDER =
  '/external_requirements/{regulatory_requirement_id}/sub_number_orders/{sub_number_order_id}';

/**
 * Returns the fields that the requirement needs, and the link once there is one (documented by the vendor's
 * client only). Refuses an answer about another requirement, whose link is for another check.
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
 * Starts the action. The names are sent under `requirement`: at the top level they are rejected (documented).
 * The request is never retried, because each start makes a link. `getSubOrderAction` reads the link, which is
 * null until it has been generated (documented).
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
    body: json({ requirement: writeFields(fields) }),
  });
}

export async function listPortingActions(
  client: ReadClient,
  orderId: RemoteId,
): Promise<readonly PortingActionRow[]> {
  const template = '/porting_orders/{porting_order_id}/action_requirements';
  const params = { porting_order_id: orderId };
  const rows = await listRows(client, template, {}, decodePortingAction, params);
  return rows.filter((action) => action.orderId === null || action.orderId === orderId);
}

/**
 * Starts the action. The names are sent under `params` (described). The request is never retried: the list
 * shows its status and the link.
 */
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
    body: json({ params: writeFields(fields) }),
  });
}

function writeFields(fields: ActionFields): Record<string, string> {
  return Object.fromEntries([...fields].map(([name, value]) => [name, reveal(value)]));
}
