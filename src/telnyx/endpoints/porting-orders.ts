import type { SettingToWrite } from '../../model/orders/porting.ts';
import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import {
  decodePortingComment,
  decodePortingOrder,
  decodePortingOrderInFull,
  decodePortingRequirement,
  decodePortingRequirementInFull,
} from '../decode/porting-orders.ts';
import { json } from '../request.ts';
import type {
  PortingCommentRow,
  PortingOrderPatch,
  PortingOrderRow,
  PortingRequirementRow,
  ValueToWrite,
} from '../types.ts';
import { getById, inFullWhere, listRows } from './rows.ts';

export async function listPortingOrders(client: ReadClient): Promise<readonly PortingOrderRow[]> {
  return listRows(client, '/porting_orders', {}, decodePortingOrder);
}

/** Lists porting orders without their phone numbers (documented), of which each may have 50. */
export async function listPortingOrdersInBrief(client: ReadClient): Promise<readonly PortingOrderRow[]> {
  const query = { include_phone_numbers: 'false' };
  return listRows(client, '/porting_orders', query, decodePortingOrder);
}

/**
 * Lists the porting orders that matter, with all their documents.
 *
 * @param matters returns true if the documents of an order matter.
 * @throws MalformedAnswerError also if a row that matters does not show its documents.
 */
export async function listPortingOrdersInFull(
  client: ReadClient,
  matters: (order: PortingOrderRow) => boolean,
): Promise<readonly PortingOrderRow[]> {
  const decode = inFullWhere(matters, decodePortingOrder, decodePortingOrderInFull);
  const rows = await listRows(client, '/porting_orders', { include_phone_numbers: 'false' }, decode);
  return rows.filter((order) => order !== null);
}

export async function getPortingOrder(client: ReadClient, id: RemoteId): Promise<PortingOrderRow> {
  return getById(client, '/porting_orders/{id}', { id }, {}, decodePortingOrder);
}

/**
 * Lists all requirements of an order with their statuses, including texts. The order itself shows only the
 * documents (documented).
 */
export async function listPortingRequirements(
  client: ReadClient,
  id: RemoteId,
): Promise<readonly PortingRequirementRow[]> {
  const template = '/porting_orders/{id}/requirements';
  return listRows(client, template, {}, decodePortingRequirement, { id });
}

/** @throws MalformedAnswerError also if a row does not show its value. */
export async function listPortingRequirementsInFull(
  client: ReadClient,
  id: RemoteId,
): Promise<readonly PortingRequirementRow[]> {
  const template = '/porting_orders/{id}/requirements';
  return listRows(client, template, {}, decodePortingRequirementInFull, { id });
}

/**
 * Lists the comments on an order, which have their own endpoint (described). `/comments` contains none of
 * them.
 */
export async function listPortingComments(
  client: ReadClient,
  id: RemoteId,
): Promise<readonly PortingCommentRow[]> {
  const template = '/porting_orders/{id}/comments';
  const rows = await listRows(client, template, {}, decodePortingComment, { id });
  return rows.filter((comment) => comment.orderId === null || comment.orderId === id);
}

/**
 * Posts a comment. It is never retried, because reviewers would read it twice: the list shows whether it was
 * posted.
 */
export async function postPortingComment(client: WriteClient, id: RemoteId, body: string): Promise<void> {
  await client.send({
    method: 'POST',
    template: '/porting_orders/{id}/comments',
    params: { id },
    repeat: 'never',
    body: json({ body }),
  });
}

/**
 * Patches an order. A key that is left out keeps its value, and null clears it. A group's values are copied
 * over those of the order, once, in draft, in-process and exception only (all documented). Writing the same
 * twice is harmless.
 */
export async function patchPortingOrder(
  client: WriteClient,
  id: RemoteId,
  { groupId, settings = [], requirements = [] }: PortingOrderPatch,
): Promise<void> {
  await client.send({
    method: 'PATCH',
    template: '/porting_orders/{id}',
    params: { id },
    repeat: 'safe',
    body: json({
      ...(groupId === undefined ? {} : { requirement_group_id: groupId }),
      ...writeSettings(settings),
      ...(requirements.length === 0 ? {} : { requirements: requirements.map(writePortingValue) }),
    }),
  });
}

/** Writes a value under other keys than those of groups and number orders. */
function writePortingValue(write: ValueToWrite): { requirement_type_id: string; field_value: string } {
  return { requirement_type_id: write.requirementId, field_value: reveal(write.value) };
}

/** Nests settings by path: `end_user.admin.pin_passcode` → `{ end_user: { admin: { pin_passcode } } }` */
function writeSettings(settings: readonly SettingToWrite[]): Tree {
  const body: Tree = {};
  for (const { path, value } of settings) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let node = body;
    for (const step of steps) {
      const inner = (node[step] ?? {}) as Tree;
      node[step] = inner;
      node = inner;
    }
    node[last] = writeSetting(value);
  }
  return body;
}

interface Tree {
  [name: string]: Tree | SettingJson;
}

type SettingJson = string | boolean | number | string[] | null;

function writeSetting(value: SettingToWrite['value']): SettingJson {
  if (value instanceof Sensitive) return reveal(value);
  return typeof value === 'object' && value !== null ? value.map(reveal) : value;
}
