// Changes the sources in every small way, one at a time, and shows which changes no near test notices:
//
//   npm run test:mutation                            every area
//   npm run test:mutation -- plan                    one area
//   npm run test:mutation -- src/plan/exact.ts       one file, or several, of one area
//
// Only mutants whose code or tests changed since the last run are tried again; `--fresh` tries all of them. Without it, a
// mutant in a constant of a module keeps its earlier result, because no single test is known to reach it. To try fewer
// tests than those of the area, list their files in REGSYNC_MUTATION_TESTS, separated by commas. A mutant that
// behaves as the original does is named in test/mutation/, in the file of its area, with the reason; it counts for nothing.
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const reports = join(root, 'reports/mutation');

/** The tests of an area lie near to its files and take milliseconds. */
const AREAS = {
  resolve: { mutate: 'src/resolve/**/*.ts', tests: ['test/resolve/**/*.test.ts'] },
  plan: { mutate: 'src/plan/**/*.ts', tests: ['test/plan/**/*.test.ts'] },
  kinds: { mutate: 'src/kinds/**/*.ts', tests: ['test/kinds/**/*.test.ts', 'test/plan/**/*.test.ts'] },
  apply: { mutate: 'src/apply/**/*.ts', tests: ['test/apply/**/*.test.ts'] },
  observe: { mutate: 'src/observe/**/*.ts', tests: ['test/observe/**/*.test.ts'] },
  telnyx: { mutate: 'src/telnyx/**/*.ts', tests: ['test/telnyx/**/*.test.ts'] },
  forge: { mutate: 'src/forge/**/*.ts', tests: ['test/forge/**/*.test.ts'] },
  github: { mutate: 'src/github/**/*.ts', tests: ['test/github/**/*.test.ts'] },
  gitlab: { mutate: 'src/gitlab/**/*.ts', tests: ['test/gitlab/**/*.test.ts'] },
  catalogue: { mutate: 'src/catalogue/**/*.ts', tests: ['test/catalogue/**/*.test.ts'] },
  review: {
    mutate: 'src/cli/review/**/*.ts',
    tests: ['test/cli/review/**/*.test.ts', 'test/action/**/*.test.ts'],
  },
  action: { mutate: 'src/action/**/*.ts', tests: ['test/action/**/*.test.ts'] },
};

/** Percent of the mutants that must be killed. */
const AIM = 85;
/** What decides about a write. */
const HIGHER_AIM = 95;
const HIGHER = [
  /^src\/plan\/(exact|plan)\.ts$/,
  /^src\/kinds\/requirement-group\/(approval|limits|match)\.ts$/,
  /^src\/apply\//,
  /^src\/forge\/(sticky|marker)\.ts$/,
  /^src\/cli\/review\/(apply-merged|review)\.ts$/,
];

const words = process.argv.slice(2);
const isFresh = words.includes('--fresh');
const wanted = words.filter((word) => word !== '--fresh');
const equivalents = [];
for (const name of Object.keys(AREAS)) {
  equivalents.push(...JSON.parse(await readFile(join(root, `test/mutation/${name}.json`), 'utf8')));
}
const results = [];
for (const area of areasOf(wanted)) results.push(...(await tryArea(area)));
process.exitCode = report(results) ? 0 : 1;

function areasOf(names) {
  const files = names.filter((name) => name.includes('/'));
  const areas = names.filter((name) => !name.includes('/'));
  const unknown = areas.filter((name) => AREAS[name] === undefined);
  if (unknown.length > 0)
    throw new Error(`There is no area ${unknown.join(', ')}: ${Object.keys(AREAS).join(', ')}`);
  if (names.length === 0) return Object.entries(AREAS).map(([name, area]) => ({ name, ...area }));
  const ofFiles = new Map();
  for (const file of files) {
    const name = areaOf(file);
    ofFiles.set(name, [...(ofFiles.get(name) ?? []), file]);
  }
  return [
    ...areas.map((name) => ({ name, ...AREAS[name] })),
    ...[...ofFiles].map(([name, of]) => ({ name, ...AREAS[name], mutate: of.join(',') })),
  ];
}

function areaOf(file) {
  const [, folder, inner] = file.split('/');
  const name = folder === 'cli' ? inner : folder;
  if (AREAS[name] === undefined) throw new Error(`${file} is in no area: ${Object.keys(AREAS).join(', ')}`);
  return name;
}

async function tryArea({ name, mutate, tests }) {
  const file = join(reports, `${name}.json`);
  const incremental = join(reports, `${name}.incremental.json`);
  await mkdir(reports, { recursive: true });
  await rm(file, { force: true });
  if (isFresh) await rm(incremental, { force: true });
  const config = join(reports, `${name}.config.json`);
  await writeFile(
    config,
    JSON.stringify({
      testRunner: 'vitest',
      plugins: ['@stryker-mutator/vitest-runner'],
      vitest: { configFile: 'vitest.mutation.config.ts', related: false },
      mutate: mutate.split(','),
      coverageAnalysis: 'perTest',
      concurrency: Number(process.env.REGSYNC_MUTATION_WORKERS || 2),
      // The compiler that is used here has no interface for programs; nothing needs its configuration to run.
      tsconfigFile: 'none.json',
      tempDirName: `reports/mutation/${name}.tmp`,
      // Only the folders at the root: `src/action` is an area.
      ignorePatterns: ['/dist', '/action', '/reports', '/bench', '/docs', '.git'],
      reporters: ['json', 'progress-append-only'],
      jsonReporter: { fileName: file },
      incremental: true,
      incrementalFile: incremental,
      allowEmpty: true,
    }),
  );
  process.stdout.write(`\n${name}: ${mutate}\n`);
  await start(['stryker', 'run', config], {
    REGSYNC_MUTATION_TESTS: process.env.REGSYNC_MUTATION_TESTS ?? tests.join(','),
  });
  return readMutants(JSON.parse(await readFile(file, 'utf8')), mutate);
}

function start(args, env) {
  return new Promise((done, failed) => {
    const child = spawn('npx', args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('close', (code) =>
      code === 0 ? done() : failed(new Error(`${args.join(' ')} ended with ${code}`)),
    );
  });
}

/** An incremental report also holds files that were not asked for this time. */
function readMutants({ files }, mutate) {
  const asked = mutate.includes('*') ? null : mutate.split(',');
  return Object.entries(files)
    .filter(([file]) => asked === null || asked.includes(file))
    .flatMap(([file, { source, mutants }]) => {
      const lines = source.split('\n');
      return mutants.map((mutant) => ({
        file,
        status: mutant.status,
        mutator: mutant.mutatorName,
        replacement: mutant.replacement,
        at: mutant.location.start.line,
        line: lines[mutant.location.start.line - 1].trim(),
        span: spanOf(lines, mutant.location),
      }));
    });
}

function spanOf(lines, { start, end }) {
  if (start.line === end.line) return lines[start.line - 1].slice(start.column - 1, end.column - 1);
  return [
    lines[start.line - 1].slice(start.column - 1),
    ...lines.slice(start.line, end.line - 1),
    lines[end.line - 1].slice(0, end.column - 1),
  ].join('\n');
}

/** @returns whether every aim is reached. */
function report(mutants) {
  const files = new Map();
  const used = new Set();
  const survivors = [];
  for (const mutant of mutants) {
    const isKilled = ['Killed', 'Timeout', 'RuntimeError', 'CompileError'].includes(mutant.status);
    const equivalent = equivalents.find((one) => isSame(one, mutant));
    if (equivalent !== undefined) used.add(equivalent);
    if (equivalent !== undefined && !isKilled) continue;
    if (equivalent !== undefined) console.log(`killed, though named equivalent: ${describe(mutant)}`);
    const count = files.get(mutant.file) ?? { killed: 0, all: 0 };
    files.set(mutant.file, { killed: count.killed + (isKilled ? 1 : 0), all: count.all + 1 });
    if (!isKilled) survivors.push(mutant);
  }
  const tried = new Set(mutants.map(({ file }) => file));
  const stale = equivalents.filter((one) => tried.has(one.file) && !used.has(one));
  for (const one of stale) console.log(`no mutant is like this any more: ${one.file}: ${one.line}`);
  console.log('');
  for (const mutant of survivors) console.log(describe(mutant));
  return printScores(files) && stale.length === 0;
}

function isSame(one, mutant) {
  return ['file', 'line', 'span', 'mutator', 'replacement'].every((key) => one[key] === mutant[key]);
}

function describe({ file, at, status, mutator, span, replacement }) {
  const short = (text) => (text.length > 70 ? `${text.slice(0, 67)}…` : text).replaceAll(/\s+/g, ' ');
  return `${status === 'NoCoverage' ? 'not reached' : 'survived'} ${file}:${at} ${mutator}: ${short(span)} → ${short(replacement)}`;
}

function printScores(files) {
  console.log('');
  const folders = new Map();
  let isEnough = true;
  for (const [file, { killed, all }] of [...files].sort()) {
    const folder = file.split('/').slice(0, 2).join('/');
    const count = folders.get(folder) ?? { killed: 0, all: 0 };
    folders.set(folder, { killed: count.killed + killed, all: count.all + all });
    const aim = HIGHER.some((pattern) => pattern.test(file)) ? HIGHER_AIM : null;
    if (aim !== null) isEnough = printScore(file, { killed, all }, aim) && isEnough;
    else printScore(file, { killed, all }, 0);
  }
  for (const [folder, count] of folders) isEnough = printScore(folder, count, AIM) && isEnough;
  return isEnough;
}

function printScore(name, { killed, all }, aim) {
  const percent = all === 0 ? 100 : (100 * killed) / all;
  const isEnough = percent >= aim;
  console.log(
    `${percent.toFixed(1).padStart(6)} %  ${killed} of ${all}  ${name}${isEnough ? '' : `, aim ${aim} %`}`,
  );
  return isEnough;
}
