import { UnreachableError } from '../model/errors.ts';
import type { Answer } from './answer.ts';
import { believe, type Row as Fields, isRow, MalformedRow, malformed, readObject, within } from './fields.ts';

export interface Listing<Row = unknown> {
  readonly rows: readonly Row[];
  /** The server's clock when it answered last. */
  readonly dateMs: number | null;
}

export interface Page {
  readonly rows: readonly unknown[];
  /** `meta.total_results` */
  readonly totalRows: number | null;
  /** `meta.total_pages` */
  readonly totalPages: number | null;
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

/** The most that Telnyx allows (documented). */
export const PAGE_SIZE = 250;

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

/** A list of which the first page is read: enough to know what the others cost. */
export interface BegunListing<Row = unknown> {
  /** Null where the list does not say. */
  readonly pagesLeft: number | null;
  readonly finish: () => Promise<Listing<Row>>;
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

function describe(request: string, reading: Reading<unknown> | undefined): string {
  return `${request}: the list ${describeFault(reading)}`;
}

/** With the pauses of the client between them, that is for up to 16 s longer than the requests take. */
const READINGS = 7;
const MOST_PAGES = 10_000;
/** At once; the connections of the client bound it further. */
const PAGES_IN_FLIGHT = 16;

type FetchRows<Row> = (number: number) => Promise<DecodedPage<Row>>;

interface DecodedPage<Row> extends Omit<Page, 'rows'> {
  readonly rows: readonly { readonly key: string; readonly row: Row }[];
}

interface Reading<Row> {
  readonly rows: Map<string, Row>;
  readonly totals: Set<number | null>;
  /** Rows on the first. */
  readonly pageSize: number;
  /** No page was asked for before the one ahead of it had come, and no total was lower than the one before. */
  isInOrder: boolean;
  lastTotal: number | null;
  /** The number of the last page, as the latest of them have it. Null where none says. */
  last: number | null;
  dateMs: number | null;
  /** The second page holds rows, but none that the first did not: the page number is ignored. */
  repeats: boolean;
}

async function readOnce<Row>(
  request: string,
  first: DecodedPage<Row>,
  fetchPage: FetchRows<Row>,
  atOnce: number,
): Promise<Reading<Row>> {
  const reading: Reading<Row> = {
    rows: new Map(),
    totals: new Set(),
    pageSize: first.rows.length,
    isInOrder: true,
    lastTotal: null,
    last: null,
    dateMs: null,
    repeats: false,
  };
  addPage(reading, first);
  if (reading.last === null) await readUntilNothingNew(request, fetchPage, reading);
  else await readThrough(request, fetchPage, reading, atOnce);
  return reading;
}

/**
 * Null where the page does not say. A server may send smaller pages than asked for, and count in larger ones.
 *
 * @param pageSize rows on the first page
 */
function lastPageNumber({ totalRows, totalPages }: DecodedPage<unknown>, pageSize: number): number | null {
  if (totalRows === null && totalPages === null) return pageSize === 0 ? 1 : null;
  if (totalRows === null) return Math.max(1, totalPages ?? 1);
  return pageSize === 0 || pageSize >= totalRows
    ? 1
    : Math.max(totalPages ?? 1, Math.ceil(totalRows / pageSize));
}

async function readUntilNothingNew<Row>(
  request: string,
  fetchPage: FetchRows<Row>,
  reading: Reading<Row>,
): Promise<void> {
  for (let number = 2; number <= MOST_PAGES; number += 1) {
    const page = await fetchPage(number);
    if (addPage(reading, page) === 0) {
      reading.repeats = number === 2 && page.rows.length > 0;
      return;
    }
  }
  throw endlessError(request);
}

/** To the page that is the last by then: the list may grow meanwhile. */
async function readThrough<Row>(
  request: string,
  fetchPage: FetchRows<Row>,
  reading: Reading<Row>,
  atOnce: number,
): Promise<void> {
  for (let next = 2; next <= (reading.last ?? 1); ) {
    const last = reading.last ?? 1;
    if (last > MOST_PAGES) throw endlessError(request);
    // The second by itself: only where it is another page than the first is there a point in asking for the rest.
    const to = next === 2 ? 2 : last;
    if (atOnce > 1 && to > next) reading.isInOrder = false;
    const fetched = await fetchPages(next, to, fetchPage, atOnce);
    const added = fetched.reduce((sum, page) => sum + addPage(reading, page), 0);
    reading.repeats = next === 2 && added === 0 && fetched.some((page) => page.rows.length > 0);
    if (reading.repeats) return;
    next = to + 1;
  }
}

/** In order. After a failure no further page is asked for. */
async function fetchPages<Row>(
  from: number,
  to: number,
  fetchPage: FetchRows<Row>,
  atOnce: number,
): Promise<DecodedPage<Row>[]> {
  const pages: DecodedPage<Row>[] = [];
  let next = from;
  const fetchNext = async (): Promise<void> => {
    while (next <= to) {
      const number = next;
      next += 1;
      pages[number - from] = await fetchPage(number).catch((error: unknown) => {
        next = to + 1;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, fetchNext));
  return pages;
}

/** How many rows were new. */
function addPage<Row>(reading: Reading<Row>, page: DecodedPage<Row>): number {
  const before = reading.rows.size;
  for (const { key, row } of page.rows) {
    if (!reading.rows.has(key)) reading.rows.set(key, row);
  }
  reading.totals.add(page.totalRows);
  if (page.totalRows !== null) {
    if (page.totalRows < (reading.lastTotal ?? 0)) reading.isInOrder = false;
    reading.lastTotal = page.totalRows;
  }
  const last = lastPageNumber(page, reading.pageSize);
  if (last !== null) reading.last = Math.max(reading.last ?? 1, last);
  reading.dateMs = page.dateMs ?? reading.dateMs;
  return reading.rows.size - before;
}

/** Two rows without an id that say the same are one. */
function keyOf(row: unknown): string {
  const id = isRow(row) ? row.id : undefined;
  if (typeof id === 'string' && id !== '') return id;
  return Number.isSafeInteger(id) ? String(id) : `row ${textOf(row)}`;
}

function textOf(row: unknown): string {
  try {
    return JSON.stringify(row);
  } catch {
    throw new MalformedRow('', 'nested too deeply to be read');
  }
}

/** By itself. Without a total, only what came in one piece: nothing at all, one page of one, or all of it on each page. */
function isComplete({ rows, totals, last, repeats }: Reading<unknown>): boolean {
  const [total, ...others] = totals;
  if (others.length > 0) return false;
  if (typeof total === 'number') return total === rows.size;
  // As many rows as were asked for may be the first of more.
  return last === null ? repeats && rows.size !== PAGE_SIZE : last === 1;
}

/**
 * Whether a later reading shows that the earlier one missed nothing, so that itself it has all that was there then. The
 * count may include rows that are never shown: it is not asked, unless nothing or only page 1 came.
 */
function isConfirmed(earlier: Reading<unknown>, later: Reading<unknown>): boolean {
  if (!earlier.isInOrder || earlier.repeats || later.repeats || earlier.rows.size === 0) return false;
  return [...earlier.rows.keys()].every((key) => later.rows.has(key));
}

function describeFault(reading: Reading<unknown> | undefined): string {
  if (reading?.rows.size === 0) return 'is said to hold rows but gives none';
  if (!reading?.repeats) return 'keeps changing while it is read';
  return reading.last === null
    ? 'gives the same full page, whichever is asked for, and does not say how long it is'
    : 'is said to be longer, but every page gives the same rows';
}

function endlessError(request: string): UnreachableError {
  return new UnreachableError(`${request}: the list does not end after ${MOST_PAGES} pages`);
}

/**
 * `{data:[…],meta}` (measured) or a bare array (the vendor's description). Null for anything else: an unknown shape must
 * never read as "nothing there".
 *
 * @throws MalformedRow where `meta` counts in something else than numbers.
 */
export function readPage({ body, dateMs }: Answer): Page | null {
  const envelope: Fields = Array.isArray(body) ? { data: body } : ((body ?? {}) as Fields);
  const { data } = envelope;
  if (!Array.isArray(data)) return null;
  const meta = readObject(envelope, 'meta') ?? {};
  return within('meta', () => ({
    rows: data,
    totalRows: readCount(meta, 'total_results'),
    totalPages: readCount(meta, 'total_pages'),
    dateMs,
  }));
}

/** A count that is no number would make a list of which a part came look like a whole one. */
function readCount(meta: Fields, key: string): number | null {
  const value = meta[key];
  if (value === undefined || value === null || value === '') return null;
  const count = typeof value === 'string' ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw malformed(meta, key, 'a count');
}
