import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: (process.env.REGSYNC_MUTATION_TESTS ?? 'test/plan/**/*.test.ts').split(','),
    setupFiles: ['test/support/sensitive-texts.ts'],
    testTimeout: 60_000,
  },
});
