// The benchmarks, all of them or those that are named: `node bench/run.mjs plan --groups 1000,10000`. Each is a program of its
// own, and what follows its name is for it. They report and never fail: a machine that is busy is no fault of the code.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['start-up', 'plan', 'changed', 'apply'];

const [named, ...args] = process.argv.slice(2);
const chosen = named === undefined ? NAMES : [named];
for (const name of chosen) {
  const program = join(import.meta.dirname, `${name}.mjs`);
  if (!existsSync(program)) {
    console.error(`There is no benchmark "${name}". There are ${NAMES.join(', ')}.`);
    process.exitCode = 3;
    continue;
  }
  console.log(`\n== ${name}\n`);
  const { status } = spawnSync(process.execPath, [program, ...args], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = status ?? 1;
}
