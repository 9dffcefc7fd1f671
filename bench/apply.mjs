// How long a first apply takes, beside a plain script and beside the bare requests, and how much memory: whole processes, one
// after the other, each against a sandbox of its own that waits 20 ms before every answer. Reports, and never fails.
//
//   node bench/apply.mjs [--rounds 3] [--groups 200] [--size 1024,1048576] [--build before=/elsewhere/dist/regsync.js]
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandboxProcess } from '../scripts/sandbox-process.mjs';
import { KEY } from './peers/apply-work.mjs';

const { values: asked } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    groups: { type: 'string', default: '200' },
    size: { type: 'string', default: '1024,1048576' },
    build: { type: 'string', multiple: true, default: [] },
    'without-plain': { type: 'boolean', default: false },
  },
});
const LATENCY_MS = 20;
const ROUNDS = Number(asked.rounds);
const GROUPS = Number(asked.groups);

const cli = resolve(import.meta.dirname, '../dist/regsync.js');
const peer = (name) => join(import.meta.dirname, 'peers', `${name}.mjs`);

const ADDRESS = `apiVersion: regsync/v1
kind: Address
name: berlin
business_name: Example GmbH
street_address: Musterstraße 1
locality: Berlin
postal_code: "10115"
country_code: DE
`;

/** Each a name and the arguments of a Node process. The first is what the others are compared with. */
const CONTENDERS = [
  ...(asked['without-plain']
    ? []
    : [{ name: 'plain script', start: (folder, url) => [peer('plain-apply'), folder, url] }]),
  { name: 'lower bound, 8 in flight', start: (folder, url) => [peer('lower-bound-apply'), folder, url, '8'] },
  ...asked.build.map((build) => {
    const [name, path] = build.split('=');
    return { name: `regsync, ${name}`, start: (folder) => [path, 'apply', '--yes', '--chdir', folder] };
  }),
  { name: 'regsync', start: (folder) => [cli, 'apply', '--yes', '--chdir', folder] },
];

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}; ${GROUPS} groups with three documents each, ` +
    `${LATENCY_MS} ms, ${ROUNDS} rounds; medians of whole processes.`,
);
for (const size of asked.size.split(',').map(Number)) await compareAll(size);

async function compareAll(size) {
  const repository = await makeRepository(size);
  try {
    const measured = CONTENDERS.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [index, contender] of CONTENDERS.entries()) {
        measured[index].push(await measure(contender, repository));
      }
    }
    console.log(`\nDocuments of ${size} bytes:`);
    console.log(
      `${''.padEnd(28)}${['seconds', 'to first', 'to bound', 'requests', 'memory'].map((head) => head.padStart(11)).join('')}`,
    );
    const bound = measured[CONTENDERS.findIndex(({ name }) => name.startsWith('lower'))];
    for (const [index, { name }] of CONTENDERS.entries()) {
      console.log(name.padEnd(28) + row(measured[index], measured[0], bound));
    }
  } finally {
    await rm(repository, { recursive: true });
  }
}

/** Ratios are those of each round, and then their median: what slowed one round slowed all in it. */
function row(runs, first, bound) {
  const ratio = (others) => median(runs.map(({ ms }, round) => ms / others[round].ms)).toFixed(2);
  const cells = [
    (median(runs.map(({ ms }) => ms)) / 1000).toFixed(1),
    `×${ratio(first)}`,
    `×${ratio(bound)}`,
    String(runs[0].requests),
    `${(median(runs.map(({ kibibytes }) => kibibytes)) / 1024).toFixed(0)} MiB`,
  ];
  return cells.map((cell) => cell.padStart(11)).join('');
}

async function measure({ name, start }, repository) {
  const sandbox = await startSandboxProcess(cli, ['--latency', String(LATENCY_MS)]);
  try {
    const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env;
    const env = { ...environment, TELNYX_BASE_URL: sandbox.url, TELNYX_API_KEY: KEY };
    const startedAt = performance.now();
    const child = spawn(process.execPath, start(repository, sandbox.url), {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    const memory = watchMemory(child.pid);
    const code = await new Promise((done) => child.on('close', done));
    const ms = performance.now() - startedAt;
    if (code !== 0) throw new Error(`${name} exited ${code}: ${said.slice(-2000)}`);
    await checkEnd(name, sandbox);
    return { ms, requests: await countRequests(sandbox), kibibytes: memory.stop() };
  } finally {
    await sandbox.stop();
  }
}

/** Whoever is fast because of what was left out is not compared. */
async function checkEnd(name, { origin }) {
  const state = await (await fetch(`${origin}/_sandbox/state`)).json();
  const { groups, documents } = state.data ?? state;
  const submitted = groups.filter(({ status }) => status === 'pending-approval').length;
  if (submitted !== GROUPS || documents.length !== 3 * GROUPS) {
    throw new Error(`${name} left ${submitted} groups submitted and ${documents.length} documents`);
  }
}

async function countRequests({ origin }) {
  const { data } = await (await fetch(`${origin}/_sandbox/requests`)).json();
  return data.at(-1)?.n ?? data.length;
}

/** The most memory that was resident, as Linux counts it; elsewhere 0. */
function watchMemory(pid) {
  let most = 0;
  const look = async () => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    most = Math.max(most, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
  };
  const timer = setInterval(look, 20);
  return {
    stop: () => {
      clearInterval(timer);
      return most;
    },
  };
}

async function makeRepository(size) {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-bench-'));
  await mkdir(join(folder, 'groups'));
  await mkdir(join(folder, 'documents'));
  const config = 'apiVersion: regsync/v1\nkind: Config\nscope: bench\nallow_plaintext_documents: true\n';
  await writeFile(join(folder, 'regsync.yaml'), config);
  await writeFile(join(folder, 'groups/address.yaml'), ADDRESS);
  for (let number = 0; number < GROUPS; number += 1) {
    const name = `group-${String(number).padStart(4, '0')}`;
    await writeFile(join(folder, 'groups', `${name}.yaml`), manifestOf(name));
    for (const index of [0, 1, 2]) {
      const text = randomBytes(Math.ceil(size / 2))
        .toString('hex')
        .slice(0, size);
      await writeFile(join(folder, 'documents', `${name}_${index}.txt`), text);
    }
  }
  return folder;
}

function manifestOf(name) {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
requirements:
  - requirement: 2708e569-696a-4fc7-9305-5fdb3eb9c7dd
    text: Compliance desk of ${name}, Example GmbH, +49 30 0000000
  - requirement: 6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2
    document: { file: ../documents/${name}_0.txt }
  - requirement: 95cac7a7-cf24-4d34-81e4-e2d01a35adda
    document: { file: ../documents/${name}_1.txt }
  - requirement: a3a856c0-2811-4eee-9607-ea60df9f5c32
    document: { file: ../documents/${name}_2.txt }
  - requirement: a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b
    address: berlin
`;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
