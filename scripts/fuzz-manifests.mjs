// Mutated manifests through the reader, from bytes to what a plan would be made of:
//
//   npm run fuzz                      100,000 inputs, another seed each time
//   npm run fuzz -- 5000 --seed 7     as many inputs as said; the seed makes every one of them again
//
// The reader runs in processes of their own, so that one that aborts or never ends is noticed and blamed on its input.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { build } from 'rolldown';
import { buildValidators } from './validators.mjs';

const HANG_MS = 2000;
/** On a busy machine an input may seem to hang. It is tried again with more patience: what counts is processor time. */
const PATIENCE_MS = 60_000;
const MAX_FINDINGS = 50;

const root = resolve(import.meta.dirname, '..');
const { count, seed } = readArguments();
const folder = await mkdtemp(join(tmpdir(), 'regsync-fuzz-'));
const findings = [];
const done = { inputs: 0, accepted: 0, codes: new Set(), slowest: { index: -1, cpuMs: 0 } };

try {
  const program = await bundle(folder);
  const processes = Math.min(2, availableParallelism());
  console.log(`${count.toLocaleString('en-US')} inputs, seed ${seed}`);
  const startedMs = performance.now();
  const shares = Array.from({ length: processes }, (_, first) => runShare(program, first, processes));
  await Promise.all(shares);
  const kept = await keepFindings(program);
  report(processes, (performance.now() - startedMs) / 1000, kept);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = findings.length > 0 ? 1 : 0;

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { seed: { type: 'string' } },
    allowPositionals: true,
  });
  const count = Number(positionals[0] ?? process.env.FUZZ_INPUTS ?? 100_000);
  const seed = Number(values.seed ?? process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  if (Number.isSafeInteger(count) && count > 0 && Number.isSafeInteger(seed)) return { count, seed };
  throw new Error('Usage: node scripts/fuzz-manifests.mjs [INPUTS] [--seed NUMBER]');
}

/** Sources are TypeScript, which not every Node that we support reads. */
async function bundle(into) {
  if (!existsSync(join(root, 'src/manifest/validators.js'))) await buildValidators();
  const file = join(into, 'worker.cjs');
  await build({
    input: join(root, 'test/fuzz/worker.ts'),
    platform: 'node',
    // The same one as in what is shipped.
    resolve: { alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') } },
    output: { file, format: 'cjs', sourcemap: 'inline', codeSplitting: false },
    logLevel: 'silent',
  });
  return file;
}

/** Every `step`th input. After an input that ended its process, a new one goes on behind it. */
async function runShare(program, first, step) {
  for (let from = first; from < count && findings.length < MAX_FINDINGS; ) {
    const end = await runProcess(program, { from, to: count, step }, HANG_MS);
    if (end.kind === 'done') return;
    if (end.kind === 'hang') await judgeHang(program, end.index);
    else findings.push({ kind: 'crash', index: end.index, finding: end.finding });
    from = end.index + step;
  }
}

async function judgeHang(program, index) {
  const task = { from: index, to: index + 1, step: 1 };
  const end = await runProcess(program, task, PATIENCE_MS);
  if (end.kind === 'crash') findings.push({ kind: 'crash', index, finding: end.finding });
  if (end.kind === 'hang')
    findings.push({ kind: 'hang', index, finding: `does not end in ${PATIENCE_MS} ms` });
}

function runProcess(program, task, patienceMs) {
  const child = spawn(process.execPath, ['--enable-source-maps', program], {
    env: { ...process.env, FUZZ_TASK: JSON.stringify({ root, seed, keepIn: null, ...task }) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let index = task.from;
  let finished = false;
  let hung = false;
  let lastSignMs = performance.now();
  let said = '';
  createInterface({ input: child.stdio[3] }).on('line', (line) => {
    // The last line of a process that was killed may be half of one.
    if (!line.endsWith('}')) return;
    const message = JSON.parse(line);
    lastSignMs = performance.now();
    if (message.finished) finished = true;
    else if (message.findings === undefined) index = message.index;
    else take(message);
    if (findings.length >= MAX_FINDINGS) child.kill();
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-2000);
  });
  // Twice the same input: signs may lie in the pipe while this process was not looked after.
  let suspect = -1;
  const watchdog = setInterval(() => {
    const isLate = performance.now() - lastSignMs > patienceMs;
    if (isLate && suspect === index) {
      hung = true;
      child.kill('SIGKILL');
    }
    suspect = isLate ? index : -1;
  }, 250);
  return new Promise((ended) => {
    child.on('close', (code, signal) => {
      clearInterval(watchdog);
      if (finished || findings.length >= MAX_FINDINGS) ended({ kind: 'done' });
      else if (hung) ended({ kind: 'hang', index });
      else ended({ kind: 'crash', index, finding: `ended with ${signal ?? code}\n${said}` });
    });
  });
}

function take({ index, cpuMs, accepted, codes, findings: found }) {
  done.inputs += 1;
  if (accepted > 0) done.accepted += 1;
  for (const code of codes) done.codes.add(code);
  if (cpuMs > done.slowest.cpuMs) done.slowest = { index, cpuMs };
  if (cpuMs > HANG_MS) findings.push({ kind: 'hang', index, finding: `took ${Math.round(cpuMs)} ms` });
  for (const finding of found) {
    findings.push({ kind: finding.startsWith('exception') ? 'exception' : 'finding', index, finding });
  }
}

/** The inputs, to look at: those of findings only. */
async function keepFindings(program) {
  if (findings.length === 0) return null;
  const keepIn = join(tmpdir(), `regsync-fuzz-findings-${seed}`);
  await mkdir(keepIn, { recursive: true });
  for (const { kind, index, finding } of findings) {
    console.log(`${kind}, input ${index}: ${finding}`);
    await runProcess(program, { from: index, to: index + 1, step: 1, keepIn }, PATIENCE_MS);
  }
  return keepIn;
}

function report(processes, seconds, kept) {
  const number = (kind) => findings.filter((finding) => finding.kind === kind).length;
  const { inputs, accepted, codes, slowest } = done;
  const lines = [
    `inputs      ${inputs.toLocaleString('en-US')} in ${seconds.toFixed(0)} s, ${processes} processes, seed ${seed}`,
    `accepted    ${accepted.toLocaleString('en-US')}, the others with problems of ${codes.size} kinds`,
    `crashes     ${number('crash')}`,
    `hangs       ${number('hang')}`,
    `exceptions  ${number('exception')}`,
    `leaks, misplaced problems and the like  ${number('finding')}`,
    `slowest     ${slowest.cpuMs.toFixed(0)} ms of processor time, input ${slowest.index}`,
  ];
  if (kept !== null) lines.push(`kept in ${kept}`);
  console.log(lines.join('\n'));
}
