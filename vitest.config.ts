import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { findUnitTests } from './test/support/unit-tests.ts';

/**
 * They take longest, most of them for the processes that they start and for what they wait for. Begun last, they would keep
 * one worker busy when the others have nothing left to do.
 */
const SLOW = [
  'package/release-workflow',
  'package/two-builds',
  'program/orders/attach-interruption',
  'program/trouble/interruption',
  'docs/pages',
  'security/hostile-input',
  'program/orders/number-orders-interruption',
  'security/canary',
  'program/orders/number-order-writes',
  'program/orders/number-orders',
  'http/network',
  'cli/status/wait',
  'program/action/gates',
  'program/action/apply',
  'program/action/plan',
  'program/action/late-runs',
  'security/comment-spoofing',
  'program/processes',
  'program/action/drift',
  'program/action/doors',
  'program/action/edited-comments',
  'cli/apply/lock',
  'fuzz/manifests',
  'properties/part-of-change',
  'properties/exactness',
  'properties/identity',
  'properties/convergence',
  'render/html/report-browser',
  'cli/gc',
];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = ({ moduleId }: TestSpecification) => {
      const found = SLOW.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return found === -1 ? SLOW.length : found;
    };
    return sorted.sort((a, b) => place(a) - place(b));
  }
}

const unitTests = findUnitTests();

/** What both kinds share. The files of a worker share its modules: none may leave anything behind that another could meet. */
const COMMON = {
  isolate: false,
  restoreMocks: true,
  setupFiles: ['test/support/sensitive-texts.ts', 'test/support/worded-messages.ts'],
  testTimeout: 60_000,
  hookTimeout: 30_000,
};

export default defineConfig({
  test: {
    // Most of a test of the program is a process or a server waiting: more of them than cores keep the cores busy.
    maxWorkers: 5,
    sequence: { sequencer: SlowFirst },
    projects: [
      { test: { ...COMMON, name: 'unit', include: unitTests } },
      {
        test: {
          ...COMMON,
          name: 'program',
          include: ['test/**/*.test.ts'],
          exclude: unitTests,
          globalSetup: ['test/support/program.mjs'],
        },
      },
    ],
  },
});
