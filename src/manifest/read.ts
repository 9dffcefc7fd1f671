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
import { dirname, isAbsolute, join, posix, relative, sep } from 'node:path';
import { groupDigits } from '../model/digits.ts';
import { isEncryptedPath } from '../model/encrypted-path.ts';
import { InvalidInputError } from '../model/errors.ts';
import { LOCK_FILE } from '../model/lock.ts';
import { visible } from '../model/visible.ts';
import { type Ciphertext, LARGEST_AGE_FILE_BYTES, readCiphertext } from './ciphertext.ts';
import { Fault } from './fault.ts';
import { type Identities, NO_IDENTITIES } from './identities.ts';
import { LARGEST_DOCUMENT_BYTES } from './limits.ts';
import { isGitInternal, type RepositoryPath, resolvePath } from './paths.ts';
import { quotedPath } from './visible.ts';

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
  return useConfined(root, path, LARGEST_MANIFEST_BYTES, decodeUtf8);
}

/** Also true for a lock that cannot be read: that is an error, never an absence. */
export function hasLock(root: string): boolean {
  return isThere(join(root, LOCK_FILE));
}

export function readLockText(root: string): string | Fault {
  return useConfined(root, LOCK_FILE as RepositoryPath, LARGEST_LOCK_BYTES, decodeUtf8);
}

/** The same with its byte order mark, for whoever writes it again. */
export function readManifestVerbatim(root: string, path: RepositoryPath): string | Fault {
  return useConfined(root, path, LARGEST_MANIFEST_BYTES, decodeUtf8Verbatim);
}

/** The text of a `text_from: { file: … }`. */
export function readText(root: string, path: RepositoryPath): string | Fault {
  return useConfined(root, path, LARGEST_TEXT_BYTES, decodeUtf8);
}

/** The same, of a text that was not read from a file. */
export function decodeText(bytes: Buffer): string | Fault {
  if (bytes.length > LARGEST_TEXT_BYTES)
    return new Fault('too-large', `a text has at most ${LARGEST_TEXT_BYTES} bytes`);
  return decodeUtf8(bytes);
}

/** @param allocate where the bytes of a large one go. */
export function readDocument(
  root: string,
  path: RepositoryPath,
  allocate: Allocate = Buffer.allocUnsafeSlow,
): Buffer | Fault {
  const bytes = withConfined(root, path, LARGEST_DOCUMENT_BYTES, wholly(keep, allocate));
  return bytes instanceof Fault ? bytes : (explainContent(bytes) ?? bytes);
}

/**
 * The digest of a document and its size. It is read in pieces: a plan needs no more memory for large documents than for small
 * ones.
 */
export function digestDocument(
  root: string,
  path: RepositoryPath,
): { readonly sha256: string; readonly bytes: number } | Fault {
  return withConfined(root, path, LARGEST_DOCUMENT_BYTES, (descriptor, size) =>
    size < SMALL_FILES.length ? digestAtOnce(descriptor, size) : digestInPieces(descriptor, size),
  );
}

function digestAtOnce(descriptor: number, size: number) {
  const bytes = readExactly(descriptor, size);
  if (bytes instanceof Fault) return bytes;
  return explainContent(bytes) ?? { sha256: hash('sha256', bytes), bytes: size };
}

function digestInPieces(descriptor: number, size: number) {
  const whole = createHash('sha256');
  let length = 0;
  while (length <= size) {
    const read = readSync(descriptor, PIECE, 0, PIECE.length, null);
    if (read === 0) break;
    const piece = PIECE.subarray(0, read);
    const fault = length === 0 ? explainContent(piece) : null;
    if (fault !== null) return fault;
    whole.update(piece);
    length += read;
  }
  return length === size ? { sha256: whole.digest('hex'), bytes: size } : CHANGING;
}

const PIECE = Buffer.allocUnsafeSlow(256 * 1024);

/** A document that a person names, wherever it lies. */
export function readDocumentAt(path: string): Buffer | Fault {
  const bytes = readRegularFile(realPathOf(path), LARGEST_DOCUMENT_BYTES);
  return bytes instanceof Fault ? bytes : (explainContent(bytes) ?? bytes);
}

/** What is not what it should be, whether it is encrypted or not. */
function explainContent(bytes: Buffer): Fault | null {
  if (bytes.length === 0) return new Fault('empty-file', 'the document is empty');
  if (bytes[0] === LFS_POINTER[0] && bytes.subarray(0, LFS_POINTER.length).equals(LFS_POINTER)) {
    return new Fault(
      'lfs-pointer',
      'a Git LFS pointer stands in place of the document',
      'Run `git lfs pull` first.',
    );
  }
  return null;
}

const LFS_POINTER = Buffer.from('version https://git-lfs.github.com/spec/');

/** An encrypted file, as far as one can see without a key; `fileBytes` is its size as it lies there. */
export function readEncrypted(
  root: string,
  path: RepositoryPath,
): (Ciphertext & { readonly fileBytes: number }) | Fault {
  const bytes = readConfined(root, path, LARGEST_AGE_FILE_BYTES);
  if (bytes instanceof Fault) return bytes;
  const found = explainContent(bytes) ?? readCiphertext(bytes);
  return found instanceof Fault ? found : { ...found, fileBytes: bytes.length };
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
  return bytes instanceof Fault ? bytes : (explainContent(bytes) ?? bytes);
}

/**
 * A document again, for its upload; decrypted, if it is encrypted. The caller compares the digest: the file may have
 * changed since it was planned.
 */
export async function readDocumentBytes(
  root: string,
  repositoryPath: string,
  identities: Identities = NO_IDENTITIES,
  allocate: Allocate = Buffer.allocUnsafeSlow,
): Promise<Buffer> {
  const bytes = await readPlaintext(root, repositoryPath, identities, allocate);
  if (!(bytes instanceof Fault)) return bytes;
  throw new InvalidInputError(`${repositoryPath}: ${bytes.message}`, [bytes.atFile(repositoryPath)]);
}

/** What of a document is uploaded. */
export async function readPlaintext(
  root: string,
  repositoryPath: string,
  identities: Identities,
  allocate: Allocate = Buffer.allocUnsafeSlow,
): Promise<Buffer | Fault> {
  const path = resolvePath('', repositoryPath);
  if (path instanceof Fault) return path;
  return isEncryptedPath(path) ? decryptDocument(root, path, identities) : readDocument(root, path, allocate);
}

export interface Listing {
  /** Sorted by path. */
  readonly files: readonly ListedFile[];
  /** What cannot be looked into. */
  readonly unreadable: readonly { readonly path: string; readonly fault: Fault }[];
}

export interface ListedFile {
  readonly path: RepositoryPath;
  /** Equal for a file and the links to it. */
  readonly realPath: string;
}

/**
 * The manifests under `entry`: itself when it is a file, else every `*.yaml` and `*.yml` in the folder and those below it.
 * As with a shell's `**`, names that begin with a dot are not looked at. Links are followed within the repository.
 */
export function listManifests(root: string, entry: RepositoryPath): Listing | Fault {
  const found = follow(root, entry);
  if (found instanceof Fault) return found;
  return found.isFolder ? walk(root, found) : { files: [found], unreadable: [] };
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
      const found = followChild(root, folder, child);
      if (found instanceof Fault) {
        unreadable.push({ path: posix.join(folder.path, visible(child.name)), fault: found });
      } else if (!found.isFolder) {
        if (isNamedLikeManifest(child.name)) files.push(found);
      } else if (!seen.has(found.realPath)) {
        seen.add(found.realPath);
        folders.push(found);
      }
    }
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), unreadable };
}

function mayHoldManifests(child: Dirent): boolean {
  if (child.name.startsWith('.')) return false;
  return child.isDirectory() || child.isSymbolicLink() || isNamedLikeManifest(child.name);
}

function isNamedLikeManifest(name: string): boolean {
  return /\.ya?ml$/.test(name);
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
  return useConfined(root, path, mostBytes, keep);
}

function useConfined<Result>(
  root: string,
  path: RepositoryPath,
  mostBytes: number,
  use: (bytes: Buffer) => Result | Fault,
): Result | Fault {
  return withConfined(root, path, mostBytes, wholly(use));
}

/**
 * Nearly every path is its own real path: that is asked once for its folder, and whether it still holds is seen from what was
 * opened, as with any file. Whatever goes otherwise is gone through step by step, and has its fault from there.
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
  if (isGitInternal(relative(root, realPath).split(sep)))
    return new Fault('unsafe-path', `${quotedPath(path)} is a link into .git`);
  return realPath;
}

/** Of real paths. */
export function isInside(root: string, realPath: string): boolean {
  const steps = relative(root, realPath);
  // On Windows, another drive gives an absolute path.
  return !isAbsolute(steps) && steps.split(sep)[0] !== '..';
}

/** Not to follow a link that was put there since the path was looked at, nor to wait for somebody to write to a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export function readRegularFile(realPath: string, mostBytes: number): Buffer | Fault {
  return withRegularFile(realPath, mostBytes, wholly(keep));
}

/** What is not to change with the next file. The bytes of a large one are its own as they are. */
function keep(bytes: Buffer): Buffer {
  return bytes.buffer === SMALL_FILES.buffer ? Buffer.from(bytes) : bytes;
}

/** What is read of an open file of that size. */
type Reader<Result> = (descriptor: number, size: number) => Result | Fault;

/** A buffer of at least so many bytes, with whatever is in it. */
export type Allocate = (bytes: number) => Buffer;

/** All of it, for `use`: the bytes are its own only until it returns. */
function wholly<Result>(
  use: (bytes: Buffer) => Result | Fault,
  allocate: Allocate = Buffer.allocUnsafeSlow,
): Reader<Result> {
  return (descriptor, size) => {
    const bytes = readExactly(descriptor, size, allocate);
    return bytes instanceof Fault ? bytes : use(bytes);
  };
}

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

/** Those of a small file are in a buffer that the next one is read into; a large one has its own. */
function readExactly(
  descriptor: number,
  size: number,
  allocate: Allocate = Buffer.allocUnsafeSlow,
): Buffer | Fault {
  // What nobody has written to is given to nobody: all of it is read, or it is not returned.
  const buffer = size < SMALL_FILES.length ? SMALL_FILES : allocate(size + 1);
  let length = 0;
  let bytesRead: number;
  do {
    // One byte more than there should be: what has grown gives it.
    bytesRead = readSync(descriptor, buffer, length, size + 1 - length, null);
    length += bytesRead;
  } while (bytesRead > 0 && length < size);
  if (length !== size) return CHANGING;
  return buffer.subarray(0, size);
}

const SMALL_FILES = Buffer.alloc(64 * 1024);
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
    case 'ELOOP':
      return new Fault('unreadable', 'a link that leads nowhere, or was put here a moment ago');
    case 'EACCES':
    case 'EPERM':
      return new Fault('unreadable', 'no permission to read this');
    default:
      return new Fault('unreadable', `cannot be read (${code})`);
  }
}

/* ---- Finding the repository ---- */

/** The nearest `fileName` in `folder` or above it, or null. */
export function findUpwards(folder: string, fileName: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, fileName);
    if (isThere(candidate)) return candidate;
    if (at === dirname(at)) return null;
  }
}

/** Also true for what may not be looked at: better to fail on it than to take another one further up. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return toFault(error).code !== 'file-not-found';
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Or the path itself, when nothing is there. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
