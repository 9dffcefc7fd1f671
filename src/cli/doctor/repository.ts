import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ConfigurationFacts,
  type EncryptionFacts,
  judgeAttributes,
  judgeCheckout,
  judgeGit,
  judgeIdentity,
  judgeLock,
  judgeRecipients,
  type LockFacts,
  type ManifestsFacts,
} from '../../doctor/setup.ts';
import { finding } from '../../doctor/verdict.ts';
import { isFolder } from '../../files/paths.ts';
import { readRecipients } from '../../manifest/encryption/recipients.ts';
import { Fault } from '../../manifest/fault.ts';
import { listManifests } from '../../manifest/files/list-manifests.ts';
import { resolvePath } from '../../manifest/files/paths.ts';
import { hasLock } from '../../manifest/files/read-text.ts';
import { CONFIG_FILE, findRepositories, type Repository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { LOCK_FILE } from '../../model/lock.ts';
import type { Problem } from '../../model/problem.ts';
import type { Finding } from '../../model/report/doctor.ts';
import { whyUnusable } from '../../model/text/file-error.ts';
import { readIdentityKeys } from '../session/identity.ts';
import { asksSimulator } from '../session/lock-source.ts';
import { loadLock, optionsForRepository } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { readGit } from './git.ts';

/** The facts about the configuration, and the repositories that it describes. */
export interface ConfigurationReading {
  readonly facts: ConfigurationFacts;
  /** The repository of each account. Empty if there is no usable configuration. */
  readonly repositories: readonly Repository[];
}

export async function readConfiguration(
  terminal: Terminal,
  options: GlobalOptions,
): Promise<ConfigurationReading> {
  try {
    const repositories = await findRepositories(optionsForRepository(terminal, options));
    if (repositories === null) return { facts: { kind: 'none' }, repositories: [] };
    const accounts = repositories.flatMap(({ config }) => config.account?.name ?? []);
    return { facts: { kind: 'found', file: repositories[0].configFile, accounts }, repositories };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return {
      facts: { kind: 'broken', message: describeProblems(error.message, error.problems) },
      repositories: [],
    };
  }
}

/** Returns the first problem with its place, and the number of others. */
function describeProblems(message: string, [first, ...others]: readonly Problem[]): string {
  if (first === undefined) return message;
  const { source } = first;
  const place = source === undefined ? '' : `${source.file}:${source.line}:${source.column}  `;
  const hint = first.hint === undefined ? '' : `. ${first.hint}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more: \`regsync validate\` shows them)`;
  return `${place}${first.message}${hint}${more}`;
}

export function readManifestFolders(repositories: readonly Repository[]): readonly ManifestsFacts[] {
  const [first] = repositories;
  if (first === undefined) return [];
  const entries = [...new Set(repositories.flatMap(({ config }) => config.manifests))];
  return entries.map((entry) => {
    const path = resolvePath('', entry);
    const listing = path instanceof Fault ? path : listManifests(first.root, path);
    if (listing instanceof Fault) return { entry, files: 0, fault: listing.message };
    const [unreadable] = listing.unreadable;
    const fault = unreadable === undefined ? null : `${unreadable.path}: ${unreadable.fault.message}`;
    return { entry, files: listing.files.length, fault };
  });
}

/** Examines the encryption, the lock and git. Returns nothing if there is no repository. */
export async function examineRepository(
  terminal: Terminal,
  options: GlobalOptions,
  repositories: readonly Repository[],
): Promise<readonly Finding[]> {
  const [repository] = repositories;
  if (repository === undefined) return [];
  const { root, configFile } = repository;
  const manifests = repositories.flatMap(({ config }) => config.manifests);
  const git = await readGit(
    terminal.env,
    root,
    [configFile, ...new Set(manifests)],
    isFolder(join(root, 'documents')),
  );
  const lock = await readLockFacts(terminal, options, root, git.lockCommittedMs);
  return [
    ...(await examineEncryption(terminal, root)),
    finding('repository', ['lock', 'lock'], judgeLock(lock)),
    finding('repository', ['git', 'git'], judgeGit(git.facts)),
    ...(git.facts.kind === 'found'
      ? [finding('repository', ['checkout', 'checkout'], judgeCheckout(git.facts))]
      : []),
    ...(git.facts.kind === 'found' && git.facts.documentText !== null
      ? [finding('repository', ['attributes', '.gitattributes'], judgeAttributes(git.facts))]
      : []),
  ];
}

/* ---- Encryption ---- */

async function examineEncryption(terminal: Terminal, root: string): Promise<readonly Finding[]> {
  const encryptedFiles = countEncrypted(root);
  const hasRecipients = existsSync(join(root, '.regsync/recipients'));
  if (encryptedFiles === 0 && !hasRecipients) return [];
  const recipients = hasRecipients ? await attempt(() => readRecipients(root)) : [];
  const keys = await attempt(() => readIdentityKeys(terminal, root));
  const facts: EncryptionFacts = {
    encryptedFiles,
    recipients: describeRecipients(hasRecipients, recipients),
    identity: await describeIdentity(keys, Array.isArray(recipients) ? recipients : []),
  };
  return [
    finding('repository', ['recipients', 'recipients'], judgeRecipients(facts)),
    finding('repository', ['identity', 'age identity'], judgeIdentity(facts)),
  ];
}

async function attempt<T>(task: () => Promise<T>): Promise<T | InvalidInputError> {
  return task().catch((error: unknown) => {
    if (error instanceof InvalidInputError) return error;
    throw error;
  });
}

function describeRecipients(
  hasFile: boolean,
  recipients: readonly string[] | InvalidInputError,
): EncryptionFacts['recipients'] {
  if (!hasFile) return null;
  if (recipients instanceof InvalidInputError) {
    return { fault: describeProblems(recipients.message, recipients.problems) };
  }
  return { count: recipients.length };
}

async function describeIdentity(
  keys: readonly string[] | null | InvalidInputError,
  recipients: readonly string[],
): Promise<EncryptionFacts['identity']> {
  if (keys === null) return { kind: 'unset' };
  if (keys instanceof InvalidInputError) return { kind: 'broken', message: keys.message };
  const { identityToRecipient } = await import('age-encryption');
  const own = await Promise.all(keys.map((key) => identityToRecipient(key)));
  return {
    kind: 'set',
    identities: keys.length,
    areRecipients: own.filter((recipient) => recipients.includes(recipient)).length,
  };
}

/** A bound for large repositories: the doctor only needs to know whether there are encrypted files. */
const MAX_FOLDERS = 2_000;

function countEncrypted(root: string): number {
  const folders = [root];
  let found = 0;
  for (let seen = 0; seen < MAX_FOLDERS && folders.length > 0; seen += 1) {
    const folder = folders.pop() ?? root;
    const entries = readFolder(folder);
    // A folder with its own configuration, such as an example, has other keys.
    if (folder !== root && entries.some(({ name }) => name === CONFIG_FILE)) continue;
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) folders.push(join(folder, entry.name));
      else if (/\.age$/i.test(entry.name)) found += 1;
    }
  }
  return found;
}

function readFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/* ---- The lock ---- */

async function readLockFacts(
  terminal: Terminal,
  options: GlobalOptions,
  root: string,
  committedMs: number | null,
): Promise<LockFacts> {
  if (!hasLock(root)) return { kind: 'none' };
  const { lock, problems } = await loadLock({ root });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (lock === null || errors.length > 0) return { kind: 'broken', message: describeProblems('', errors) };
  const writtenMs = committedMs ?? statSync(join(root, LOCK_FILE)).mtimeMs;
  return {
    kind: 'found',
    combinations: lock.sets.length,
    isSample: lock.isSample,
    asksSimulator: asksSimulator(terminal, options),
    ageMs: Date.now() - writtenMs,
  };
}

/* ---- Files beside the repository ---- */

/** Returns the number of certificates in a file, or the reason why there is no answer. */
export function countCertificates(file: string): number | { readonly why: string } {
  try {
    return readFileSync(file, 'latin1').split('-----BEGIN CERTIFICATE-----').length - 1;
  } catch (error) {
    return { why: whyUnusable(error) };
  }
}
