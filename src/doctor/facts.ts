/** One answer to a GET, before it is interpreted. */
export interface ProbeAnswer {
  /** The status. 0 if there was no answer. */
  readonly status: number;
  /** The headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly isJson: boolean;
  /** The reason why there was no answer, or why a plan could not use it. Null if it could. */
  readonly failure: string | null;
}

export type AnswerRow = Readonly<Record<string, unknown>>;

/** The lists that regsync reads. */
export type ListName =
  | 'requirement_groups'
  | 'documents'
  | 'document_links'
  | 'addresses'
  | 'requirements'
  | 'comments'
  | 'number_orders'
  | 'sub_number_orders'
  | 'number_order_phone_numbers'
  | 'porting_orders';

export interface ListFacts {
  /** The first page, of 250 rows. */
  readonly first: ProbeAnswer;
  /**
   * The answer to `page[number]=2` and `page[size]=1`. Null if the list has fewer than two rows, for which it
   * is not asked.
   */
  readonly second: ProbeAnswer | null;
  /**
   * The reason why regsync cannot use the list, in the words of a plan that fails over it. Null if it can.
   */
  readonly failure: string | null;
}

/** The answers of the API for one account. */
export interface AccountFacts {
  /** The lists that were requested. */
  readonly lists: ReadonlyMap<ListName, ListFacts>;
  /** The answers by the ids in probes.ts. */
  readonly probes: ReadonlyMap<string, ProbeAnswer>;
}

export function isRecord(value: unknown): value is AnswerRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The most rows that are looked at. A page has 250, but a list that ignores pages may have more. */
const MAX_ROWS = 5_000;

/** Returns the rows of a bare list or of one under `data`. Null if the body is not a list. */
export function rowsIn(body: unknown): readonly AnswerRow[] | null {
  const rows = isRecord(body) ? body.data : body;
  return Array.isArray(rows) ? rows.slice(0, MAX_ROWS).filter(isRecord) : null;
}

/** Returns the rows of a list's first page. Empty if it was not read. */
export function rowsOf({ lists }: Pick<AccountFacts, 'lists'>, name: ListName): readonly AnswerRow[] {
  const first = lists.get(name)?.first;
  return first?.status === 200 ? (rowsIn(first.body) ?? []) : [];
}

/** Returns the rows that a field of each row contains. */
export function within(rows: readonly AnswerRow[], field: string): readonly AnswerRow[] {
  return rows.flatMap((row) => {
    const inner = row[field];
    return Array.isArray(inner) ? inner.filter(isRecord) : [];
  });
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function referencesIn(rows: readonly AnswerRow[]): string[] {
  return rows.flatMap((row) => textOf(row.customer_reference) ?? []);
}

/** Returns true if the request for a page of one row got the whole list again. */
export function ignoresPaging({ first, second }: Pick<ListFacts, 'first' | 'second'>): boolean {
  const [all, one] = [rowsIn(first.body) ?? [], second === null ? null : rowsIn(second.body)];
  return one !== null && one.length > 1 && one[0]?.id === all[0]?.id;
}
