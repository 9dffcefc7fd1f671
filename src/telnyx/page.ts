import type { Answer } from './answer.ts';
import { type Row as Fields, malformed, readObject, within } from './fields.ts';

export interface Page {
  readonly rows: readonly unknown[];
  /** `meta.total_results` */
  readonly totalRows: number | null;
  /** `meta.total_pages` */
  readonly totalPages: number | null;
  readonly dateMs: number | null;
}

/** The most that Telnyx allows (documented). */
export const PAGE_SIZE = 250;

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
