import { join } from 'node:path';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type Ciphertext, labelOf, readCiphertext } from '../manifest/encryption/ciphertext.ts';
import { type Identities, NO_IDENTITIES } from '../manifest/encryption/identities.ts';
import { readEncrypted } from '../manifest/encryption/read-encrypted.ts';
import { readRecipients } from '../manifest/encryption/recipients.ts';
import { Fault } from '../manifest/fault.ts';
import {
  type Checkout,
  explainAbsence,
  findMissingManifests,
  readCheckout,
} from '../manifest/files/checkout.ts';
import { listManifests } from '../manifest/files/list-manifests.ts';
import { hintAtNearPath } from '../manifest/files/near-path.ts';
import { type RepositoryPath, resolvePath } from '../manifest/files/paths.ts';
import { readDigest } from '../manifest/files/read-digest.ts';
import { decodeText, readManifest, readText } from '../manifest/files/read-text.ts';
import { findStrayManifests } from '../manifest/files/stray.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type ParsedFile, parseManifests } from '../manifest/parse.ts';
import type { Repository } from '../manifest/repository.ts';
import type { DocumentDigest, FileContents, Variables } from '../manifest/resolution.ts';
import { quotedPath } from '../manifest/visible.ts';
import { InvalidInputError } from '../model/errors.ts';
import { LOCK_FILE } from '../model/lock.ts';
import { isEncryptedPath } from '../model/privacy/encrypted-path.ts';
import { type Problem, sortProblems } from '../model/problem.ts';
import type { Desired } from '../model/resource.ts';
import { findEncrypted } from './encrypted.ts';
import { type FileRequests, requestFiles } from './request-files.ts';
import { type NamedContents, resolveManifests } from './resolve.ts';

export interface LoadOptions {
  /** The environment. Null leaves environment variables unread, and encrypted texts too. */
  readonly env: Variables | null;
  /** The keys, without which encrypted texts are problems. */
  readonly identities?: Identities;
  /**
   * Warns of plaintext files unless the configuration allows them, of files that are encrypted for other
   * recipients than they should be, and of documents whose content regsync does not recognise.
   */
  readonly warnsOfPlaintext?: boolean;
  /** Gives notice of manifests outside of the manifest folders. */
  readonly looksElsewhere?: boolean;
  /** Warns of documents that have expired on this day, `YYYY-MM-DD`. */
  readonly today?: string;
}

/**
 * Reads every manifest and every file that they point to, and returns all problems, sorted. An unreadable
 * manifest is an error and never absent, because an absent manifest is a deletion. Encrypted documents stay
 * encrypted.
 */
export async function loadDesired(repository: Repository, options: LoadOptions): Promise<Loaded> {
  return loadParsed(repository, await parseAll(repository), options);
}

/**
 * Reads the files that these manifests point to, and resolves them.
 *
 * @param concerned the manifests that may be called unused, if others were left unread.
 */
export async function loadParsed(
  repository: Repository,
  { parsed, problems: found }: Parsed,
  options: LoadOptions,
  concerned?: ReadonlySet<Manifest>,
): Promise<Loaded> {
  const { root, config } = repository;
  const problems = [...found];
  const identities = options.env === null ? null : (options.identities ?? NO_IDENTITIES);
  const contents = explainMissing(root, await readContents(root, requestFiles(parsed), identities));
  const resolved = resolveManifests(parsed, contents, {
    scope: config.scope,
    ...(config.formerScope === null ? {} : { formerScope: config.formerScope }),
    env: options.env,
    warnsOfPlaintext: options.warnsOfPlaintext === true && !config.allowPlaintextDocuments,
    warnsOfContent: options.warnsOfPlaintext === true,
    ...(options.today === undefined ? {} : { today: options.today }),
    ...(concerned === undefined ? {} : { concerned }),
  });
  problems.push(...resolved.problems);
  if (options.looksElsewhere) problems.push(...lookElsewhere(repository));
  if (options.warnsOfPlaintext) problems.push(...(await warnOfStaleRecipients(root, parsed)));
  const { desired, named } = resolved;
  return { desired, named, problems: sortProblems(problems), files: parsed.length, parsed, contents };
}

function lookElsewhere({ root, config, configFile, allManifests = config.manifests }: Repository): Problem[] {
  const folders = allManifests.map((entry) => join(root, entry));
  return findStrayManifests(root, configFile, folders);
}

export interface Loaded {
  readonly desired: Desired;
  readonly named: NamedContents;
  readonly problems: Problem[];
  readonly files: number;
  /**
   * The sources of the result. With manifests added to them, they can be resolved again without reading
   * anything.
   */
  readonly parsed: readonly ParsedFile[];
  readonly contents: FileContents;
}

/**
 * Warns only of ciphertexts that regsync has made, because those of other programs do not name their
 * recipients.
 */
async function warnOfStaleRecipients(root: string, parsed: readonly ParsedFile[]): Promise<Problem[]> {
  const { files, texts } = findEncrypted(parsed);
  if (files.length + texts.length === 0) return [];
  const recipients = await readRecipients(root).catch(problemsOf);
  if (recipients instanceof InvalidInputError) {
    const mistakes = recipients.problems.filter(({ code }) => code !== 'no-recipients');
    return mistakes.map((problem) => ({ ...problem, severity: 'warning' }));
  }
  const label = labelOf(recipients);
  const isStale = (found: Ciphertext | Fault): boolean =>
    !(found instanceof Fault) && found.label !== null && found.label !== label;
  const stale: Problem[] = [];
  for (const { path, source } of files) {
    if (isStale(readEncrypted(root, path))) stale.push(STALE.about(path).at(source, 'warning'));
  }
  for (const { armored, source } of texts) {
    if (isStale(readCiphertext(Buffer.from(armored)))) stale.push(STALE.at(source, 'warning'));
  }
  return stale;
}

function problemsOf(error: unknown): InvalidInputError {
  if (error instanceof InvalidInputError) return error;
  throw error;
}

const STALE = new Fault(
  'stale-recipients',
  'this is encrypted for other recipients than those in .regsync/recipients',
  'Run `regsync rekey`, or ask a colleague who can decrypt it.',
);

/** Reads every manifest of the repository, as written. */
export async function parseAll(repository: Repository): Promise<Parsed> {
  const { root } = repository;
  const { files, problems, folders } = listAll(repository);
  const missing = findMissingManifests(root, readCheckout(root), folders);
  const parsed = await inTurns(files, (path) => parseFile(root, path));
  return { parsed, problems: [...problems, ...missing, ...parsed.flatMap((file) => file.problems)] };
}

/** Reads one file of manifests, as written. */
export function parseFile(root: string, path: RepositoryPath): ParsedFile {
  const text = readManifest(root, path);
  return text instanceof Fault ? unreadableFile(text.atFile(path)) : parseManifests(path, text);
}

export interface Parsed {
  readonly parsed: readonly ParsedFile[];
  readonly problems: readonly Problem[];
}

/**
 * Adds the next step for missing files: why git does not have them here, or which file has a similar name.
 */
function explainMissing(root: string, { documents, texts, ciphertexts }: FileContents): FileContents {
  let checkout: Checkout | null = null;
  const explain = <Read>(path: RepositoryPath, read: Read | Fault): Read | Fault => {
    if (!(read instanceof Fault) || read.code !== 'file-not-found' || read.hint !== undefined) return read;
    checkout ??= readCheckout(root);
    const hint = hintAtNearPath(root, path);
    return (
      explainAbsence(root, checkout, path) ??
      (hint === null ? read : new Fault(read.code, read.message, hint))
    );
  };
  return {
    documents: new Map([...documents].map(([path, read]) => [path, explain(path, read)])),
    texts: new Map([...texts].map(([path, read]) => [path, explain(path, read)])),
    ciphertexts,
  };
}

/** Returns the manifests' files, as far as they can be found. */
export function listRepositoryFiles(repository: Repository): readonly RepositoryPath[] {
  return listAll(repository).files;
}

export interface AllManifests {
  readonly files: readonly RepositoryPath[];
  readonly problems: readonly Problem[];
  /** The absolute paths that were searched, or should have been. */
  readonly folders: readonly string[];
}

/** Returns the manifests' files, as far as they can be found, and where else they may be. */
export function listAll(repository: Repository): AllManifests {
  const files = new Map<string, RepositoryPath>();
  const folders = new Set<string>();
  const problems: Problem[] = [];
  const ours = filesOfOurs(repository);
  for (const [index, entry] of repository.config.manifests.entries()) {
    const source = repository.manifestSources[index] ?? null;
    const path = resolvePath('', entry);
    if (!(path instanceof Fault)) folders.add(join(repository.root, path));
    const listing = path instanceof Fault ? path : listManifests(repository.root, path);
    if (listing instanceof Fault) {
      problems.push(
        (path instanceof Fault ? path : missingEntry(repository.root, path, listing).about(entry)).at(source),
      );
      continue;
    }
    for (const folder of listing.folders) folders.add(folder);
    problems.push(...listing.unreadable.map((unreadable) => unreadable.fault.atFile(unreadable.path)));
    const manifests = listing.files.filter(({ realPath }) => !ours.includes(realPath));
    if (manifests.length + listing.unreadable.length === 0) problems.push(noManifests(entry).at(source));
    for (const { path: file, realPath } of manifests) if (!files.has(realPath)) files.set(realPath, file);
  }
  return { files: [...files.values()], problems, folders: [...folders] };
}

function missingEntry(root: string, path: RepositoryPath, fault: Fault): Fault {
  const hint = fault.code === 'file-not-found' ? hintAtNearPath(root, path) : null;
  return new Fault(fault.code, fault.message, hint ?? fault.hint);
}

/** Returns the other files that `manifests: [.]` reaches. */
function filesOfOurs({ root, configFile }: Repository): readonly string[] {
  return [join(root, configFile), join(root, LOCK_FILE)];
}

function noManifests(entry: string): Fault {
  return new Fault(
    'no-manifests',
    `the folder ${quotedPath(entry)} contains no manifests`,
    'Add *.yaml files, or correct `manifests` in regsync.yaml. To delete all groups on purpose, add --prune.',
  );
}

function unreadableFile(problem: Problem): ParsedFile {
  return { manifests: [], brokenNames: [], isUnreadable: true, problems: [problem] };
}

/** @param identities the keys, or null to leave encrypted texts unread. */
export async function readContents(
  root: string,
  requests: FileRequests,
  identities: Identities | null,
): Promise<FileContents> {
  const texts = new Map<RepositoryPath, string | Fault | null>();
  const ciphertexts = new Map<string, string | Fault | null>();
  const documents = await inTurns(requests.documents, (path): [RepositoryPath, DocumentDigest | Fault] => [
    path,
    readDigest(root, path),
  ]);
  for (const path of requests.texts) {
    const text = isEncryptedPath(path)
      ? decryptText(readEncrypted(root, path), identities)
      : readText(root, path);
    texts.set(path, await text);
  }
  for (const written of requests.ciphertexts) {
    ciphertexts.set(written, await decryptText(readCiphertext(Buffer.from(written)), identities));
  }
  return { documents: new Map(documents), texts, ciphertexts };
}

/** Reads file after file, which blocks the process. Signals and timers get their turn now and then. */
async function inTurns<Read>(
  paths: Iterable<RepositoryPath>,
  read: (path: RepositoryPath) => Read,
): Promise<Read[]> {
  const results: Read[] = [];
  for (const path of paths) {
    results.push(read(path));
    if (results.length % FILES_IN_A_TURN === 0) await letOthersRun();
  }
  return results;
}

const FILES_IN_A_TURN = 50;

async function decryptText(
  ciphertext: Ciphertext | Fault,
  identities: Identities | null,
): Promise<string | Fault | null> {
  if (ciphertext instanceof Fault) return ciphertext;
  if (identities === null) return null;
  const bytes = await identities.decrypt(ciphertext);
  return bytes instanceof Fault ? bytes : decodeText(bytes);
}
