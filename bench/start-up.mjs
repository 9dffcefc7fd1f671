// How long regsync takes to start, beside an empty Node process: whole processes, one after the other. Reports, and never
// fails.
//
//   node bench/start-up.mjs [--rounds 21] [--build before=/elsewhere/dist/regsync.js]
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandboxProcess } from '../scripts/sandbox-process.mjs';

const WARM_UPS = 2;
const AIMS = { version: 1.4, validate: 2.0, plan: 2.6 };

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

const KEY = 'KEY0123456789ABCDEF_sample';

const { values: asked } = parseArgs({
  options: {
    rounds: { type: 'string', default: '21' },
    build: { type: 'string', multiple: true, default: [] },
  },
});
const ROUNDS = Number(asked.rounds);

const cli = resolve(import.meta.dirname, '../dist/regsync.js');
/** Others, such as that of an earlier commit, are measured in the same run. */
const builds = [...asked.build.map((build) => build.split('=')), ['regsync', cli]];
const repository = await makeRepository();
const sandbox = await startSandboxProcess(cli);
try {
  const requests = [resolve(import.meta.dirname, 'peers/three-requests.mjs'), sandbox.url, KEY];
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}; ${ROUNDS} rounds; medians of whole processes, ` +
      'as multiples of an empty one in the same round.\n',
  );
  const rounds = await measureRounds([
    ['node -e 0', ['-e', '0']],
    ['its requests alone', requests],
    ...builds.flatMap(([name, path]) => [
      [`${name} --version`, [path, '--version']],
      [`${name} validate`, [path, 'validate', '--chdir', repository]],
      [`${name} plan`, [path, 'plan', '--chdir', repository]],
    ]),
  ]);
  report(rounds);
} finally {
  await sandbox.stop();
  await rm(repository, { recursive: true });
}

/** One after the other in each round, so that a machine that is busy slows all of a round. */
async function measureRounds(contenders) {
  const rounds = [];
  for (let count = -WARM_UPS; count < ROUNDS; count += 1) {
    const round = new Map();
    for (const [name, args] of contenders) round.set(name, await time(args));
    if (count >= 0) rounds.push(round);
  }
  return rounds;
}

function report(rounds) {
  const [first] = rounds;
  const { length: width } = [...first.keys()].reduce((a, b) => (a.length > b.length ? a : b));
  console.log(
    `${''.padEnd(width)}${['time', 'multiple', 'lowest', 'highest', 'aim'].map((head) => head.padStart(10)).join('')}`,
  );
  for (const name of first.keys()) {
    console.log(name.padEnd(width) + row(rounds, (round) => round.get(name), aimOf(name)));
    if (!name.endsWith(' plan')) continue;
    // What the requests take beyond an empty process is not the plan's.
    const without = (round) => round.get(name) - (round.get('its requests alone') - round.get('node -e 0'));
    console.log('  without its requests'.padEnd(width) + row(rounds, without, AIMS.plan));
  }
}

function row(rounds, timeOf, aim) {
  const multiples = rounds.map((round) => timeOf(round) / round.get('node -e 0')).sort(ascending);
  const cells = [
    `${median(rounds.map(timeOf).sort(ascending)).toFixed(0)} ms`,
    median(multiples).toFixed(2),
    multiples[0].toFixed(2),
    multiples.at(-1).toFixed(2),
    aim === undefined ? '' : `≤ ${aim}`,
  ];
  return cells.map((cell) => cell.padStart(10)).join('');
}

function aimOf(name) {
  return name.endsWith('--version') ? AIMS.version : name.endsWith('validate') ? AIMS.validate : undefined;
}

async function makeRepository() {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-bench-'));
  await mkdir(join(folder, 'groups'));
  await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: bench\n');
  await writeFile(join(folder, 'groups/de.yaml'), MANIFEST);
  return folder;
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
  return { ...env, TELNYX_BASE_URL: sandbox.url, TELNYX_API_KEY: KEY };
}

function median(sorted) {
  return sorted[Math.floor(sorted.length / 2)];
}

function ascending(a, b) {
  return a - b;
}
