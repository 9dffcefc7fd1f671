// Releases, as RELEASING.md says:
//   --prepare 1.2.3        writes the version into package.json, the lock file, the changelog and the action's bundle
//   --check [--tag v1.2.3] ends with 1 unless all that names a version agrees, and the action is what the sources give
//   --assets FOLDER        writes what is published: the package, its bill of materials, checksums, and notes from the changelog
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { findDisagreements, nameUnreleased, notesOf } from './release/agreement.mjs';

const root = resolve(import.meta.dirname, '..');
const run = promisify(execFile);
const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };

/** Folders and files that tell a reader which version to use. */
const DOCUMENTS = ['README.md', 'Dockerfile', 'docs', 'examples', '.github'];

const { values } = parseArgs({
  options: {
    prepare: { type: 'string' },
    check: { type: 'boolean' },
    tag: { type: 'string' },
    assets: { type: 'string' },
  },
});
if (values.prepare !== undefined) await prepare(values.prepare);
if (values.check) await check(values.tag ?? null);
if (values.assets !== undefined) await writeAssets(resolve(values.assets));

async function prepare(version) {
  await npm('version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts');
  const day = new Date().toISOString().slice(0, 10);
  await writeFile(join(root, 'CHANGELOG.md'), nameUnreleased(await read('CHANGELOG.md'), version, day));
  await run(process.execPath, ['scripts/bundle-action.mjs'], options);
  // A plan and its MAC name the version. What this version offers is frozen from then on.
  const golden = ['golden-plans.test.ts', 'package/interface.test.ts', '--update'];
  await run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...golden], {
    ...options,
    env: { ...process.env, REGSYNC_FREEZE: '1' },
  });
  console.log(`Prepared ${version}. Look at the difference, then commit it.`);
}

async function check(tag) {
  const [manifest, lock, changelog] = await Promise.all(
    ['package.json', 'package-lock.json', 'CHANGELOG.md'].map(read),
  );
  const disagreements = findDisagreements(
    { manifest, lock, changelog, documents: await readDocuments() },
    tag,
  );
  const bundle = await run(process.execPath, ['scripts/bundle-action.mjs', '--check'], options).then(
    () => [],
    ({ stderr }) => [stderr.trim()],
  );
  for (const each of [...disagreements, ...bundle]) console.error(`FAIL  ${each}`);
  if (disagreements.length + bundle.length > 0) process.exitCode = 1;
  else
    console.log(
      `${JSON.parse(manifest).version} can be released: version, changelog, action, pins and documents agree.`,
    );
}

async function readDocuments() {
  const paths = await Promise.all(DOCUMENTS.map(listFiles));
  const texts = await Promise.all(paths.flat().map(async (path) => [path, await read(path)]));
  return Object.fromEntries(texts);
}

async function listFiles(path) {
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true }).catch(() => null);
  if (entries === null) return [path];
  return entries
    .filter((entry) => entry.isFile() && /^Dockerfile$|\.(?:ya?ml|md|json5?)$/.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );
}

async function writeAssets(folder) {
  await mkdir(folder, { recursive: true });
  const { version } = JSON.parse(await read('package.json'));
  await npm('pack', '--pack-destination', folder);
  const bill = await describeContents();
  await writeFile(join(folder, `regsync-${version}.cdx.json`), `${JSON.stringify(bill, null, 2)}\n`);
  const names = (await readdir(folder))
    .filter((name) => /^regsync-.*(?:\.tgz|\.cdx\.json)$/.test(name))
    .sort();
  const sums = await Promise.all(
    names.map(async (name) => {
      const digest = createHash('sha256').update(await readFile(join(folder, name)));
      return `${digest.digest('hex')}  ${name}\n`;
    }),
  );
  await writeFile(join(folder, 'SHA256SUMS'), sums.join(''));
  await writeFile(join(folder, 'notes.md'), `${notesOf(await read('CHANGELOG.md'), version)}\n`);
  console.log([...names, 'SHA256SUMS', 'notes.md'].map((name) => join(folder, name)).join('\n'));
}

/** A CycloneDX bill of materials: of all that the lock file names, the packages of which something is in the bundle. */
async function describeContents() {
  const { stdout } = await npm('sbom', '--package-lock-only', '--sbom-format', 'cyclonedx');
  const bill = JSON.parse(stdout);
  const licences = await read('dist/THIRD-PARTY-LICENSES.txt');
  const isInside = (component) =>
    licences.split('\n').some((line) => line.startsWith(`${component.name} ${component.version} (`));
  // To npm they are for development only, since nothing is installed beside the bundle that holds them.
  const components = bill.components
    .filter(isInside)
    .map(({ properties: _, ...component }) => ({ ...component, scope: 'required' }));
  const regsync = { ...bill.metadata.component, type: 'application', name: 'regsync' };
  const known = new Set([regsync['bom-ref'], ...components.map((each) => each['bom-ref'])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => known.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => known.has(each)) }));
  return { ...bill, metadata: { ...bill.metadata, component: regsync }, components, dependencies };
}

function read(path) {
  return readFile(join(root, path), 'utf8');
}

function npm(...args) {
  // On Windows, npm is a script of the shell.
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
}
