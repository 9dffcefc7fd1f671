/**
 * An entry that git tracks and a sparse checkout excludes, marked by the skip-worktree bit. The format is
 * gitformat-index(5), versions 2 to 4. regsync reads the file itself, because git would run hooks and obey
 * configuration that a repository can contain.
 */

export interface SkippedEntry {
  /** The path from the top of the working tree. A folder of a sparse index ends in `/`. */
  readonly path: string;
  /** Is false for a link, a submodule or a whole folder. */
  readonly isRegularFile: boolean;
}

export interface AbsentEntries {
  readonly skipped: readonly SkippedEntry[];
  /** Paths of repositories within this one, fetched or not. */
  readonly repositories: readonly string[];
}

/** Returns null if the bytes are not a complete index. Returns empty lists for versions after 4. */
export function readAbsentEntries(index: Buffer): AbsentEntries | null {
  if (!isIndex(index) || index.length < HEADER_BYTES) return null;
  const version = index.readUInt32BE(4);
  if (version < 2) return null;
  if (version > 4) return { skipped: [], repositories: [] };
  // Version 2 has no skip-worktree bit, so one search shows that most repositories exclude nothing.
  if (version === 2 && !index.includes(REPOSITORY_MODE)) return { skipped: [], repositories: [] };
  // The index does not state the length of its object names; only the right length parses to the end.
  return readEntries(index, version, SHA1_BYTES) ?? readEntries(index, version, SHA256_BYTES);
}

const HEADER_BYTES = 12;
const [SHA1_BYTES, SHA256_BYTES] = [20, 32];

function isIndex(head: Buffer): boolean {
  return head.length >= 8 && head.toString('latin1', 0, 4) === 'DIRC';
}

/** Ten numbers precede the object name; the seventh is the mode. */
const [STAT_BYTES, MODE_AT] = [40, 24];
const [EXTENDED, SKIP_WORKTREE, NAME_LENGTH] = [0x4000, 0x4000, 0xfff];
const [FILE_TYPE, REGULAR_FILE, REPOSITORY] = [0o170000, 0o100000, 0o160000];
const FILE_TYPES = new Set([REGULAR_FILE, 0o120000, REPOSITORY, 0o040000]);
const REPOSITORY_MODE = Buffer.of(0, 0, REPOSITORY >> 8, 0);

function readEntries(index: Buffer, version: number, hashBytes: number): AbsentEntries | null {
  const skipped: SkippedEntry[] = [];
  const repositories: string[] = [];
  const last = index.length - hashBytes;
  let at = HEADER_BYTES;
  let previous = Buffer.alloc(0) as Buffer;
  for (let left = index.readUInt32BE(8); left > 0; left--) {
    const start = at;
    if (start + STAT_BYTES + hashBytes + 4 > last) return null;
    const type = index.readUInt32BE(start + MODE_AT) & FILE_TYPE;
    if (!FILE_TYPES.has(type)) return null;
    at += STAT_BYTES + hashBytes;
    const flags = index.readUInt16BE(at);
    const isExtended = version >= 3 && (flags & EXTENDED) !== 0;
    const isSkipped = isExtended && (index.readUInt16BE(at + 2) & SKIP_WORKTREE) !== 0;
    at += isExtended ? 4 : 2;
    const name = version === 4 ? readPrefixed(index, at, previous) : readPlain(index, at);
    if (name === null || !hasLength(name.bytes, flags & NAME_LENGTH)) return null;
    previous = name.bytes;
    at = version === 4 ? name.end : start + padded(name.end - 1 - start);
    if (!isSkipped && type !== REPOSITORY) continue;
    const path = name.bytes.toString('utf8');
    if (isSkipped) skipped.push({ path, isRegularFile: type === REGULAR_FILE });
    else repositories.push(path);
  }
  return { skipped, repositories };
}

function hasLength(name: Buffer, told: number): boolean {
  return told === NAME_LENGTH ? name.length >= NAME_LENGTH : name.length === told;
}

/** Rounds up to a multiple of eight bytes, since one to eight zero bytes follow each name. */
function padded(bytes: number): number {
  return (bytes + 8) & ~7;
}

interface Name {
  readonly bytes: Buffer;
  /** The offset after the byte that ends the name. */
  readonly end: number;
}

function readPlain(index: Buffer, at: number): Name | null {
  const end = index.indexOf(0, at);
  return end === -1 ? null : { bytes: index.subarray(at, end), end: end + 1 };
}

/** Reads a name of version 4: how many bytes to drop from the end of the previous name, and then the rest. */
function readPrefixed(index: Buffer, at: number, previous: Buffer): Name | null {
  let next = at;
  let byte = index[next++] ?? 0;
  let dropped = byte & 0x7f;
  while (byte & 0x80) {
    byte = index[next++] ?? 0;
    dropped = ((dropped + 1) << 7) | (byte & 0x7f);
    if (dropped > previous.length) return null;
  }
  const rest = readPlain(index, next);
  if (rest === null || dropped > previous.length) return null;
  return {
    bytes: Buffer.concat([previous.subarray(0, previous.length - dropped), rest.bytes]),
    end: rest.end,
  };
}
