import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * The plan that is embedded in the comment that shows it, so that an apply can name what differs and can
 * continue an earlier one. It contains no value, and its own MAC proves that it is unchanged.
 */
export interface Enclosure {
  readonly plan: unknown;
  /** The indexes of the plan's changes that the pull request did not bring. */
  readonly drift: readonly number[];
  /**
   * The plan that replaced it after the merge and was refused. Absent if there is none, or no room for it.
   */
  readonly fresh?: unknown;
}

/** The most that goes into a comment, enough for a hundred groups of five values. */
const MAX_PACKED_BYTES = 60_000;

/**
 * Returns a line for the end of a comment, which GitHub does not show, or an empty text if there is no room
 * for it.
 */
export function enclose(enclosure: Enclosure, room = MAX_PACKED_BYTES): string {
  const packed = deflateRawSync(JSON.stringify(enclosure), { level: 9 }).toString('base64');
  const line = `<!-- regsync:reviewed:v1 ${packed} -->`;
  return line.length > Math.min(room, MAX_PACKED_BYTES) ? '' : line;
}

const MOST_UNPACKED_BYTES = 4 * 1024 * 1024;

/**
 * Returns null if there is none. Its content is not trusted, because anybody who may edit comments may have
 * changed it.
 */
export function readEnclosure(body: string): Enclosure | null {
  const packed = body.match(/\n<!-- regsync:reviewed:v1 ([A-Za-z0-9+/=]{1,60000}) -->\s*$/)?.[1];
  if (packed === undefined) return null;
  const bytes = Buffer.from(packed, 'base64');
  try {
    const unpacked = inflateRawSync(bytes, { maxOutputLength: MOST_UNPACKED_BYTES });
    const { plan, drift, fresh } = JSON.parse(unpacked.toString('utf8'));
    return {
      plan,
      drift: Array.isArray(drift) ? drift.filter(Number.isInteger) : [],
      ...(fresh === undefined ? {} : { fresh }),
    };
  } catch {
    return null;
  }
}
