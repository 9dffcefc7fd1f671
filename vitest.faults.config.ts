import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Every fault at every request. Most of a point is the start of processes and waiting, so more of them than cores are kept busy. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.faults.ts'],
    globalSetup: ['test/faults/build.mjs'],
    sequence: { concurrent: true },
    maxConcurrency: Math.min(8, 3 * availableParallelism()),
    testTimeout: 120_000,
    slowTestThreshold: 120_000,
  },
});
