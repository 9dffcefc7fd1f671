// Builds dist/regsync.js, one file with everything in it, and the licences of what it holds.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildValidators } from './validators.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildValidators();
  if (!process.argv.includes('--validators')) {
    const metafile = await bundle(join(root, 'dist/regsync.js'), {});
    await writeFile(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), await collectLicences(metafile));
  }
}

/** @param constants overrides of what is written in, for builds that are not shipped (see src/build.ts). */
export async function bundle(outfile, constants) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await mkdir(dirname(outfile), { recursive: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/cli.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    minify: true,
    keepNames: false,
    legalComments: 'none',
    metafile: true,
    define: { REGSYNC_VERSION: JSON.stringify(version), ...constants },
    banner: {
      // Some bundled packages are CommonJS and ask for Node's own modules through require.
      js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
  });
  await chmod(outfile, 0o755);
  return result.metafile;
}

/** Licences ask to travel with the code: every package of which something is in the bundle. */
async function collectLicences(metafile) {
  const packages = new Set();
  for (const path of Object.keys(metafile.inputs)) {
    const found = path.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/);
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
