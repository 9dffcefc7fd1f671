import type { Answer } from './answer.ts';
import { ApiRow } from './fields.ts';

export interface Page {
  readonly rows: readonly unknown[];
  /** `meta.total_results` */
  readonly totalRows: number | null;
  /** `meta.total_pages` */
  readonly totalPages: number | null;
  readonly dateMs: number | null;
}

/** The largest page that Telnyx allows (documented). */
export const PAGE_SIZE = 250;

/**
 * Reads `{data:[…],meta}` (measured) or a bare array (the vendor's description). Returns null for anything
 * else, since an unknown shape must never read as "nothing there".
 *
 * @throws MalformedRow if a count in `meta` is not a number.
 */
export function readPage({ body, dateMs }: Answer): Page | null {
  const envelope = Array.isArray(body) ? { data: body } : ((body ?? {}) as Readonly<Record<string, unknown>>);
  const { data } = envelope;
  if (!Array.isArray(data)) return null;
  const meta = new ApiRow(envelope).inner('meta');
  return {
    rows: data,
    totalRows: readCount(meta, 'total_results'),
    totalPages: readCount(meta, 'total_pages'),
    dateMs,
  };
}

/** Reads a count. If a malformed count were ignored, part of a list could pass for the whole. */
function readCount(meta: ApiRow, key: string): number | null {
  const value = meta.raw(key);
  if (value === undefined || value === null || value === '') return null;
  const count = typeof value === 'string' ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw meta.malformed(key, 'a count');
}
