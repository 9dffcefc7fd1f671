import { asRemoteId } from '../../model/resource.ts';
import {
  asRow,
  malformed,
  type Row,
  readIds,
  readNumber,
  readText,
  readTexts,
  requireId,
} from '../fields.ts';
import { readReference, readRemoteId } from './common.ts';

/**
 * Decodes an order for numbers that are yet to be found. It is the only kind that says which group it carries
 * (documented).
 */
export function decodeAdvancedOrder(value: unknown) {
  const row = asRow(value, 'an advanced order');
  const [status, ...others] = readWords(row, 'status');
  if (status === undefined || others.length > 0) throw malformed(row, 'status', 'one text');
  return {
    id: asRemoteId(requireId(row, 'id')),
    reference: readReference(row),
    countryCode: readText(row, 'country_code')?.toUpperCase() ?? null,
    /** The types, described as a list that usually has one entry. */
    phoneNumberTypes: readWords(row, 'phone_number_type').map((type) => type.replaceAll('-', '_')),
    /** `pending` | `processing` | `hold` | `exception` | `ordered` | `failed` | anything newer. */
    status,
    groupId: readRemoteId(row, 'requirement_group_id'),
    quantity: readNumber(row, 'quantity'),
    /** The number orders that resulted from it. */
    numberOrderIds: readIds(row, 'orders').map(asRemoteId),
  };
}

/** Reads texts that the vendor's description gives as lists and its guides as single texts. */
function readWords(row: Row, key: string): readonly string[] {
  if (Array.isArray(row[key])) return readTexts(row, key);
  const word = readText(row, key);
  return word === null ? [] : [word];
}
