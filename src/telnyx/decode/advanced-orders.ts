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
import type { AdvancedOrderRow } from '../types.ts';
import { readReference, readRemoteId } from './common.ts';

export function decodeAdvancedOrder(value: unknown): AdvancedOrderRow {
  const row = asRow(value, 'an advanced order');
  const [status, ...others] = readWords(row, 'status');
  if (status === undefined || others.length > 0) throw malformed(row, 'status', 'one text');
  return {
    id: asRemoteId(requireId(row, 'id')),
    reference: readReference(row),
    countryCode: readText(row, 'country_code')?.toUpperCase() ?? null,
    phoneNumberTypes: readWords(row, 'phone_number_type').map((type) => type.replaceAll('-', '_')),
    status,
    groupId: readRemoteId(row, 'requirement_group_id'),
    quantity: readNumber(row, 'quantity'),
    numberOrderIds: readIds(row, 'orders').map(asRemoteId),
  };
}

/** Reads texts that the vendor's description gives as lists and its guides as single texts. */
function readWords(row: Row, key: string): readonly string[] {
  if (Array.isArray(row[key])) return readTexts(row, key);
  const word = readText(row, key);
  return word === null ? [] : [word];
}
