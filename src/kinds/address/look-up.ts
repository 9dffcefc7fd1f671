import { references } from '../../model/reference-names.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { beginAddresses, type Dated, listAddressesByReference } from '../../telnyx/endpoints.ts';
import type { AddressRow } from '../../telnyx/types.ts';
import {
  isCheaperByReference,
  isCovered,
  isHeldBy,
  type LookUpScope,
  valuesHeld,
} from '../reading/look-up.ts';

/** Looks up addresses one by one, because only `eq` is documented. */
export async function lookUpAddresses(
  client: ReadClient,
  { scope, groups, hasOrders, settle }: LookUpScope,
): Promise<Dated<AddressRow>> {
  const begun = await beginAddresses(client);
  if (hasOrders) return begun.finish();
  const digests = new Set<string>();
  for (const { requirements } of groups) {
    for (const { content } of requirements) {
      if (content.kind === 'address_id') return begun.finish();
      if (content.kind === 'address') digests.add(content.address.sha256);
    }
    if (!isCheaperByReference(digests.size, begun)) return begun.finish();
  }
  const wanted = new Set([...digests].map((digest) => references.address(scope, digest)));
  const held = valuesHeld(groups, await settle(), 'address');
  if (held === null) return begun.finish();
  const found = await Promise.all(
    [...wanted].map((reference) => listAddressesByReference(client, reference)),
  );
  const rows = found.flat();
  return isCovered(wanted, rows) && isHeldBy(held, rows) ? { rows, dateMs: null } : begun.finish();
}
