import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../scripts/build.mjs';
import { writeWithClocks } from '../support/clocks.ts';
import { bundleProgram } from '../support/program.mjs';

/**
 * The program with quicker clocks: a request times out after 1.5 s instead of 30, and every wait is cut alike. That is
 * short enough to let every request stall once, and long enough that no answer over loopback is taken for a timeout.
 */
const TIME_SCALE = 0.05;

export async function setup(project) {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-faults-'));
  const file = join(folder, 'regsync.js');
  await bundle(file);
  const usual = { module: await bundleProgram(folder), file };
  const quick = writeWithClocks(join(folder, 'quick'), usual, TIME_SCALE);
  project.provide('usualBuild', usual);
  project.provide('quickProgram', quick.file);
  project.provide('program', quick.module);
  return () => rm(folder, { recursive: true, force: true });
}
