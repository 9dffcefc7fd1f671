import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** One build of the program. */
export interface Build {
  /** To be called: see `program.mjs`. */
  readonly module: string;
  /** To be started. */
  readonly file: string;
}

/**
 * A build for a file of tests whose clocks run faster, so that what is waited for comes soon: pauses before a repetition, and
 * looks that come too early.
 *
 * @param timeScale 0.2: a second of the program is a fifth of one.
 */
export function buildWithClocks(timeScale: number): Build {
  const build = { module: '', file: '' };
  let folder = '';
  beforeAll(async () => {
    const { bundle } = await import(resolve(import.meta.dirname, '../../scripts/build.mjs'));
    const { bundleProgram } = await import(resolve(import.meta.dirname, 'program.mjs'));
    folder = await mkdtemp(join(tmpdir(), 'regsync-build-'));
    const constants = { REGSYNC_TIME_SCALE: String(timeScale) };
    build.file = join(folder, 'regsync.js');
    await bundle(build.file, constants);
    build.module = await bundleProgram(folder, constants);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return build;
}
