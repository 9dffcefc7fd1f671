/** One answer to a GET, as it came. */
export interface ProbeAnswer {
  /** 0 where none came. */
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly isJson: boolean;
  /** Why none came, or why a plan could not use it; null where it could. */
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
  /** Its first page, of 250. */
  readonly first: ProbeAnswer;
  /** `page[number]=2` and `page[size]=1`; null where it was not asked, for fewer than two rows. */
  readonly second: ProbeAnswer | null;
  /** Why regsync cannot use the list, in the words of a plan that fails over it; null where it can. */
  readonly failure: string | null;
}

/** What an account's API showed. */
export interface AccountFacts {
  /** Those that were asked for. */
  readonly lists: ReadonlyMap<ListName, ListFacts>;
  /** By the ids in probes.ts. */
  readonly probes: ReadonlyMap<string, ProbeAnswer>;
}

export function isRecord(value: unknown): value is AnswerRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A page has 250. A list that ignores pages may have more, and those show what all of them would. */
const MOST_ROWS = 5_000;

/** Bare or under `data`; null for what is no list. */
export function rowsIn(body: unknown): readonly AnswerRow[] | null {
  const rows = isRecord(body) ? body.data : body;
  return Array.isArray(rows) ? rows.slice(0, MOST_ROWS).filter(isRecord) : null;
}

/** Of its first page; none where it was not read. */
export function rowsOf({ lists }: Pick<AccountFacts, 'lists'>, name: ListName): readonly AnswerRow[] {
  const first = lists.get(name)?.first;
  return first?.status === 200 ? (rowsIn(first.body) ?? []) : [];
}

/** The rows in a field of each row. */
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

/** Whether the page that was asked for by one row is the whole list again. */
export function ignoresPaging({ first, second }: Pick<ListFacts, 'first' | 'second'>): boolean {
  const [all, one] = [rowsIn(first.body) ?? [], second === null ? null : rowsIn(second.body)];
  return one !== null && one.length > 1 && one[0]?.id === all[0]?.id;
}
