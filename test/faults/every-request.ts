import { rm } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { Result } from '../support/servers/host.ts';
import { INJECTED_FAULTS } from './injected-faults.ts';
import { canBefall, listPlaces, type Place } from './places.ts';
import { apply, countByName, operationsOf, tryPoint, WRITES } from './point.ts';
import { openRepository } from './repository.ts';
import { Tally } from './tally.ts';
import { prepareStart, type Start } from './world.ts';

/**
 * The proof behind "any run can be killed at any request and simply run again": one apply of a change set is measured,
 * and then tried anew for each of its requests and everything that can happen to a request.
 *
 * @param select of all places those that are disturbed.
 */
export async function disturbEveryRequest(
  way: string,
  args: readonly string[],
  select: (places: readonly Place[]) => readonly Place[],
): Promise<void> {
  const start = await prepareStart();
  const { places, undisturbed, writes } = await measure(start, args);
  const tally = new Tally([way]);

  afterAll(async () => {
    await rm(start.repository, { recursive: true });
    process.stdout.write(tally.render());
  });

  describe(`an apply, ${way}`, () => {
    it('does everything that is disturbed below', () => {
      expect(undisturbed.code, undisturbed.err).toBe(0);
      expect(operationsOf(undisturbed)).toEqual([
        ...['create', 'create', 'create_address', 'delete', 'delete', 'patch'],
        ...['submit', 'submit', 'submit', 'submit', 'upload', 'upload', 'upload'],
      ]);
      expect(writes).toEqual(WRITES);
    });

    for (const place of select(places)) {
      describe(place.title, () => {
        for (const injectedFault of INJECTED_FAULTS.filter((one) => canBefall(one, place))) {
          const point = { start, args, place, injectedFault };
          it(`may be ${injectedFault.title}`, () => tally.count(way, injectedFault, () => tryPoint(point)));
        }
      });
    }
  });
}

interface Measure {
  readonly undisturbed: Result;
  readonly writes: Readonly<Record<string, number>>;
  readonly places: readonly Place[];
}

async function measure(start: Start, args: readonly string[]): Promise<Measure> {
  const testRepository = await openRepository(start.repository, start);
  try {
    const undisturbed = await apply(testRepository, args);
    const requests = await testRepository.requests();
    const writes = countByName(requests.filter(({ method }) => method !== 'GET'));
    return { undisturbed, writes, places: listPlaces(requests) };
  } finally {
    await testRepository.end();
  }
}
