import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isEncryptedPath } from '../model/encrypted-path.ts';
import { InvalidInputError } from '../model/errors.ts';
import { LOCK_FILE } from '../model/lock.ts';
import { type Problem, type SourcePosition, sortProblems } from '../model/problem.ts';
import type { Desired } from '../model/resource.ts';
import { suggest } from '../model/suggestion.ts';
import { type Ciphertext, labelOf, readCiphertext } from './ciphertext.ts';
import { findEncrypted } from './encrypted.ts';
import { readRecipients } from './encryption.ts';
import { Fault } from './fault.ts';
import { type Identities, NO_IDENTITIES } from './identities.ts';
import type { ConfigFields } from './manifest.ts';
import { type ParsedFile, parseConfig, parseManifests } from './parse.ts';
import { type RepositoryPath, resolvePath } from './paths.ts';
import {
  confine,
  decodeText,
  digestDocument,
  findUpwards,
  isFolder,
  type ListedFile,
  listManifests,
  readEncrypted,
  readManifest,
  readText,
  realPathOf,
} from './read.ts';
import {
  type DocumentDigest,
  type Environment,
  type FileContents,
  type FileRequests,
  type NamedContents,
  requestFiles,
  resolveManifests,
} from './resolve.ts';
import { quoted, quotedPath } from './visible.ts';

export interface Config {
  readonly scope: string;
  /** Folders and files, relative to the root. */
  readonly manifests: readonly string[];
  readonly limits: { readonly maxDeletes: number; readonly maxDeleteFraction: number };
  readonly expiry: { readonly warnDays: number };
  /** Documents may lie there as they are: nobody is warned of them. */
  readonly allowPlaintextDocuments: boolean;
}

export interface Repository {
  /** The real path of the folder that the configuration stands in. */
  readonly root: string;
  readonly config: Config;
  /** The configuration's file, relative to the root. */
  readonly configFile: string;
  /** Where each of `config.manifests` is written. */
  readonly manifestSources: readonly SourcePosition[];
}

export interface RepositoryOptions {
  readonly cwd: string;
  readonly chdir?: string;
  readonly configFile?: string;
}

export const CONFIG_FILE = 'regsync.yaml';

/**
 * Finds the configuration, from `chdir` or else `cwd` upwards, and reads it. `configFile` names another one; it is
 * relative to the same folder. Throws InvalidInputError.
 */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  const path = findConfig(options);
  const root = realPathOf(dirname(path));
  const configFile = resolvePath('', basename(path));
  if (configFile instanceof Fault) throw invalidConfig([configFile.at(null)]);
  const text = readManifest(root, configFile);
  if (text instanceof Fault) throw invalidConfig([text.about(configFile).atFile(configFile)]);
  const { fields, origin, problems } = parseConfig(configFile, text);
  if (fields === null || origin === null) throw invalidConfig(problems);
  const config = withDefaults(fields);
  const unsafe = config.manifests.flatMap((entry, index) => {
    const entryPath = resolvePath('', entry);
    return entryPath instanceof Fault ? [origin.problem(['manifests', index], entryPath)] : [];
  });
  if (unsafe.length > 0) throw invalidConfig(unsafe);
  const manifestSources = config.manifests.map((_, index) => origin.position(['manifests', index]));
  return { root, config, configFile, manifestSources };
}

/** The same for what works without one too: null where there is no configuration, and none was named. */
export async function findRepository(options: RepositoryOptions): Promise<Repository | null> {
  const folder = resolve(options.cwd, options.chdir ?? '.');
  const isThere =
    options.configFile !== undefined || !isFolder(folder) || findUpwards(folder, CONFIG_FILE) !== null;
  return isThere ? openRepository(options) : null;
}

function findConfig(options: RepositoryOptions): string {
  const folder = resolve(options.cwd, options.chdir ?? '.');
  if (!isFolder(folder)) {
    throw invalidConfig([new Fault('no-config', `no folder ${quotedPath(folder)}`).at(null)]);
  }
  if (options.configFile !== undefined) return resolve(folder, options.configFile);
  const path = findUpwards(folder, CONFIG_FILE);
  if (path !== null) return path;
  const fault = new Fault(
    'no-config',
    `no ${CONFIG_FILE} in ${quotedPath(folder)} or any folder above it`,
    'Run `regsync init` to begin, or point to the repository with --chdir DIR or --config FILE.',
  );
  throw invalidConfig([fault.at(null)]);
}

function invalidConfig(problems: readonly Problem[]): InvalidInputError {
  const [first] = problems;
  const message =
    problems.length === 1 && first !== undefined ? first.message : `${problems.length} problems found`;
  return new InvalidInputError(`the configuration cannot be used: ${message}`, sortProblems(problems));
}

function withDefaults(fields: ConfigFields): Config {
  const { scope, manifests, limits, expiry } = fields;
  return {
    scope,
    manifests: manifests ?? ['groups'],
    limits: { maxDeletes: limits?.max_deletes ?? 10, maxDeleteFraction: limits?.max_delete_fraction ?? 0.3 },
    expiry: { warnDays: expiry?.warn_days ?? 30 },
    allowPlaintextDocuments: fields.allow_plaintext_documents ?? false,
  };
}

export interface LoadOptions {
  /** Null leaves environment variables unread, and encrypted texts too. */
  readonly env: Environment | null;
  /** Without them, encrypted texts are problems. */
  readonly identities?: Identities;
  /** Warns of what is not encrypted, unless the configuration allows that, or is encrypted for others than it should be. */
  readonly warnsOfPlaintext?: boolean;
}

/**
 * Reads every manifest and every file that they point to. All problems in one pass, sorted. What cannot be read is an
 * error, never an absence: an absent manifest is a deletion. Encrypted documents stay encrypted.
 */
export async function loadDesired(repository: Repository, options: LoadOptions): Promise<Loaded> {
  const { root, config } = repository;
  const { parsed, problems } = parseAll(repository);
  const identities = options.env === null ? null : (options.identities ?? NO_IDENTITIES);
  const contents = await readContents(root, requestFiles(parsed), identities);
  const resolved = resolveManifests(parsed, contents, {
    scope: config.scope,
    env: options.env,
    warnsOfPlaintext: options.warnsOfPlaintext === true && !config.allowPlaintextDocuments,
  });
  problems.push(...resolved.problems);
  if (options.warnsOfPlaintext) problems.push(...(await warnOfStaleRecipients(root, parsed)));
  const { desired, named } = resolved;
  return { desired, named, problems: sortProblems(problems), files: parsed.length, parsed, contents };
}

export interface Loaded {
  readonly desired: Desired;
  readonly named: NamedContents;
  readonly problems: Problem[];
  readonly files: number;
  /** What all this was made of: with manifests added to it, it can be resolved again without reading anything. */
  readonly parsed: readonly ParsedFile[];
  readonly contents: FileContents;
}

/** Of what regsync has encrypted: a file that another program made does not say for whom it is. */
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
  'Whoever can decrypt it runs `regsync rekey`.',
);

/** Every manifest of the repository, as written. */
export function parseAll(repository: Repository): { parsed: ParsedFile[]; problems: Problem[] } {
  const { files, problems } = listAll(repository);
  const parsed: ParsedFile[] = [];
  for (const path of files) {
    const text = readManifest(repository.root, path);
    parsed.push(text instanceof Fault ? unreadableFile(text.atFile(path)) : parseManifests(path, text));
  }
  return { parsed, problems: [...problems, ...parsed.flatMap((file) => file.problems)] };
}

/** The manifests' files, as far as they can be found. */
export function listRepositoryFiles(repository: Repository): readonly RepositoryPath[] {
  return listAll(repository).files;
}

function listAll(repository: Repository): { files: RepositoryPath[]; problems: Problem[] } {
  const files = new Map<string, RepositoryPath>();
  const problems: Problem[] = [];
  for (const [index, entry] of repository.config.manifests.entries()) {
    const source = repository.manifestSources[index] ?? null;
    const path = resolvePath('', entry);
    const listing = path instanceof Fault ? path : listManifests(repository.root, path);
    if (listing instanceof Fault) {
      problems.push((path instanceof Fault ? path : listing.about(entry)).at(source));
      continue;
    }
    problems.push(...listing.unreadable.map((unreadable) => unreadable.fault.atFile(unreadable.path)));
    const manifests = listing.files.filter((file) => !isOurs(file, repository));
    if (manifests.length + listing.unreadable.length === 0) problems.push(noManifests(entry).at(source));
    for (const { path: file, realPath } of manifests) if (!files.has(realPath)) files.set(realPath, file);
  }
  return { files: [...files.values()], problems };
}

/** `manifests: [.]` reaches these too. */
function isOurs({ realPath }: ListedFile, { root, configFile }: Repository): boolean {
  return realPath === join(root, configFile) || realPath === join(root, LOCK_FILE);
}

function noManifests(entry: string): Fault {
  return new Fault(
    'no-manifests',
    `there is no manifest in ${quotedPath(entry)}`,
    'Add *.yaml files, or correct `manifests` in regsync.yaml. With --prune, none is taken for none wanted.',
  );
}

function unreadableFile(problem: Problem): ParsedFile {
  return { manifests: [], brokenNames: [], isUnreadable: true, problems: [problem] };
}

/** @param identities null leaves encrypted texts as they are. */
async function readContents(
  root: string,
  requests: FileRequests,
  identities: Identities | null,
): Promise<FileContents> {
  const documents = new Map<RepositoryPath, DocumentDigest | Fault>();
  const texts = new Map<RepositoryPath, string | Fault | null>();
  const ciphertexts = new Map<string, string | Fault | null>();
  for (const path of requests.documents) documents.set(path, readDigest(root, path));
  for (const path of requests.texts) {
    const text = isEncryptedPath(path)
      ? decryptText(readEncrypted(root, path), identities)
      : readText(root, path);
    texts.set(path, await text);
  }
  for (const written of requests.ciphertexts) {
    ciphertexts.set(written, await decryptText(readCiphertext(Buffer.from(written)), identities));
  }
  return { documents, texts, ciphertexts };
}

function readDigest(root: string, path: RepositoryPath): DocumentDigest | Fault {
  if (isEncryptedPath(path)) {
    const ciphertext = readEncrypted(root, path);
    return ciphertext instanceof Fault ? ciphertext : { sha256: null, bytes: ciphertext.fileBytes };
  }
  const digest = digestDocument(root, path);
  return digest instanceof Fault && digest.code === 'file-not-found'
    ? hintAtEncrypted(root, path, digest)
    : digest;
}

/** Whoever has just encrypted a document and removed it has the manifest still to change. */
function hintAtEncrypted(root: string, path: RepositoryPath, missing: Fault): Fault {
  const encrypted = resolvePath('', `${path}.age`);
  if (encrypted instanceof Fault || confine(root, encrypted) instanceof Fault) return missing;
  const hint = `${quotedPath(encrypted)} is there: let "file" end in .age, and pin its "sha256".`;
  return new Fault(missing.code, missing.message, hint);
}

async function decryptText(
  ciphertext: Ciphertext | Fault,
  identities: Identities | null,
): Promise<string | Fault | null> {
  if (ciphertext instanceof Fault) return ciphertext;
  if (identities === null) return null;
  const bytes = await identities.decrypt(ciphertext);
  return bytes instanceof Fault ? bytes : decodeText(bytes);
}

/**
 * The groups that a run is narrowed to: those in files or folders `paths` (relative to `cwd`) and, where `targets` are
 * given too, of these names. A path or name that stands for no group is a problem, since it is a mistake.
 */
export function selectGroups(
  repository: Repository,
  desired: Desired,
  options: { readonly paths: readonly string[]; readonly targets: readonly string[]; readonly cwd: string },
): { names: ReadonlySet<string>; problems: Problem[] } {
  const problems: Problem[] = [];
  const names = desired.groups.map((group) => group.name);
  for (const target of options.targets) {
    if (names.includes(target)) continue;
    const meant = suggest(target, names);
    const hint = meant === null ? undefined : `Did you mean "${meant}"?`;
    problems.push(
      new Fault('unknown-target', `no requirement group is named ${quoted(target)}`, hint).at(null),
    );
  }
  const inPaths = new Set<string>();
  for (const written of options.paths) {
    const paths = relativeToRoot(repository.root, resolve(options.cwd, written));
    const found = desired.groups.filter(({ source }) => paths.some((path) => isWithin(source.file, path)));
    for (const group of found) inPaths.add(group.name);
    if (found.length === 0) {
      const message = `no requirement group stands in ${quotedPath(written)}`;
      problems.push(new Fault('unknown-path', message, `Paths are looked up from ${options.cwd}.`).at(null));
    }
  }
  const selected = names.filter(
    (name) =>
      (options.targets.length === 0 || options.targets.includes(name)) &&
      (options.paths.length === 0 || inPaths.has(name)),
  );
  if (selected.length === 0 && problems.length === 0 && options.targets.length > 0) {
    const message = 'none of the targets stands in the paths that are given';
    problems.push(new Fault('nothing-selected', message).at(null));
  }
  return { names: new Set(selected), problems };
}

/** With `/`. A link counts by its own name and by what it leads to. */
function relativeToRoot(root: string, path: string): string[] {
  const places = [resolve(realPathOf(dirname(path)), basename(path)), realPathOf(path)];
  return places.map((place) => relative(root, place).split(sep).join('/'));
}

function isWithin(file: string, path: string): boolean {
  return path === '' || file === path || file.startsWith(`${path}/`);
}
