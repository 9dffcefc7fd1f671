import { OperationError } from '../../model/errors.ts';
import { references } from '../../model/reference-names.ts';
import type { DesiredAddress } from '../../model/resource.ts';
import { differingFields, isAddressOf } from '../../model/text/same-content.ts';
import { createAddress, listAddressesByReference } from '../../telnyx/endpoints/addresses.ts';
import type { AddressRow } from '../../telnyx/types.ts';
import { type Made, makeOnce } from '../writing/make-once.ts';
import type { WriterContext } from '../writing/writer.ts';

export async function makeAddress(context: WriterContext, address: DesiredAddress): Promise<Made> {
  const reference = references.address(context.scope, address.sha256);
  return makeOnce(context, {
    noun: 'address',
    make: async () => {
      const made = await createAddress(context.client, address, reference);
      confirmAddress(made, address);
      return made.id;
    },
    find: async () => {
      const found = await listAddressesByReference(context.client, reference);
      return found.filter((row) => isAddressOf(row, address)).map(({ id }) => id);
    },
  });
}

/** Accepts an answer without any field, because it says nothing of them. */
function confirmAddress({ id, fields }: AddressRow, address: DesiredAddress): void {
  const differing = fields.size === 0 ? [] : differingFields(address.fields, fields);
  if (differing.length === 0) return;
  throw new OperationError(
    'address-differs',
    `Telnyx changed address ${id} when it stored it: ${differing.join(', ')}. Correct the manifest, or use the stored address with \`address: { id: "${id}" }\``,
    address.source,
  );
}
