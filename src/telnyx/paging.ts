import { UnreachableError } from '../model/errors.ts';
import { believe } from './fields.ts';
import type { Page } from './page.ts';
import {
  type DecodedPage,
  type FetchRows,
  isComplete,
  isConfirmed,
  keyOf,
  lastPageNumber,
  type Reading,
  readOnce,
} from './reading.ts';

export { type Page, readPage } from './page.ts';

export interface Listing<Row = unknown> {
  readonly rows: readonly Row[];
  /** The server's clock when it answered last. */
  readonly dateMs: number | null;
}

/** From 1. */
export type FetchPage = (number: number) => Promise<Page>;

export interface PagedList {
  /** As errors call it: `GET /things` */
  readonly request: string;
  readonly fetchPage: FetchPage;
  /** Before the list is read again; longer each time. From 1. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** A list of which the first page is read: enough to know what the others cost. */
export interface BegunListing<Row = unknown> {
  /** Null where the list does not say. */
  readonly pagesLeft: number | null;
  readonly finish: () => Promise<Listing<Row>>;
}

/**
 * All rows of a list, each once, in the list's order: none is missing that was there from beginning to end.
 *
 * Half of Telnyx's lists declare no paging parameters, and some no `meta` either; whether they page all the same is not
 * documented. A list that is believed to be complete and is not leads to things being created twice, so that nothing is
 * taken on trust. Pages shift while others write, and a row that moves between two of them may be on neither.
 *
 * - Where every page gives the same total, and the rows are that many, nothing is missing: the newest come first
 *   (documented for documents and addresses), so that whatever moves a row to another page shows one twice, or another total.
 * - Else the list is read again, page after page. New rows move the others to pages that are still to come, wherever they are
 *   put: only a deletion moves a row past the reader. Where no total falls, and a later reading still has every row of this
 *   one, nothing was deleted. So a list is read to its end while others add to it, and one without totals is read twice. (What
 *   comes and goes within one reading can hide from the latter.)
 * - A list whose second page repeats the first ignores the page number. It is complete where its total says so, or where it
 *   counts nothing and gave no full page; else it is given up as soon as that has happened twice.
 * - What is deleted from while it is read is read again, after pauses. Every other time its pages are asked for at once:
 *   there is less time in which it could change.
 */
export async function readListing<Row = unknown>(
  list: PagedList,
  decode?: (row: unknown) => Row,
): Promise<Listing<Row>> {
  return (await beginListing(list, decode)).finish();
}

export async function beginListing<Row = unknown>(
  list: PagedList,
  decode: (row: unknown) => Row = (row) => row as Row,
): Promise<BegunListing<Row>> {
  // Each page as it comes: rows as they are sent take several times the room of what is made of them.
  const fetchRows: FetchRows<Row> = async (number) => {
    const { rows, ...page } = await list.fetchPage(number);
    const decodeOne = (row: unknown) => ({ row: decode(row), key: keyOf(row) });
    return { ...page, rows: believe(list.request, () => rows.map(decodeOne)) };
  };
  const first = await fetchRows(1);
  const last = lastPageNumber(first, first.rows.length);
  return {
    pagesLeft: last === null ? null : last - 1,
    finish: () => readFrom(list, first, fetchRows),
  };
}

async function readFrom<Row>(
  { request, pause }: PagedList,
  first: DecodedPage<Row>,
  fetchRows: FetchRows<Row>,
): Promise<Listing<Row>> {
  const earlier: Reading<Row>[] = [];
  for (let count = 1; count <= READINGS; count += 1) {
    if (count > 2) await pause(count - 2);
    const firstPage: DecodedPage<Row> = count === 1 ? first : await fetchRows(1);
    const atOnce = count % 2 === 0 ? 1 : PAGES_IN_FLIGHT;
    const reading: Reading<Row> = await readOnce(request, firstPage, fetchRows, atOnce);
    if (isComplete(reading) || earlier.some((one) => isConfirmed(one, reading))) {
      return { rows: [...reading.rows.values()], dateMs: reading.dateMs };
    }
    // Once could be chance: as many rows as a page holds may have come in between.
    if (reading.repeats && earlier.some((one) => one.repeats))
      throw new UnreachableError(describe(request, reading));
    earlier.push(reading);
  }
  throw new UnreachableError(describe(request, earlier.at(-1)));
}

/** With the pauses of the client between them, that is for up to 16 s longer than the requests take. */
const READINGS = 7;

/** At once; the connections of the client bound it further. */
const PAGES_IN_FLIGHT = 16;

function describe(request: string, reading: Reading<unknown> | undefined): string {
  return `${request}: the list ${describeFault(reading)}`;
}

function describeFault(reading: Reading<unknown> | undefined): string {
  if (reading?.rows.size === 0) return 'is said to hold rows but gives none';
  if (!reading?.repeats) return 'keeps changing while it is read';
  return reading.last === null
    ? 'gives the same full page, whichever is asked for, and does not say how long it is'
    : 'is said to be longer, but every page gives the same rows';
}
