import { expect, it } from 'vitest';
import { foreignHint } from '../../../src/kinds/reading/foreign.ts';
import { indexRows } from '../../../src/kinds/reading/index-rows.ts';

const LEAVE = 'Remove its manifest from the other repository first, or leave it alone here.';

it.each([
  [null, LEAVE],
  ['MY REF', LEAVE],
  [
    'regsync/old/a',
    `${LEAVE} If this repository had the scope "old" before, add this line below "scope" in regsync.yaml: former_scope: old`,
  ],
])('what to do about a thing of another scope says how to keep what was one’s own: %s', (reference, hint) => {
  expect(foreignHint(reference)).toBe(hint);
});

it('rows are found by their keys, several under one, and none without a key', () => {
  const rows = [1, 2, 3, 4].map((number) => ({
    number,
    key: number === 4 ? null : number % 2 === 0 ? 'even' : 'odd',
  }));
  const indexed = indexRows(rows, ({ key }) => key);
  expect([...indexed].map(([key, found]) => [key, found.map(({ number }) => number)])).toEqual([
    ['odd', [1, 3]],
    ['even', [2]],
  ]);
});
