import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * The plan that is embedded in the comment that shows it, so that an apply can name what differs and can
 * continue an earlier one. It contains no value, and its own MAC proves that it is unchanged.
 */
export interface EmbeddedPlan {
  readonly plan: unknown;
  /** The indexes of the plan's changes that the pull request did not bring. */
  readonly drift: readonly number[];
  /**
   * The plan that replaced it after the merge and was refused. Absent if there is none, or no room for it.
   */
  readonly fresh?: unknown;
  /** The parts of the messages of both plans, which show what is prose. Absent if there is no room for them. */
  readonly wording?: { readonly plan: unknown; readonly fresh: unknown };
}

/** The most that goes into a comment on GitHub, enough for a hundred groups of five values. */
const MAX_PACKED_BYTES = 60_000;

/**
 * Returns a line for the end of a comment, which no forge shows, or an empty text if there is no room for it.
 *
 * @param maxBytes the most that goes into a comment of this forge.
 */
export function embedPlan(
  embedded: EmbeddedPlan,
  room = MAX_PACKED_BYTES,
  maxBytes = MAX_PACKED_BYTES,
): string {
  const text = JSON.stringify(embedded);
  if (Buffer.byteLength(text) > mostUnpacked(maxBytes)) return '';
  const packed = deflateRawSync(text, { level: 9 }).toString('base64');
  const line = `<!-- regsync:reviewed:v1 ${packed} -->`;
  return line.length > Math.min(room, maxBytes) ? '' : line;
}

/** Returns 4 MiB for 60,000 bytes. A plan packs to an eighth, so more is not a plan of ours. */
function mostUnpacked(maxBytes: number): number {
  return Math.ceil((maxBytes / MAX_PACKED_BYTES) * 4 * 1024 * 1024);
}

/**
 * Returns null if there is none. Its content is not trusted, because anybody who may edit comments may have
 * changed it.
 */
export function readEmbeddedPlan(body: string, maxBytes = MAX_PACKED_BYTES): EmbeddedPlan | null {
  const packed = body.match(/\n<!-- regsync:reviewed:v1 ([A-Za-z0-9+/=]+) -->\s*$/)?.[1];
  if (packed === undefined || packed.length > maxBytes) return null;
  const bytes = Buffer.from(packed, 'base64');
  try {
    const unpacked = inflateRawSync(bytes, { maxOutputLength: mostUnpacked(maxBytes) });
    const { plan, drift, fresh, wording } = JSON.parse(unpacked.toString('utf8'));
    return {
      plan,
      drift: Array.isArray(drift) ? drift.filter(Number.isInteger) : [],
      ...(fresh === undefined ? {} : { fresh }),
      ...(wording === undefined ? {} : { wording }),
    };
  } catch {
    return null;
  }
}
