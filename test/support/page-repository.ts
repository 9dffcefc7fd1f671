import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runHere } from './servers/host.ts';
import { CLI, ROOT } from './test-repository.ts';

/** Where the commands of one page run, one after the other, as one person types them into one terminal. */
export interface PageRepository {
  readonly folder: string;
  readonly write: (path: string, content: string) => Promise<void>;
  /** The lines that the terminal shows. */
  readonly type: (command: string) => Promise<{ readonly code: number; readonly lines: readonly string[] }>;
  readonly end: () => Promise<void>;
}

/** The port of `regsync sandbox` in the pages; each page gets a free one in its place. */
const PORT = '8700';

export async function openPageRepository(): Promise<PageRepository> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'regsync-page-')));
  const folder = join(home, 'numbers');
  await mkdir(folder);
  await writeShim(join(home, 'bin'));
  const port = await freePort();
  const env: Record<string, string> = {
    PATH: `${join(home, 'bin')}:${process.env.PATH ?? ''}`,
    HOME: home,
    LANG: 'C.UTF-8',
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'user.name',
    GIT_CONFIG_VALUE_0: 'Example',
    GIT_CONFIG_KEY_1: 'user.email',
    GIT_CONFIG_VALUE_1: 'someone@example.com',
  };
  let [cwd, last] = [folder, 0];
  const children: ReturnType<typeof spawn>[] = [];

  const shell = (command: string): ReturnType<typeof spawn> =>
    // A terminal shows both streams in the order in which they come.
    spawn('bash', ['-c', `exec 2>&1\n${command}`], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const inPage = (text: string) => text.replaceAll(`${home}`, '/home/you').replaceAll(`:${port}`, `:${PORT}`);
  const done = (code: number, text: string) => {
    last = code;
    const printed = inPage(text).replace(/\n$/, '');
    return { code, lines: printed === '' ? [] : printed.split('\n') };
  };

  return {
    folder,
    write: async (path, content) => {
      await mkdir(dirname(join(cwd, path)), { recursive: true });
      await writeFile(join(cwd, path), content);
    },
    type: async (typed) => {
      const command = typed.replace(/ {2,}#.*$/, '').replaceAll(PORT, port);
      if (command === 'echo $?') return done(0, `${last}\n`);
      const [word = '', ...words] = command.split(' ');
      if (word === 'cd') {
        cwd = resolve(cwd, words[0] ?? '');
        return done(0, '');
      }
      if (word === 'export') {
        for (const [, name = '', value = ''] of command.matchAll(/(\w+)=("[^"]*"|\S+)/g))
          env[name] = value.replaceAll('"', '').replace(/^~(?=\/)/, home);
        return done(0, '');
      }
      const simple = readSimple(command);
      if (simple !== null) {
        const { code, out } = await runHere(simple.args, {
          cwd,
          env: { ...env, ...simple.env },
          isOneScreen: true,
        });
        return done(code ?? 1, out);
      }
      if (!command.endsWith(' &')) return finished(shell(command)).then(({ code, text }) => done(code, text));
      const child = shell(`exec ${command.slice(0, -2)}`);
      children.push(child);
      return done(0, await greeting(child));
    },
    end: async () => {
      for (const child of children) child.kill();
      await Promise.all(children.map((child) => ended(child)));
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** `NAME=VALUE regsync …` with nothing that only a shell understands, or null. It runs within the test, in a tenth of the time. */
function readSimple(
  command: string,
): { readonly env: Record<string, string>; readonly args: string[] } | null {
  if (/[|&;<>$`'"*~\\]/.test(command)) return null;
  const words = command.split(' ');
  const start = words.indexOf('regsync');
  if (start === -1 || words.slice(0, start).some((word) => !/^\w+=/.test(word))) return null;
  return {
    env: Object.fromEntries(words.slice(0, start).map((word) => word.split('='))),
    args: words.slice(start + 1),
  };
}

/** `regsync` as npm would put it on the PATH. */
async function writeShim(folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'regsync'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  await chmod(join(folder, 'regsync'), 0o755);
}

/** A copy of a folder of this repository, where the page begins. */
export async function copyInto(repository: PageRepository, from: string, to = '.'): Promise<void> {
  await cp(join(ROOT, from), join(repository.folder, to), { recursive: true });
}

function freePort(): Promise<string> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => found(String(typeof address === 'object' ? address?.port : '')));
    });
  });
}

async function finished(child: ReturnType<typeof spawn>): Promise<{ code: number; text: string }> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  return { code: await ended(child), text };
}

function ended(child: ReturnType<typeof spawn>): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? 1);
  return new Promise((found) => child.on('close', (code) => found(code ?? 1)));
}

/** Until the sandbox has said how to use it. */
function greeting(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((found, fail) => {
    let text = '';
    const take = (chunk: Buffer) => {
      text += chunk.toString();
      if (/export .*\n/.test(text)) found(text);
    };
    child.stdout?.on('data', take);
    child.on('close', (code) => fail(new Error(`ended with ${code}: ${text}`)));
  });
}
