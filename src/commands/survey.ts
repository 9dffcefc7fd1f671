import { VERSION } from '../build.ts';
import { bindRequirements } from '../catalogue/bind.ts';
import { readDemands } from '../catalogue/demands.ts';
import { findUnlocked } from '../catalogue/offline.ts';
import { selectGroups } from '../manifest/repository.ts';
import { RefusedError } from '../model/errors.ts';
import type { Mask } from '../model/mask.ts';
import type { Attention, Plan, PlanOptions } from '../model/plan.ts';
import { type Problem, sortProblems } from '../model/problem.ts';
import type { BoundGroup, DesiredGroup, Observed } from '../model/resource.ts';
import { observe } from '../observe/observe.ts';
import { describePlan } from '../plan/describe.ts';
import type { PlanKeys } from '../plan/fingerprint.ts';
import { type Decisions, planChanges } from '../plan/plan.ts';
import { regulationAttention } from '../plan/regulation.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { type Project, refuseProblems } from './project.ts';

export interface Survey {
  readonly groups: readonly BoundGroup[];
  readonly observed: Observed;
  /** What changed since the lock was written. */
  readonly regulation: readonly Attention[];
  /** Warnings about the manifests: errors are thrown. */
  readonly problems: readonly Problem[];
}

/** Reads both worlds and brings them together: everything that a plan or a status is made of. */
export async function survey(
  client: ReadClient,
  project: Project,
  names: ReadonlySet<string>,
  mask: Mask,
): Promise<Survey> {
  const selected = project.desired.groups.filter((group) => names.has(group.name));
  maskValues(selected, mask);
  const { lock } = project;
  const combinations = selected.map((group) => group.combination);
  const [{ catalogue, changes }, observation] = await Promise.all([
    readDemands(client, combinations, lock),
    observe(client, project.desired, { selected: names, mask, nowMs: Date.now }),
  ]);
  const { observed, problems, refusals } = observation;
  const bound = bindRequirements(selected, catalogue, observed.matches, lock);
  const unlocked = lock === null ? [] : findUnlocked(selected, lock);
  const found = sortProblems([...problems, ...bound.problems, ...unlocked]);
  refuseProblems(found);
  if (refusals.length > 0) {
    throw new RefusedError(refusals.map((refusal) => refusal.message).join('; '), sortProblems(refusals));
  }
  const regulation = regulationAttention(bound.groups, changes);
  return { groups: bound.groups, observed, regulation, problems: found };
}

/** What a group's manifest holds must not come back in what the API says. A country code is no secret. */
function maskValues(groups: readonly DesiredGroup[], mask: Mask): void {
  for (const { content } of groups.flatMap((group) => group.requirements)) {
    if (content.kind === 'text') mask.add(content.text);
    if (content.kind !== 'address') continue;
    for (const [field, value] of content.address.fields) if (field !== 'country_code') mask.add(value);
  }
}

/** Subtracts one from the other: the decisions to carry out, and the plan that shows them. */
export function planFrom(
  { groups, observed, regulation }: Survey,
  project: Project,
  context: { readonly options: PlanOptions; readonly keys: PlanKeys; readonly warnDays?: number },
): { readonly decisions: Decisions; readonly plan: Plan } {
  const { config } = project.repository;
  const { options, keys } = context;
  const decisions = planChanges({
    groups,
    observed,
    regulation,
    gates: {
      prune: options.prune,
      allowReplace: options.allow_replace,
      allowDelete: new Set(options.allow_delete),
    },
    limits: config.limits,
    warnDays: context.warnDays ?? config.expiry.warnDays,
    narrowed: options.paths.length > 0 || options.targets.length > 0 || options.shard !== undefined,
    deletesElsewhere: countDeletesElsewhere(groups, observed, project, options),
  });
  const plan = describePlan(decisions, { scope: project.desired.scope, version: VERSION, options, keys });
  return { decisions, plan };
}

/** A limit of ten deletions is no limit where each of eight shards may do ten. */
function countDeletesElsewhere(
  own: readonly BoundGroup[],
  observed: Observed,
  { repository, desired }: Project,
  { paths, targets, shard }: PlanOptions,
): number {
  if (shard === undefined) return 0;
  const { names } = selectGroups(repository, desired, { paths, targets, cwd: repository.root });
  const ownNames = new Set(own.map(({ name }) => name));
  const others = [...observed.matches].filter(([name]) => names.has(name) && !ownNames.has(name));
  return others.reduce((sum, [, { superseded }]) => sum + superseded.length, 0);
}
