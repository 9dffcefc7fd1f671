import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * They take longest, most of them for the processes that they start. Begun last, they would keep one core busy when the
 * others have nothing left to do.
 */
const SLOW = [
  'security/hostile-input',
  'commands/number-orders',
  'commands/number-order-writes',
  'commands/number-orders-interruption',
  'commands/attach-interruption',
  'commands/interruption',
  'security/canary',
  'commands/exit-codes',
  'commands/processes',
  'action/apply',
  'commands/lock',
  'commands/attach',
  'commands/shards',
  'commands/accounts',
  'action/plan',
  'security/encryption',
  'action/drift',
  'commands/life-cycle',
  'commands/wait',
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

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/program.mjs'],
    // Most of a test is a process or a server waiting: more of them than cores keep the cores busy.
    maxWorkers: 5,
    sequence: { sequencer: SlowFirst },
    testTimeout: 60_000,
    hookTimeout: 30_000,
  },
});
