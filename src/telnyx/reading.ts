import { UnreachableError } from '../model/errors.ts';
import { isObject, MalformedRow } from './fields.ts';
import { PAGE_SIZE, type Page } from './page.ts';

/** Fetches and decodes one page of a list by its number, from 1. */
export type FetchRows<Row> = (number: number) => Promise<DecodedPage<Row>>;

export interface DecodedPage<Row> extends Omit<Page, 'rows'> {
  readonly rows: readonly { readonly key: string; readonly row: Row }[];
}

export interface Reading<Row> {
  readonly rows: Map<string, Row>;
  readonly totals: Set<number | null>;
  /** The number of rows on the first page. */
  readonly pageSize: number;
  /** False if a page was fetched before the previous one had come, or if a total fell. */
  isInOrder: boolean;
  lastTotal: number | null;
  /** The number of the last page: the highest that any page gave. Null if none did. */
  last: number | null;
  dateMs: number | null;
  /** The second page contains rows, but no new ones: the list ignores the page number. */
  repeats: boolean;
}

export async function readOnce<Row>(
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
 * Returns null if the page does not say. A server may send smaller pages than asked for, and count in larger
 * ones.
 *
 * @param pageSize the number of rows on the first page.
 */
export function lastPageNumber(
  { totalRows, totalPages }: DecodedPage<unknown>,
  pageSize: number,
): number | null {
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
  for (let number = 2; number <= MAX_PAGES; number += 1) {
    const page = await fetchPage(number);
    if (addPage(reading, page) === 0) {
      reading.repeats = number === 2 && page.rows.length > 0;
      return;
    }
  }
  throw endlessError(request);
}

/** Reads to the last page, which may move further while the list grows. */
async function readThrough<Row>(
  request: string,
  fetchPage: FetchRows<Row>,
  reading: Reading<Row>,
  atOnce: number,
): Promise<void> {
  for (let next = 2; next <= (reading.last ?? 1); ) {
    const last = reading.last ?? 1;
    if (last > MAX_PAGES) throw endlessError(request);
    // The second page is fetched alone: the rest is only worth reading if it differs from the first.
    const to = next === 2 ? 2 : last;
    if (atOnce > 1 && to > next) reading.isInOrder = false;
    const fetched = await fetchPages(next, to, fetchPage, atOnce);
    const added = fetched.reduce((sum, page) => sum + addPage(reading, page), 0);
    reading.repeats = next === 2 && added === 0 && fetched.some((page) => page.rows.length > 0);
    if (reading.repeats) return;
    next = to + 1;
  }
}

/** Returns the pages in order. After a failure it fetches no further page. */
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

/** Returns the number of new rows. */
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

/** Returns the id of a row, or else its text, so that two equal rows without an id count as one. */
export function keyOf(row: unknown): string {
  const id = isObject(row) ? row.id : undefined;
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

/**
 * Returns true if the reading alone proves that the list is complete. Without a total that is an empty list,
 * a single page, or a list that gives all its rows on every page.
 */
export function isComplete({ rows, totals, last, repeats }: Reading<unknown>): boolean {
  const [total, ...others] = totals;
  if (others.length > 0) return false;
  if (typeof total === 'number') return total === rows.size;
  // A page of exactly the requested size may be the first of several.
  return last === null ? repeats && rows.size !== PAGE_SIZE : last === 1;
}

/**
 * Returns true if a later reading shows that the earlier one missed nothing, so that the later one has every
 * row of that time. The total may count rows that are never shown, so it matters only if no rows or only page
 * 1 came.
 */
export function isConfirmed(earlier: Reading<unknown>, later: Reading<unknown>): boolean {
  if (!earlier.isInOrder || earlier.repeats || later.repeats || earlier.rows.size === 0) return false;
  return [...earlier.rows.keys()].every((key) => later.rows.has(key));
}

const MAX_PAGES = 10_000;

function endlessError(request: string): UnreachableError {
  return new UnreachableError(`${request}: the list does not end after ${MAX_PAGES} pages`);
}
