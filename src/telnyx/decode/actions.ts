import { ApiRow } from '../fields.ts';

/** Decodes a requirement that no value fulfils: a person has to act, through a link of their own. */
export function decodeSubOrderAction(value: unknown) {
  const row = ApiRow.of(value, 'an action requirement');
  return {
    requirementId: row.requireId('regulatory_requirement_id').toLowerCase(),
    /** The fields needed to start it: `first_name`, `last_name`. Their values are the person's. */
    fields: row.rows('fields_required', decodeField),
    /** The link lets anybody act for the person. */
    link: row.inner('requirement_action').sensitive('value'),
  };
}

function decodeField(row: ApiRow) {
  return {
    name: row.requireText('name'),
    description: row.text('description') ?? '',
    /** The value that was sent before. */
    value: row.sensitive('value'),
  };
}

export function decodePortingAction(value: unknown) {
  const row = ApiRow.of(value, 'an action requirement of a porting order');
  return {
    id: row.requireRemoteId('id'),
    orderId: row.id('porting_order_id'),
    requirementId: row.id('requirement_type_id')?.toLowerCase() ?? null,
    /** `au_id_verification` is the only known type. */
    actionType: row.text('action_type'),
    /** `created` | `pending` | `completed` | `cancelled` | `failed` | anything newer. */
    status: row.requireText('status'),
    /** The link, which is for one person. Null until the action is initiated. */
    link: row.sensitive('action_url'),
    cancelReason: row.text('cancel_reason'),
  };
}
