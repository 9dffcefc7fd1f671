import { VERSION } from '../../build.ts';
import { definitionsById } from '../../catalogue/bind-orders.ts';
import { findUnlocked } from '../../catalogue/offline.ts';
import { readRequirements } from '../../catalogue/read-requirements.ts';
import { MANAGED } from '../../kinds/index.ts';
import type { Managed } from '../../kinds/kind.ts';
import type { PlanKeys } from '../../kinds/values/fingerprint.ts';
import { RefusedError } from '../../model/errors.ts';
import { type BoundByKind, byKind, MANAGED_KINDS, type Selected } from '../../model/kinds.ts';
import type { Observed } from '../../model/observed.ts';
import { type ChangedSince, manifestKey, orphansInSight } from '../../model/plan/changed.ts';
import type { Decisions, ManagedBefore, Narrowing } from '../../model/plan/decisions.ts';
import type { Attention, Plan, PlanDiagnostic, PlanOptions } from '../../model/plan/plan.ts';
import type { Redactor } from '../../model/privacy/redactor.ts';
import { type Problem, sortProblems } from '../../model/problem.ts';
import { type Narrow, observe } from '../../observe/observe.ts';
import { describePlan } from '../../plan/describe.ts';
import { judgePlan } from '../../plan/judge-plan.ts';
import { planChanges } from '../../plan/plan.ts';
import { regulationAttention } from '../../plan/regulation.ts';
import { selectManifests } from '../../resolve/selection.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { removedGroups } from '../change/narrow.ts';
import type { KeptOrphans } from './kept-orphans.ts';
import { knowHoldings, redactComments, redactReasons } from './know-holdings.ts';
import { type Project, refuseProblems } from './project.ts';

export interface ReadState extends BoundByKind {
  readonly observed: Observed;
  /** The differences between the lock and the catalogue of Telnyx. */
  readonly regulation: readonly Attention[];
  /** Warnings about the manifests. An error is thrown instead. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the state at Telnyx and joins it with the manifests: a plan or a status is made from the result.
 *
 * @param narrow present if only the selected manifests matter, and not the rest of the account.
 */
export async function readState(
  client: ReadClient,
  project: Project,
  selected: Selected,
  redactor: Redactor,
  narrow?: Narrow,
): Promise<ReadState> {
  const { lock, desired } = project;
  const groups = desired.RequirementGroup.filter(({ name }) => selected.RequirementGroup.has(name));
  const combinations = groups.map((group) => group.combination);
  const [{ catalogue, changes }, observation] = await Promise.all([
    readRequirements(client, combinations, lock),
    observe(client, desired, {
      ...{ selected, redactor, nowMs: Date.now },
      ...(narrow === undefined ? {} : { narrow }),
    }),
  ]);
  const { observed, problems, refusals } = observation;
  const context = { catalogue, lock, definitions: definitionsById(catalogue, lock), observed };
  const bound = byKind((kind) => {
    const room: Managed = MANAGED[kind];
    const own = desired[kind].filter(({ name }) => selected[kind].has(name));
    return room.bind(own, context);
  });
  const unlocked = lock === null ? [] : findUnlocked(groups, lock);
  const mistakes = MANAGED_KINDS.flatMap((kind) => bound[kind].problems);
  const found = sortProblems([...problems, ...mistakes, ...unlocked]);
  refuseProblems(found);
  refuseForeign(refusals);
  const worlds = { ...(byKind((kind) => bound[kind].objects) as BoundByKind), observed };
  const regulation = regulationAttention(worlds.RequirementGroup, changes);
  knowHoldings(redactor, worlds);
  const shown = { comments: redactComments(worlds), PortingOrder: redactReasons(worlds) };
  return { ...worlds, observed: { ...observed, ...shown }, regulation, problems: found };
}

/**
 * Throws if a manifest refers to a group or an order of another scope or another manifest. One refusal is
 * enough.
 */
export function refuseForeign(refusals: readonly Problem[]): void {
  if (refusals.length === 0) return;
  throw new RefusedError(refusals.map((refusal) => refusal.message).join('; '), sortProblems(refusals));
}

export interface PlanContext {
  readonly options: PlanOptions;
  readonly keys: PlanKeys;
  /** Redacts secrets, as the last filter of the terminal does. */
  readonly cover: (text: string) => string;
  readonly warnDays?: number;
  /** The groups of the base commit. Absent if no base is known. */
  readonly base?: ManagedBefore;
  /** The orphans that stay because of their last manifests. */
  readonly keeps?: KeptOrphans;
  /** What to tell people about the run beside what the plan itself finds. */
  readonly notices?: readonly PlanDiagnostic[];
}

/** Compares the manifests with Telnyx. Returns the decisions to carry out, and the plan that shows them. */
export function planFrom(
  { problems: _, ...worlds }: ReadState,
  project: Project,
  context: PlanContext,
): { readonly decisions: Decisions; readonly plan: Plan } {
  const { config } = project.repository;
  const { options, keys, cover } = context;
  const { changed } = options;
  const decided = planChanges({
    ...worlds,
    observed: { ...worlds.observed, orphans: orphansInSight(worlds.observed.orphans, changed) },
    gates: options,
    limits: config.limits,
    warnDays: context.warnDays ?? config.expiry.warnDays,
    narrowedBy: narrowingsOf(options),
    deletesElsewhere: countDeletesElsewhere(worlds, project, options),
    ...(context.base === undefined ? {} : { base: context.base }),
    ...(context.keeps === undefined ? {} : { kept: context.keeps.kept }),
    ...(context.keeps?.restated === undefined ? {} : { restated: context.keeps.restated }),
  });
  const { keeps, notices = [] } = context;
  const found = [...decided.diagnostics, ...(keeps?.diagnostics ?? []), ...notices];
  const { scope } = project.desired;
  const others = changed === undefined ? {} : { notLookedAt: countOthers(project, changed) };
  const described = (diagnostics: Decisions['diagnostics']) => {
    const decisions = { ...decided, diagnostics };
    const about = { scope, version: VERSION, options, keys, cover, ...others };
    return { decisions, plan: describePlan(decisions, about) };
  };
  const made = described(found);
  const violations = judgePlan(made.plan, project.policies, worlds.observed.readAtMs);
  return violations.length === 0 ? made : described([...found, ...violations]);
}

/** Returns the number of manifests that the change does not touch. */
function countOthers({ desired, others }: Project, { names }: ChangedSince): number {
  const touched = new Set(names);
  const read = MANAGED_KINDS.flatMap((kind) =>
    desired[kind].filter(({ name }) => !touched.has(manifestKey(kind, name))),
  );
  return read.length + (others?.unread ?? 0);
}

/**
 * Returns the narrow reading for a run of certain names. Undefined for a run that has something to say about
 * the rest of the account: about all orphans, about a shard's part of the limits, about a fraction of all groups, or
 * about names outside of the run that a gate was opened for.
 */
export function narrowOf(
  { paths, targets, shard, prune, allow_delete, resubmit, changed }: PlanOptions,
  selected: Selected,
): Narrow | undefined {
  if (shard !== undefined) return undefined;
  if (!resubmit.every((name) => selected.RequirementGroup.has(name))) return undefined;
  if (changed !== undefined) {
    const removed = removedGroups(changed);
    return prune && removed.length > 0 ? undefined : { removed };
  }
  const isOfCertainNames = paths.length > 0 || targets.length > 0;
  return isOfCertainNames && allow_delete.length === 0 ? {} : undefined;
}

function narrowingsOf({ paths, targets, excludes = [], shard, changed }: PlanOptions): Narrowing[] {
  return [
    ...(paths.length > 0 ? (['paths'] as const) : []),
    ...(targets.length > 0 ? (['--target'] as const) : []),
    ...(excludes.length > 0 ? (['--exclude'] as const) : []),
    ...(shard === undefined ? [] : (['--shard'] as const)),
    ...(changed === undefined ? [] : (['--changed-since'] as const)),
  ];
}

/**
 * Counts the deletions of the other shards: without them, each of eight shards could delete up to the limit.
 */
function countDeletesElsewhere(
  { RequirementGroup: groups, observed }: Pick<ReadState, 'RequirementGroup' | 'observed'>,
  { repository, desired }: Project,
  { paths, targets, excludes, shard, changed }: PlanOptions,
): number {
  if (shard === undefined) return 0;
  const { selected } = selectManifests(repository, desired, {
    paths,
    targets,
    ...(excludes === undefined ? {} : { excludes }),
    ...(changed === undefined ? {} : { changed }),
    cwd: repository.root,
  });
  const own = new Set(groups.map(({ name }) => name));
  const others = [...observed.RequirementGroup].filter(
    ([name]) => selected.RequirementGroup.has(name) && !own.has(name),
  );
  const decided = others.filter(([, { rivals }]) => rivals === undefined);
  return decided.reduce((sum, [, { superseded }]) => sum + superseded.length, 0);
}
