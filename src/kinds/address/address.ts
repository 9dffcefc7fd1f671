import type { Content } from '../kind.ts';
import { addressEnd, describeAddress } from './describe.ts';
import { resolveAddress } from './resolve.ts';

/** A postal address, for any number of requirements. */
export const address: Content<'Address'> = {
  documentsIn: () => [],
  textSourcesIn: () => [],
  describe: describeAddress,
  startAndEnd: addressEnd,
  define({ fields, origin }, resolution) {
    const place = { origin, path: [], name: fields.name };
    resolution.addresses.set(fields.name, resolveAddress(fields, place));
  },
};
