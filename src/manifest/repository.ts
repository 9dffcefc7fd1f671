import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isEncryptedPath } from '../model/encrypted-path.ts';
import { InvalidInputError } from '../model/errors.ts';
import { LOCK_FILE } from '../model/lock.ts';
import { type Problem, type SourcePosition, sortProblems } from '../model/problem.ts';
import { countSelected, type Desired, type DesiredGroup, type Selected } from '../model/resource.ts';
import { isInShard } from '../model/shard.ts';
import { suggest } from '../model/suggestion.ts';
import { type Ciphertext, labelOf, readCiphertext } from './ciphertext.ts';
import { findEncrypted } from './encrypted.ts';
import { readRecipients } from './encryption.ts';
import { Fault } from './fault.ts';
import { type Identities, NO_IDENTITIES } from './identities.ts';
import type { ConfigFields, Origin, Path } from './manifest.ts';
import { type ParsedFile, parseConfig, parseManifests } from './parse.ts';
import { type RepositoryPath, resolvePath } from './paths.ts';
import {
  decodeText,
  findUpwards,
  isFolder,
  listManifests,
  readEncrypted,
  readManifest,
  readText,
  realPathOf,
} from './read.ts';
import { FileReader } from './read-many.ts';
import type { DocumentDigest, Environment, FileContents } from './resolution.ts';
import { type NamedContents, resolveManifests } from './resolve.ts';
import { type FileRequests, requestFiles } from './resolve-requirements.ts';
import { quoted, quotedPath } from './visible.ts';

export interface Config {
  readonly scope: string;
  /** Folders and files, relative to the root. */
  readonly manifests: readonly string[];
  readonly limits: { readonly maxDeletes: number; readonly maxDeleteFraction: number };
  readonly expiry: { readonly warnDays: number };
  /** Documents may lie there as they are: nobody is warned of them. */
  readonly allowPlaintextDocuments: boolean;
  /** Null where the repository has no `accounts`. */
  readonly account: ConfiguredAccount | null;
}

/** One of several accounts that a repository serves: how it is reached. `scope` and `manifests` are those of it, too. */
export interface ConfiguredAccount {
  readonly name: string;
  /** The environment variable that holds its API key. */
  readonly keyEnv: string;
  readonly baseUrl: string | null;
}

/** Of one account, where there are several. */
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
  /** Its name: the only one, if there is but one. */
  readonly account?: string;
}

export const CONFIG_FILE = 'regsync.yaml';

/**
 * Finds the configuration, from `chdir` or else `cwd` upwards, and reads it. `configFile` names another one; it is
 * relative to the same folder. Throws InvalidInputError, also where it is not clear which of several accounts is meant.
 */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  const repositories = await openRepositories(options);
  if (repositories.length > 1) throw whichAccount(repositories);
  return repositories[0];
}

/** The same for what concerns all accounts, or those that `options` name: one without any, and never none. */
export async function openRepositories(
  options: RepositoryOptions,
): Promise<readonly [Repository, ...Repository[]]> {
  const path = findConfig(options);
  const root = realPathOf(dirname(path));
  const configFile = resolvePath('', basename(path));
  if (configFile instanceof Fault) throw invalidConfig([configFile.at(null)]);
  const text = readManifest(root, configFile);
  if (text instanceof Fault) throw invalidConfig([text.about(configFile).atFile(configFile)]);
  const { fields, origin, problems } = parseConfig(configFile, text);
  if (fields === null || origin === null) throw invalidConfig(problems);
  const parts = partsOf(fields);
  const unsafe = [...parts.flatMap((part) => unsafePaths(part, origin)), ...repeatedAccounts(fields, origin)];
  if (unsafe.length > 0) throw invalidConfig(unsafe);
  const repositories = parts.map(({ config, path: written }) => {
    const manifestSources = config.manifests.map((_, index) => origin.position([...written, index]));
    return { root, config, configFile, manifestSources };
  });
  return chooseAccount(repositories, options.account);
}

/** The same two for what works without one too: null where there is no configuration, and none was named. */
export async function findRepository(options: RepositoryOptions): Promise<Repository | null> {
  return isConfigured(options) ? openRepository(options) : null;
}

export async function findRepositories(
  options: RepositoryOptions,
): Promise<readonly [Repository, ...Repository[]] | null> {
  return isConfigured(options) ? openRepositories(options) : null;
}

function isConfigured({ cwd, chdir, configFile }: RepositoryOptions): boolean {
  const folder = resolve(cwd, chdir ?? '.');
  return configFile !== undefined || !isFolder(folder) || findUpwards(folder, CONFIG_FILE) !== null;
}

/** What one run is about, and where its `manifests` are written. */
interface Part {
  readonly config: Config;
  readonly path: Path;
}

function partsOf(fields: ConfigFields): Part[] {
  if (fields.accounts === undefined) {
    const { scope = '', manifests = ['groups'] } = fields;
    return [{ config: withDefaults(fields, { scope, manifests, account: null }), path: ['manifests'] }];
  }
  return fields.accounts.map(
    ({ name, scope, manifests, key_env: keyEnv, base_url: baseUrl = null }, index) => ({
      config: withDefaults(fields, { scope, manifests, account: { name, keyEnv, baseUrl } }),
      path: ['accounts', index, 'manifests'],
    }),
  );
}

function unsafePaths({ config, path }: Part, origin: Origin): Problem[] {
  return config.manifests.flatMap((entry, index) => {
    const entryPath = resolvePath('', entry);
    return entryPath instanceof Fault ? [origin.problem([...path, index], entryPath)] : [];
  });
}

/** Two accounts of one scope could not be told apart in a comment, nor in a plan. */
function repeatedAccounts({ accounts = [] }: ConfigFields, origin: Origin): Problem[] {
  return (['name', 'scope'] as const).flatMap((key) =>
    accounts.flatMap((account, index) => {
      const isRepeated = accounts.slice(0, index).some((earlier) => earlier[key] === account[key]);
      const fault = new Fault(
        'duplicate-account',
        `another account has the ${key} ${quoted(account[key])} already`,
      );
      return isRepeated ? [origin.problem(['accounts', index, key], fault)] : [];
    }),
  );
}

function chooseAccount(
  repositories: readonly Repository[],
  wanted: string | undefined,
): readonly [Repository, ...Repository[]] {
  const chosen =
    wanted === undefined
      ? repositories
      : repositories.filter(({ config }) => config.account?.name === wanted);
  const [first, ...others] = chosen;
  if (first !== undefined) return [first, ...others];
  const shown = quoted(wanted ?? '');
  const names = accountNames(repositories);
  if (names.length === 0) {
    throw new InvalidInputError(`--account ${shown} is given, and ${CONFIG_FILE} has no accounts`);
  }
  const meant = suggest(wanted ?? '', names);
  const hint = meant === null ? `There are: ${names.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new InvalidInputError(`no account is named ${shown}. ${hint}`);
}

function whichAccount(repositories: readonly Repository[]): InvalidInputError {
  const names = accountNames(repositories).join(', ');
  return new InvalidInputError(
    `${CONFIG_FILE} has several accounts, and a run is about one of them: give --account NAME, one of ${names}`,
  );
}

/** All manifests of several accounts, to read them as they are written: their names are not unique in it. */
export function uniteRepositories(repositories: readonly [Repository, ...Repository[]]): Repository {
  const [first] = repositories;
  const manifests = repositories.flatMap(({ config }) => config.manifests);
  const manifestSources = repositories.flatMap((repository) => repository.manifestSources);
  return { ...first, config: { ...first.config, manifests }, manifestSources };
}

function accountNames(repositories: readonly Repository[]): string[] {
  return repositories.flatMap(({ config }) => (config.account === null ? [] : [config.account.name]));
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

function withDefaults(fields: ConfigFields, own: Pick<Config, 'scope' | 'manifests' | 'account'>): Config {
  const { limits, expiry } = fields;
  return {
    ...own,
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
  /** For whoever has something to do meanwhile. */
  readonly watcher?: LoadWatcher;
}

export interface LoadWatcher {
  /** Before the first of so many files is read. */
  readonly onListed: (repository: Repository, files: number) => void;
  /** Some files at a time, problems or not; all of them before the first document is read. */
  readonly onParsed: (parsed: readonly ParsedFile[]) => void;
}

/**
 * Reads every manifest and every file that they point to. All problems in one pass, sorted. What cannot be read is an
 * error, never an absence: an absent manifest is a deletion. Encrypted documents stay encrypted.
 */
export async function loadDesired(repository: Repository, options: LoadOptions): Promise<Loaded> {
  const { root, config } = repository;
  const reader = new FileReader(root);
  const { parsed, problems, contents } = await readAll(repository, reader, options).finally(() =>
    reader.close(),
  );
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

async function readAll(repository: Repository, reader: FileReader, options: LoadOptions) {
  const { parsed, problems } = await parseFiles(repository, reader, options.watcher);
  const identities = options.env === null ? null : (options.identities ?? NO_IDENTITIES);
  const contents = await readContents(repository.root, reader, requestFiles(parsed), identities);
  return { parsed, problems, contents };
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
export async function parseAll(repository: Repository): Promise<Parsed> {
  const reader = new FileReader(repository.root);
  return parseFiles(repository, reader).finally(() => reader.close());
}

interface Parsed {
  readonly parsed: ParsedFile[];
  readonly problems: Problem[];
}

async function parseFiles(
  repository: Repository,
  reader: FileReader,
  watcher?: LoadWatcher,
): Promise<Parsed> {
  const { files, problems } = listAll(repository);
  watcher?.onListed(repository, files.length);
  const parsed: ParsedFile[] = [];
  for await (const texts of reader.read('manifest', files)) {
    const before = parsed.length;
    for (const text of texts) {
      const path = files[parsed.length] as RepositoryPath;
      parsed.push(text instanceof Fault ? unreadableFile(text.atFile(path)) : parseManifests(path, text));
    }
    watcher?.onParsed(parsed.slice(before));
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
  const ours = filesOfOurs(repository);
  for (const [index, entry] of repository.config.manifests.entries()) {
    const source = repository.manifestSources[index] ?? null;
    const path = resolvePath('', entry);
    const listing = path instanceof Fault ? path : listManifests(repository.root, path);
    if (listing instanceof Fault) {
      problems.push((path instanceof Fault ? path : listing.about(entry)).at(source));
      continue;
    }
    problems.push(...listing.unreadable.map((unreadable) => unreadable.fault.atFile(unreadable.path)));
    const manifests = listing.files.filter(({ realPath }) => !ours.includes(realPath));
    if (manifests.length + listing.unreadable.length === 0) problems.push(noManifests(entry).at(source));
    for (const { path: file, realPath } of manifests) if (!files.has(realPath)) files.set(realPath, file);
  }
  return { files: [...files.values()], problems };
}

/** `manifests: [.]` reaches these too. */
function filesOfOurs({ root, configFile }: Repository): readonly string[] {
  return [join(root, configFile), join(root, LOCK_FILE)];
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
  reader: FileReader,
  requests: FileRequests,
  identities: Identities | null,
): Promise<FileContents> {
  const documents = new Map<RepositoryPath, DocumentDigest | Fault>();
  const texts = new Map<RepositoryPath, string | Fault | null>();
  const ciphertexts = new Map<string, string | Fault | null>();
  const documentPaths = [...requests.documents];
  for await (const digests of reader.read('document', documentPaths)) {
    for (const digest of digests) documents.set(documentPaths[documents.size] as RepositoryPath, digest);
  }
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
 * The manifests that a run is narrowed to: those in files or folders `paths` (relative to `cwd`) and, where `targets` are
 * given too, of these names; of those, what belongs to the shard. A path or name that stands for none is a problem, since it is
 * a mistake. A shard may well hold none: whoever deals does not know the names.
 */
export function selectManifests(
  repository: Repository,
  desired: Desired,
  options: {
    readonly paths: readonly string[];
    readonly targets: readonly string[];
    readonly shard?: string;
    readonly cwd: string;
  },
): { selected: Selected; problems: Problem[] } {
  const problems: Problem[] = [];
  const { groups, numberOrders, portingOrders } = desired;
  const all: readonly Selectable[] = [...groups, ...numberOrders, ...portingOrders];
  const names = new Set(all.map(({ name }) => name));
  for (const target of options.targets) {
    if (names.has(target)) continue;
    const meant = suggest(target, names);
    const hint = meant === null ? undefined : `Did you mean "${meant}"?`;
    problems.push(new Fault('unknown-target', `no group or order is named ${quoted(target)}`, hint).at(null));
  }
  const inPaths = new Set<Selectable>();
  for (const written of options.paths) {
    const paths = relativeToRoot(repository.root, resolve(options.cwd, written));
    const found = all.filter(({ source }) => paths.some((path) => isWithin(source.file, path)));
    for (const manifest of found) inPaths.add(manifest);
    if (found.length === 0) {
      const message = `no group or order stands in ${quotedPath(written)}`;
      problems.push(new Fault('unknown-path', message, `Paths are looked up from ${options.cwd}.`).at(null));
    }
  }
  const select = (manifests: readonly Selectable[]): ReadonlySet<string> =>
    new Set(
      manifests
        .filter(
          (manifest) =>
            (options.targets.length === 0 || options.targets.includes(manifest.name)) &&
            (options.paths.length === 0 || inPaths.has(manifest)),
        )
        .map(({ name }) => name),
    );
  const selected = {
    groups: select(groups),
    numberOrders: select(numberOrders),
    portingOrders: select(portingOrders),
  };
  if (countSelected(selected) === 0 && problems.length === 0 && options.targets.length > 0) {
    const message = 'none of the targets stands in the paths that are given';
    problems.push(new Fault('nothing-selected', message).at(null));
  }
  const { shard } = options;
  return { selected: shard === undefined ? selected : partOf(selected, shard, desired), problems };
}

/** An order goes where its group goes: it is placed with what the group holds by then. */
function partOf(
  { groups, numberOrders, portingOrders }: Selected,
  shard: string,
  desired: Pick<Desired, 'numberOrders' | 'portingOrders'>,
): Selected {
  const own = (names: ReadonlySet<string>, dealtAs: ReadonlyMap<string, string>) =>
    new Set([...names].filter((name) => isInShard(dealtAs.get(name) ?? name, shard)));
  const withGroups = (orders: Desired['numberOrders'] | Desired['portingOrders']) =>
    new Map(orders.map(({ name, group }) => [name, group?.name ?? name]));
  return {
    groups: own(groups, new Map()),
    numberOrders: own(numberOrders, withGroups(desired.numberOrders)),
    portingOrders: own(portingOrders, withGroups(desired.portingOrders)),
  };
}

/** A group and an order may have the same name. */
type Selectable = Pick<DesiredGroup, 'name' | 'source'>;

/** With `/`. A link counts by its own name and by what it leads to. */
function relativeToRoot(root: string, path: string): string[] {
  const places = [resolve(realPathOf(dirname(path)), basename(path)), realPathOf(path)];
  return places.map((place) => relative(root, place).split(sep).join('/'));
}

function isWithin(file: string, path: string): boolean {
  return path === '' || file === path || file.startsWith(`${path}/`);
}
