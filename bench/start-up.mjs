// How long regsync takes to start, beside an empty Node process: whole processes in pairs, one after the other, so that a
// machine that is busy slows both of a pair. Reports, and never fails.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSandboxProcess } from '../scripts/sandbox-process.mjs';

const PAIRS = 21;
const WARM_UPS = 2;

const MANIFEST = `apiVersion: regsync/v1
kind: RequirementGroup
name: de-local
country_code: DE
phone_number_type: local
action: ordering
partial: true
requirements:
  - requirement: Contact Info
    text: Compliance desk, Example GmbH, +49 30 0000000
`;

const cli = resolve(import.meta.dirname, '../dist/regsync.js');
const repository = await makeRepository();
const sandbox = await startSandboxProcess(cli);
try {
  console.log(`Node ${process.version}, ${PAIRS} pairs each; times are medians of whole processes.\n`);
  console.log('                      node -e 0    regsync    ratio: median   lowest  highest   aim');
  await compare('--version', ['--version'], 1.6);
  await compare('validate', ['validate', '--chdir', repository], 2.5);
  await compare('plan, one group', ['plan', '--chdir', repository], null);
} finally {
  await sandbox.stop();
  await rm(repository, { recursive: true });
}

async function makeRepository() {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-bench-'));
  await mkdir(join(folder, 'groups'));
  await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: bench\n');
  await writeFile(join(folder, 'groups/de.yaml'), MANIFEST);
  return folder;
}

async function compare(name, args, aim) {
  const pairs = [];
  for (let count = -WARM_UPS; count < PAIRS; count += 1) {
    const nodeMs = await time(['-e', '0']);
    const regsyncMs = await time([cli, ...args]);
    if (count >= 0) pairs.push({ nodeMs, regsyncMs, ratio: regsyncMs / nodeMs });
  }
  const ratios = pairs.map(({ ratio }) => ratio).sort(ascending);
  const cells = [
    name.padEnd(20),
    inMs(pairs.map(({ nodeMs }) => nodeMs)),
    inMs(pairs.map(({ regsyncMs }) => regsyncMs)),
    median(ratios).toFixed(2).padStart(17),
    (ratios[0] ?? 0).toFixed(2).padStart(9),
    (ratios.at(-1) ?? 0).toFixed(2).padStart(9),
    (aim === null ? '-' : `≤ ${aim}`).padStart(6),
  ];
  console.log(cells.join(''));
}

async function time(args) {
  const start = process.hrtime.bigint();
  const child = spawn(process.execPath, args, { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const code = await new Promise((done) => child.on('close', done));
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (code !== 0) throw new Error(`node ${args.join(' ')} exited ${code}: ${said}`);
  return elapsed;
}

/** Reading extra certificates takes Node longer than all the rest, where the variable is set. */
function environment() {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return { ...env, TELNYX_BASE_URL: sandbox.url, TELNYX_API_KEY: 'KEY0123456789ABCDEF_sample' };
}

function inMs(times) {
  return `${median(times.sort(ascending)).toFixed(0)} ms`.padStart(11);
}

function median(sorted) {
  return sorted[Math.floor(sorted.length / 2)];
}

function ascending(a, b) {
  return a - b;
}
