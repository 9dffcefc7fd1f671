import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/manifest/fault.ts';
import { isGitInternal, resolvePath } from '../../../src/manifest/files/paths.ts';
import { runs } from '../../properties/runs.ts';
import { fc } from '../../support/fast-check.ts';

const step = fc.oneof(
  fc.constantFrom('..', '.', '', '.git', '.GIT', 'git', 'a', 'b.pdf', '..a', 'a..', '-a', 'C:', 'ä', 'a b'),
  fc.stringMatching(/^[\w.-]{1,4}$/),
);
const path = fc.array(step, { maxLength: 6 }).map((steps) => steps.join('/'));

describe('a path', () => {
  it('stays within the repository and out of .git, and is where the file system would say, however it is written', () => {
    fc.assert(
      fc.property(path, path, (folder, written) => {
        const inside = resolvePath('', folder);
        if (inside instanceof Fault) return;
        const joined = posix.join(inside, written).replace(/\/$/, '');
        const isSafe =
          written !== '' &&
          !written.startsWith('/') &&
          !/^[A-Za-z]:/.test(written) &&
          joined.split('/')[0] !== '..' &&
          !isGitInternal(joined);
        const found = resolvePath(inside, written);
        expect(found instanceof Fault ? null : found).toBe(isSafe ? joined : null);
      }),
      runs(2_000),
    );
  });
});
