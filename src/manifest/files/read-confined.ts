import { createHash, hash } from 'node:crypto';
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { join, posix, sep } from 'node:path';
import { isInside, isThere, pathFrom, realPathOf } from '../../files/paths.ts';
import { groupDigits } from '../../model/digits.ts';
import { isEncryptedPath } from '../../model/encrypted-path.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { withOtherLineEnds } from '../../model/line-ends.ts';
import { LOCK_FILE } from '../../model/lock.ts';
import { visible } from '../../model/visible.ts';
import {
  explainDocument,
  explainLinkText,
  explainStandIn,
  explainText,
  isRecognised,
  linkTargetIn,
  linkText,
  SAMPLE_BYTES,
  type Sample,
  sampleOf,
  tailOf,
} from '../content/foreign-content.ts';
import { readsLikeManifest } from '../content/manifest-text.ts';
import { type Ciphertext, LARGEST_AGE_FILE_BYTES, readCiphertext } from '../encryption/ciphertext.ts';
import { type Identities, NO_IDENTITIES } from '../encryption/identities.ts';
import { Fault } from '../fault.ts';
import type { DocumentDigest } from '../resolution.ts';
import { quotedPath } from '../visible.ts';
import { LARGEST_DOCUMENT_BYTES } from './limits.ts';
import { isGitInternal, type RepositoryPath, resolvePath } from './paths.ts';

/**
 * All reading of the file system stands here, and all of it is confined to the repository. It waits for each file: manifests
 * are small, and for small files that takes a ninth of the time of reading through promises.
 */

export const LARGEST_MANIFEST_BYTES = 1024 * 1024;
/** Every combination that Telnyx knows is some hundred kilobytes. */
export const LARGEST_LOCK_BYTES = 4 * 1024 * 1024;
const LARGEST_TEXT_BYTES = 64 * 1024;

/** `root` is a real path, here and below. */
export function readManifest(root: string, path: RepositoryPath): string | Fault {
  return useConfined(root, path, LARGEST_MANIFEST_BYTES, decodeFile(root, path));
}

/** Also true for a lock that cannot be read: that is an error, never an absence. */
export function hasLock(root: string): boolean {
  return isThere(join(root, LOCK_FILE));
}

export function readLockText(root: string): string | Fault {
  const path = LOCK_FILE as RepositoryPath;
  return useConfined(root, path, LARGEST_LOCK_BYTES, decodeFile(root, path));
}

/** The same with its byte order mark, for whoever writes it again. */
export function readManifestVerbatim(root: string, path: RepositoryPath): string | Fault {
  return useConfined(root, path, LARGEST_MANIFEST_BYTES, decodeUtf8Verbatim);
}

/** The text of a `text_from: { file: … }`. */
export function readText(root: string, path: RepositoryPath): string | Fault {
  return useConfined(
    root,
    path,
    LARGEST_TEXT_BYTES,
    (bytes) => explainText(path, sampleOf(bytes)) ?? decodeFile(root, path)(bytes),
  );
}

/** The same, of a text that was not read from a file. */
export function decodeText(bytes: Buffer): string | Fault {
  if (bytes.length > LARGEST_TEXT_BYTES)
    return new Fault('too-large', `a text has at most ${LARGEST_TEXT_BYTES} bytes`);
  return explainStandIn(sampleOf(bytes)) ?? decodeUtf8(bytes);
}

/** For a file whose content is a text: pointers and links that a tool left in its place are none. */
function decodeFile(root: string, path: RepositoryPath): (bytes: Buffer) => string | Fault {
  return (bytes) => {
    const sample = sampleOf(bytes);
    return explainStandIn(sample) ?? explainLinkFrom(root, path, sample) ?? decodeUtf8(bytes);
  };
}

/** A text may be any words: it is the text of a link only if it is a path, and leads to something in the repository. */
function explainLinkFrom(root: string, path: RepositoryPath, sample: Sample): Fault | null {
  const target = linkTargetIn(sample);
  if (target === null || !/[./]/.test(target)) return null;
  const place = resolvePath(posix.dirname(path), target);
  return place instanceof Fault || confine(root, place) instanceof Fault ? null : linkText(target);
}

export function readDocument(root: string, path: RepositoryPath): Buffer | Fault {
  const bytes = readConfined(root, path, LARGEST_DOCUMENT_BYTES);
  return bytes instanceof Fault ? withNextStep(bytes) : (explainBytes(path, bytes) ?? bytes);
}

/**
 * The digest of a document and its size. It is read in pieces: a plan needs no more memory for large documents than for small
 * ones.
 */
export function digestDocument(root: string, path: RepositoryPath): DocumentDigest | Fault {
  const digest = withConfined(root, path, LARGEST_DOCUMENT_BYTES, (descriptor, size) =>
    digestInPieces(path, descriptor, size),
  );
  if (digest instanceof Fault) return withNextStep(digest);
  return isTextDocument(path) ? examineText(root, path, digest) : digest;
}

function digestInPieces(path: string, descriptor: number, size: number): DocumentDigest | Fault {
  if (size < PIECE.length) {
    const all = readPiece(descriptor);
    return all.length === size ? describeDigest(path, sampleOf(all), () => hash('sha256', all)) : CHANGING;
  }
  const whole = createHash('sha256');
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer = Buffer.alloc(0);
  let length = 0;
  while (length <= size) {
    const piece = readPiece(descriptor);
    if (piece.length === 0) break;
    if (length === 0) head = Buffer.from(piece.subarray(0, SAMPLE_BYTES));
    tail = Buffer.concat([tail, tailOf(piece)]).subarray(-SAMPLE_BYTES);
    whole.update(piece);
    length += piece.length;
  }
  if (length !== size) return CHANGING;
  return describeDigest(path, { head, tail, bytes: size }, () => whole.digest('hex'));
}

/** Until the next one is read. */
function readPiece(descriptor: number): Buffer {
  return PIECE.subarray(0, readSync(descriptor, PIECE, 0, PIECE.length, null));
}

const PIECE = Buffer.allocUnsafeSlow(256 * 1024);

function describeDigest(path: string, sample: Sample, digest: () => string): DocumentDigest | Fault {
  const fault = explainSample(path, sample);
  if (fault !== null) return fault;
  const known = { sha256: digest(), bytes: sample.bytes };
  return isRecognised(path, sample) ? known : { ...known, isUnrecognised: true };
}

/** A checkout writes the line ends of a text otherwise than git has them, and the digest is another one. */
function examineText(root: string, path: RepositoryPath, digest: DocumentDigest): DocumentDigest | Fault {
  return useConfined<DocumentDigest>(root, path, LARGEST_DOCUMENT_BYTES, (bytes) => {
    const link = explainLinkFrom(root, path, sampleOf(bytes));
    if (link !== null) return link;
    const other = withOtherLineEnds(bytes.toString('latin1'));
    if (other === null) return digest;
    const sha256 = hash('sha256', Buffer.from(other.text, 'latin1'));
    return { ...digest, withOtherLineEnds: { lineEnds: other.lineEnds, sha256 } };
  });
}

function isTextDocument(path: string): boolean {
  return /\.(?:csv|txt|json)$/i.test(path);
}

/** A document that a person names, wherever it lies. */
export function readDocumentAt(path: string): Buffer | Fault {
  const bytes = readRegularFile(realPathOf(path), LARGEST_DOCUMENT_BYTES);
  return bytes instanceof Fault ? withNextStep(bytes) : (explainBytes(path, bytes) ?? bytes);
}

/** @param path what the bytes are named, which says of what type they are. */
function explainBytes(path: string, bytes: Buffer): Fault | null {
  return explainSample(path, sampleOf(bytes));
}

function explainSample(path: string, sample: Sample): Fault | null {
  return sample.bytes === 0 ? EMPTY_DOCUMENT : explainDocument(path, sample);
}

const EMPTY_DOCUMENT = new Fault(
  'empty-file',
  'the document is empty',
  'Put the whole document there again: a copy or a download may have failed.',
);

/** Of the faults that any file may have, the one that needs another answer for a document. */
function withNextStep(fault: Fault): Fault {
  return fault.code === 'too-large' ? new Fault(fault.code, fault.message, SMALLER) : fault;
}

const SMALLER = 'Telnyx takes no larger document: scan it again in a lower resolution, or leave pages out.';

/** An encrypted file, as far as one can see without a key; `fileBytes` is its size as it lies there. */
export function readEncrypted(
  root: string,
  path: RepositoryPath,
): (Ciphertext & { readonly fileBytes: number }) | Fault {
  const bytes = readConfined(root, path, LARGEST_AGE_FILE_BYTES);
  if (bytes instanceof Fault) return bytes;
  const found = explainEncrypted(bytes) ?? readCiphertext(bytes);
  return found instanceof Fault ? found : { ...found, fileBytes: bytes.length };
}

function explainEncrypted(bytes: Buffer): Fault | null {
  if (bytes.length === 0) return EMPTY_DOCUMENT;
  const sample = sampleOf(bytes);
  return explainStandIn(sample) ?? explainLinkText(sample);
}

/** The plaintext of an encrypted document. It is held to what holds for any document. */
async function decryptDocument(
  root: string,
  path: RepositoryPath,
  identities: Identities,
): Promise<Buffer | Fault> {
  const ciphertext = readEncrypted(root, path);
  if (ciphertext instanceof Fault) return ciphertext;
  const bytes = await identities.decrypt(ciphertext);
  return bytes instanceof Fault ? bytes : (explainBytes(path, bytes) ?? bytes);
}

/**
 * A document again, for its upload; decrypted, if it is encrypted. The caller compares the digest: the file may have
 * changed since it was planned.
 */
export async function readDocumentBytes(
  root: string,
  repositoryPath: string,
  identities: Identities = NO_IDENTITIES,
): Promise<Buffer> {
  const bytes = await readPlaintext(root, repositoryPath, identities);
  if (!(bytes instanceof Fault)) return bytes;
  throw new InvalidInputError(`${repositoryPath}: ${bytes.message}`, [bytes.atFile(repositoryPath)]);
}

/** What of a document is uploaded. */
export async function readPlaintext(
  root: string,
  repositoryPath: string,
  identities: Identities,
): Promise<Buffer | Fault> {
  const path = resolvePath('', repositoryPath);
  if (path instanceof Fault) return path;
  return isEncryptedPath(path) ? decryptDocument(root, path, identities) : readDocument(root, path);
}

export interface Listing {
  /** Sorted by path. */
  readonly files: readonly ListedFile[];
  /** Files and folders that cannot be looked into, and files that only their names keep from being manifests. */
  readonly unreadable: readonly { readonly path: string; readonly fault: Fault }[];
  /** The real paths of all folders that were looked into. */
  readonly folders: readonly string[];
}

export interface ListedFile {
  readonly path: RepositoryPath;
  /** Equal for a file and the links to it. */
  readonly realPath: string;
}

/**
 * The manifests under `entry`: itself when it is a file, else every `*.yaml` and `*.yml` in the folder and those below it,
 * in capital letters too. As with a shell's `**`, names that begin with a dot are not looked at. Links are followed within the
 * repository.
 */
export function listManifests(root: string, entry: RepositoryPath): Listing | Fault {
  const found = follow(root, entry);
  if (found instanceof Fault) return found;
  return found.isFolder ? walk(root, found) : { files: [found], unreadable: [], folders: [] };
}

function walk(root: string, entry: ListedFile): Listing {
  const files: ListedFile[] = [];
  const unreadable: { path: string; fault: Fault }[] = [];
  const seen = new Set([entry.realPath]);
  const folders = [entry];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const children = attempt(() => readdirSync(folder.realPath, { withFileTypes: true }));
    if (children instanceof Fault) {
      unreadable.push({ path: folder.path, fault: children });
      continue;
    }
    for (const child of children.filter(mayHoldManifests)) {
      const path = posix.join(folder.path, visible(child.name));
      const found = followChild(root, folder, child);
      if (found instanceof Fault) {
        // Whatever else lies there under a name that no path can have is read by nobody.
        if (isFollowed(child)) unreadable.push({ path, fault: found });
      } else if (found.isFolder) {
        if (seen.has(found.realPath)) continue;
        seen.add(found.realPath);
        folders.push(found);
      } else if (isNamedLikeManifest(child.name)) {
        files.push(found);
      } else {
        const fault = explainMisnamed(root, found);
        if (fault !== null) unreadable.push({ path, fault });
      }
    }
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), unreadable, folders: [...seen] };
}

function mayHoldManifests(child: Dirent): boolean {
  if (child.name.startsWith('.')) return false;
  return isFollowed(child) || (child.isFile() && !NEVER_A_MANIFEST.test(child.name));
}

function isFollowed(child: Dirent): boolean {
  return child.isDirectory() || child.isSymbolicLink() || isNamedLikeManifest(child.name);
}

export function isNamedLikeManifest(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** Files that are no text, and so no manifest: those of programs are too many to be opened. */
const NEVER_A_MANIFEST = /\.(?:pdf|png|jpe?g|docx?|xlsx?|csv|age|md|m?[jt]s|map)$/i;

/** A manifest that its name hides would look deleted; so would a folder in whose place the text of a link stands. */
function explainMisnamed(root: string, { path, realPath }: ListedFile): Fault | null {
  const head = readHead(realPath, MISNAMED_BYTES);
  if (head instanceof Fault) return null;
  if (readsLikeManifest(head.toString('utf8'))) return misnamed(path);
  return head.length < MISNAMED_BYTES ? explainLinkFrom(root, path, sampleOf(head)) : null;
}

const MISNAMED_BYTES = 4096;

function misnamed(path: RepositoryPath): Fault {
  const name = posix.basename(path);
  const meant = `${name.replace(/~$/, '').replace(/(?:\.ya?ml)?(?:\.\w+)?$/i, '')}.yaml`;
  return new Fault(
    'misnamed-manifest',
    'this reads like a manifest, but its name does not end in .yaml or .yml: it is not read',
    `Rename it, such as to ${quotedPath(meant)}; or, if it is not meant to count, move it out of the folders of manifests.`,
  );
}

/** The first bytes of a regular file, or all of it if there are fewer. */
export function readHead(realPath: string, bytes: number): Buffer | Fault {
  return withRegularFile(realPath, Number.MAX_SAFE_INTEGER, (descriptor) => {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(descriptor, head, 0, bytes, 0));
  });
}

/** The names in a folder of the repository; none where it cannot be looked into. */
export function listNames(root: string, folder: RepositoryPath): readonly string[] {
  const realPath = confine(root, folder);
  return realPath instanceof Fault ? [] : namesInFolder(realPath);
}

export function namesInFolder(realPath: string): readonly string[] {
  const names = attempt(() => readdirSync(realPath));
  return names instanceof Fault ? [] : names;
}

interface Found extends ListedFile {
  readonly isFolder: boolean;
}

function followChild(root: string, folder: ListedFile, child: Dirent): Found | Fault {
  const path = resolvePath(folder.path, child.name);
  if (path instanceof Fault) return path;
  if (child.isSymbolicLink()) return follow(root, path);
  return { path, realPath: `${folder.realPath}${sep}${child.name}`, isFolder: child.isDirectory() };
}

function follow(root: string, path: RepositoryPath): Found | Fault {
  const realPath = confine(root, path);
  if (realPath instanceof Fault) return realPath;
  const stats = attempt(() => statSync(realPath));
  return stats instanceof Fault ? stats : { path, realPath, isFolder: stats.isDirectory() };
}

/* ---- One file: its real path, from inside the repository, opened without following links, read once ---- */

function readConfined(root: string, path: RepositoryPath, mostBytes: number): Buffer | Fault {
  return withConfined(root, path, mostBytes, readExactly);
}

function useConfined<Result>(
  root: string,
  path: RepositoryPath,
  mostBytes: number,
  use: (bytes: Buffer) => Result | Fault,
): Result | Fault {
  const bytes = readConfined(root, path, mostBytes);
  return bytes instanceof Fault ? bytes : use(bytes);
}

/**
 * Nearly every path is its own real path: that is asked once for its folder, and whether it still holds is seen from what was
 * opened, as with any file. That saves 4 % of the processor time of `validate` with 2,000 groups. A path for which it does not
 * hold is gone through step by step, and has its fault from there.
 */
function withConfined<Result>(
  root: string,
  path: RepositoryPath,
  mostBytes: number,
  read: Reader<Result>,
): Result | Fault {
  const place = root.endsWith(sep) ? root + path : root + sep + path;
  if (sep === '/' && isRealFolder(place.slice(0, place.lastIndexOf(sep)) || sep)) {
    const result = withRegularFile(place, mostBytes, read);
    if (!(result instanceof Fault)) return result;
  }
  const realPath = confine(root, path);
  return realPath instanceof Fault ? realPath : withRegularFile(realPath, mostBytes, read);
}

const realFolders = new Set<string>();

/** Whether no link is part of the path. Once it was so, it is looked up no more. */
function isRealFolder(folder: string): boolean {
  if (realFolders.has(folder)) return true;
  if (attempt(() => realpathSync.native(folder)) !== folder) return false;
  realFolders.add(folder);
  return true;
}

/** The real path of `path`, if it lies inside the repository. */
export function confine(root: string, path: RepositoryPath): string | Fault {
  const realPath = attempt(() => realpathSync.native(join(root, path)));
  if (realPath instanceof Fault) return realPath;
  if (!isInside(root, realPath)) {
    return new Fault('unsafe-path', `${quotedPath(path)} is a link that leads out of the repository`);
  }
  if (isGitInternal(pathFrom(root, realPath)))
    return new Fault('unsafe-path', `${quotedPath(path)} is a link into .git`);
  return realPath;
}

/** Not to follow a link that was put there since the path was looked at, nor to wait for somebody to write to a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export function readRegularFile(realPath: string, mostBytes: number): Buffer | Fault {
  return withRegularFile(realPath, mostBytes, readExactly);
}

/** What is read of an open file of that size. */
type Reader<Result> = (descriptor: number, size: number) => Result | Fault;

function withRegularFile<Result>(realPath: string, mostBytes: number, read: Reader<Result>): Result | Fault {
  const descriptor = attempt(() => openSync(realPath, OPEN_FLAGS));
  if (descriptor instanceof Fault) return descriptor;
  try {
    const stats = fstatSync(descriptor);
    if (!isStillThere(realPath, descriptor, stats))
      return new Fault('unsafe-path', 'the path leads elsewhere than when it was checked');
    if (stats.isDirectory()) return new Fault('not-a-file', 'this is a folder');
    if (!stats.isFile()) return new Fault('not-a-file', 'this is no regular file');
    if (stats.size > mostBytes) {
      const [size, most] = [stats.size, mostBytes].map(groupDigits);
      return new Fault('too-large', `${size} bytes are too many: at most ${most} are read`);
    }
    return read(descriptor, stats.size);
  } catch (error) {
    return toFault(error);
  } finally {
    closeSync(descriptor);
  }
}

/** O_NOFOLLOW guards the last step of a path only: a folder above it may have become a link since it was looked at. */
function isStillThere(realPath: string, descriptor: number, opened: Stats): boolean {
  const told = attempt(() => readlinkSync(`/proc/self/fd/${descriptor}`));
  if (!(told instanceof Fault)) return told === realPath;
  // Where the system does not tell what was opened: the path must lead to it still, without a link.
  const again = attempt(() => realpathSync.native(realPath));
  const found = attempt(() => lstatSync(realPath));
  return (
    again === realPath && !(found instanceof Fault) && found.ino === opened.ino && found.dev === opened.dev
  );
}

function readExactly(descriptor: number, size: number): Buffer | Fault {
  // One byte more than there should be: what has grown gives it.
  const buffer = Buffer.alloc(size + 1);
  let length = 0;
  let bytesRead: number;
  do {
    bytesRead = readSync(descriptor, buffer, length, size + 1 - length, null);
    length += bytesRead;
  } while (bytesRead > 0 && length < size);
  if (length !== size) return CHANGING;
  return buffer.subarray(0, size);
}

const CHANGING = new Fault('unreadable', 'the file changes while it is read');

function attempt<Result>(read: () => Result): Result | Fault {
  try {
    return read();
  } catch (error) {
    return toFault(error);
  }
}

function decodeUtf8(bytes: Buffer): string | Fault {
  return decodeWith(DECODER, bytes);
}

/** With its byte order mark, if it has one. */
function decodeUtf8Verbatim(bytes: Buffer): string | Fault {
  return decodeWith(VERBATIM_DECODER, bytes);
}

const DECODER = new TextDecoder('utf-8', { fatal: true });
const VERBATIM_DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeWith(decoder: InstanceType<typeof TextDecoder>, bytes: Buffer): string | Fault {
  try {
    return decoder.decode(bytes);
  } catch {
    return new Fault('not-utf8', 'this is not UTF-8 text');
  }
}

function toFault(error: unknown): Fault {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new Fault('file-not-found', 'no such file or folder');
    case 'ENAMETOOLONG':
      return new Fault('unreadable', 'a name is longer than file systems allow, which is 255 bytes');
    case 'ELOOP':
      return new Fault('unreadable', 'a link that leads nowhere, or was put here a moment ago');
    case 'EACCES':
    case 'EPERM':
      return new Fault('unreadable', 'no permission to read this');
    default:
      return new Fault('unreadable', `cannot be read (${code})`);
  }
}
