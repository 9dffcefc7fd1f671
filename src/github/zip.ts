import { inflateRawSync } from 'node:zlib';

/** The part of ZIP that artifacts use: one file, stored or deflated, without ZIP64 (APPNOTE.TXT 4.3). */

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;

/**
 * Returns the first file of the archive, or null if the bytes are not such an archive.
 *
 * @param maxBytes the limit on the file. A larger file gives null.
 */
export function readFirstFile(archive: Buffer, maxBytes: number): Buffer | null {
  try {
    return unpack(archive, maxBytes);
  } catch {
    // An offset is outside the archive, or the data does not inflate.
    return null;
  }
}

function unpack(archive: Buffer, maxBytes: number): Buffer | null {
  const end = findEnd(archive);
  if (end === null) return null;
  const entry = archive.readUInt32LE(end + 16);
  if (archive.readUInt32LE(entry) !== ENTRY) return null;
  const method = archive.readUInt16LE(entry + 10);
  const packedBytes = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  if (archive.readUInt32LE(local) !== LOCAL) return null;
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedBytes);
  if (packed.length !== packedBytes) return null;
  if (method === 0) return packedBytes <= maxBytes ? packed : null;
  return method === 8 ? inflateRawSync(packed, { maxOutputLength: maxBytes }) : null;
}

/** Finds the end record, which only a comment may follow. */
function findEnd(archive: Buffer): number | null {
  for (let at = archive.length - END_BYTES; at >= 0 && at >= archive.length - END_BYTES - 0xffff; at--) {
    if (archive.readUInt32LE(at) === END) return at;
  }
  return null;
}
