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
import { visible } from '../../model/visible.ts';
import type { WriteClient } from '../../telnyx/client.ts';
import { type Api, type ApiContext, openWriteApi } from '../session/api.ts';
import { readShardOption } from '../session/shard.ts';
import type { Terminal } from '../session/terminal.ts';

/**
 * Keeps two applies of one checkout apart: a file that says which process applies. It cannot keep two machines apart; there
 * the concurrency of the CI does, and whoever applies looks again before each write.
 */

export interface LockOptions {
  /** False: `--no-lock`. */
  readonly lock?: boolean;
  /** Shards of one run are meant to run at the same time: each has a lock of its own. */
  readonly shard?: string;
}

/** The API to write to, for as long as this run alone applies from this checkout. */
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

/** Who applies. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** On Linux: ids of processes mean something only within one of these. */
  readonly pid_namespace: string | null;
  readonly since: string;
  /** Tells one run from every other, also from an earlier one whose process had the same id. */
  readonly run: string;
}

type Release = () => Promise<void>;

/** @throws RefusedError where another run applies. Where the lock cannot be written, the run goes on without, and says so. */
async function takeLock(terminal: Terminal, options: LockOptions, repository: Repository): Promise<Release> {
  const folder = join(repository.root, FOLDER);
  const path = join(folder, fileNameOf(terminal, options, repository));
  const own = await describeOwn();
  try {
    await takeIn(repository.root, folder, path, own);
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const file = visible(`${FOLDER}/${basename(path)}`);
    terminal.err(
      `warning: ${file} cannot be written (${visible(code ?? message)}): nothing keeps a second apply of this checkout away\n`,
    );
    return async () => {};
  }
  held.add(own.run);
  const forget = terminal.beforeExit(() => removeOwn(path, own));
  return async () => {
    forget();
    removeOwn(path, own);
    held.delete(own.run);
    // Where nothing else is in it.
    await rmdir(folder).catch(() => {});
  };
}

const FOLDER = '.regsync';

/** Of this process: a lock with its id that is none of these was left behind by an earlier process. */
const held = new Set<string>();

/** Accounts have nothing in common at Telnyx, shards no group: each may apply while another one does. */
function fileNameOf(terminal: Terminal, { shard }: LockOptions, { config: { account } }: Repository): string {
  const part = shard === undefined ? undefined : readShardOption(terminal, shard).replace('/', '-of-');
  return ['apply.lock', account?.name, part].filter((word) => word !== undefined).join('.');
}

/** Not with `rm` alone: somebody may have deleted it by hand, and another run made its own. */
function removeOwn(path: string, { run }: Holder): void {
  try {
    if (parseHolder(readFileSync(path, 'utf8'))?.run === run) rmSync(path);
  } catch {
    // It is gone, or its folder cannot be written to any more: a lock of a dead process holds nobody up.
  }
}

/** A run that ends removes the folder, where nothing else is in it. */
async function takeIn(root: string, folder: string, path: string, own: Holder): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, { recursive: true });
      if (!isInside(root, await realpath(folder))) throw new Error('the folder leads out of the repository');
      return await take(path, own);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

const MOST_ATTEMPTS = 5;

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
 * A lock comes into being with all that it says, or not at all. That of a dead process is replaced by whoever holds another
 * lock, which is named after the dead one: so only one of many that find it dead replaces it, and none of them removes what
 * another has put in its place.
 *
 * @throws RefusedError where it is held.
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

/** Null where there is none any more. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    const { size } = await lstat(path).then((found) => (found.isFile() ? found : { size: Infinity }));
    const holder = size > LARGEST_BYTES ? null : parseHolder(await readFile(path, 'utf8'));
    if (holder !== null) return holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  throw new RefusedError(
    `nothing was applied: ${FOLDER}/${basename(path)} does not say who applies. Delete it if no apply of this checkout runs`,
  );
}

const LARGEST_BYTES = 4096;

function parseHolder(text: string): Holder | null {
  try {
    const { pid, host, pid_namespace = null, since, run } = JSON.parse(text);
    const isHolder =
      Number.isSafeInteger(pid) && pid > 0 && [host, since, run].every((one) => typeof one === 'string');
    // It becomes part of a file's name.
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
      `Wait until it ends. If it does not run any more, delete ${FOLDER}/${basename(path)}. --no-lock applies all the same`,
  );
}

function isAlive({ pid, run }: Holder): boolean {
  if (pid === process.pid) return held.has(run);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is one, too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
