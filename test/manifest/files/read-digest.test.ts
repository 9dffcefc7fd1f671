import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RepositoryPath } from '../../../src/manifest/files/paths.ts';
import { readDigest } from '../../../src/manifest/files/read-digest.ts';
import { workspace } from '../workspace.ts';

const PIECES = Buffer.alloc(300_000, 'SAMPLE DATA ');
const digestOf = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');

const FILES = {
  'small.pdf': 'SAMPLE DATA',
  'pieces.pdf': PIECES,
  'moved.pdf.age': 'is not opened',
  'not-age.pdf.age': 'SAMPLE DATA',
};

describe('what a pin is compared with', () => {
  it.each([
    ['small.pdf', { sha256: digestOf('SAMPLE DATA'), bytes: 11 }],
    ['pieces.pdf', { sha256: digestOf(PIECES), bytes: PIECES.length }],
  ])('is the digest of the whole file: %s', async (path, known) => {
    const { root } = await workspace(FILES);
    expect(readDigest(root, path as RepositoryPath)).toMatchObject(known);
  });

  it.each([
    ['missing.pdf', { code: 'file-not-found' }],
    ['moved.pdf', { code: 'file-not-found', hint: expect.stringContaining('"moved.pdf.age" already') }],
    ['not-age.pdf.age', { code: 'not-encrypted' }],
  ])('is a fault where there is none: %s', async (path, fault) => {
    const { root } = await workspace(FILES);
    expect(readDigest(root, path as RepositoryPath)).toMatchObject(fault);
  });
});
