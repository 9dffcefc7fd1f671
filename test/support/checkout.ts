import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A real git repository in a folder, as the runner of a forge checks it out. */
export interface Checkout {
  readonly git: (...args: string[]) => string;
  /** One shell for several commands of git, which starts sooner than each of them by itself. @returns lines. */
  readonly script: (commands: string, ...args: string[]) => string[];
  /** Writes into the checkout; nothing is committed. */
  readonly write: (path: string, text: string) => Promise<void>;
  /** Writes several files, and removes those without a text. */
  readonly change: (files: Readonly<Record<string, string | null>>) => Promise<void>;
  /** Commits what lies in the checkout. */
  readonly commit: (message: string) => { readonly sha: string; readonly branch: string };
}

/** @param home a folder for git's own configuration. */
export async function openCheckout(folder: string, home: string): Promise<Checkout> {
  await writeFile(join(home, '.gitconfig'), GIT_CONFIG);
  const options = { cwd: folder, env: gitEnvironment(home), encoding: 'utf8' } as const;
  const script: Checkout['script'] = (commands, ...args) =>
    execFileSync('sh', ['-ec', commands, 'sh', ...args], options).split('\n');
  const write: Checkout['write'] = async (path, text) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  return {
    git: (...args) => execFileSync('git', args, options).trim(),
    script,
    write,
    change: async (files) => {
      for (const [path, text] of Object.entries(files)) {
        if (text === null) await rm(join(folder, path));
        else await write(path, text);
      }
    },
    commit: (message) => {
      const [sha = '', branch = ''] = script(
        'git add --all; git commit --quiet --allow-empty -m "$1"; git rev-parse HEAD; git branch --show-current',
        message,
      );
      return { sha, branch };
    },
  };
}

/** Nothing is tidied up after a commit, and no sample hooks are copied. */
const GIT_CONFIG = '[gc]\nauto = 0\n[maintenance]\nauto = false\n[init]\ntemplateDir =\n';

function gitEnvironment(home: string): NodeJS.ProcessEnv {
  const person = { NAME: 'Example', EMAIL: 'person@example.com' };
  return {
    PATH: process.env.PATH,
    HOME: home,
    GIT_AUTHOR_NAME: person.NAME,
    GIT_AUTHOR_EMAIL: person.EMAIL,
    GIT_COMMITTER_NAME: person.NAME,
    GIT_COMMITTER_EMAIL: person.EMAIL,
  };
}
