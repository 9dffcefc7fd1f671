import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clearStaged, replaceFiles, stageFile } from '../../src/files/stage.ts';
import { writeWholeFile } from '../../src/files/write.ts';
import { InvalidInputError } from '../../src/model/errors.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { emptyFolder } from '../support/folders.ts';

const LONGEST = [`${'x'.repeat(251)}.age`, `${'ü'.repeat(125)}.json`];

describe('a file whose name is as long as a name can be', () => {
  it.each(LONGEST)('is written and replaced: %s', async (name) => {
    const path = join(await emptyFolder(), name);
    for (const bytes of ['one', 'two']) {
      await replaceFiles([{ path, bytes }]);
      expect(await readFile(path, 'utf8')).toBe(bytes);
    }
    for (const text of ['three', 'four']) {
      const place = { what: 'the plan', mode: 0o600, root: join(path, '..'), replacesSources: true };
      await writeWholeFile(path, text, place);
      expect(await readFile(path, 'utf8')).toBe(text);
    }
    expect(await readdir(join(path, '..'))).toEqual([name]);
  });

  it.each(LONGEST)('leaves behind what the next run finds and clears away: %s', async (name) => {
    const path = join(await emptyFolder(), name);
    await stageFile(path, 'of a run that was killed');
    expect(await readdir(join(path, '..'))).toEqual([expect.stringMatching(/^\..*\.regsync-tmp$/)]);
    await clearStaged(path);
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  it('keeps the state of the sandbox, too', async () => {
    const folder = await emptyFolder();
    const stateFile = join(folder, `${'s'.repeat(250)}.json`);
    const sandbox = await startSandbox({ stateFile });
    await fetch(`${sandbox.origin}/_sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"advance_seconds":1}',
    });
    await sandbox.close();
    expect(await readdir(folder)).toEqual([`${'s'.repeat(250)}.json`]);
  });

  it('has a staged file of its own beside another that begins alike', async () => {
    const folder = await emptyFolder();
    await mkdir(folder, { recursive: true });
    const names = ['a', 'b'].map((end) => `${'x'.repeat(240)}${end}`);
    await replaceFiles(names.map((name) => ({ path: join(folder, name), bytes: name })));
    for (const name of names) expect(await readFile(join(folder, name), 'utf8')).toBe(name);
  });
});

it('a name that is longer than a name can be is a mistake in the path', async () => {
  const path = join(await emptyFolder(), 'x'.repeat(256));
  await expect(
    writeWholeFile(path, '', { what: 'the plan', mode: 0o600, root: join(path, '..') }),
  ).rejects.toThrow(InvalidInputError);
  await expect(writeFile(path, '')).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
});
