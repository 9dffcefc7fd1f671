/** Cuts out of a file the bytes that show what it is. */
export function sampleOf(bytes: Buffer): Sample {
  return { head: bytes.subarray(0, SAMPLE_BYTES), tail: tailOf(bytes), bytes: bytes.length };
}

/** Without the zeros behind them, with which some programs fill files up. */
export function tailOf(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(Math.max(0, end - SAMPLE_BYTES), end);
}

export function startsWith(head: Buffer, start: Buffer): boolean {
  return head[0] === start[0] && head.subarray(0, start.length).equals(start);
}

export interface Sample {
  /** The first bytes, at most `SAMPLE_BYTES`. */
  readonly head: Buffer;
  /** The last ones. */
  readonly tail: Buffer;
  readonly bytes: number;
}

export const SAMPLE_BYTES = 4096;

/**
 * Tells a file that is plainly something else than its name says by its first and last bytes: a pointer that a tool of git
 * left in its place, a web page, an archive, half a PDF. Bytes that nobody recognises are no fault: of those, `isRecognised`
 * tells.
 */
