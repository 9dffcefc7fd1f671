// What a plan costs when nothing has changed, beside a plain script and beside the least that the same answer can cost.
//   --groups 1000,10000   sizes of the repositories
//   --rounds 5            turns; medians are shown
//   --latency 20          of the sandbox, in milliseconds
//   --beside NAME=FILE    another build of regsync, measured in the same turns; may be given several times
//   --without NAME        leaves a contender out: the plain script takes a minute for 50,000 groups
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureInTurn, median } from './measure.mjs';
import { inWorld, writeFreshState } from './repositories.mjs';

const { values: options } = parseArgs({
  options: {
    groups: { type: 'string', default: '200,1000,10000' },
    rounds: { type: 'string', default: '5' },
    latency: { type: 'string', default: '20' },
    beside: { type: 'string', multiple: true, default: [] },
    without: { type: 'string', multiple: true, default: [] },
  },
});

const PLAIN = 'plain script';
const LEAST = 'lower bound';
const OURS = 'regsync plan';
const THREE = '… of three groups';
/** What Telnyx gives at most for one request (documented). */
const PAGE_SIZE = 250;

const cli = resolve(import.meta.dirname, '../dist/regsync.js');
const folder = await mkdtemp(join(tmpdir(), 'regsync-bench-'));
try {
  const [cpu] = cpus();
  console.log(
    `Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB;` +
      ` ${options.latency} ms latency, medians of ${options.rounds} turns, whole processes.\n`,
  );
  const fresh = await writeFreshState(cli, folder);
  for (const size of options.groups.split(',').map(Number))
    await inWorld({ cli, folder, size, fresh, latency: options.latency }, comparePlans);
} finally {
  await rm(folder, { recursive: true });
}

async function comparePlans({ root, world, sandbox }) {
  const contenders = contendersFor(root, world);
  const rounds = Number(options.rounds);
  const samples = await measureInTurn(contenders, { rounds, sandbox, peakFile: join(folder, 'peak') });
  const rows = [world.groups, world.documents, world.groups];
  const pages = rows.reduce((sum, { length }) => sum + Math.ceil(length / PAGE_SIZE), 0);
  const size = world.groups.length;
  console.log(`${size} groups, ${world.documents.length} documents, ${size} addresses: ${pages} pages`);
  printTable(samples);
}

function contendersFor(root, { groups }) {
  const peer = (name) => resolve(import.meta.dirname, `peers/${name}.mjs`);
  const others = options.beside.map((written) => {
    const [name, file] = written.split('=');
    return { name, args: [resolve(file), 'plan'] };
  });
  return [
    { name: PLAIN, args: [peer('plain-client')] },
    { name: LEAST, args: [peer('lower-bound')] },
    ...others,
    { name: OURS, args: [cli, 'plan'] },
    { name: THREE, args: [cli, 'plan', ...groups.slice(0, 3).flatMap(({ name }) => ['--target', name])] },
  ]
    .filter(({ name }) => !options.without.includes(name))
    .map((contender) => ({ ...contender, cwd: root }));
}

function printTable(samples) {
  const of = (name) => samples.get(name) ?? [];
  console.log('                        wall     / plain   / least     of CPU    memory   requests');
  for (const [name, runs] of samples) {
    const cells = [
      name.padEnd(20),
      `${(median(runs.map(({ ms }) => ms)) / 1000).toFixed(2)} s`.padStart(8),
      ratio(runs, of(PLAIN)).padStart(12),
      ratio(runs, of(LEAST)).padStart(10),
      `${(median(runs.map(({ cpuMs }) => cpuMs)) / 1000).toFixed(2)} s`.padStart(11),
      `${median(runs.map(({ mebibytes }) => mebibytes)).toFixed(0)} MiB`.padStart(10),
      String(median(runs.map(({ requests }) => requests))).padStart(11),
    ];
    console.log(cells.join(''));
    const said = new Set(runs.map(({ output }) => output.trim().split('\n').at(-1)));
    for (const line of said) if (!line.startsWith('No changes.')) console.log(`    said: ${line}`);
  }
  console.log();
}

/** Of runs that stood beside each other; the median of that. */
function ratio(runs, others) {
  const ratios = runs.flatMap(({ ms }, turn) => (others[turn] === undefined ? [] : [ms / others[turn].ms]));
  return ratios.length === 0 ? '-' : median(ratios).toFixed(2);
}
