import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Every fault at every request. Half of a point is waiting for something that never comes, so many are tried side by side. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.faults.ts'],
    globalSetup: ['test/faults/build.mjs'],
    maxWorkers: 3,
    sequence: { concurrent: true },
    maxConcurrency: Math.min(8, 3 * availableParallelism()),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    slowTestThreshold: 120_000,
  },
});
