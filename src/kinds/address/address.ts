import type { Content } from '../kind.ts';
import { textSourcesOfAddress } from '../stated/contents.ts';
import { addressEnd, describeAddress } from './describe.ts';
import { resolveAddress } from './resolve.ts';

/** A postal address, for any number of requirements. */
export const address: Content<'Address'> = {
  documentsIn: () => [],
  textSourcesIn: ({ fields }) => textSourcesOfAddress(fields, []),
  describe: describeAddress,
  startAndEnd: addressEnd,
  define({ fields, origin }, resolution) {
    const place = { origin, path: [], name: fields.name };
    resolution.addresses.set(fields.name, resolveAddress(fields, place, resolution));
  },
};
