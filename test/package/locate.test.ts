import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/root.ts';

async function locate(place: string): Promise<string> {
  const script = join(ROOT, 'scripts/locate.mjs');
  return (await promisify(execFile)(process.execPath, [script, place])).stdout.trimEnd();
}

/** Where V8 would say that the text is. */
function placeOf(file: string, text: string): string {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  const line = lines.findIndex((each) => each.includes(text));
  return `${line + 1}:${(lines[line] ?? '').indexOf(text) + 1}`;
}

describe('a place in a reported stack trace', () => {
  it('is found in the sources, by the maps that the build leaves beside the bundle', async () => {
    const place = placeOf('dist/regsync.js', 'regsync needs Node');
    const located = await locate(`(/usr/lib/node_modules/regsync/dist/regsync.js:${place})`);
    const [, file = '', line = ''] = located.match(/ {2}(src\/[\w./-]+):(\d+):\d+$/) ?? [];
    expect(file).toMatch(/^src\/(?:\w+\/)?preflight\.ts$/);
    const source = readFileSync(join(ROOT, file), 'utf8').split('\n')[Number(line) - 1];
    expect(source).toContain('regsync needs Node');
  });

  it.each([
    ['nonsense', 'nonsense  is no place in a bundle: FILE.js:LINE:COLUMN'],
    [
      'other.js:1:1',
      `other.js:1:1  has no map at ${join(ROOT, 'dist/other.js.map')}: run npm ci, or npm run bundle:action`,
    ],
  ])('that is none of ours is named: %s', async (place, said) => {
    expect(await locate(place)).toBe(said);
  });
});
