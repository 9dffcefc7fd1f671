import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * The reviewed plan travels in the comment that shows it, so that an apply can name what differs and can go on where an
 * earlier one stopped. It holds no value, and its own MAC tells whether it is what was written.
 */
export interface Enclosure {
  readonly plan: unknown;
  /** Places in the plan's changes, of those that the pull request did not bring. */
  readonly drift: readonly number[];
  /** The plan that took its place after the merge, and was refused; absent where there is none, or no room for it. */
  readonly fresh?: unknown;
}

/** What a comment can hold at most: enough for a hundred groups of five values. */
const MAX_PACKED_BYTES = 60_000;

/** A line to put at the end of a comment, which GitHub does not show; empty where it takes more bytes than there is room for. */
export function enclose(enclosure: Enclosure, room = MAX_PACKED_BYTES): string {
  const packed = deflateRawSync(JSON.stringify(enclosure), { level: 9 }).toString('base64');
  const line = `<!-- regsync:reviewed:v1 ${packed} -->`;
  return line.length > Math.min(room, MAX_PACKED_BYTES) ? '' : line;
}

const MOST_UNPACKED_BYTES = 4 * 1024 * 1024;

/** Null where there is none. Who may edit comments may have put anything here. */
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
