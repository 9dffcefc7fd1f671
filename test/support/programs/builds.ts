import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { writeWithClocks } from '../clocks.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The program as it is shipped, with its usual clocks; `program.mjs` makes it. */
    usualBuild: Build;
  }
}

/** One build of the program. */
export interface Build {
  /** To be called: see `program.mjs`. */
  readonly module: string;
  /** To be started. */
  readonly file: string;
}

/**
 * The program, for a file of tests, with clocks that run faster, so that what is waited for comes soon: pauses before a
 * repetition, and looks that come too early.
 *
 * @param timeScale 0.2: a second of the program is a fifth of one.
 */
export function buildWithClocks(timeScale: number): Build {
  const folder = mkdtempSync(join(tmpdir(), 'regsync-build-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return writeWithClocks(folder, inject('usualBuild'), timeScale);
}
