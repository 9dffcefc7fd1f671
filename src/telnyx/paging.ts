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

export interface Listing<Row = unknown> {
  readonly rows: readonly Row[];
  /** The server's clock when it answered last. */
  readonly dateMs: number | null;
}

/** Fetches a page by its number, from 1. */
export type FetchPage = (number: number) => Promise<Page>;

export interface PagedList {
  /** The name of the list in errors: `GET /things` */
  readonly request: string;
  readonly fetchPage: FetchPage;
  /** Waits before the list is read again, longer each time. Attempts count from 1. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** A list whose first page is read, so that the cost of the others is known. */
export interface BegunListing<Row = unknown> {
  /** The number of pages left. Null if the list does not say. */
  readonly pagesLeft: number | null;
  /** The server's clock when it answered the first page. Null or absent if it does not say. */
  readonly dateMs?: number | null;
  /** The rows of the first page. Absent if nobody asks for them before the rest. */
  readonly firstRows?: readonly Row[];
  readonly finish: () => Promise<Listing<Row>>;
}

/**
 * Reads the first page of a list. `finish` then reads all rows, each once, in the list's order. No row is
 * missing that was there from beginning to end.
 *
 * Half of Telnyx's lists declare no paging parameters, and some have no `meta`. It is not documented whether
 * these page. A list that wrongly counts as complete would make regsync create things twice, so every list is
 * checked. Pages shift while other clients write, and a row that moves between two pages may be on neither.
 *
 * - A list is complete if every page gives the same total and the rows are that many. The newest rows come
 *   first (documented for documents and addresses), so a change that moves a row to another page shows one
 *   row twice or another total.
 * - Otherwise the list is read again, page after page. New rows only push others to later pages, so only a
 *   deletion moves a row past the reader. If no total falls and a later reading still has every row of an
 *   earlier one, nothing was deleted. Therefore a list can be read while other clients add to it, and a list
 *   without totals is read twice. (A row that comes and goes within one reading can escape the second check.)
 * - A list whose second page repeats the first ignores the page number. It is complete if its total says so,
 *   or if it has no total and its page was not full. Otherwise it is given up once this has happened twice.
 * - A list from which rows are deleted during a reading is read again, after pauses. Every other reading
 *   fetches its pages in parallel, which leaves less time for a change.
 */
export async function beginListing<Row = unknown>(
  list: PagedList,
  decode: (row: unknown) => Row = (row) => row as Row,
): Promise<BegunListing<Row>> {
  // Each page is decoded as it comes, because raw rows take several times the memory of decoded ones.
  const fetchRows: FetchRows<Row> = async (number) => {
    const { rows, ...page } = await list.fetchPage(number);
    const decodeOne = (row: unknown) => ({ row: decode(row), key: keyOf(row) });
    return { ...page, rows: believe(list.request, () => rows.map(decodeOne)) };
  };
  const first = await fetchRows(1);
  const last = lastPageNumber(first, first.rows.length);
  return {
    pagesLeft: last === null ? null : last - 1,
    dateMs: first.dateMs,
    firstRows: first.rows.map(({ row }) => row),
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
    // A single repetition may be chance, if exactly a page of new rows came in between.
    if (reading.repeats && earlier.some((one) => one.repeats))
      throw new UnreachableError(describe(request, reading));
    earlier.push(reading);
  }
  throw new UnreachableError(describe(request, earlier.at(-1)));
}

/** The most readings of one list. The client's pauses between them add up to 16 s. */
const READINGS = 7;

/** The most pages in flight. The client's connections may limit them further. */
const PAGES_IN_FLIGHT = 16;

function describe(request: string, reading: Reading<unknown> | undefined): string {
  return `${request}: the list ${describeFault(reading)}`;
}

function describeFault(reading: Reading<unknown> | undefined): string {
  if (reading?.rows.size === 0) return 'claims to have rows but gives none';
  if (!reading?.repeats) return 'keeps changing while it is read';
  return reading.last === null
    ? 'gives the same full page, whichever is asked for, and does not say how long it is'
    : 'claims to be longer, but every page gives the same rows';
}
