// Writes what V8 compiles of the parts in dist/chunks, for this version of it: `src/code-cache.ts` reads it. A function is
// kept compiled if it ran before the cache was made, so that the commands that start most often are run first.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const MANIFEST = `apiVersion: regsync/v1
kind: RequirementGroup
name: example
country_code: FR
phone_number_type: local
action: ordering
partial: true
requirements: []
---
apiVersion: regsync/v1
kind: RequirementGroup
name: example-two
country_code: DE
phone_number_type: local
action: ordering
partial: true
requirements:
  - requirement: Contact Info
    text: Compliance desk, Example GmbH, +49 30 0000000
  - requirement: Business Registration
    document: { file: ../registration.txt }
`;

const RUNS = [
  ['validate'],
  ['lock', '--sandbox'],
  ['validate'],
  ['plan', '--sandbox'],
  ['apply', '--sandbox', '--yes'],
  ['plan', '--sandbox'],
  ['status', '--sandbox'],
];

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileParts(process.argv[2]);

/** In a process of its own: what is compiled depends on the flags of V8, and on what ran before. */
export function writeCodeCache(chunks) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const options = { env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' };
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), chunks], options);
  if (status !== 0) throw new Error(`The code cache could not be made: ${stderr}`);
}

async function compileParts(chunks) {
  const scripts = keepScripts(chunks);
  // The parts ask regsync.js for the version, and it is a program: this makes it a short one.
  process.argv.splice(2, 1, '--version');
  await runCommands(createRequire(import.meta.url)(join(chunks, 'program.js')).run);
  const cache = join(chunks, `${process.versions.v8}-${process.arch}`);
  await mkdir(cache, { recursive: true });
  for (const [name, script] of scripts) await writeFile(join(cache, name), script.createCachedData());
}

/**
 * In the wrapper of `src/code-cache.ts`, to the letter. What V8 compiles holds the name of the file: a short one, for where
 * it was built is nobody's business.
 */
function keepScripts(chunks) {
  const scripts = new Map();
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, path, ...more) {
    if (dirname(path) !== chunks) return compile.call(this, source, path, ...more);
    // Copied: V8 keeps the whole of a text together with a piece of it.
    const name = Buffer.from(basename(path)).toString();
    const script = new Script(`(function (exports, require, module) {${source}\n})`, {
      filename: `chunks/${name}`,
    });
    scripts.set(name, script);
    return script.runInThisContext()(this.exports, (id) => this.require(id), this);
  };
  return scripts;
}

async function runCommands(run) {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-code-cache-'));
  try {
    await mkdir(join(folder, 'groups'));
    await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: example\n');
    await writeFile(join(folder, 'registration.txt'), 'Example GmbH');
    await writeFile(join(folder, 'groups/example.yaml'), MANIFEST);
    for (const [command, ...options] of RUNS) {
      const code = await run([command, '--chdir', folder, ...options]);
      if (code !== 0) throw new Error(`regsync ${command} exited ${code}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
