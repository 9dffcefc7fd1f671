import { expect, it } from 'vitest';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { type Round, tryRound } from '../../support/two-at-once.ts';

const build = buildWithClocks(0.2);

const rounds: readonly (Round & { readonly twins: number | null })[] = [
  { how: 'two checkouts', lagMs: 400, offsetMs: 0, meets: true, twins: 2 },
  { how: 'no lock', lagMs: 0, offsetMs: 0, meets: true, twins: 2 },
  { how: 'killed', lagMs: 500, offsetMs: 0, meets: false, twins: null },
  { how: 'two checkouts', lagMs: 200, offsetMs: 100, meets: false, twins: null },
];

it.each(rounds)(
  'two applies that do not know of each other make nothing twice without a word: $how, lists lag $lagMs ms',
  async ({ twins, ...round }) => {
    const found = await tryRound(round, build);
    if (twins !== null) expect(found).toBe(twins);
  },
);
