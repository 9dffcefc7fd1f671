/**
 * Reads from git's index what git tracks and does not put into the working tree: the entries with the skip-worktree bit, as a
 * sparse checkout sets it, and the repositories within this one. Format: gitformat-index(5), versions 2 to 4. Reading the file runs no program and no hook, and asks no
 * configuration, all of which a repository can bring with it.
 */

export interface SkippedEntry {
  /** From the top of the working tree; a folder of a sparse index ends in `/`. */
  readonly path: string;
  /** It may be a link, a submodule or a whole folder. */
  readonly isRegularFile: boolean;
}

export interface AbsentEntries {
  readonly skipped: readonly SkippedEntry[];
  /** Paths of repositories of their own, fetched or not. */
  readonly repositories: readonly string[];
}

/** Returns null for what is not a whole index. One of a version that is not known yet is taken to keep nothing away. */
export function readAbsentEntries(index: Buffer): AbsentEntries | null {
  if (!isIndex(index) || index.length < HEADER_BYTES) return null;
  const version = index.readUInt32BE(4);
  if (version < 2) return null;
  if (version > 4) return { skipped: [], repositories: [] };
  // Version 2 has no room for the bit: of most repositories, one look says that nothing is kept away.
  if (version === 2 && !index.includes(REPOSITORY_MODE)) return { skipped: [], repositories: [] };
  // The length of object names is told elsewhere: one of them reads to the end without a contradiction.
  return readEntries(index, version, SHA1_BYTES) ?? readEntries(index, version, SHA256_BYTES);
}

const HEADER_BYTES = 12;
const [SHA1_BYTES, SHA256_BYTES] = [20, 32];

function isIndex(head: Buffer): boolean {
  return head.length >= 8 && head.toString('latin1', 0, 4) === 'DIRC';
}

/** Before the object name: ten numbers, of which the seventh is the mode. */
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

/** With one to eight bytes of nothing, an entry is a multiple of eight bytes. */
function padded(bytes: number): number {
  return (bytes + 8) & ~7;
}

interface Name {
  readonly bytes: Buffer;
  /** Behind the byte that ends it. */
  readonly end: number;
}

function readPlain(index: Buffer, at: number): Name | null {
  const end = index.indexOf(0, at);
  return end === -1 ? null : { bytes: index.subarray(at, end), end: end + 1 };
}

/** Version 4: how many bytes to drop from the end of the name before, and what follows. */
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
