import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Terminal } from './terminal.ts';

export type Git = (...args: readonly string[]) => Promise<string>;

/** Returns a function that runs git. */
export function openGit(env: Terminal['env'], cwd: string): Git {
  return async (...args) => {
    const { stdout } = await promisify(execFile)('git', [...HARMLESS, ...args], settings(env, cwd));
    return stdout;
  };
}

/** Runs git with a text on its standard input, which other programs cannot read as they can the arguments. */
export async function runGitWithInput(
  env: Terminal['env'],
  cwd: string,
  args: readonly string[],
  input: string,
): Promise<string> {
  const running = promisify(execFile)('git', [...HARMLESS, ...args], settings(env, cwd));
  // Git may end before it reads all, and its own message is the better one.
  running.child.stdin?.on('error', () => {});
  running.child.stdin?.end(input);
  return (await running).stdout;
}

/** Runs no program from the settings of the repository, and leaves no lock file behind. */
const HARMLESS = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

function settings(env: Terminal['env'], cwd: string) {
  return {
    cwd,
    timeout: 30_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: env.PATH ?? '', HOME: env.HOME ?? '', LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' },
  };
}
