import type { AddressChange } from '../../model/plan/change.ts';
import type { Content } from '../kind.ts';
import { textSourcesOfAddress } from '../stated/contents.ts';
import { describeMade } from '../values/describe-values.ts';
import { resolveAddress } from './resolve.ts';

/** A postal address, for any number of requirements. */
export const address: Content<'Address'> = {
  documentsIn: () => [],
  textSourcesIn: ({ fields }) => textSourcesOfAddress(fields, []),
  describe: (change, keys) =>
    describeMade({ ...change, sha256: change.address.sha256, end: end(change) }, 'create', keys),
  startAndEnd: end,
  define({ fields, origin }, resolution) {
    const place = { origin, path: [], name: fields.name };
    resolution.addresses.set(fields.name, resolveAddress(fields, place, resolution));
  },
};

/** Returns where the change leads. It starts from nothing. */
function end({ kind, name, address }: AddressChange): unknown {
  return [kind, name, address.sha256, address.validateAddress];
}
