import { beginListing, type Listing, type PagedList } from '../../src/telnyx/paging.ts';

export async function readListing<Row = unknown>(list: PagedList): Promise<Listing<Row>> {
  return (await beginListing<Row>(list)).finish();
}
