// Builds action/: the GitHub action in one file, which is committed. `--check` builds it elsewhere and compares.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { collectLicences, commonOptions } from './build.mjs';
import { buildValidators } from './validators.mjs';

const committed = resolve(import.meta.dirname, '../action');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildValidators();
  if (process.argv.includes('--check')) await check();
  else await bundleAction(committed);
}

/** Nothing of the place or the time of the build gets in: the same sources give the same bytes. */
export async function bundleAction(folder) {
  const bundler = await rolldown({ ...(await commonOptions()), input: { index: 'src/action/main.ts' } });
  await mkdir(folder, { recursive: true });
  const { output } = await bundler.write({
    dir: folder,
    format: 'cjs',
    minify: true,
    sourcemap: 'hidden',
    codeSplitting: false,
    entryFileNames: '[name].js',
  });
  await bundler.close();
  const modules = output.flatMap((part) => Object.keys(part.modules ?? {}));
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  await writeFile(join(folder, 'THIRD-PARTY-LICENSES.txt'), await collectLicences(modules));
}

async function check() {
  const fresh = await mkdtemp(join(tmpdir(), 'regsync-action-'));
  try {
    await bundleAction(fresh);
    const names = (await readdir(fresh)).filter((name) => !name.endsWith('.map'));
    const differing = [];
    for (const name of names) {
      const [ours, theirs] = await Promise.all(
        [join(committed, name), join(fresh, name)].map((path) => readFile(path, 'utf8').catch(() => '')),
      );
      if (ours !== theirs) differing.push(`action/${name}`);
    }
    if (differing.length > 0) {
      console.error(`${differing.join(', ')}: not what the sources give. Run: npm run bundle:action`);
      process.exitCode = 1;
    } else console.log(`action/ is what the sources give (${names.sort().join(', ')}).`);
  } finally {
    await rm(fresh, { recursive: true });
  }
}
