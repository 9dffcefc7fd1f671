// Builds dist/: regsync.js and the parts that it loads per command, with everything in them, the licences of that, the types of
// the JSON outputs, and source maps, which stay here (scripts/locate.mjs reads them).
import { execFile } from 'node:child_process';
import { chmod, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { buildValidators } from './validators.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--validators')) await buildValidators();
  else await build();
}

/** Everything that is published, anew. */
export async function build() {
  await buildValidators();
  for (const folder of ['dist/chunks', 'dist/types'])
    await rm(join(root, folder), { recursive: true, force: true });
  const modules = await bundle(join(root, 'dist/regsync.js'));
  await writeFile(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), await collectLicences(modules));
  await declareOutputs();
}

/**
 * Writes `outfile` and, in `chunks/` beside it, the parts that it loads when a command asks for them: the bundler cuts them
 * where the sources import lazily. CommonJS, for Node loads that faster than modules.
 *
 * @returns the paths of everything that went in.
 */
export async function bundle(outfile) {
  const folder = dirname(outfile);
  const bundler = await rolldown({
    ...(await commonOptions()),
    input: { [basename(outfile, '.js')]: 'src/cli/main.ts' },
    moduleTypes: { '.yml': 'text' },
  });
  const { output } = await bundler.write({
    dir: folder,
    format: 'cjs',
    minify: true,
    // Beside each file, and named in none: the package leaves them out.
    sourcemap: 'hidden',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    banner: ({ isEntry }) => (isEntry ? '#!/usr/bin/env node' : ''),
  });
  await bundler.close();
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  await chmod(outfile, 0o755);
  return output.flatMap((part) => (part.type === 'chunk' ? Object.keys(part.modules) : []));
}

/** Writes dist/types: `src/model/outputs.ts` and what it imports, as declarations. */
async function declareOutputs() {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, '--project', join(root, 'tsconfig.types.json')]);
  const folder = join(root, 'dist/types');
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), text.replaceAll(/(from '\.{1,2}\/[\w./-]+)\.ts'/g, "$1.js'"));
  }
}

/** What every bundle of ours is made with. */
export async function commonOptions() {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const define = {
    REGSYNC_VERSION: JSON.stringify(version),
    // undici takes Node's `Headers` beside its own, where there is one, for its cookies. The question makes Node load its own
    // undici beside ours: a fifth of what loading ours takes, and nothing uses it.
    'globalThis.Headers': 'undefined',
  };
  return {
    cwd: root,
    platform: 'node',
    transform: { target: 'node20.19', define },
    // Its build for browsers is the same code as modules, of which only what is used goes in.
    resolve: { alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') } },
  };
}

/** Licences ask to travel with the code: every package of which something is in the bundle. */
export async function collectLicences(modules) {
  // The compiled validators hold a little of these two, by way of a generated file.
  const packages = new Set(['ajv', 'fast-deep-equal']);
  for (const path of modules) {
    const found = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (found) packages.add(found[1]);
  }
  const sections = [];
  for (const name of [...packages].sort()) {
    const folder = join(root, 'node_modules', name);
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    sections.push(`${name} ${version} (${license})\n\n${(await readLicence(folder)).trim()}\n`);
  }
  return sections.join(`\n${'-'.repeat(78)}\n\n`);
}

async function readLicence(folder) {
  for (const file of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE']) {
    try {
      return await readFile(join(folder, file), 'utf8');
    } catch {}
  }
  throw new Error(`No licence file in ${folder}`);
}
