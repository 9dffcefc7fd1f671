// What `npm publish` would send: packed, looked through, installed into an empty project and run there.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

const MAY_BE_IN_IT = /^(dist\/.+|schemas\/.+|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
const MUST_BE_IN_IT = [
  'dist/regsync.js',
  'dist/THIRD-PARTY-LICENSES.txt',
  'schemas/manifest.schema.json',
  'schemas/config.schema.json',
  'schemas/plan.schema.json',
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];

const folder = await mkdtemp(join(tmpdir(), 'regsync-package-'));
try {
  const packed = await pack();
  await check('holds nothing that is not meant for users', () => nothingStrange(packed));
  await check('holds everything that users need', () => nothingMissing(packed));
  const project = await install(packed);
  await check('says its version', () => saysItsVersion(project, packed));
  await check('validates an example', () => validates(project));
  await check('plans an example in the sandbox', () => plans(project));
} finally {
  await rm(folder, { recursive: true });
}

/** One line for each; those after a failure are still tried. */
async function check(what, examine) {
  const fault = await examine().catch((error) => error.stderr || error.message);
  console.log(
    `${fault === null ? 'ok  ' : 'FAIL'}  the package ${what}${fault === null ? '' : `: ${fault}`}`,
  );
  if (fault !== null) process.exitCode = 1;
}

async function pack() {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  const [packed] = JSON.parse(stdout);
  console.log(`${packed.filename}: ${packed.size} bytes, ${packed.unpackedSize} unpacked`);
  for (const { path, size } of packed.files) console.log(`  ${String(size).padStart(8)}  ${path}`);
  return packed;
}

async function nothingStrange({ files }) {
  const strange = files.map(({ path }) => path).filter((path) => !MAY_BE_IN_IT.test(path));
  return strange.length === 0 ? null : strange.join(', ');
}

async function nothingMissing({ files }) {
  const missing = MUST_BE_IN_IT.filter((wanted) => !files.some(({ path }) => path === wanted));
  return missing.length === 0 ? null : `${missing.join(', ')} missing`;
}

/** Offline: with a dependency left at run time, this fails. */
async function install({ filename }) {
  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true }\n');
  const options = ['--offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...options, join(folder, filename)], { cwd: project });
  await cp(join(root, 'examples/minimal'), join(project, 'minimal'), { recursive: true, filter: isSource });
  return project;
}

/** Without the state that trying the example may have left in it. */
function isSource(path) {
  return basename(path) !== '.regsync';
}

async function saysItsVersion(project, { version }) {
  const { stdout } = await regsync(project, '--version');
  return stdout === `${version}\n` ? null : `said ${stdout}`;
}

async function validates(project) {
  const { stdout } = await regsync(project, 'validate', '--chdir', 'minimal');
  return stdout.startsWith('Valid: ') ? null : `said ${stdout}`;
}

async function plans(project) {
  const { stdout } = await regsync(project, 'plan', '--sandbox', '--format', 'json', '--chdir', 'minimal');
  const { summary } = JSON.parse(stdout);
  return summary.groups.create === 1 ? null : `said ${stdout}`;
}

function regsync(project, ...args) {
  return run('npx', ['--no-install', 'regsync', ...args], { cwd: project });
}
