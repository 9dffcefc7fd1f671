import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Terminal } from './terminal.ts';

export type Git = (...args: readonly string[]) => Promise<string>;

/**
 * Returns a function that runs git. It runs no program from the settings of the repository, and leaves no
 * lock file behind.
 */
export function openGit(env: Terminal['env'], cwd: string): Git {
  const harmless = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  return async (...args) => {
    const { stdout } = await promisify(execFile)('git', [...harmless, ...args], {
      cwd,
      timeout: 30_000,
      maxBuffer: 64 * 1024 * 1024,
      env: { PATH: env.PATH ?? '', HOME: env.HOME ?? '', LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' },
    });
    return stdout;
  };
}
