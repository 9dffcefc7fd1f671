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

describe('a written path', () => {
  it.each([
    ['bill.pdf', 'groups/bill.pdf'],
    ['./bill.pdf', 'groups/bill.pdf'],
    ['../bill.pdf', 'bill.pdf'],
    ['../documents//a/../bill.pdf', 'documents/bill.pdf'],
    ['deep/', 'groups/deep'],
    ['..bill.pdf', 'groups/..bill.pdf'],
    ['.github/bill.pdf', 'groups/.github/bill.pdf'],
    ['Jane’s bill.pdf', 'groups/Jane’s bill.pdf'],
  ])('is relative to its manifest: %s', (written, expected) => {
    expect(resolvePath('groups', written)).toBe(expected);
  });

  it.each([
    '',
    '/etc/passwd',
    '../../etc/passwd',
    '../..',
    'deep/../../../etc/passwd',
    '..\\..\\etc\\passwd',
    'C:\\bill.pdf',
    'C:/bill.pdf',
    'c:bill.pdf',
    '\\\\server\\share',
    'bill.pdf\0.txt',
    'bill\n.pdf',
    'bill\u202e.pdf',
    '../.git/config',
    '../.GIT/config',
    '../vendor/.git/config',
    '../.git',
  ])('is refused when it is not one within the repository: %j', (written) => {
    expect(resolvePath('groups', written)).toMatchObject({ code: 'unsafe-path' });
  });
});
