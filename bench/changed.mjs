// What a plan of a change costs beside a plan of everything: three groups of thousands differ from the base.
//   --groups 1000,10000   sizes of the repositories
//   --rounds 5            turns; medians are shown
//   --latency 20          of the sandbox, in milliseconds
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureInTurn, median } from './measure.mjs';
import { inWorld, writeFreshState } from './repositories.mjs';

const { values: options } = parseArgs({
  options: {
    groups: { type: 'string', default: '1000,10000' },
    rounds: { type: 'string', default: '5' },
    latency: { type: 'string', default: '20' },
  },
});

const ALL = 'regsync plan';
const OWN = '--changed-since main';
const TOUCHED = 3;

const cli = resolve(import.meta.dirname, '../dist/regsync.js');
const folder = await mkdtemp(join(tmpdir(), 'regsync-bench-'));
try {
  const fresh = await writeFreshState(cli, folder);
  for (const size of options.groups.split(',').map(Number))
    await inWorld({ cli, folder, size, fresh, latency: options.latency }, comparePlans);
} finally {
  await rm(folder, { recursive: true });
}

async function comparePlans({ root, world, sandbox }) {
  await changeSome(root, world);
  const contenders = [
    { name: ALL, args: [cli, 'plan'] },
    { name: OWN, args: [cli, 'plan', '--changed-since', 'main'] },
  ].map((contender) => ({ ...contender, cwd: root }));
  const rounds = Number(options.rounds);
  const samples = await measureInTurn(contenders, { rounds, sandbox, peakFile: join(folder, 'peak') });
  console.log(
    `${world.groups.length} groups, of which a change touches ${TOUCHED}; ${options.latency} ms latency`,
  );
  printTable(samples);
}

/** Commits the repository to main, and changes the text of three groups on a branch. */
async function changeSome(root, { groups }) {
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=Example', '-c', 'user.email=person@example.com', ...args], {
      cwd: root,
      stdio: 'ignore',
    });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Begin');
  git('checkout', '--quiet', '-b', 'topic');
  for (const { folder: of, name } of groups.slice(0, TOUCHED)) {
    const file = join(root, 'groups', of, `${name}.yaml`);
    await writeFile(file, (await readFile(file, 'utf8')).replace('Compliance desk', 'Night desk'));
  }
  git('commit', '--quiet', '--all', '--message', 'Change three groups');
}

function printTable(samples) {
  const all = samples.get(ALL) ?? [];
  console.log('                          wall     / all     of CPU    memory   requests');
  for (const [name, runs] of samples) {
    const cells = [
      name.padEnd(22),
      `${(median(runs.map(({ ms }) => ms)) / 1000).toFixed(2)} s`.padStart(8),
      median(runs.map(({ ms }, turn) => ms / all[turn].ms))
        .toFixed(2)
        .padStart(10),
      `${(median(runs.map(({ cpuMs }) => cpuMs)) / 1000).toFixed(2)} s`.padStart(11),
      `${median(runs.map(({ mebibytes }) => mebibytes)).toFixed(0)} MiB`.padStart(10),
      String(median(runs.map(({ requests }) => requests))).padStart(11),
    ];
    console.log(cells.join(''));
  }
  console.log();
}
