// What `npm publish` would send: packed, looked through, and installed into empty places in each way that README names. There,
// a stranger runs the first commands. `--only tarball` (or `registry`, `git`, `clone`) tries one way. Git and clone take the last commit.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

/** Nothing of this run's own npm gets into those that it starts: `npm run` names a prefix and a configuration. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

const OFFLINE = ['--offline', '--no-audit', '--no-fund'];
const ONLINE = ['--prefer-offline', '--no-audit', '--no-fund'];

/** Whatever this machine has: offline, nothing can be installed. */
const EMPTY_CACHE = { npm_config_cache: join(tmpdir(), 'regsync-no-cache') };

const WAYS = {
  registry: async (prefix, { tarball }) => {
    const registry = await serveRegistry(tarball);
    const place = ['--registry', registry.url, '--cache', join(dirname(prefix), 'cache')];
    try {
      await npm([
        'install',
        '--global',
        '--prefix',
        prefix,
        '--no-audit',
        '--no-fund',
        ...place,
        'regsync@latest',
      ]);
    } finally {
      registry.close();
    }
  },
  tarball: async (prefix, { tarball }) => {
    await npm(['install', '--global', '--prefix', prefix, ...OFFLINE, tarball]);
  },
  git: async (prefix) => {
    const url = `git+${pathToFileURL(root)}#${await lastCommit()}`;
    const allowed = npmMajor < 12 ? [] : ['--allow-git=all'];
    await npm(['install', '--global', '--prefix', prefix, ...ONLINE, ...allowed, url]);
  },
  clone: async (prefix, { place }) => {
    const clone = join(place, 'clone');
    const install = ['install', '--global', '--prefix', prefix, '.'];
    await run('git', ['clone', '--quiet', pathToFileURL(root).href, clone]);
    // From 12 on, npm runs no script of a package that it links, and says so.
    if (npmMajor < 12) await refuses(() => npm([...install, ...OFFLINE], clone, EMPTY_CACHE));
    await npm(['ci', ...ONLINE], clone);
    await npm([...install, ...OFFLINE], clone);
  },
};

const npmVersion = (await npm(['--version'], root)).stdout.trim();
const npmMajor = Number.parseInt(npmVersion, 10);
const chosen = process.argv.includes('--only') ? [process.argv.at(-1)] : Object.keys(WAYS);
const folder = await mkdtemp(join(tmpdir(), 'regsync-package-'));
try {
  console.log(`Node ${process.versions.node}, npm ${npmVersion}`);
  const tarball = await pack();
  await check('its types and schemas serve a project that depends on it', () => servesProject(tarball));
  for (const way of chosen) {
    const place = join(folder, way);
    const prefix = join(place, 'prefix');
    await mkdir(prefix, { recursive: true });
    await check(`installs by ${way}`, () => WAYS[way](prefix, { tarball, place }));
    await check(`runs for a stranger, installed by ${way}`, () => behaveAsStranger(prefix, place));
  }
} finally {
  await rm(folder, { recursive: true });
}

/** One line for each; those after a failure are still tried. */
async function check(what, examine) {
  try {
    await examine();
    console.log(`ok    ${what}`);
  } catch (error) {
    console.log(`FAIL  ${what}: ${error.stderr || error.message}`);
    process.exitCode = 1;
  }
}

async function pack() {
  const { stdout } = await npm(['pack', '--json', '--pack-destination', folder], root);
  // A list, or from npm 12 on an object by name; the build may speak before it.
  const [packed] = Object.values(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))));
  const { filename, size, unpackedSize, files } = packed;
  console.log(`${filename}: ${size} bytes, ${unpackedSize} unpacked, ${files.length} files`);
  return join(folder, filename);
}

/** On loopback, as npm publishes there: what it says of the one version, and its bytes. */
async function serveRegistry(tarball) {
  const bytes = await readFile(tarball);
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { name, version } = manifest;
  const server = createServer((request, response) => {
    if (request.url.endsWith('.tgz')) return response.end(bytes);
    if (request.url !== `/${name}`) return response.writeHead(404).end('{}');
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    const dist = { tarball: `${url}/${name}/-/${basename(tarball)}`, integrity };
    const versions = { [version]: { ...manifest, dist } };
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${server.address().port}`;
  return { url, close: () => server.close() };
}

/** Offline: with a dependency left at run time, this fails. */
async function servesProject(tarball) {
  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  await npm(['install', ...OFFLINE, tarball], project);
  await writeFile(
    join(project, 'use.ts'),
    `import type { ApplyReport, Plan, StatusReport } from 'regsync';
export const count = (plan: Plan, { summary }: ApplyReport): number => plan.changes.length + summary.applied;
// @ts-expect-error A plan has no such key.
export const wrong = (plan: Plan, status: StatusReport): unknown => [status.groups, plan.nonsense];
`,
  );
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
  await run(process.execPath, [compiler, ...options, 'use.ts'], { cwd: project }).catch(({ stdout }) => {
    throw new Error(stdout);
  });
  const ask = `console.log(import.meta.resolve('regsync/schemas/manifest.schema.json'))`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', ask], { cwd: project });
  if (!stdout.endsWith('/regsync/schemas/manifest.schema.json\n')) throw new Error(stdout);
}

/** README's first commands, in an empty folder and in an example: exit codes, and how the result begins or ends. */
async function behaveAsStranger(prefix, place) {
  const repository = join(place, 'repository');
  await mkdir(repository);
  await cp(join(root, 'examples/minimal'), join(place, 'minimal'), { recursive: true, filter: isSource });
  const bin = process.platform === 'win32' ? prefix : join(prefix, 'bin');
  const env = { ...environment, PATH: `${bin}${delimiter}${environment.PATH}` };
  // The network is not needed any more: nothing listens there.
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY']) env[name] = 'http://127.0.0.1:9';
  const say = async (cwd, exit, pattern, ...args) => {
    const { code, stdout, stderr } = await regsync(args, { cwd, env });
    const said = `${stdout}\n${stderr}`;
    const [line = said] = said.match(new RegExp(`^.*(?:${pattern.source}).*$`, 'm')) ?? [];
    console.log(`      $ regsync ${args.join(' ')}\n        ${code}  ${line.trim()}`);
    if (code !== exit || !pattern.test(said)) throw new Error(`ended with ${code}, not ${exit}: ${said}`);
  };
  const first = ['--country', 'DE', '--type', 'local', '--action', 'ordering'];
  await say(place, 0, /^\d+\.\d+\.\d+$/m, '--version');
  await say(repository, 0, /\+ regsync\.yaml/, 'init', '--scope', 'acme', ...first, '--sandbox');
  await say(
    repository,
    0,
    /acme-paris\.yaml/,
    'new',
    'FR',
    'local',
    'ordering',
    '--name',
    'acme-paris',
    '--sandbox',
  );
  await say(repository, 0, /FR local ordering/, 'explain', 'acme-paris', '--sandbox');
  await say(repository, 3, /must not be empty/, 'validate');
  await say(repository, 0, /Doctor: .* 0 not handled/, 'doctor', '--sandbox');
  const minimal = join(place, 'minimal');
  await say(minimal, 0, /^Valid: /m, 'validate');
  await say(minimal, 0, /Lock: 1 added/, 'lock', '--sandbox');
  await say(minimal, 0, /Plan: 1 to create/, 'plan', '--sandbox');
  await say(minimal, 0, /1 applied/, 'apply', '--sandbox', '--yes');
  await say(minimal, 0, /^No changes\./m, 'plan', '--sandbox');
}

/** Without the state that trying the example may have left in it. */
function isSource(path) {
  return basename(path) !== '.regsync';
}

async function regsync(args, options) {
  const [command, ...before] = process.platform === 'win32' ? ['cmd', '/c', 'regsync'] : ['regsync'];
  return run(command, [...before, ...args], options).then(
    (result) => ({ ...result, code: 0 }),
    (error) => {
      if (typeof error.code !== 'number') throw error;
      return error;
    },
  );
}

/** Without what builds it, and with no way to get that, npm must not say that regsync is installed. */
async function refuses(install) {
  const refusal = await install().then(
    () => null,
    (error) => `${error.stdout}\n${error.stderr}`,
  );
  if (refusal === null) throw new Error('installs what is not built');
  if (!refusal.includes('regsync cannot be built')) throw new Error(`does not say why: ${refusal}`);
}

async function lastCommit() {
  return (await run('git', ['rev-parse', 'HEAD'], { cwd: root })).stdout.trim();
}

function npm(args, cwd = folder, more = {}) {
  // On Windows, npm is a script of the shell.
  return run('npm', args, { cwd, env: { ...environment, ...more }, shell: process.platform === 'win32' });
}
