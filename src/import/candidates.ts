import { findDefinition } from '../catalogue/find-definition.ts';
import { guessSometimes, knowledgeOf, understand, type Vocabulary } from '../catalogue/knowledge.ts';
import type { Lock } from '../model/lock.ts';
import type { ObservedGroup } from '../model/observed.ts';
import { reveal } from '../model/privacy/sensitive.ts';
import type { Catalogue, RequirementDefinition } from '../model/requirements.ts';
import { combinationKey } from '../model/resource.ts';
import { normaliseText } from '../model/text/normal-text.ts';
import { visible } from '../model/text/visible.ts';
import type { Account } from '../observe/account.ts';
import type { DocumentRow } from '../telnyx/types.ts';

/**
 * Describes by the catalogue the requirements of each group that gets a manifest.
 *
 * @param lock the lock that the next plan reads names by, or null.
 */
export function findCandidates(
  groups: readonly ObservedGroup[],
  catalogue: Catalogue,
  lock: Lock | null = null,
): Candidate[] {
  const guess = guessSometimes();
  const known = new Map<string, ReturnType<typeof knowledgeOf>>();
  const named = new Map<Vocabulary, ReadonlySet<string>>();
  return groups.map((group) => {
    const key = combinationKey(group.combination);
    const shared = known.get(key) ?? knowledgeOf(key, catalogue, lock, guess);
    known.set(key, shared);
    const { definitions, vocabulary } = understand(shared, { group, superseded: [] });
    const clear = named.get(vocabulary) ?? clearNames(group, definitions, vocabulary);
    named.set(vocabulary, clear);
    return { group, definitions, named: clear };
  });
}

/** Returns the ids of the requirements that a manifest can call by their names, as a plan reads these. */
function clearNames(
  { combination }: ObservedGroup,
  definitions: readonly RequirementDefinition[],
  vocabulary: Vocabulary,
): ReadonlySet<string> {
  const clear = definitions.filter(({ id, name }) => {
    if (name === id || name.length > MAX_NAME) return false;
    if (name !== normaliseText(name) || name !== visible(name)) return false;
    const stated = { requirement: name, content: NOT_READ, source: NOWHERE, contentSource: NOWHERE };
    return findDefinition(stated, combination, vocabulary, [])?.id === id;
  });
  return new Set(clear.map(({ id }) => id));
}

/** A longer name is more of a sentence, and may be reworded. */
const MAX_NAME = 100;

const NOT_READ = { kind: 'unread_text', variable: null } as const;
const NOWHERE = { file: '', line: 1, column: 1 };

/** Returns the documents that the candidates' requirements contain, each once. */
export function heldDocuments(candidates: readonly Candidate[], { documents }: Account): DocumentRow[] {
  const held = new Set(candidates.flatMap(documentValues));
  return documents.filter(({ id }) => held.has(id));
}

export function documentValues({ group, definitions }: Pick<Candidate, 'group' | 'definitions'>): string[] {
  const types = new Map(definitions.map(({ id, fieldType }) => [id, fieldType]));
  return group.requirements.flatMap(({ requirementId, value }) => {
    const type = types.get(requirementId);
    return type === 'document' || type === 'unknown' ? [reveal(value)] : [];
  });
}

/** A group that gets a manifest. */
export interface Candidate {
  readonly group: ObservedGroup;
  /** The group's own requirements, described by the catalogue as far as it knows them. */
  readonly definitions: readonly RequirementDefinition[];
  /** The ids of those that a manifest can call by their names. */
  readonly named: ReadonlySet<string>;
}
