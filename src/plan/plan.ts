import { MANAGED, managedRoomOf } from '../kinds/index.ts';
import type { KindPlan, Managed } from '../kinds/kind.ts';
import { orphanName } from '../kinds/requirement-group/plan-orphans.ts';
import { findTakenReferences } from '../kinds/values/reuse.ts';
import { byKind, MANAGED_KINDS, type ManagedKind } from '../model/kinds.ts';
import type { Observed } from '../model/observed.ts';
import type { WritingChange } from '../model/plan/change.ts';
import type { Decisions, PlanInput } from '../model/plan/decisions.ts';
import { type Attention, leavesOneOut } from '../model/plan/plan.ts';
import type { BoundValue } from '../model/resource.ts';
import { named, sentence, worded } from '../model/text/sentence.ts';
import {
  countReused,
  indexMissing,
  planAddressCreations,
  planUploads,
  withDependencies,
} from './contents.ts';
import { idleGates } from './idle-gates.ts';
import { idleResubmits } from './idle-resubmits.ts';

/**
 * Subtracts Observed from Desired. The function is pure: the same two worlds give the same plan, in any order
 * of their parts. Each kind subtracts its own objects, in the order of their dependencies. Shared contents
 * are uploaded and created once.
 */
export function planChanges(input: PlanInput): Decisions {
  const changed: WritingChange[] = [];
  const plans = MANAGED_KINDS.map((kind): KindPlan => {
    const room: Managed = MANAGED[kind];
    const plan = room.plan(input, changed);
    changed.push(...plan.changes);
    return plan;
  });
  const [groups, ...others] = plans;
  const uploads = planUploads(changed);
  const creations = planAddressCreations(changed);
  const missing = indexMissing(uploads, creations);
  const orphans = new Set(input.observed.orphans.map((orphan) => orphanName(orphan)));
  return {
    users: input.observed.users ?? [],
    changes: [...uploads, ...creations, ...changed.map((change) => withDependencies(change, missing))],
    reused: countReused(contentsOf(changed), uploads, creations),
    unchanged: plans.reduce((sum, { unchanged = 0 }) => sum + unchanged, 0),
    manifests: byKind((kind) => input[kind].length - countLeftOut(kind, plans)),
    attention: [
      ...(groups?.attention ?? []),
      ...changed.flatMap((change) => takenReferences(change, input.observed)),
      ...plans.flatMap(({ unmanaged = [] }) => unmanaged),
      ...others.flatMap(({ attention }) => attention),
      ...(input.regulation ?? []),
    ],
    diagnostics: [
      ...plans.flatMap(({ diagnostics }) => diagnostics),
      ...idleGates(input, orphans),
      ...idleResubmits(input, changed, orphans),
    ],
  };
}

function countLeftOut(kind: ManagedKind, plans: readonly KindPlan[]): number {
  return plans
    .flatMap(({ diagnostics }) => diagnostics)
    .filter((one) => leavesOneOut(one) && one.kind === kind).length;
}

/**
 * Reports objects that have our reference but other content. They are not used, because a reference alone
 * proves nothing.
 */
function takenReferences({ name, writes }: WritingChange, observed: Observed): Attention[] {
  return writes.flatMap(({ value, requirementName, source: { file, line } }) =>
    findTakenReferences(value, observed).map(({ kind, id }): Attention => {
      const differs = kind === 'document' ? 'another sha256' : 'other fields';
      const message = sentence`${named(requirementName)}: ${kind} ${named(id)} has the right reference and ${differs}, so regsync does not use it and makes another one`;
      return { code: 'reference-taken', name, ...worded(message), source: { file, line } };
    }),
  );
}

/** Returns all contents of the manifests whose changes write values. */
function contentsOf(changes: readonly WritingChange[]): BoundValue['content'][] {
  return changes
    .filter((change) => change.verb !== 'unchanged' && !managedRoomOf(change).leavesValues(change))
    .flatMap(({ desired }) => desired?.values.map(({ content }) => content) ?? []);
}
