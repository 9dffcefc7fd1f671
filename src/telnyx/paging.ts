import { UnreachableError } from '../model/errors.ts';
import type { Answer } from './answer.ts';

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

/** The most that Telnyx allows (documented). */
export const PAGE_SIZE = 250;

/**
 * All rows of a list, each once, in the list's order.
 *
 * Half of Telnyx's lists declare no paging parameters, and some no `meta` either; whether they page all the same is not
 * documented. A list that is believed to be complete and is not leads to things being created twice, so that nothing is
 * taken on trust: where `meta` gives totals, the rows are counted against them; where it gives none, pages are asked for
 * until one brings nothing new. Pages shift while others write: a list that does not add up is read again.
 */
export async function readListing<Row = unknown>(
  request: string,
  fetchPage: FetchPage,
  decode?: (row: unknown) => Row,
): Promise<Listing<Row>> {
  return (await beginListing(request, fetchPage, decode)).finish();
}

/** A list of which the first page is read: enough to know what the others cost. */
export interface BegunListing<Row = unknown> {
  /** Null where the list does not say. */
  readonly pagesLeft: number | null;
  readonly finish: () => Promise<Listing<Row>>;
}

export async function beginListing<Row = unknown>(
  request: string,
  fetchPage: FetchPage,
  decode: (row: unknown) => Row = (row) => row as Row,
): Promise<BegunListing<Row>> {
  // Each page as it comes: rows as they are sent take several times the room of what is made of them.
  const fetchRows: FetchRows<Row> = async (number) => {
    const { rows, ...page } = await fetchPage(number);
    return { ...page, rows: rows.map((row) => ({ key: keyOf(row), row: decode(row) })) };
  };
  const first = await fetchRows(1);
  const last = lastPageNumber(first);
  return {
    pagesLeft: last === null ? null : last - 1,
    finish: () => readFrom(request, first, fetchRows),
  };
}

async function readFrom<Row>(
  request: string,
  first: DecodedPage<Row>,
  fetchRows: FetchRows<Row>,
): Promise<Listing<Row>> {
  let previous: Reading<Row> | null = null;
  for (let count = 1; count <= READINGS; count += 1) {
    const firstPage: DecodedPage<Row> = count === 1 ? first : await fetchRows(1);
    const reading: Reading<Row> = await readOnce(request, firstPage, fetchRows);
    if (isComplete(reading) || (previous !== null && isSettled(previous, reading))) {
      return { rows: [...reading.rows.values()], dateMs: reading.dateMs };
    }
    previous = reading;
  }
  throw new UnreachableError(`${request}: the list ${describeFault(previous)}`);
}

const READINGS = 3;
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
  dateMs: number | null;
  /** Later pages hold rows, but none that the first did not: the page number is ignored. */
  repeats: boolean;
}

async function readOnce<Row>(
  request: string,
  first: DecodedPage<Row>,
  fetchPage: FetchRows<Row>,
): Promise<Reading<Row>> {
  const reading: Reading<Row> = { rows: new Map(), totals: new Set(), dateMs: null, repeats: false };
  addPage(reading, first);
  const last = lastPageNumber(first);
  if (last === null) await readUntilNothingNew(request, fetchPage, reading);
  else await readThrough(request, last, fetchPage, reading);
  return reading;
}

/** Null where the first page does not say. A server may send smaller pages than asked for, and count in larger ones. */
function lastPageNumber({ rows, totalRows, totalPages }: DecodedPage<unknown>): number | null {
  if (rows.length === 0) return 1;
  if (totalRows === null) return totalPages;
  return rows.length >= totalRows ? 1 : Math.max(totalPages ?? 1, Math.ceil(totalRows / rows.length));
}

async function readUntilNothingNew<Row>(
  request: string,
  fetchPage: FetchRows<Row>,
  reading: Reading<Row>,
): Promise<void> {
  for (let number = 2; number <= MOST_PAGES; number += 1) {
    if (addPage(reading, await fetchPage(number)) === 0) return;
  }
  throw endlessError(request);
}

async function readThrough<Row>(
  request: string,
  last: number,
  fetchPage: FetchRows<Row>,
  reading: Reading<Row>,
): Promise<void> {
  if (last > MOST_PAGES) throw endlessError(request);
  const pages = await fetchPages(2, last, fetchPage);
  const added = pages.reduce((sum, page) => sum + addPage(reading, page), 0);
  reading.repeats = added === 0 && pages.some((page) => page.rows.length > 0);
}

/** In order. After a failure no further page is asked for. */
async function fetchPages<Row>(
  from: number,
  to: number,
  fetchPage: FetchRows<Row>,
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
  await Promise.all(Array.from({ length: Math.min(PAGES_IN_FLIGHT, to - from + 1) }, fetchNext));
  return pages;
}

/** How many rows were new. */
function addPage<Row>(reading: Reading<Row>, page: DecodedPage<Row>): number {
  const before = reading.rows.size;
  for (const { key, row } of page.rows) {
    if (!reading.rows.has(key)) reading.rows.set(key, row);
  }
  reading.totals.add(page.totalRows);
  reading.dateMs = page.dateMs ?? reading.dateMs;
  return reading.rows.size - before;
}

/** Rows of `/regulatory_requirements` have no id; two that say the same are one. */
function keyOf(row: unknown): string {
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
  if (typeof id === 'string' && id !== '') return id;
  return typeof id === 'number' ? String(id) : `row ${JSON.stringify(row)}`;
}

function isComplete({ rows, totals }: Reading<unknown>): boolean {
  const [total, ...others] = totals;
  return others.length === 0 && (total === null || total === rows.size);
}

/** The count may include rows that are never shown: two equal readings are believed, unless nothing or only page 1 came. */
function isSettled(previous: Reading<unknown>, reading: Reading<unknown>): boolean {
  if (reading.repeats || reading.rows.size === 0 || previous.rows.size !== reading.rows.size) return false;
  return [...reading.rows.keys()].every((key) => previous.rows.has(key));
}

function describeFault(reading: Reading<unknown> | null): string {
  if (reading?.rows.size === 0) return 'is said to hold rows but gives none';
  return reading?.repeats
    ? 'is said to be longer, but every page gives the same rows'
    : 'keeps changing while it is read';
}

function endlessError(request: string): UnreachableError {
  return new UnreachableError(`${request}: the list does not end after ${MOST_PAGES} pages`);
}

/**
 * `{data:[…],meta}` (measured) or a bare array (the vendor's description). Null for anything else: an unknown shape must
 * never read as "nothing there".
 */
export function readPage({ body, dateMs }: Answer): Page | null {
  const envelope: Envelope = Array.isArray(body) ? { data: body } : ((body ?? {}) as Envelope);
  if (!Array.isArray(envelope.data)) return null;
  const { total_results: totalRows, total_pages: totalPages } = envelope.meta ?? {};
  return { rows: envelope.data, totalRows: readCount(totalRows), totalPages: readCount(totalPages), dateMs };
}

interface Envelope {
  readonly data?: unknown;
  readonly meta?: { readonly total_results?: unknown; readonly total_pages?: unknown } | null;
}

function readCount(value: unknown): number | null {
  const count = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}
