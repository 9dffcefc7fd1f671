import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import {
  link,
  lstat,
  mkdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { isInside } from '../../files/paths.ts';
import type { Repository } from '../../manifest/repository.ts';
import { RefusedError } from '../../model/errors.ts';
import { WHERE_FOLDERS_ARE_MADE, whyUnusable } from '../../model/text/file-error.ts';
import { visible } from '../../model/text/visible.ts';
import type { WriteClient } from '../../telnyx/client.ts';
import { type Api, type ApiContext, openWriteApi } from '../session/api.ts';
import { readShardOption } from '../session/shard.ts';
import type { Terminal } from '../session/terminal.ts';

/**
 * Options of the lock file that keeps two applies of one checkout apart. It does not work across machines.
 * There the CI limits concurrency, and an apply reads again before each write.
 */

export interface LockOptions {
  /** False for `--no-lock`. */
  readonly lock?: boolean;
  /** The shard, which has a lock of its own, because the shards of one run apply in parallel. */
  readonly shard?: string;
}

/** Opens the API for writing, and holds the lock of the checkout until it is closed. */
export async function openLockedApi(
  context: ApiContext & {
    readonly options: LockOptions;
    readonly project: { readonly repository: Repository };
  },
  parallelism: number,
): Promise<Api<WriteClient>> {
  const { terminal, options, project } = context;
  const release =
    options.lock === false ? async () => {} : await takeLock(terminal, options, project.repository);
  try {
    const api = await openWriteApi(context, parallelism);
    return { ...api, close: () => api.close().finally(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The process that applies, as the lock file describes it. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** The PID namespace on Linux, within which process ids are unique. Null on other systems. */
  readonly pid_namespace: string | null;
  readonly since: string;
  /** A unique id of the run. A process id may have belonged to an earlier run. */
  readonly run: string;
}

type Release = () => Promise<void>;

/**
 * Takes the lock. If it cannot be written, prints a warning and goes on without one.
 *
 * @throws RefusedError if another run applies.
 */
async function takeLock(terminal: Terminal, options: LockOptions, repository: Repository): Promise<Release> {
  const folder = join(repository.root, FOLDER);
  const path = join(folder, fileNameOf(terminal, options, repository));
  const own = await describeOwn();
  try {
    await takeIn(repository.root, folder, path, own);
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    const file = visible(`${FOLDER}/${basename(path)}`);
    terminal.err(
      `warning: ${file} cannot be written: ${visible(whyUnusable(error, WHERE_FOLDERS_ARE_MADE))}. regsync cannot keep a second apply of this checkout away\n`,
    );
    return async () => {};
  }
  const release = keep(terminal, path, own);
  return async () => {
    await release();
    // The folder is removed only if it is empty.
    await rmdir(folder).catch(() => {});
  };
}

/**
 * Keeps other runs away from a file by a lock beside it. Unlike that of the checkout, it is needed also for
 * runs of different accounts and shards, and with `--no-lock`.
 *
 * @throws RefusedError if another run holds it, or an error of the file system.
 */
export async function holdFile(terminal: Terminal, path: string): Promise<Release> {
  const own = await describeOwn();
  await take(`${path}.lock`, own);
  return keep(terminal, `${path}.lock`, own);
}

/** Keeps a lock that this run has taken until it is released, or until a second signal ends the process. */
function keep(terminal: Terminal, path: string, own: Holder): Release {
  held.add(own.run);
  const forget = terminal.beforeExit(() => removeOwn(path, own));
  return async () => {
    forget();
    removeOwn(path, own);
    held.delete(own.run);
  };
}

const FOLDER = '.regsync';

/**
 * The runs of this process that hold a lock. A lock with its process id but another run is from an earlier
 * process.
 */
const held = new Set<string>();

/**
 * Returns the name of the lock file. Each account and each shard has its own, because no two of them share a
 * group.
 */
function fileNameOf(terminal: Terminal, { shard }: LockOptions, { config: { account } }: Repository): string {
  const part = shard === undefined ? undefined : readShardOption(terminal, shard).replace('/', '-of-');
  return ['apply.lock', account?.name, part].filter((word) => word !== undefined).join('.');
}

/**
 * Removes the lock file if it is this run's: a person may have deleted it by hand, and another run may have
 * made its own.
 */
function removeOwn(path: string, { run }: Holder): void {
  try {
    if (parseHolder(readFileSync(path, 'utf8'))?.run === run) rmSync(path);
  } catch {
    // The file is gone or cannot be deleted. The lock of a dead process does not block a later apply.
  }
}

/** Creates the folder and takes the lock. Retries if a run that ends removes the empty folder in between. */
async function takeIn(root: string, folder: string, path: string, own: Holder): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, { recursive: true });
      if (!isInside(root, await realpath(folder))) throw new Error('the folder leads out of the repository');
      return await take(path, own);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

const MAX_ATTEMPTS = 5;

async function describeOwn(): Promise<Holder> {
  return {
    pid: process.pid,
    host: hostname(),
    pid_namespace: await readlink('/proc/self/ns/pid').catch(() => null),
    since: new Date().toISOString(),
    run: randomUUID(),
  };
}

/**
 * Takes the lock: writes it to a draft and links that, so that a lock file is always complete. To replace the
 * lock of a dead process, a run first takes a second lock that is named after the dead run. So only one of
 * several runs replaces it, and none removes the lock of another.
 *
 * @throws RefusedError if another run holds it.
 */
async function take(path: string, own: Holder): Promise<void> {
  const draft = `${path}.${own.run}`;
  await writeFile(draft, `${JSON.stringify(own)}\n`, { flag: 'wx' });
  try {
    while (!(await tryToLink(draft, path))) {
      const other = await readHolder(path);
      if (other === null) continue;
      refuseLiving(path, other, own);
      const claim = `${path}.after-${other.run}`;
      await take(claim, own);
      const isStillThere = (await readHolder(path))?.run === other.run;
      if (isStillThere) await rename(draft, path);
      await rm(claim, { force: true });
      if (isStillThere) return;
    }
  } finally {
    await rm(draft, { force: true });
  }
}

async function tryToLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Returns the holder, or null if the lock file is gone. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    const { size } = await lstat(path).then((found) => (found.isFile() ? found : { size: Infinity }));
    const holder = size > MAX_BYTES ? null : parseHolder(await readFile(path, 'utf8'));
    if (holder !== null) return holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  throw new RefusedError(
    `nothing was applied: ${FOLDER}/${basename(path)} does not name a process. If no other apply of this checkout runs, delete it and run apply again`,
  );
}

const MAX_BYTES = 4096;

function parseHolder(text: string): Holder | null {
  try {
    const { pid, host, pid_namespace = null, since, run } = JSON.parse(text);
    const isHolder =
      Number.isSafeInteger(pid) && pid > 0 && [host, since, run].every((one) => typeof one === 'string');
    // The id of the run becomes part of a file name.
    return isHolder && /^[0-9a-f-]{36}$/.test(run) ? { pid, host, pid_namespace, since, run } : null;
  } catch {
    return null;
  }
}

function refuseLiving(path: string, other: Holder, own: Holder): void {
  const isHere = other.host === own.host && other.pid_namespace === own.pid_namespace;
  if (isHere && !isAlive(other)) return;
  throw new RefusedError(
    `nothing was applied: another apply of this checkout runs (pid ${other.pid} on ${other.host}, since ${other.since}). ` +
      `Wait until it ends, then run apply again. If that process is gone, delete ${FOLDER}/${basename(path)} first, or add --no-lock`,
  );
}

function isAlive({ pid, run }: Holder): boolean {
  return pid === process.pid ? held.has(run) : isRunning(pid);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Any other error, such as EPERM for a process of another user, means that it is alive.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
