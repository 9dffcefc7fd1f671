import { rm } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { MISFORTUNES } from './misfortunes.ts';
import { canBefall, isWrite, listPlaces } from './places.ts';
import { apply, countByName, operationsOf, tryPoint, WRITES } from './point.ts';
import { openStage, type Result } from './stage.ts';
import { Tally } from './tally.ts';
import { prepareStart } from './world.ts';

/**
 * The proof behind "any run can be killed at any request and simply run again": one apply of a change set is measured,
 * and then tried anew for each of its requests and everything that can happen to a request.
 */
const start = await prepareStart();
const oneByOne = await measure(['--parallelism', '1']);
const sideBySide = await measure([]);
// Groups are read before any is worked on, alike in both ways.
const firstWrite = sideBySide.places.findIndex(isWrite);
const ways = [
  { way: 'one group at a time', ...oneByOne },
  { way: 'groups side by side', ...sideBySide, places: sideBySide.places.slice(firstWrite) },
];
const tally = new Tally(ways.map(({ way }) => way));

afterAll(async () => {
  await rm(start.repository, { recursive: true });
  process.stdout.write(tally.render());
});

for (const { way, args, places, undisturbed, writes } of ways) {
  describe(`an apply, ${way}`, () => {
    it('does everything that is disturbed below', () => {
      expect(undisturbed.code, undisturbed.err).toBe(0);
      expect(operationsOf(undisturbed)).toEqual([
        ...['create', 'create', 'create_address', 'delete', 'delete', 'patch'],
        ...['submit', 'submit', 'submit', 'submit', 'upload', 'upload', 'upload'],
      ]);
      expect(writes).toEqual(WRITES);
    });

    for (const place of places) {
      describe(place.title, () => {
        for (const misfortune of MISFORTUNES.filter((one) => canBefall(one, place))) {
          const point = { start, args, place, misfortune };
          it(`may be ${misfortune.title}`, () => tally.count(way, misfortune, () => tryPoint(point)));
        }
      });
    }
  });
}

interface Measure {
  readonly args: readonly string[];
  readonly undisturbed: Result;
  readonly writes: Readonly<Record<string, number>>;
  readonly places: ReturnType<typeof listPlaces>;
}

async function measure(args: readonly string[]): Promise<Measure> {
  const stage = await openStage(start.repository, start);
  try {
    const undisturbed = await apply(stage, args);
    const requests = await stage.requests();
    const writes = countByName(requests.filter(({ method }) => method !== 'GET'));
    return { args, undisturbed, writes, places: listPlaces(requests) };
  } finally {
    await stage.end();
  }
}
