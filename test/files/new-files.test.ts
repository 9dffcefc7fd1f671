import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNewFiles } from '../../src/files/new-files.ts';
import { InvalidInputError } from '../../src/model/errors.ts';

let root: string;
let elsewhere: string;
beforeEach(async () => {
  [root, elsewhere] = (await Promise.all(
    ['root', 'elsewhere'].map(async (name) => realpath(await mkdtemp(join(tmpdir(), `regsync-${name}-`)))),
  )) as [string, string];
  await mkdir(join(root, 'groups'));
  await writeFile(join(root, 'groups/de.yaml'), 'what a person wrote');
  await writeFile(join(root, '.gitignore'), 'node_modules\n');
});
afterEach(async () => {
  for (const folder of [root, elsewhere]) await rm(folder, { recursive: true });
});

const file = (path: string) => ({ path, text: 'new\n' });
const textOf = (path: string) => readFile(join(root, path), 'utf8');

describe('files that regsync begins', () => {
  it('are written with the folders that they need, and what is added goes to the end of what is there', async () => {
    await writeNewFiles(root, [file('groups/fr.yaml'), file('a/b/c.yaml')], [file('.gitignore')]);
    const texts = await Promise.all(
      ['groups/fr.yaml', 'a/b/c.yaml', '.gitignore', 'groups/de.yaml'].map(textOf),
    );
    expect(texts).toEqual(['new\n', 'new\n', 'node_modules\nnew\n', 'what a person wrote']);
  });

  const taken: readonly (readonly [string, () => Promise<void>])[] = [
    ['a file', async () => {}],
    ['an empty file', () => writeFile(join(root, 'groups/de.yaml'), '')],
    [
      'a folder',
      () =>
        rm(join(root, 'groups/de.yaml'))
          .then(() => mkdir(join(root, 'groups/de.yaml/')))
          .then(() => {}),
    ],
    [
      'a link to nothing',
      async () => {
        await rm(join(root, 'groups/de.yaml'));
        await symlink(join(root, 'nowhere'), join(root, 'groups/de.yaml'));
      },
    ],
  ];

  it.each(taken)('replace nothing that is there, and come all or not at all: %s', async (_, make) => {
    await make();
    await expect(
      writeNewFiles(root, [file('groups/fr.yaml'), file('groups/de.yaml')], [file('.gitignore')]),
    ).rejects.toThrow(
      new InvalidInputError('groups/de.yaml already exists, and regsync never overwrites it'),
    );
    expect(await readdir(join(root, 'groups'))).toEqual(['de.yaml']);
    expect(await textOf('.gitignore')).toBe('node_modules\n');
  });

  it('do not replace one that came after the look, either', async () => {
    // The first of them is that one for the second.
    const twice = [
      { path: 'groups/fr.yaml', text: 'came in between' },
      { path: 'groups/fr.yaml', text: 'new' },
    ];
    await expect(writeNewFiles(root, twice)).rejects.toThrow(
      'groups/fr.yaml cannot be written: a file is there already',
    );
    expect(await textOf('groups/fr.yaml')).toBe('came in between');
  });

  it.each([
    ['its folder is a link that leads out', 'out/fr.yaml'],
    ['a folder above it is one', 'out/deep/er/fr.yaml'],
    ['its path leads out', '../fr.yaml'],
  ])('are none where %s', async (_, path) => {
    await symlink(elsewhere, join(root, 'out'));
    await expect(writeNewFiles(root, [file('groups/fr.yaml'), file(path)])).rejects.toThrow(
      new InvalidInputError(`${path} leads out of the repository: nothing was written`),
    );
    expect([await readdir(elsewhere), await readdir(join(root, 'groups'))]).toEqual([[], ['de.yaml']]);
  });

  it('are added to no file that a link leads out to', async () => {
    await writeFile(join(elsewhere, 'ignored'), 'of somebody else\n');
    await rm(join(root, '.gitignore'));
    await symlink(join(elsewhere, 'ignored'), join(root, '.gitignore'));
    await expect(writeNewFiles(root, [file('groups/fr.yaml')], [file('.gitignore')])).rejects.toThrow(
      new InvalidInputError('.gitignore leads out of the repository: nothing was written'),
    );
    expect(await readFile(join(elsewhere, 'ignored'), 'utf8')).toBe('of somebody else\n');
    expect(await readdir(join(root, 'groups'))).toEqual(['de.yaml']);
  });
});
