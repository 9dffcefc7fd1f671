// One apply of two hundred groups beside eight shards of it at once, each against a sandbox of its own: how the time, the requests
// and the copies of shared documents compare. Reports, and never fails. `npm run bench:spread`
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSandboxProcess } from '../scripts/sandbox-process.mjs';

const GROUPS = 200;
const SHARDS = 8;
const WORLDS = [
  { name: '200 ms an answer', latencyMs: 200, limit: {} },
  { name: '300 requests in 5 s', latencyMs: 0, limit: { limit: 300, windowMs: 5000 } },
  { name: '60 requests in 1 s', latencyMs: 0, limit: { limit: 60, windowMs: 1000 } },
];

const cli = resolve(import.meta.dirname, '../dist/regsync.js');
const repository = await makeRepository();
try {
  console.log(`Node ${process.version}, ${GROUPS} groups that share one document.\n`);
  console.log(
    '                                      seconds   requests   answered 429   copies   failed runs',
  );
  for (const world of WORLDS) {
    await report(`${world.name}: one run`, [['apply', '--yes']], world);
    await report(`${world.name}: eight shards`, shards(), world);
  }
} finally {
  await rm(repository, { recursive: true });
}

function shards() {
  return Array.from({ length: SHARDS }, (_, index) => [
    'apply',
    '--yes',
    '--shard',
    `${index + 1}/${SHARDS}`,
  ]);
}

async function report(name, runs, { latencyMs, limit }) {
  const sandbox = await startSandboxProcess(cli, ['--latency', String(latencyMs)]);
  try {
    await control(sandbox, 'rate-limit', { method: 'PUT', body: JSON.stringify(limit) });
    const start = performance.now();
    const codes = await Promise.all(runs.map((args) => run(sandbox, args)));
    const seconds = (performance.now() - start) / 1000;
    const requests = (await control(sandbox, 'requests')).filter(({ path }) => !path.startsWith('/_sandbox'));
    await control(sandbox, 'rate-limit', { method: 'PUT', body: '{}' });
    const { documents, groups } = await control(sandbox, 'state');
    if (groups.length !== GROUPS) throw new Error(`${groups.length} groups were made`);
    const cells = [
      name.padEnd(36),
      seconds.toFixed(1).padStart(9),
      String(requests.length).padStart(11),
      String(requests.filter(({ status }) => status === 429).length).padStart(15),
      String(documents.length).padStart(9),
      String(codes.filter((code) => code !== 0).length).padStart(14),
    ];
    console.log(cells.join(''));
  } finally {
    await sandbox.stop();
  }
}

function run(sandbox, args) {
  const { NODE_EXTRA_CA_CERTS: _, ...rest } = process.env;
  const env = { ...rest, TELNYX_BASE_URL: sandbox.url, TELNYX_API_KEY: 'KEY0123456789ABCDEF_sample' };
  const child = spawn(process.execPath, [cli, ...args, '--chdir', repository, '--quiet'], {
    env,
    stdio: 'ignore',
  });
  return new Promise((done) => child.on('close', done));
}

async function control(sandbox, path, init = {}) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(new URL(`/_sandbox/${path}`, sandbox.url), { headers, ...init });
  if (!answer.ok) throw new Error(`/_sandbox/${path} answered ${answer.status}`);
  return (await answer.json()).data;
}

async function makeRepository() {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-bench-'));
  await mkdir(join(folder, 'groups'));
  await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: bench\n');
  await writeFile(join(folder, 'proof.pdf'), '%PDF-1.4\n% a sample, made for a rehearsal\n%%EOF\n');
  for (let index = 0; index < GROUPS; index++)
    await writeFile(join(folder, `groups/fr-${index}.yaml`), manifest(`fr-${index}`));
  return folder;
}

function manifest(name) {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: FR
phone_number_type: local
action: ordering
requirements:
  - requirement: Proof of Address
    document: { file: ../proof.pdf }
`;
}
