import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { commonOptions } from '../../scripts/build.mjs';

const root = resolve(import.meta.dirname, '../..');

/** For vitest: the program as a module, made once for all test files. */
export async function setup(project) {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-program-'));
  const module = await bundleProgram(folder);
  project.provide('program', module);
  project.provide('usualBuild', { module, file: join(root, 'dist/regsync.js') });
  return () => rm(folder, { recursive: true, force: true });
}

/** What `src/cli/main.ts` and `src/action/main.ts` begin in a process. */
const ENTRY = `
export { run } from './src/cli/program.ts';
export { runAction } from './src/action/run-action.ts';
export { openTerminal } from './src/cli/shell.ts';
`;

const entry = {
  name: 'entry',
  resolveId: (id) => (id === 'program' ? join(root, 'program.generated.mjs') : null),
  load: (id) => (id.endsWith('/program.generated.mjs') ? ENTRY : null),
};

/**
 * The program and the action as they are bundled to be shipped, but begun by a call instead of a process.
 *
 * @returns the path of a CommonJS module.
 */
export async function bundleProgram(folder) {
  const file = join(folder, 'program.cjs');
  const common = await commonOptions();
  const bundler = await rolldown({
    ...common,
    input: 'program',
    plugins: [entry],
    moduleTypes: { '.yml': 'text' },
  });
  await bundler.write({ file, format: 'cjs', minify: true, codeSplitting: false });
  await bundler.close();
  return file;
}
