import { spawn } from 'node:child_process';
import type { Result, Surroundings } from '../servers/host.ts';

/** A line as somebody types it, in a shell. */
export function runInShell(line: string, { cwd, env }: Surroundings): Promise<Result> {
  const child = spawn('sh', ['-c', line], {
    cwd,
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk) => (err += chunk));
  return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, out, err })));
}
