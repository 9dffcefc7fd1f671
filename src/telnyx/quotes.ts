/** Fewer characters may be the same by chance. */
const SHORTEST_QUOTE = 10;

/**
 * Those of the texts that have ten characters in a row in common with a document, wherever in it they stand. Ten characters
 * are ten bytes or more: it is gone through once for each of these lengths, however many the texts. 20 MB take a fraction of
 * a second, and nothing is copied.
 */
export function findQuoting(texts: readonly string[], document: Buffer): ReadonlySet<string> {
  const quoting = new Set<string>();
  for (const [length, pieces] of indexPieces(texts)) {
    for (const text of findPieces(pieces, length, document)) quoting.add(text);
  }
  return quoting;
}

/** Bytes, a character for each → the texts that they are a piece of. */
type Pieces = Map<string, Set<string>>;

/** By their lengths in bytes. */
function indexPieces(texts: readonly string[]): ReadonlyMap<number, Pieces> {
  const byLength = new Map<number, Pieces>();
  for (const text of texts) {
    for (let start = 0; start + SHORTEST_QUOTE <= text.length; start++) {
      const bytes = Buffer.from(text.slice(start, start + SHORTEST_QUOTE)).toString('latin1');
      const pieces: Pieces = byLength.get(bytes.length) ?? new Map();
      byLength.set(bytes.length, pieces.set(bytes, (pieces.get(bytes) ?? new Set()).add(text)));
    }
  }
  return byLength;
}

/** A piece is looked for until it is found: a document may be full of it. */
function findPieces(pieces: Pieces, length: number, document: Buffer): string[] {
  const found: string[] = [];
  if (document.length < length) return found;
  const leaving = leavingFactor(length);
  const marks = markPieces(pieces.keys());
  let hash = hashOf(document.subarray(0, length));
  for (let at = 0; pieces.size > 0; at++) {
    if (marks[slotOf(hash)] !== 0) {
      const bytes = document.toString('latin1', at, at + length);
      found.push(...(pieces.get(bytes) ?? []));
      if (pieces.delete(bytes)) unmark(marks, hash);
    }
    if (at + length >= document.length) break;
    hash = (append(hash, document[at + length] ?? 0) - Math.imul(document[at] ?? 0, leaving)) | 0;
  }
  return found;
}

/* ---- A hash that follows from that of the bytes one place before ---- */

const FACTOR = 0x01000193;
const SLOT_BITS = 20;

function hashOf(bytes: Uint8Array): number {
  return bytes.reduce(append, 0);
}

function append(hash: number, byte: number): number {
  return (Math.imul(hash, FACTOR) + byte) | 0;
}

/** What a byte counts once as many have come after it as there are in the hash. */
function leavingFactor(length: number): number {
  let factor = 1;
  for (let place = 0; place < length; place++) factor = Math.imul(factor, FACTOR);
  return factor;
}

/** Neighbouring bytes change the lower bits first. */
function slotOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - SLOT_BITS);
}

/** How many pieces have each slot. */
function markPieces(pieces: Iterable<string>): Uint16Array {
  const marks = new Uint16Array(1 << SLOT_BITS);
  for (const bytes of pieces) {
    const slot = slotOf(hashOf(Buffer.from(bytes, 'latin1')));
    marks[slot] = (marks[slot] ?? 0) + 1;
  }
  return marks;
}

function unmark(marks: Uint16Array, hash: number): void {
  const slot = slotOf(hash);
  marks[slot] = (marks[slot] ?? 0) - 1;
}
