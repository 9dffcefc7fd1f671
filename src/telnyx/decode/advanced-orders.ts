import { asRemoteId } from '../../model/resource.ts';
import { ApiRow } from '../fields.ts';

/**
 * Decodes an order for numbers that are yet to be found. It is the only kind that says which group it carries
 * (documented).
 */
export function decodeAdvancedOrder(value: unknown) {
  const row = ApiRow.of(value, 'an advanced order');
  const [status, ...others] = readWords(row, 'status');
  if (status === undefined || others.length > 0) throw row.malformed('status', 'one text');
  return {
    id: row.requireRemoteId('id'),
    reference: row.reference(),
    countryCode: row.text('country_code')?.toUpperCase() ?? null,
    /** The types, described as a list that usually has one entry. */
    phoneNumberTypes: readWords(row, 'phone_number_type').map((type) => type.replaceAll('-', '_')),
    /** `pending` | `processing` | `hold` | `exception` | `ordered` | `failed` | anything newer. */
    status,
    groupId: row.remoteId('requirement_group_id'),
    quantity: row.number('quantity'),
    /** The number orders that resulted from it. */
    numberOrderIds: row.ids('orders').map(asRemoteId),
  };
}

/** Reads texts that the vendor's description gives as lists and its guides as single texts. */
function readWords(row: ApiRow, key: string): readonly string[] {
  if (Array.isArray(row.raw(key))) return row.texts(key);
  const word = row.text(key);
  return word === null ? [] : [word];
}
