import { hash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside, pathFrom, realPathOf } from '../../files/paths.ts';
import { UNNAMED_AGE_FILE } from '../../manifest/content/foreign-content.ts';
import { readCiphertext } from '../../manifest/encryption/ciphertext.ts';
import type { Identities } from '../../manifest/encryption/identities.ts';
import { readEncrypted } from '../../manifest/encryption/read-encrypted.ts';
import { encryptFor } from '../../manifest/encryption/recipients.ts';
import { Fault } from '../../manifest/fault.ts';
import { type RepositoryPath, resolvePath } from '../../manifest/files/paths.ts';
import { readDocumentAt } from '../../manifest/files/read-document.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { isEncryptedPath } from '../../model/privacy/encrypted-path.ts';
import type { Problem } from '../../model/problem.ts';
import { visible } from '../../model/text/visible.ts';
import { count } from '../../render/words/wording.ts';
import type { Terminal } from '../session/terminal.ts';
import type { EncryptCommandOptions } from './encrypt.ts';

/** Reads, checks and encrypts everything before anything is written. */
export async function prepareAll(
  context: Context,
  files: readonly string[],
  recipients: readonly string[],
): Promise<PreparedDocument[]> {
  const documents: PreparedDocument[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const prepared = await prepare(context, file, recipients);
    if (prepared instanceof Fault) problems.push(prepared.about(file).at(null));
    else if (documents.some(({ path }) => path === prepared.path)) problems.push(TWICE.about(file).at(null));
    else documents.push(prepared);
  }
  if (problems.length === 0) return documents;
  throw new InvalidInputError(
    `${count(problems.length, 'file')} cannot be encrypted; nothing was written`,
    problems,
  );
}

interface Context {
  readonly terminal: Terminal;
  readonly options: EncryptCommandOptions;
  readonly repository: Repository;
  readonly identities: Identities;
}

export interface PreparedDocument {
  /** The path as given on the command line. */
  readonly source: string;
  readonly sourcePath: string;
  /** The real path of the encrypted file. `repositoryPath` is the same, from the root of the repository. */
  readonly path: string;
  readonly repositoryPath: RepositoryPath;
  readonly sha256: string;
  /** The content to write. Null if the encrypted file exists already with the same plaintext. */
  readonly ciphertext: Uint8Array | null;
}

const TWICE = new Fault('duplicate-file', 'another file of this run would be encrypted to the same place');

async function prepare(
  { options, terminal, repository, identities }: Context,
  file: string,
  recipients: readonly string[],
): Promise<PreparedDocument | Fault> {
  const sourcePath = resolve(terminal.cwd, file);
  const place = await locateEncryptedFile(terminal, options, repository.root, sourcePath);
  if (place instanceof Fault) return place;
  const bytes = readDocumentAt(sourcePath);
  if (bytes instanceof Fault) return explainUnread(bytes, terminal.cwd);
  if (options.remove && isLink(sourcePath)) return LINK;
  if (isEncryptedPath(file) || !(readCiphertext(bytes) instanceof Fault)) return ALREADY_ENCRYPTED;
  const sha256 = hash('sha256', bytes);
  const document = { source: file, sourcePath, ...place, sha256 };
  const earlier = options.force
    ? null
    : await compareWithEarlier(repository.root, place.repositoryPath, sha256, identities);
  if (earlier instanceof Fault) return earlier;
  const ciphertext = earlier === 'same' ? null : await encryptFor(recipients, bytes);
  const unsafe = options.remove
    ? await explainUnreadable(repository.root, { ...document, ciphertext }, identities)
    : null;
  return unsafe ?? { ...document, ciphertext };
}

function explainUnread(fault: Fault, folder: string): Fault {
  if (fault.code === UNNAMED_AGE_FILE) return ALREADY_ENCRYPTED;
  if (fault.code !== 'file-not-found') return fault;
  return new Fault(
    fault.code,
    fault.message,
    `Paths begin at the current folder, which is ${visible(folder)}.`,
  );
}

function isLink(path: string): boolean {
  return realPathOf(path) !== join(realPathOf(dirname(path)), basename(path));
}

const LINK = new Fault(
  'not-a-file',
  'this is a link, and --remove would leave the file behind it',
  'Write the path of the file itself, and add --out DIR for another folder.',
);

const ALREADY_ENCRYPTED = new Fault(
  'already-encrypted',
  'this is already an age file',
  'For other recipients, run `regsync rekey`.',
);

/**
 * Returns a fault if the encrypted file exists and its plaintext is not known to be the same. Only an
 * identity can tell.
 */
async function compareWithEarlier(
  root: string,
  path: RepositoryPath,
  sha256: string,
  identities: Identities,
): Promise<'none' | 'same' | Fault> {
  const earlier = readEncrypted(root, path);
  if (earlier instanceof Fault) return earlier.code === 'file-not-found' ? 'none' : existsAlready(path);
  const plaintext = await identities.decrypt(earlier);
  return !(plaintext instanceof Fault) && hash('sha256', plaintext) === sha256 ? 'same' : existsAlready(path);
}

/**
 * Returns a fault if this run could not decrypt the file that replaces the plaintext, because then the
 * plaintext must stay.
 */
async function explainUnreadable(
  root: string,
  { ciphertext, repositoryPath, sha256 }: PreparedDocument,
  identities: Identities,
): Promise<Fault | null> {
  const found = ciphertext === null ? readEncrypted(root, repositoryPath) : readCiphertext(ciphertext);
  const plaintext = found instanceof Fault ? found : await identities.decrypt(found);
  if (plaintext instanceof Fault) {
    return new Fault(
      plaintext.code,
      '--remove needs an identity that can decrypt the new files',
      plaintext.hint,
    );
  }
  return hash('sha256', plaintext) === sha256 ? null : existsAlready(repositoryPath);
}

/** Returns the path of the encrypted file for a plaintext, which must be in the repository. */
async function locateEncryptedFile(
  terminal: Terminal,
  options: EncryptCommandOptions,
  root: string,
  sourcePath: string,
): Promise<{ path: string; repositoryPath: RepositoryPath } | Fault> {
  const wanted = options.out === undefined ? dirname(sourcePath) : resolve(terminal.cwd, options.out);
  const folder = await realpath(wanted).catch(() => null);
  if (folder === null)
    return new Fault(
      'file-not-found',
      'the folder to write it to does not exist',
      'Make it with mkdir, or name another one with --out DIR.',
    );
  if (!isInside(root, folder)) return OUTSIDE;
  const name = `${basename(sourcePath)}.age`;
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return NAME_TOO_LONG;
  const path = join(folder, name);
  const repositoryPath = resolvePath('', pathFrom(root, path));
  return repositoryPath instanceof Fault ? repositoryPath : { path, repositoryPath };
}

/** The limit for one step of a path on every common file system. */
const MAX_NAME_BYTES = 255;

const NAME_TOO_LONG = new Fault(
  'name-too-long',
  `with .age at its end, the name has more than ${MAX_NAME_BYTES} bytes, the limit of file systems`,
  'Give the file a shorter name first.',
);

const OUTSIDE = new Fault(
  'unsafe-path',
  'the encrypted file would be outside of the repository',
  'Add --out DIR, with a folder of the repository.',
);

/** Returns the refusal to replace an encrypted file that may have other content. */
function existsAlready(path: string): Fault {
  const hint = 'Add --force to replace it. With an identity, regsync keeps a file with the same content.';
  return new Fault('file-exists', `${path} already exists`, hint);
}
