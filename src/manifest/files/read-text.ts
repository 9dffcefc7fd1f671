import { join, posix } from 'node:path';
import { isThere } from '../../files/paths.ts';
import { LOCK_FILE } from '../../model/lock.ts';
import { explainText } from '../content/foreign-content.ts';
import { linkTargetIn, linkText } from '../content/link-text.ts';
import { type Sample, sampleOf } from '../content/sample.ts';
import { explainStandIn } from '../content/stand-in.ts';
import { Fault } from '../fault.ts';
import { type RepositoryPath, resolvePath } from './paths.ts';
import { confine, useConfined } from './read-confined.ts';

/** Reads the text of a manifest, without its byte order mark. */
export function readManifest(root: string, path: RepositoryPath): string | Fault {
  return useConfined(root, path, MAX_MANIFEST_BYTES, decodeFile(root, path));
}

/** Returns whether the lock exists. An unreadable lock is an error and not an absence, so it counts. */
export function hasLock(root: string): boolean {
  return isThere(join(root, LOCK_FILE));
}

export function readLockText(root: string): string | Fault {
  const path = LOCK_FILE as RepositoryPath;
  return useConfined(root, path, MAX_LOCK_BYTES, decodeFile(root, path));
}

/** Reads a manifest with its byte order mark, for a caller that writes it again. */
export function readManifestVerbatim(root: string, path: RepositoryPath): string | Fault {
  return useConfined(root, path, MAX_MANIFEST_BYTES, (bytes) => decodeUtf8(bytes, VERBATIM_DECODER));
}

/** Reads the text of a `text_from: { file: … }`. */
export function readText(root: string, path: RepositoryPath): string | Fault {
  return useConfined(
    root,
    path,
    MAX_TEXT_BYTES,
    (bytes) => explainText(path, sampleOf(bytes)) ?? decodeFile(root, path)(bytes),
  );
}

/** Decodes a text of the same size limit that does not come from a plain file. */
export function decodeText(bytes: Buffer): string | Fault {
  if (bytes.length > MAX_TEXT_BYTES)
    return new Fault('too-large', `a text has at most ${MAX_TEXT_BYTES} bytes`);
  return explainStandIn(sampleOf(bytes)) ?? decodeUtf8(bytes);
}

/** The limit is far above a typical manifest, which has a few kilobytes. */
export const MAX_MANIFEST_BYTES = 1024 * 1024;
/** The limit is far above a lock of every combination that Telnyx knows, which has some hundred kilobytes. */
export const MAX_LOCK_BYTES = 4 * 1024 * 1024;
const MAX_TEXT_BYTES = 64 * 1024;

/** Returns a decoder that refuses a pointer or a link that a tool left in place of the text. */
function decodeFile(root: string, path: RepositoryPath): (bytes: Buffer) => string | Fault {
  return (bytes) => {
    const sample = sampleOf(bytes);
    return explainStandIn(sample) ?? explainLinkFrom(root, path, sample) ?? decodeUtf8(bytes);
  };
}

/** Explains a text that is the path of something in the repository, and so probably a link's. */
export function explainLinkFrom(root: string, path: RepositoryPath, sample: Sample): Fault | null {
  const target = linkTargetIn(sample);
  if (target === null || !/[./]/.test(target)) return null;
  const place = resolvePath(posix.dirname(path), target);
  return place instanceof Fault || confine(root, place) instanceof Fault ? null : linkText(target);
}

const DECODER = new TextDecoder('utf-8', { fatal: true });
/** Keeps a byte order mark. */
const VERBATIM_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeUtf8(bytes: Buffer, decoder = DECODER): string | Fault {
  try {
    return decoder.decode(bytes);
  } catch {
    return new Fault('not-utf8', 'this is not UTF-8 text', 'Save the file as UTF-8.');
  }
}
