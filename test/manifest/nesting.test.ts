import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'rolldown';
import { expect, it } from 'vitest';
import { emptyFolder } from '../support/folders.ts';

const OPENINGS = ['[', '{', '[{a: ', '- ', '? ', 'a: ', ': ', '? - '];

it('nesting of 100,000 of anything that opens gives problems and leaves the process alive', async () => {
  const folder = await emptyFolder();
  await build({
    input: join(import.meta.dirname, '../../src/manifest/parse.ts'),
    platform: 'node',
    output: { file: join(folder, 'parse.cjs'), format: 'cjs' },
  });
  const script = `
    const { parseManifests } = require('./parse.cjs');
    for (const opening of ${JSON.stringify(OPENINGS)}) {
      const { problems } = parseManifests('a.yaml', opening.repeat(100_000));
      console.log(opening, problems.length > 0 && problems.every(({ source }) => source.line === 1));
    }`;
  const { status, signal, stdout } = spawnSync(process.execPath, ['-e', script], {
    cwd: folder,
    encoding: 'utf8',
  });
  const said = OPENINGS.map((opening) => `${opening} true\n`).join('');
  expect({ status, signal, stdout }).toEqual({ status: 0, signal: null, stdout: said });
});
