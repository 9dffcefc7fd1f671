/** Cuts out of a file the bytes that identify it. */
export function sampleOf(bytes: Buffer): Sample {
  return { head: bytes.subarray(0, SAMPLE_BYTES), tail: tailOf(bytes), bytes: bytes.length };
}

/** Returns the last bytes before the zeros that some programs pad files with. */
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
  /** The last bytes before any padding, at most `SAMPLE_BYTES`. */
  readonly tail: Buffer;
  readonly bytes: number;
}

export const SAMPLE_BYTES = 4096;
