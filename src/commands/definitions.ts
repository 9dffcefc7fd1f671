import { readCatalogue } from '../catalogue/live.ts';
import { Mask } from '../model/mask.ts';
import { type Catalogue, type Combination, combinationKey, type RequirementSet } from '../model/resource.ts';
import { openReadApi } from './api.ts';
import { startProgress } from './progress.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

/** What is demanded, and who says so. */
export interface Definitions {
  readonly sets: readonly RequirementSet[];
  /** After “as”: `Telnyx describes it` */
  readonly origin: string;
}

/** Of a repository, what is needed here: there may be none, or none yet. */
interface DefinitionsPlace {
  readonly repository: { readonly root: string; readonly config: { readonly scope: string } } | null;
  readonly combinations: readonly Combination[];
}

/** What the combinations demand, in their order, wherever that is known: the one place that decides where to look. */
export async function readDefinitions(
  terminal: Terminal,
  options: GlobalOptions,
  place: DefinitionsPlace,
): Promise<Definitions> {
  const catalogue = await readLive(terminal, options, place);
  const sets = place.combinations.map((combination) => setOf(catalogue, combination));
  return { sets, origin: options.sandbox ? SAMPLE : 'Telnyx describes it' };
}

const SAMPLE = 'the sandbox describes it: sample data, not what Telnyx really demands';

async function readLive(
  terminal: Terminal,
  options: GlobalOptions,
  { repository, combinations }: DefinitionsPlace,
): Promise<Catalogue> {
  const progress = startProgress(terminal, options);
  const project = { repository: repository ?? { root: null, config: { scope: '' } } };
  const api = await openReadApi({ terminal, options, project, mask: new Mask(), progress });
  try {
    progress.step('Reading what is demanded');
    return await readCatalogue(api.client, combinations);
  } finally {
    progress.clear();
    await api.close();
  }
}

function setOf(catalogue: Catalogue, combination: Combination): RequirementSet {
  return catalogue.get(combinationKey(combination)) ?? { combination, version: null, requirements: [] };
}
