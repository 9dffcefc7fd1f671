import type { Lock, SetChange } from '../model/lock.ts';
import type { Catalogue } from '../model/requirements.ts';
import { type Combination, combinationKey } from '../model/resource.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { readCatalogue } from './live.ts';
import { addedCombinations, makeLock } from './lock.ts';
import { compareLocks } from './lock-changes.ts';
import { readSchedule } from './schedule.ts';

/** Reads the current requirements in the form of a lock. */
export async function readLock(
  client: ReadClient,
  combinations: readonly Combination[],
  given: {
    readonly previous: Lock | null;
    readonly added: readonly Combination[];
    readonly isSample: boolean;
  },
): Promise<{ readonly catalogue: Catalogue; readonly lock: Lock }> {
  const catalogue = await readCatalogue(client, combinations);
  const schedule = await readSchedule(client, catalogue);
  const added = new Set(given.added.map(combinationKey));
  return { catalogue, lock: makeLock(catalogue, schedule, { ...given, added }) };
}

/** Reads the current requirements, and their differences from the lock for combinations that it contains. */
export async function readRequirements(
  client: ReadClient,
  combinations: readonly Combination[],
  lock: Lock | null,
): Promise<{ readonly catalogue: Catalogue; readonly changes: readonly SetChange[] }> {
  if (lock === null) return { catalogue: await readCatalogue(client, combinations), changes: [] };
  const { isSample } = lock;
  const given = { previous: lock, added: addedCombinations(lock), isSample };
  const { catalogue, lock: today } = await readLock(client, combinations, given);
  const sets = lock.sets.filter((set) => catalogue.has(combinationKey(set.combination)));
  const changes = compareLocks({ isSample, sets }, today).filter(({ before }) => before !== null);
  return { catalogue, changes };
}
