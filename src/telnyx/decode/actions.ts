import { Sensitive } from '../../model/privacy/sensitive.ts';
import { asRemoteId } from '../../model/resource.ts';
import {
  asRow,
  type Row,
  readEntered,
  readId,
  readObject,
  readRows,
  readText,
  requireId,
  requireText,
  within,
} from '../fields.ts';
import type { ActionFieldRow, PortingActionRow, SubOrderActionRow } from '../types.ts';

export function decodeSubOrderAction(value: unknown): SubOrderActionRow {
  const row = asRow(value, 'an action requirement');
  const action = readObject(row, 'requirement_action') ?? {};
  return {
    requirementId: requireId(row, 'regulatory_requirement_id').toLowerCase(),
    fields: readRows(row, 'fields_required', decodeField),
    link: within('requirement_action', () => readPrivate(action, 'value')),
  };
}

function decodeField(row: Row): ActionFieldRow {
  return {
    name: requireText(row, 'name'),
    description: readText(row, 'description') ?? '',
    value: readPrivate(row, 'value'),
  };
}

export function decodePortingAction(value: unknown): PortingActionRow {
  const row = asRow(value, 'an action requirement of a porting order');
  return {
    id: asRemoteId(requireId(row, 'id')),
    orderId: readId(row, 'porting_order_id'),
    requirementId: readId(row, 'requirement_type_id')?.toLowerCase() ?? null,
    actionType: readText(row, 'action_type'),
    status: requireText(row, 'status'),
    link: readPrivate(row, 'action_url'),
    cancelReason: readText(row, 'cancel_reason'),
  };
}

/** Reads a private text: the link lets anybody act for the person, and the names are the person's. */
function readPrivate(row: Row, key: string): Sensitive | null {
  const text = readEntered(row, key);
  return text === null ? null : new Sensitive(text);
}
