import { byKind, type ObservedByKind } from '../../model/kinds.ts';
import type { Observed, ObservedGroup } from '../../model/observed.ts';
import type { GroupChange } from '../../model/plan/change.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { Reference } from '../../model/resource.ts';

/** A group that a repository lets go. */
export interface ReleasedGroup {
  readonly group: ObservedGroup;
  /** The reference without the scope. */
  readonly reference: Reference;
  /** The position of its manifest. Null for an orphan. */
  readonly source: SourcePosition | null;
}

/** Returns the change that writes the reference, and nothing else. It is looked at and read back as any other. */
export function releaseChange(name: string, { group, reference, source }: ReleasedGroup): GroupChange {
  return {
    kind: 'RequirementGroup',
    name,
    source,
    verb: 'adopt',
    actions: ['adopt'],
    desired: {
      name,
      combination: group.combination,
      reference,
      statesReference: true,
      id: null,
      approval: 'none',
      partial: true,
      values: [],
      definitions: [],
      attach: [],
      source: source ?? { file: '', line: 0, column: 0 },
    },
    observed: group,
    writes: [],
    writesReference: reference,
    attaches: [],
    deletes: [],
    dependsOn: [],
    consequences: [],
  };
}

/** Returns a world without documents and addresses, for a change that needs none. */
export function nothingObserved(scope: string): Observed {
  return {
    scope,
    ...(byKind(() => new Map()) as ObservedByKind),
    orphans: [],
    ownedGroups: 0,
    documents: { byId: new Map(), byReference: new Map(), bySha256: new Map() },
    addresses: { byId: new Map(), byReference: new Map() },
    comments: new Map(),
    orders: new Map(),
    readAtMs: 0,
  };
}
