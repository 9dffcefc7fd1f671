/** The shortest match that counts. A shorter one may be chance. */
const SHORTEST_QUOTE = 10;

/**
 * Returns the texts that share ten characters in a row with a document. Ten characters take ten bytes or
 * more, so the document is scanned once for each length in bytes, for any number of texts, without copying
 * it. 20 MB take a fraction of a second.
 */
export function findQuoting(texts: readonly string[], document: Buffer): ReadonlySet<string> {
  const quoting = new Set<string>();
  for (const [length, pieces] of indexPieces(texts)) {
    for (const text of findPieces(pieces, length, document)) quoting.add(text);
  }
  return quoting;
}

/** Maps bytes, written as one character each, to the texts that contain them. */
type Pieces = Map<string, Set<string>>;

/** Indexes the pieces of the texts by their length in bytes. */
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

/**
 * Finds the texts whose pieces the document contains. A piece is removed once found, since a document may be
 * full of it.
 */
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

/* ---- A rolling hash: each follows from the hash one byte earlier ---- */

const FACTOR = 0x01000193;
const SLOT_BITS = 20;

function hashOf(bytes: Uint8Array): number {
  return bytes.reduce(append, 0);
}

function append(hash: number, byte: number): number {
  return (Math.imul(hash, FACTOR) + byte) | 0;
}

/** Returns the factor of the oldest byte in a hash of this length. */
function leavingFactor(length: number): number {
  let factor = 1;
  for (let place = 0; place < length; place++) factor = Math.imul(factor, FACTOR);
  return factor;
}

/**
 * Returns the slot of a hash. The multiplication spreads neighbouring bytes, which change the lower bits
 * first.
 */
function slotOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - SLOT_BITS);
}

/** Counts the pieces of each slot. */
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
