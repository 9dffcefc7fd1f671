import { bindRequirements } from '../catalogue/bind.ts';
import type { ObservedGroup } from '../model/observed.ts';
import type { Catalogue, RequirementDefinition } from '../model/requirements.ts';
import { asReference, type DesiredGroup } from '../model/resource.ts';
import { reveal } from '../model/sensitive.ts';
import type { Account } from '../observe/account.ts';
import type { DocumentRow } from '../telnyx/types.ts';

/** Describes by the catalogue the requirements of each group that gets a manifest. */
export function findCandidates(groups: readonly ObservedGroup[], catalogue: Catalogue): Candidate[] {
  return groups.map((group) => {
    const bare = { ...BARE, combination: group.combination };
    const matches = new Map([[BARE.name, { group, superseded: [] }]]);
    const [bound] = bindRequirements([bare], catalogue, matches).groups;
    return { group, demands: bound?.demands ?? [] };
  });
}

/** Returns the documents that the candidates' requirements contain, each once. */
export function heldDocuments(candidates: readonly Candidate[], { documents }: Account): DocumentRow[] {
  const held = new Set(candidates.flatMap(documentValues));
  return documents.filter(({ id }) => held.has(id));
}

export function documentValues({ group, demands }: Candidate): string[] {
  const types = new Map(demands.map(({ id, fieldType }) => [id, fieldType]));
  return group.requirements.flatMap(({ requirementId, value }) => {
    const type = types.get(requirementId);
    return type === 'document' || type === 'unknown' ? [reveal(value)] : [];
  });
}

/** A group that gets a manifest. */
export interface Candidate {
  readonly group: ObservedGroup;
  /** The group's own requirements, described by the catalogue as far as it knows them. */
  readonly demands: readonly RequirementDefinition[];
}

/** A manifest that states nothing. Binding it returns the requirements that it could state. */
const BARE: Omit<DesiredGroup, 'combination'> = {
  name: '',
  reference: asReference(''),
  statesReference: false,
  id: null,
  approval: 'none',
  partial: true,
  requirements: [],
  attach: [],
  source: { file: '', line: 1, column: 1 },
};
