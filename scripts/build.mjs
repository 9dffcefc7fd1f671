// Builds dist/regsync.js and the parts that it loads per command, with everything in them, and the licences of that.
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { buildValidators } from './validators.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** commander can run subcommands as programs of their own. regsync has none, and loading what starts them costs a tenth of a start. */
const withoutChildProcesses = {
  name: 'without-child-processes',
  resolveId: (id, importer) =>
    id === 'node:child_process' && importer?.includes('/commander/') ? '\0no-child-process' : null,
  load: (id) => (id === '\0no-child-process' ? 'export default {};' : null),
};

/**
 * Each of these takes Node longer to load than most of our own parts, and few commands call all of them: they are loaded at
 * the first call.
 */
const LATE = ['node:crypto', 'node:fs/promises', 'node:timers/promises', 'node:zlib'];

const lateBuiltins = {
  name: 'late-builtins',
  resolveId: (id, importer) => {
    const isOurs = importer?.startsWith(join(root, 'src/'));
    return isOurs && LATE.includes(id) ? `\0late-${id}` : null;
  },
  load: (id) => {
    if (!id.startsWith('\0late-')) return null;
    const builtin = id.slice('\0late-'.length);
    const calls = Object.entries(process.getBuiltinModule(builtin)).filter(([name, value]) => {
      // Classes are for `new`, and nothing of ours makes one of these.
      return typeof value === 'function' && /^[a-z]/.test(name);
    });
    return calls
      .map(
        ([call]) =>
          `export const ${call} = (...args) => process.getBuiltinModule('${builtin}').${call}(...args);`,
      )
      .join('\n');
  },
};

/**
 * What every command begins with: the manifests, what reads them, and how problems are said. What these import goes along,
 * so that the parser of YAML leaves by itself on the day when it is imported only where it is needed.
 */
const WANTED_BY_ALL = [
  /late-node:/,
  /src\/model\//,
  /src\/manifest\/(?!lock-|encrypted|write|heads|yaml\.ts)/,
  /src\/commands\/(?:project|validate|lock-source|identity|terminal)\.ts/,
  /src\/render\/(?:problem-text|json|paint|wording)\.ts/,
];

/** What every command that asks Telnyx begins with. */
const WANTED_BY_ALL_ONLINE = [
  /src\/(?:http|telnyx|observe|plan)\//,
  /src\/catalogue\/(?!criteria)/,
  /src\/commands\/(?:api|progress|survey|plan)\.ts/,
  /src\/render\/(?:plan-|columns|wrap|width|requirement-words)/,
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildValidators();
  if (!process.argv.includes('--validators')) {
    await rm(join(root, 'dist/chunks'), { recursive: true, force: true });
    const modules = await bundle(join(root, 'dist/regsync.js'), {});
    await writeFile(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), await collectLicences(modules));
  }
}

/**
 * Writes `outfile` and, in `chunks/` beside it, the parts that it loads when a command asks for them. CommonJS, for
 * Node loads that faster than modules.
 *
 * @param constants overrides of what is written in, for builds that are not shipped (see src/build.ts).
 * @returns the paths of everything that went in.
 */
export async function bundle(outfile, constants) {
  const folder = dirname(outfile);
  const bundler = await rolldown({
    ...(await commonOptions(constants)),
    input: { [basename(outfile, '.js')]: 'src/cli.ts' },
    moduleTypes: { '.yml': 'text' },
  });
  const { output } = await bundler.write({
    dir: folder,
    format: 'cjs',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    // In one file: opening a file takes longer than running most of the small parts does.
    codeSplitting: {
      groups: [
        { name: 'core', test: /src\/(?:build|telnyx\/clock)\.ts|rolldown\/runtime/, priority: 4 },
        { name: 'patterns', test: /node_modules\/re2js\//, priority: 3 },
        { name: 'repository', test: (id) => WANTED_BY_ALL.some((part) => part.test(id)), priority: 2 },
        { name: 'online', priority: 1, test: (id) => WANTED_BY_ALL_ONLINE.some((part) => part.test(id)) },
      ],
    },
    banner: ({ isEntry }) => (isEntry ? '#!/usr/bin/env node' : ''),
  });
  await bundler.close();
  for (const { fileName } of output) await escapeAll(join(folder, fileName));
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  await chmod(outfile, 0o755);
  return output.flatMap((part) => (part.type === 'chunk' ? Object.keys(part.modules) : []));
}

/**
 * One character that is not ASCII makes V8 keep a whole part in twice the memory, and Node read it six times as long. Each
 * stands in a text, a template without a tag or a pattern, where its escape means the same.
 */
async function escapeAll(file) {
  const text = await readFile(file, 'utf8');
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII, and nothing else.
  await writeFile(file, text.replace(/[^\x00-\x7f]/g, escaped));
}

/** What every bundle of ours is made with. */
export async function commonOptions(constants) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const define = { REGSYNC_VERSION: JSON.stringify(version), ...constants };
  return {
    cwd: root,
    platform: 'node',
    transform: { target: 'node20.19', define },
    plugins: [withoutChildProcesses, lateBuiltins],
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
