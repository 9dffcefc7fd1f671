// Whole processes, one after the other: A B C A B C …, so that a machine that is busy slows all of them alike.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param contenders `{ name, args, cwd }`, started in turn `rounds` times after one turn that does not count
 * @returns by name, the samples `{ ms, cpuMs, mebibytes, requests, output }`
 */
export async function measureInTurn(contenders, { rounds, sandbox, peakFile }) {
  const samples = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const contender of contenders) {
      await fetch(`${sandbox.origin}/_sandbox/requests`, { method: 'DELETE' });
      const run = await runOnce(contender, { sandbox, peakFile });
      const log = await (await fetch(`${sandbox.origin}/_sandbox/requests`)).json();
      if (round > 0) samples.get(contender.name).push({ ...run, requests: log.data.length });
    }
  }
  return samples;
}

async function runOnce({ name, args, cwd }, { sandbox, peakFile }) {
  const preload = join(import.meta.dirname, 'peak.cjs');
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, ['--require', preload, ...args], {
    cwd,
    env: environment(sandbox, peakFile),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let said = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise((done) => child.on('close', done));
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (code !== 0) throw new Error(`${name} exited ${code}: ${output}${said}`);
  return { ms, ...JSON.parse(readFileSync(peakFile, 'utf8')), output };
}

/** Reading extra certificates takes Node longer than all the rest, where the variable is set. */
function environment({ url }, peakFile) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return {
    ...env,
    TELNYX_BASE_URL: url,
    TELNYX_API_KEY: 'KEY0123456789ABCDEF_sample',
    BENCH_PEAK_FILE: peakFile,
  };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
