import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStage } from '../../../src/cli/import/stage.ts';
import { InterruptedError, InvalidInputError } from '../../../src/model/errors.ts';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'regsync-stage-')));
});
afterEach(() => rm(root, { recursive: true }));

const FILES = [
  { path: 'documents/scan.pdf', content: { document: 'digest' } },
  { path: 'groups/crm.yaml', content: { text: 'of the import' } },
];

/** As an import does it: what is placed is either all there in the end, or not at all. */
async function place(signal = new AbortController().signal): Promise<void> {
  const repository = await openStage(root);
  try {
    await repository.keepDocument('digest', Buffer.from('scan'));
    await repository.place(FILES, signal);
  } finally {
    await repository.discard();
  }
}

const namesIn = async () => (await readdir(root, { recursive: true })).sort();

describe('files of an import', () => {
  it('appear whole, readable by their owner alone, and nothing else stays', async () => {
    await place();
    expect(await namesIn()).toEqual(['documents', 'documents/scan.pdf', 'groups', 'groups/crm.yaml']);
    expect(await readFile(join(root, 'documents/scan.pdf'), 'utf8')).toBe('scan');
    expect(await readFile(join(root, 'groups/crm.yaml'), 'utf8')).toBe('of the import');
    const modes = await Promise.all(
      FILES.map(async ({ path }) => (await stat(join(root, path))).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o600]);
  });

  it.each([
    ['a file', () => writeFile(join(root, 'groups/crm.yaml'), 'of a person')],
    ['a folder', () => mkdir(join(root, 'groups/crm.yaml'))],
  ])(
    'replace nothing that came to their place meanwhile, and take back what was written: %s',
    async (what, make) => {
      await mkdir(join(root, 'groups'));
      await make();
      await expect(place()).rejects.toThrow(
        new InvalidInputError(
          'groups/crm.yaml cannot be written: a file is there already: nothing was written',
        ),
      );
      expect(await namesIn()).toEqual(['groups', 'groups/crm.yaml']);
      if (what === 'a file')
        expect(await readFile(join(root, 'groups/crm.yaml'), 'utf8')).toBe('of a person');
    },
  );

  it('are none when the run is interrupted before they are placed', async () => {
    await expect(place(AbortSignal.abort())).rejects.toThrow(
      new InterruptedError('interrupted: nothing was written'),
    );
    expect(await namesIn()).toEqual([]);
  });
});
