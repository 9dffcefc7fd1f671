import { readCatalogue, readCountry } from '../../catalogue/live.ts';
import type { Repository } from '../../manifest/repository.ts';
import { LOCK_FILE } from '../../model/lock.ts';
import { Redactor } from '../../model/privacy/redactor.ts';
import type { Catalogue, RequirementSet } from '../../model/requirements.ts';
import { type Combination, combinationKey } from '../../model/resource.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { openReadApi } from './api.ts';
import { findLockMismatch } from './lock-source.ts';
import { startProgress } from './progress.ts';
import { loadLock, refuseProblems, sayProblems } from './project.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

/** The requirements of a combination, with their source. */
export interface Definitions {
  readonly set: RequirementSet;
  /** The source as a clause that follows "as", such as `Telnyx describes it`. */
  readonly origin: string;
}

/**
 * The combinations to look up, and the parts of the repository that this needs. The repository is null if
 * there is none yet.
 */
export interface DefinitionsPlace {
  readonly repository:
    | (Pick<Repository, 'root'> & {
        readonly config: Pick<Repository['config'], 'scope' | 'account'>;
      })
    | null;
  readonly combinations: readonly Combination[];
}

/**
 * Returns the requirements of the combinations, in their order. Reads the lock first, which needs neither
 * network nor key, and asks Telnyx only for the combinations that the lock does not list.
 */
export async function readDefinitions(
  terminal: Terminal,
  options: GlobalOptions,
  place: DefinitionsPlace,
): Promise<readonly Definitions[]> {
  const locked = await readLocked(terminal, options, place);
  const unlocked = place.combinations.filter(
    (combination) => !locked.catalogue.has(combinationKey(combination)),
  );
  const live: Catalogue =
    unlocked.length === 0
      ? new Map()
      : await askTelnyx(terminal, options, place.repository, (client) => readCatalogue(client, unlocked));
  return place.combinations.map((combination) => {
    const set = locked.catalogue.get(combinationKey(combination));
    if (set !== undefined) return { set, origin: locked.isSample ? LOCKED_SAMPLE : LOCKED };
    return { set: setOf(live, combination), origin: liveOrigin(options) };
  });
}

const LOCKED = `${LOCK_FILE} says`;
const LOCKED_SAMPLE = `${LOCK_FILE} says (sample data, not the requirements of Telnyx)`;
const SAMPLE = 'the sandbox describes it (sample data, not the requirements of Telnyx)';

interface Locked {
  readonly catalogue: Catalogue;
  readonly isSample: boolean;
}

async function readLocked(
  terminal: Terminal,
  options: GlobalOptions,
  { repository }: DefinitionsPlace,
): Promise<Locked> {
  const nothing: Locked = { catalogue: new Map(), isSample: false };
  if (repository === null) return nothing;
  const { lock, problems } = await loadLock(repository);
  refuseProblems(problems);
  if (lock === null) return nothing;
  const mismatch = findLockMismatch(lock, terminal, options);
  sayProblems(terminal, options, mismatch === null ? problems : [...problems, mismatch]);
  if (mismatch !== null) return nothing;
  const { lockedCatalogue } = await import('../../catalogue/lock.ts');
  return { catalogue: lockedCatalogue(lock), isSample: lock.isSample };
}

/** Returns every combination that Telnyx lists for a country. Asks Telnyx, because a lock lists only some. */
export async function readCountryDefinitions(
  terminal: Terminal,
  options: GlobalOptions,
  { repository, countryCode }: Pick<DefinitionsPlace, 'repository'> & { readonly countryCode: string },
): Promise<readonly Definitions[]> {
  const sets = await askTelnyx(terminal, options, repository, (client) => readCountry(client, countryCode));
  return sets.map((set) => ({ set, origin: liveOrigin(options) }));
}

function liveOrigin({ sandbox }: GlobalOptions): string {
  return sandbox ? SAMPLE : 'Telnyx describes it';
}

async function askTelnyx<Answer>(
  terminal: Terminal,
  options: GlobalOptions,
  repository: DefinitionsPlace['repository'],
  ask: (client: ReadClient) => Promise<Answer>,
): Promise<Answer> {
  const progress = startProgress(terminal, options);
  const project = { repository: repository ?? { root: null, config: { scope: '', account: null } } };
  const api = await openReadApi({ terminal, options, project, redactor: new Redactor(), progress });
  try {
    progress.step('Reading requirements');
    return await ask(api.client);
  } finally {
    progress.clear();
    await api.close();
  }
}

function setOf(catalogue: Catalogue, combination: Combination): RequirementSet {
  return catalogue.get(combinationKey(combination)) ?? { combination, version: null, requirements: [] };
}
