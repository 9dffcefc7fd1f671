import { references } from '../../model/reference-names.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { beginAddresses, getAddress, listAddressesByReference } from '../../telnyx/endpoints/addresses.ts';
import type { Listing } from '../../telnyx/paging.ts';
import type { AddressRow } from '../../telnyx/types.ts';
import { type LookUpScope, lookUp } from '../reading/look-up.ts';

/** Looks up addresses one by one, because only `eq` is documented. */
export async function lookUpAddresses(client: ReadClient, run: LookUpScope): Promise<Listing<AddressRow>> {
  return lookUp(
    {
      kind: 'address',
      referencesAtOnce: 1,
      begin: () => beginAddresses(client),
      digestOf: (content) => (content.kind === 'address' ? content.address.sha256 : null),
      referenceOf: (digest) => references.address(run.scope, digest),
      find: async (wanted) => {
        const found = await Promise.all(
          wanted.map((reference) => listAddressesByReference(client, reference)),
        );
        return { rows: found.flat(), dateMs: null };
      },
      get: (id) => getAddress(client, id),
      isSound: () => true,
    },
    run,
  );
}
