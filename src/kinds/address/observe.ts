import type { ObservedAddresses } from '../../model/observed.ts';
import type { AddressRow } from '../../telnyx/types.ts';
import { indexRows } from '../reading/index-rows.ts';

export function indexAddresses(rows: readonly AddressRow[]): ObservedAddresses {
  return {
    byId: new Map(rows.map((address) => [address.id, address])),
    byReference: indexRows(rows, (address) => address.reference),
  };
}
