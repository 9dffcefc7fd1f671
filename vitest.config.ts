import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Most of a test is a process or a server waiting: more of them than cores keep the cores busy.
    maxWorkers: 5,
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
