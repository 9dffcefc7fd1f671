import { basename, dirname, resolve } from 'node:path';
import { findUpwards, isFolder, realPathOf } from '../files/paths.ts';
import { InvalidInputError } from '../model/errors.ts';
import { NEXT_STEPS } from '../model/next-steps.ts';
import { type Problem, type SourcePosition, sortProblems } from '../model/problem.ts';
import { suggest } from '../model/text/suggestion.ts';
import { Fault } from './fault.ts';
import { resolvePath } from './files/paths.ts';
import { readManifest } from './files/read-text.ts';
import type { ConfigFields, Origin, Path, PolicyFields } from './manifest.ts';
import { parseConfig } from './parse.ts';
import { quoted, quotedPath } from './visible.ts';

export interface Config {
  readonly scope: string;
  /** The scope that the repository had before, whose groups are adopted by name. Null if there is none. */
  readonly formerScope: string | null;
  /** Folders and files, relative to the root. */
  readonly manifests: readonly string[];
  readonly limits: { readonly maxDeletes: number; readonly maxDeleteFraction: number };
  readonly expiry: { readonly warnDays: number };
  /** Is true if documents may be unencrypted without a warning. */
  readonly allowPlaintextDocuments: boolean;
  /** The policies, each with its position. Absent if the configuration names none. */
  readonly policies?: readonly ConfiguredPolicy[];
  /** The account. Null if the repository has no `accounts`. */
  readonly account: ConfiguredAccount | null;
}

export interface ConfiguredPolicy extends PolicyFields {
  readonly source: SourcePosition;
}

/** One of a repository's accounts. The config's `scope` and `manifests` are this account's. */
export interface ConfiguredAccount {
  readonly name: string;
  /** The environment variable that holds its API key. */
  readonly keyEnv: string;
  readonly baseUrl: string | null;
}

/** The repository as one run sees it: of a single account, if there are several. */
export interface Repository {
  /** The real path of the folder that contains the configuration. */
  readonly root: string;
  readonly config: Config;
  /** The configuration's file, relative to the root. */
  readonly configFile: string;
  /** The position of each of `config.manifests` in the configuration. */
  readonly manifestSources: readonly SourcePosition[];
  /** The manifests of all accounts. Absent if the configuration has no accounts. */
  readonly allManifests?: readonly string[];
}

export interface RepositoryOptions {
  readonly cwd: string;
  readonly configFile?: string;
  /** The account's name. Not needed if there is only one. */
  readonly account?: string;
}

export const CONFIG_FILE = 'regsync.yaml';

/**
 * Finds the configuration from `cwd` upwards, and reads it. `configFile` names another file, relative to
 * `cwd`.
 *
 * @throws InvalidInputError, also if there are several accounts and `account` names none.
 */
export async function openRepository(options: RepositoryOptions): Promise<Repository> {
  const repositories = await openRepositories(options);
  if (repositories.length > 1) throw whichAccount(repositories);
  return repositories[0];
}

/**
 * Opens the repository for each account, or for the one that `options` names. A repository without accounts
 * counts as one, so the result is never empty.
 */
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
  const unsafe = [
    ...parts.flatMap((part) => unsafePaths(part, origin)),
    ...repeatedAccounts(fields, origin),
    ...formerScopesInUse(fields, origin),
  ];
  if (unsafe.length > 0) throw invalidConfig(unsafe);
  const ofAccounts =
    fields.accounts === undefined ? {} : { allManifests: parts.flatMap(({ config }) => config.manifests) };
  const policies = (fields.policies ?? []).map((policy, index) => ({
    ...policy,
    source: origin.position(['policies', index, 'file']),
  }));
  const repositories = parts.map(({ config: own, path: written }) => {
    const config = policies.length === 0 ? own : { ...own, policies };
    const manifestSources = config.manifests.map((_, index) => origin.position([...written, index]));
    return { root, config, configFile, manifestSources, ...ofAccounts };
  });
  return chooseAccount(repositories, options.account);
}

/** Opens the repository, or returns null if there is no configuration and `configFile` names none. */
export async function findRepository(options: RepositoryOptions): Promise<Repository | null> {
  return isConfigured(options) ? openRepository(options) : null;
}

export async function findRepositories(
  options: RepositoryOptions,
): Promise<readonly [Repository, ...Repository[]] | null> {
  return isConfigured(options) ? openRepositories(options) : null;
}

function isConfigured({ cwd, configFile }: RepositoryOptions): boolean {
  return configFile !== undefined || !isFolder(cwd) || findUpwards(cwd, CONFIG_FILE) !== null;
}

/** The configuration of one account or of the whole repository, and the path of its `manifests`. */
interface Part {
  readonly config: Config;
  readonly path: Path;
}

function partsOf(fields: ConfigFields): Part[] {
  const { limits, expiry, allow_plaintext_documents: allowPlaintextDocuments = false } = fields;
  const shared = {
    limits: { maxDeletes: limits?.max_deletes ?? 10, maxDeleteFraction: limits?.max_delete_fraction ?? 0.3 },
    expiry: { warnDays: expiry?.warn_days ?? 30 },
    allowPlaintextDocuments,
  };
  if (fields.accounts === undefined) {
    const { scope = '', former_scope: formerScope = null, manifests = ['groups'] } = fields;
    const config = { scope, formerScope, manifests, account: null, ...shared };
    return [{ config, path: ['manifests'] }];
  }
  return fields.accounts.map((account, index) => {
    const { name, scope, former_scope: formerScope = null, manifests } = account;
    const { key_env: keyEnv, base_url: baseUrl = null } = account;
    const config = { scope, formerScope, manifests, account: { name, keyEnv, baseUrl }, ...shared };
    return { config, path: ['accounts', index, 'manifests'] };
  });
}

function unsafePaths({ config, path }: Part, origin: Origin): Problem[] {
  return config.manifests.flatMap((entry, index) => {
    const entryPath = resolvePath('', entry);
    return entryPath instanceof Fault ? [origin.problem([...path, index], entryPath)] : [];
  });
}

/**
 * Refuses two accounts with one name or scope, because neither a comment nor a plan could tell them apart.
 */
function repeatedAccounts({ accounts = [] }: ConfigFields, origin: Origin): Problem[] {
  return (['name', 'scope'] as const).flatMap((key) =>
    accounts.flatMap((account, index) => {
      const isRepeated = accounts.slice(0, index).some((earlier) => earlier[key] === account[key]);
      const fault = new Fault(
        'duplicate-account',
        `another account already has the ${key} ${quoted(account[key])}`,
      );
      return isRepeated ? [origin.problem(['accounts', index, key], fault)] : [];
    }),
  );
}

/** Refuses a former scope that is in use, since its manifests would lose their groups to another scope. */
function formerScopesInUse(fields: ConfigFields, origin: Origin): Problem[] {
  const { accounts } = fields;
  const parts = accounts ?? [fields];
  const inUse = new Set(parts.map(({ scope }) => scope));
  return parts.flatMap(({ former_scope: former }, index) => {
    if (former === undefined || !inUse.has(former)) return [];
    const fault = new Fault(
      'former-scope-in-use',
      `${quoted(former)} is the scope of this repository ${accounts === undefined ? 'now' : 'for an account'}: a former scope is one that it has no more`,
      'Write the scope that this repository had before, or remove `former_scope`.',
    );
    return [
      origin.problem(accounts === undefined ? ['former_scope'] : ['accounts', index, 'former_scope'], fault),
    ];
  });
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
    throw new InvalidInputError(
      `${CONFIG_FILE} has no accounts: leave out --account ${shown}, or add "accounts" there`,
    );
  }
  const meant = suggest(wanted ?? '', names);
  const hint = meant === null ? `Accounts: ${names.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new InvalidInputError(`${CONFIG_FILE} has no account ${shown}. ${hint}`);
}

function whichAccount(repositories: readonly Repository[]): InvalidInputError {
  const names = accountNames(repositories).join(', ');
  return new InvalidInputError(
    `${CONFIG_FILE} has several accounts: add --account NAME, with one of ${names}`,
  );
}

/** Combines the manifests of several accounts, to read them as written. Names may repeat among them. */
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
  const folder = options.cwd;
  if (!isFolder(folder)) {
    throw invalidConfig([
      new Fault('no-config', `the folder ${quotedPath(folder)} does not exist`, 'Correct --chdir.').at(null),
    ]);
  }
  if (options.configFile !== undefined) return resolve(folder, options.configFile);
  const path = findUpwards(folder, CONFIG_FILE);
  if (path !== null) return path;
  const fault = new Fault(
    'no-config',
    `no ${CONFIG_FILE} in ${quotedPath(folder)} or any folder above it`,
    `To begin a repository here, run \`regsync init\`. If you have one elsewhere, ${NEXT_STEPS.goToRepository()}.`,
  );
  throw invalidConfig([fault.at(null)]);
}

function invalidConfig(problems: readonly Problem[]): InvalidInputError {
  const [first] = problems;
  const message =
    problems.length === 1 && first !== undefined ? first.message : `${problems.length} problems found`;
  return new InvalidInputError(`the configuration cannot be used: ${message}`, sortProblems(problems));
}
