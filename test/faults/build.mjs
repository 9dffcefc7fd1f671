import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../scripts/build.mjs';
import { bundleProgram } from '../support/program.mjs';

/**
 * The program with quicker clocks: a request times out after 1.5 s instead of 30, and every wait is cut alike. That is
 * short enough to let every request stall once, and long enough that no answer over loopback is taken for a timeout.
 */
const TIME_SCALE = 0.05;

export async function setup(project) {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-faults-'));
  const program = join(folder, 'regsync.js');
  const constants = { REGSYNC_TIME_SCALE: String(TIME_SCALE) };
  await bundle(program, constants);
  project.provide('quickProgram', program);
  project.provide('program', await bundleProgram(folder, constants));
  return () => rm(folder, { recursive: true, force: true });
}
