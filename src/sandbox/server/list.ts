import { Table } from '../state/table.ts';
import { json, type Reply, refusal } from './answer.ts';
import type { Exchange } from './request.ts';

/** The ways to filter, sort and page a list. */
export interface ListRules<Row> {
  readonly name: string;
  readonly filters: Readonly<Record<string, Filter<Row>>>;
  /** The sort keys by the names that `sort` accepts. */
  readonly sortBy: Readonly<Record<string, (row: Row) => string>>;
  /** The default order in the syntax of `sort`. Lists without one keep the order of the rows. */
  readonly defaultSort?: string;
  readonly pageSize?: number;
}

export interface Filter<Row> {
  readonly matches: (row: Row, values: readonly string[]) => boolean;
  readonly check?: (value: string) => boolean;
}

export interface ListPage<Row> {
  readonly rows: readonly Row[];
  /** The counts of the list. Null if a quirk leaves them out. */
  readonly meta: PageMeta | null;
}

interface PageMeta {
  readonly total_pages: number;
  readonly total_results: number;
  readonly page_number: number;
  readonly page_size: number;
}

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 250;

/** Returns a list in the usual envelope. */
export function listAnswer<Row>(
  exchange: Exchange,
  rows: Table<Row> | Iterable<Row>,
  listing: ListRules<Row>,
  present: (row: Row) => unknown,
): Reply {
  const page = selectPage(exchange, rows, listing);
  const data = page.rows.map(present);
  return json(200, page.meta === null ? { data } : { data, meta: page.meta });
}

export function selectPage<Row>(
  exchange: Exchange,
  rows: Table<Row> | Iterable<Row>,
  listing: ListRules<Row>,
): ListPage<Row> {
  return cutPage(exchange, selectRows(exchange, rows, listing), listing);
}

/** Returns all rows that match the filters, for every page. */
export function selectRows<Row>(
  exchange: Exchange,
  rows: Table<Row> | Iterable<Row>,
  listing: ListRules<Row>,
): readonly Row[] {
  const { state, request } = exchange;
  const isWhole = state.quirks.list_lag_ms === 0 && readFilters(request.query).size === 0;
  if (isWhole && rows instanceof Table) {
    const sorting = `sorted by ${sortKeys(request.query, listing).join()}`;
    return rows.remember(sorting, () => applySort(exchange, [...rows.values()], listing));
  }
  const all = rows instanceof Table ? rows.values() : rows;
  const visible = [...all].filter((row) => hasSurfaced(exchange, row));
  return applySort(exchange, applyFilters(exchange, visible, listing), listing);
}

/** Returns true if the row is old enough to appear in lists, which lag behind by `list_lag_ms`. */
function hasSurfaced({ state }: Exchange, row: unknown): boolean {
  const { born_ms: bornMs } = row as { born_ms?: number };
  return bornMs === undefined || Date.now() - bornMs >= state.quirks.list_lag_ms;
}

/* ---- Filters ---- */

export function equals<Row>(read: (row: Row) => string | null, choices?: readonly string[]): Filter<Row> {
  return {
    matches: (row, values) => values.includes(read(row) ?? ''),
    ...(choices === undefined ? {} : { check: (value: string) => choices.includes(value) }),
  };
}

/** Matches without regard to case. */
export function contains<Row>(read: (row: Row) => string | null, minLength = 0): Filter<Row> {
  return {
    matches: (row, values) =>
      values.every((value) => (read(row) ?? '').toLowerCase().includes(value.toLowerCase())),
    check: (value) => value.length >= minLength,
  };
}

export function compares<Row>(test: (row: Row, timeMs: number) => boolean): Filter<Row> {
  return {
    matches: (row, values) => values.every((value) => test(row, Date.parse(value))),
    check: (value) => !Number.isNaN(Date.parse(value)),
  };
}

export function applyFilters<Row>(
  { state, request }: Exchange,
  rows: readonly Row[],
  { filters }: Pick<ListRules<Row>, 'filters'>,
): readonly Row[] {
  let selected = rows;
  for (const [key, values] of readFilters(request.query)) {
    const filter = Object.hasOwn(filters, key) ? filters[key] : undefined;
    if (filter !== undefined) {
      checkFilter(key, values, filter);
      selected = selected.filter((row) => filter.matches(row, values));
    } else if (state.quirks.unknown_filters === 'refuse') {
      throw refusal(400, '10031', 'There is no such filter.', { parameter: parameterName(key) });
    }
  }
  return selected;
}

function checkFilter<Row>(key: string, values: readonly string[], { check }: Filter<Row>): void {
  if (check === undefined || values.every(check)) return;
  throw refusal(422, '10032', `The value of ${parameterName(key)} is not allowed.`, {
    parameter: parameterName(key),
  });
}

/**
 * Reads filters: `filter[a][in][]=x&filter[a][in][]=y` and `filter[a][in]=x,y` both give `a.in` → x, y. The
 * vendor documents the first; its own client sends the second.
 */
export function readFilters(query: URLSearchParams): Map<string, string[]> {
  const filters = new Map<string, string[]>();
  for (const [name, value] of query) {
    if (!/^filter(\[[^\]]*\])+$/.test(name)) continue;
    const key = [...name.matchAll(/\[([^\]]+)\]/g)].map(([, part]) => part).join('.');
    const values = name.endsWith('[in]') ? value.split(',') : [value];
    filters.set(key, [...(filters.get(key) ?? []), ...values]);
  }
  return filters;
}

function parameterName(key: string): string {
  return `filter[${key.replaceAll('.', '][')}]`;
}

/* ---- Order ---- */

/**
 * Sorts by `sort[]=a&sort[]=-b`, `sort=a,-b`, or for porting orders `sort[value]=a`. A later key decides
 * between rows that are equal by an earlier one.
 */
function applySort<Row>(
  { request }: Exchange,
  rows: readonly Row[],
  listing: ListRules<Row>,
): readonly Row[] {
  const comparisons = sortKeys(request.query, listing).map((key) => comparison(key, listing.sortBy));
  return [...rows].sort((a, b) => {
    for (const compare of comparisons) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function sortKeys(
  query: URLSearchParams,
  { defaultSort }: Pick<ListRules<never>, 'defaultSort'>,
): readonly string[] {
  const asked = [...query]
    .filter(([name]) => ['sort', 'sort[]', 'sort[value]'].includes(name))
    .flatMap(([, value]) => value.split(','))
    .filter((key) => key !== '');
  if (asked.length > 0) return asked;
  return defaultSort === undefined ? [] : [defaultSort];
}

function comparison<Row>(key: string, sortBy: ListRules<Row>['sortBy']): (a: Row, b: Row) => number {
  const field = key.replace(/^-/, '');
  const read = Object.hasOwn(sortBy, field) ? sortBy[field] : undefined;
  if (read === undefined) {
    throw refusal(422, '10032', `Cannot sort by "${field}".`, { parameter: 'sort' });
  }
  const direction = key.startsWith('-') ? -1 : 1;
  return (a, b) => direction * compareText(read(a), read(b));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/* ---- Pages ---- */

function cutPage<Row>(
  { state, request }: Exchange,
  rows: readonly Row[],
  listing: ListRules<Row>,
): ListPage<Row> {
  const size = pageParameter(request.query, 'size', listing.pageSize ?? DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const number = pageParameter(request.query, 'number', 1, Number.MAX_SAFE_INTEGER);
  if (state.quirks.ignore_paging.includes(listing.name)) {
    return { rows, meta: state.quirks.no_meta ? null : pageMeta(rows.length, 1, Math.max(rows.length, 1)) };
  }
  return { rows: rows.slice((number - 1) * size, number * size), meta: pageMeta(rows.length, number, size) };
}

function pageParameter(query: URLSearchParams, name: string, fallback: number, max: number): number {
  const parameter = `page[${name}]`;
  const text = query.get(parameter);
  if (text === null) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= max) return value;
  throw refusal(422, '10033', `${parameter} must be a number from 1 to ${max}.`, { parameter });
}

function pageMeta(total: number, number: number, size: number): PageMeta {
  return {
    total_pages: Math.ceil(total / size),
    total_results: total,
    page_number: number,
    page_size: size,
  };
}
