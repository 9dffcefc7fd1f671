import type { NamedRequirement, ScheduledVersion } from '../model/lock.ts';
import type { Catalogue, RequirementSet } from '../model/requirements.ts';
import { combinationKey } from '../model/resource.ts';
import { parseTimestampMs } from '../model/text/normal-text.ts';
import { unlessRefused } from '../telnyx/absence.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { listRequirementSetsOfVersion } from '../telnyx/endpoints/catalogue.ts';
import type { RequirementSetRow } from '../telnyx/types.ts';
import { selectSets } from './live.ts';

/** The scheduled next versions by `combinationKey`. */
export type Schedule = ReadonlyMap<string, ScheduledVersion>;

/** Reads the scheduled versions: one list for each country and possible next version number. */
export async function readSchedule(client: ReadClient, catalogue: Catalogue): Promise<Schedule> {
  const asked = new Map<string, Promise<readonly RequirementSetRow[] | null>>();
  // For a version that is missing the API may return an error or an empty list (not documented).
  const ask = (country: string, version: number) => {
    const key = `${country} ${version}`;
    const rows =
      asked.get(key) ?? unlessRefused(() => listRequirementSetsOfVersion(client, country, version));
    asked.set(key, rows);
    return rows;
  };
  const found = await Promise.all(
    [...catalogue.values()].map(async (set) => {
      if (set.version === null || !Number.isSafeInteger(set.version)) return [];
      const next = nextVersion(set, (await ask(set.combination.countryCode, set.version + 1)) ?? []);
      return next === null ? [] : [[combinationKey(set.combination), next] as const];
    }),
  );
  return new Map(found.flat());
}

function nextVersion(now: RequirementSet, rows: readonly RequirementSetRow[]): ScheduledVersion | null {
  const sets = selectSets(now.combination, rows);
  const [first] = sets;
  if (first?.version == null) return null;
  const coming = new Map(sets.flatMap((set) => set.requirements).map((row) => [row.id, row]));
  const present = new Map(now.requirements.map((requirement) => [requirement.id, requirement]));
  return {
    version: first.version,
    effectiveAt: readInstant(first.effectiveStartAt),
    adds: [...coming.values()].filter(({ id }) => !present.has(id)).map(named),
    removes: [...present.values()].filter(({ id }) => !coming.has(id)).map(named),
  };
}

function named({ id, name }: NamedRequirement): NamedRequirement {
  return { id, name: name || id };
}

function readInstant(text: string | null): string | null {
  const milliseconds = text === null ? null : parseTimestampMs(text);
  return milliseconds === null ? text : new Date(milliseconds).toISOString();
}
