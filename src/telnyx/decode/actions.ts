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

/** Decodes a requirement that no value fulfils: a person has to act, through a link of their own. */
export function decodeSubOrderAction(value: unknown) {
  const row = asRow(value, 'an action requirement');
  const action = readObject(row, 'requirement_action') ?? {};
  return {
    requirementId: requireId(row, 'regulatory_requirement_id').toLowerCase(),
    /** The fields needed to start it: `first_name`, `last_name`. */
    fields: readRows(row, 'fields_required', decodeField),
    link: within('requirement_action', () => readPrivate(action, 'value')),
  };
}

function decodeField(row: Row) {
  return {
    name: requireText(row, 'name'),
    description: readText(row, 'description') ?? '',
    /** The value that was sent before. */
    value: readPrivate(row, 'value'),
  };
}

export function decodePortingAction(value: unknown) {
  const row = asRow(value, 'an action requirement of a porting order');
  return {
    id: asRemoteId(requireId(row, 'id')),
    orderId: readId(row, 'porting_order_id'),
    requirementId: readId(row, 'requirement_type_id')?.toLowerCase() ?? null,
    /** `au_id_verification` is the only known type. */
    actionType: readText(row, 'action_type'),
    /** `created` | `pending` | `completed` | `cancelled` | `failed` | anything newer. */
    status: requireText(row, 'status'),
    /** The link, which is for one person. Null until the action is initiated. */
    link: readPrivate(row, 'action_url'),
    cancelReason: readText(row, 'cancel_reason'),
  };
}

/** Reads a private text: the link lets anybody act for the person, and the names are the person's. */
function readPrivate(row: Row, key: string): Sensitive | null {
  const text = readEntered(row, key);
  return text === null ? null : new Sensitive(text);
}
