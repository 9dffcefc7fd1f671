import { afterAll, describe, it } from 'vitest';
import { buildWithClocks } from '../support/programs/builds.ts';
import { type Round, tryRound } from '../support/two-at-once.ts';

/** Fifty times two applies at once: at the same moment and a little later, on lists that lag and on such as do not. */
const ROUNDS = 50;
const WAYS: readonly Round['how'][] = ['two checkouts', 'no lock', 'killed'];
const LAGS_MS = [0, 50, 200, 400, 500];
const OFFSETS_MS = [0, 20, 80, 200];

const build = buildWithClocks(0.2);
const found: { readonly how: string; readonly twins: number }[] = [];

afterAll(() => {
  const rows = WAYS.map((how) => {
    const own = found.filter((round) => round.how === how);
    const twins = own.reduce((sum, round) => sum + round.twins, 0);
    return `  ${how.padEnd(14)} ${own.length} rounds, ${twins} groups made twice, each told by the run that made the second\n`;
  });
  process.stdout.write(
    `\ntwo applies at once: ${found.length} of ${ROUNDS} rounds came right\n${rows.join('')}`,
  );
});

describe('two applies at once', () => {
  for (let round = 0; round < ROUNDS; round++) {
    const how = WAYS[round % WAYS.length] ?? 'no lock';
    const lagMs = LAGS_MS[round % LAGS_MS.length] ?? 0;
    const offsetMs = how === 'killed' ? 0 : (OFFSETS_MS[round % OFFSETS_MS.length] ?? 0);
    // Else whether they meet is up to chance.
    const meets = how !== 'killed' && round % 2 === 0;
    it.sequential(`round ${round + 1}: ${how}, lists lag ${lagMs} ms, ${offsetMs} ms apart, ${meets ? 'at one moment' : 'as it comes'}`, async () => {
      found.push({ how, twins: await tryRound({ how, lagMs, offsetMs, meets }, build) });
    });
  }
});
