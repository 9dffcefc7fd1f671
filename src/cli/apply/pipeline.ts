import { InterruptedError, InvalidInputError, RefusedError } from '../../model/errors.ts';
import {
  changeIdentity,
  closesPlan,
  type Outcome,
  type Plan,
  type PlanChange,
  type PlanOptions,
} from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import { type Desired, type Selected, selectAll } from '../../model/resource.ts';
import type { ManagedBefore } from '../../plan/decisions.ts';
import { type Deviation, findDeviations, findOtherAccount } from '../../plan/exact.ts';
import type { PlanKeys } from '../../plan/fingerprint.ts';
import { closedGates, type NeededGate } from '../../plan/gates.ts';
import { findSuperseded } from '../../plan/superseded.ts';
import { asOneReading } from '../../telnyx/one-reading.ts';
import { carryOut, refuseUnauthentic, takeOptions } from '../apply.ts';
import { type GateOptions, planOptionsOf } from '../plan.ts';
import { loadProject, type Project, sayProblems, selectFrom, wordsFor } from '../session/project.ts';
import { openSession, whileOpen, whileReading } from '../session/session.ts';
import { planFrom, survey } from '../session/survey.ts';
import type { Terminal } from '../session/terminal.ts';
import { refuseUnreadableUploads } from './encrypted-uploads.ts';
import { type LockOptions, openLockedApi } from './lock.ts';

/** What GitHub's action and `regsync ci` share: runs that nobody sits before, and whose result is a text for review. */

export interface PipelineOptions extends GateOptions {
  readonly failOn: 'none' | 'changes';
  readonly failOnExpiry?: number;
}

export interface Planned {
  readonly plan: Plan;
  readonly keys: PlanKeys;
  readonly project: Project;
  readonly problems: readonly Problem[];
  /** `changeIdentity` of what would be done without the manifests' latest changes too; null where that is not known. */
  readonly drift: ReadonlySet<string> | null;
}

/** @param baseFolder the repository before the change under review, if it is at hand. */
export async function planForReview(
  terminal: Terminal,
  paths: readonly string[],
  options: PipelineOptions,
  baseFolder: string | null,
): Promise<Planned> {
  const session = await openSession(terminal, options, options.prune === true);
  const { project, mask, progress } = session;
  const planOptions = planOptionsOf(terminal, project.repository.root, paths, options);
  const selected = selectFrom(project, planOptions, project.repository.root);
  return whileReading(session, async (api) => {
    const client = asOneReading(api.client);
    const { failOnExpiry } = options;
    const context = {
      options: planOptions,
      keys: api.planKeys,
      cover: terminal.cover,
      ...(failOnExpiry === undefined ? {} : { warnDays: failOnExpiry }),
    };
    progress.step(`Reading Telnyx for ${wordsFor(selected)}`);
    const read = await survey(client, project, selected, mask);
    progress.clear();
    sayProblems(terminal, options, read.problems);
    const readBase = async (): Promise<ReadBase | null> => {
      if (baseFolder === null) return null;
      const base = await loadBase(terminal, options, project, baseFolder);
      if (base === null) return NOTHING_BEFORE;
      terminal.meter.enter('Telnyx');
      const inBase = selectAlso(selected, base.desired);
      const readThere = await survey(client, base, inBase, mask);
      return {
        plan: planFrom(readThere, base, context).plan,
        managed: { groups: base.desired.groups, matches: readThere.observed.matches },
      };
    };
    const base = await readBase().catch(unknownUnlessInterrupted);
    terminal.meter.enter('plan');
    const { plan } = planFrom(read, project, {
      ...context,
      ...(base === null ? {} : { base: base.managed }),
    });
    return {
      plan,
      keys: api.planKeys,
      project,
      problems: [...project.problems, ...read.problems],
      drift: base === null ? null : commonChanges(plan, base.plan),
    };
  });
}

/** The base in the same state of Telnyx: what it would change, and which groups its manifests mean. */
interface ReadBase {
  /** Null where the base has nothing of this scope. */
  readonly plan: Plan | null;
  readonly managed: ManagedBefore;
}

const NOTHING_BEFORE: ReadBase = { plan: null, managed: { groups: [], matches: new Map() } };

/** Of those that are selected, the ones that are here, too. */
function selectAlso(selected: Selected, desired: Desired): Selected {
  const there = selectAll(desired);
  const both = (key: keyof Selected): ReadonlySet<string> =>
    new Set([...there[key]].filter((name) => selected[key].has(name)));
  return {
    groups: both('groups'),
    numberOrders: both('numberOrders'),
    portingOrders: both('portingOrders'),
  };
}

/** Null where another commit keeps nothing of this scope: then all that this one has is new. */
async function loadBase(
  terminal: Terminal,
  options: GateOptions,
  { repository }: Project,
  folder: string,
): Promise<Project | null> {
  const quiet = { ...terminal, cwd: folder, err: () => {} };
  try {
    const base = await loadProject(quiet, options, true);
    return base.repository.config.scope === repository.config.scope ? base : null;
  } catch (error) {
    if (error instanceof InvalidInputError && error.problems.some(({ code }) => code === 'no-config'))
      return null;
    throw error;
  }
}

/** A base that is broken, or an API that fails meanwhile, leaves the plan itself as good as it is. */
function unknownUnlessInterrupted(error: unknown): null {
  if (error instanceof InterruptedError) throw error;
  return null;
}

/** Those that lead to the same end by the same way in both. */
export function commonChanges(plan: Plan, base: Plan | null): ReadonlySet<string> {
  if (base === null) return new Set();
  const essence = (change: PlanChange) =>
    JSON.stringify([changeIdentity(change), change.digest, change.actions, change.patch]);
  const known = new Set(base.changes.map(essence));
  return new Set(plan.changes.filter((change) => known.has(essence(change))).map(changeIdentity));
}

/* ---- Apply ---- */

/** What was reviewed, as far as it is known. */
export type Reviewed =
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      /** Plans of further reviews: each fresh change must be in one of all these. */
      readonly others?: readonly Plan[];
    }
  /** Equality is the test: at least eight hex digits of the plan's fingerprint. */
  | { readonly kind: 'fingerprint'; readonly fingerprint: string }
  /** Nothing, and that is allowed. */
  | { readonly kind: 'waived' }
  | { readonly kind: 'none'; readonly why: string };

export type Applied = {
  /** The fresh one. */
  readonly plan: Plan;
  readonly project: Project;
  readonly requests: number;
  readonly retries: number;
} & (
  | { readonly kind: 'done'; readonly outcomes: readonly Outcome[]; readonly interrupted: boolean }
  | ({ readonly kind: 'refused' } & Refusal)
);

export interface ApplyPipelineOptions extends GateOptions, LockOptions {
  readonly parallelism: number;
  /** The reviewed plan prunes: its repository may have no manifest left. That opens no gate. */
  readonly mayBeEmpty: boolean;
}

/** The manifests of the branch's newest commit, where that is not the one that is applied. */
export interface Newest {
  /** `main has moved on to 1234567` */
  readonly what: string;
  /** Null where its files cannot be had. */
  readonly folder: string | null;
  readonly remove: () => Promise<void>;
}

export interface ApplySteps {
  /** Asked before Telnyx is, once it can be told whether a plan is authentic. */
  readonly findReviewed: (keys: PlanKeys, project: Project) => Promise<Reviewed>;
  /** Asked where something is to be written; null where the newest commit is the one that is applied, or nobody can know. */
  readonly findNewest?: () => Promise<Newest | null>;
  /** How to open gates that the reviewed plan needs and this run keeps shut. */
  readonly sayShut: (gates: readonly NeededGate[]) => string;
  /** Called when it is settled that the plan will be carried out. */
  readonly beforeWriting: (plan: Plan) => Promise<void>;
}

/** Plans afresh, and carries that out if it is what was reviewed. */
export async function applyReviewed(
  terminal: Terminal,
  paths: readonly string[],
  options: ApplyPipelineOptions,
  steps: ApplySteps,
): Promise<Applied> {
  const session = await openSession(terminal, options, options.mayBeEmpty || options.prune === true);
  const { project, mask, progress } = session;
  return whileOpen(openLockedApi(session, options.parallelism), async (api) => {
    const reviewed = await steps.findReviewed(api.planKeys, project);
    for (const plan of plansIn(reviewed)) refuseUnauthentic(plan, api.planKeys);
    const stated = planOptionsOf(terminal, project.repository.root, paths, options);
    const planOptions = takeOptionsOf(plansIn(reviewed), stated);
    const selected = selectFrom(project, planOptions, project.repository.root);
    const { parallelism } = options;
    progress.step(`Reading Telnyx for ${wordsFor(selected)}`);
    const read = await survey(api.client, project, selected, mask);
    terminal.meter.enter('plan');
    const context = { options: planOptions, keys: api.planKeys, cover: terminal.cover };
    const { plan, decisions } = planFrom(read, project, context);
    progress.clear();
    sayProblems(terminal, options, read.problems);
    const facts = () => ({ plan, project, ...api.client.statistics() });
    const planNewest = async (folder: string): Promise<Plan | null> => {
      const newest = await loadBase(terminal, options, project, folder);
      if (newest === null) return null;
      const inNewest = selectAlso(selected, newest.desired);
      return planFrom(await survey(api.client, newest, inNewest, mask), newest, context).plan;
    };
    const refusal =
      judgeAge(plan, await (plan.changes.length > 0 ? readNewest(steps, planNewest) : null)) ??
      judge(reviewed, plan) ??
      judgeGates(plan, stated, steps);
    if (refusal !== null) return { kind: 'refused', ...refusal, ...facts() };
    await refuseUnreadableUploads(project, decisions.changes);
    if (plan.changes.length > 0) await steps.beforeWriting(plan);
    const outcomes = await carryOut(
      { decisions, observed: read.observed },
      { terminal, project, selected, api, progress, parallelism },
    );
    return { kind: 'done', outcomes, interrupted: terminal.signal.aborted, ...facts() };
  });
}

function plansIn(reviewed: Reviewed): readonly Plan[] {
  return reviewed.kind === 'plan' ? [reviewed.plan, ...(reviewed.others ?? [])] : [];
}

/** Of several plans, each gate that is open for one is open: what it lets through must be in that plan. */
export function takeOptionsOf(plans: readonly Plan[], stated: PlanOptions): PlanOptions {
  const [first, ...others] = plans.map((plan) => takeOptions(plan, stated));
  if (first === undefined) return stated;
  const all = [first, ...others];
  const partOf = ({ paths, targets, shard }: PlanOptions) => JSON.stringify([paths, targets, shard]);
  if (others.some((options) => partOf(options) !== partOf(first)))
    throw new RefusedError(
      'nothing was applied: the reviewed plans are of different paths, targets or shards: state them for this apply as well',
    );
  return {
    ...first,
    prune: all.some(({ prune }) => prune),
    allow_replace: all.some(({ allow_replace }) => allow_replace),
    allow_orders: all.some(({ allow_orders }) => allow_orders),
    allow_delete: [...new Set(all.flatMap(({ allow_delete }) => allow_delete))].sort(),
  };
}

interface Refusal {
  /** `outrun`: a newer commit wants otherwise. `gate`: one is closed. `review`: none, or of something else. */
  readonly cause: 'outrun' | 'gate' | 'review';
  readonly message: string;
  readonly differences: readonly Deviation[];
}

interface NewestPlan {
  readonly what: string;
  /** Null where the newest commit keeps nothing of this scope. */
  readonly plan: Plan | null;
  /** Why nobody knows what the newest commit wants; null where it is known. */
  readonly unknown: string | null;
}

async function readNewest(
  { findNewest = async () => null }: ApplySteps,
  planNewest: (folder: string) => Promise<Plan | null>,
): Promise<NewestPlan | null> {
  const newest = await findNewest();
  if (newest === null) return null;
  const { what, folder } = newest;
  if (folder === null) return { what, plan: null, unknown: 'whose files cannot be read here' };
  try {
    return { what, plan: await planNewest(folder), unknown: null };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { what, plan: null, unknown: 'whose manifests are invalid' };
  } finally {
    await newest.remove();
  }
}

/**
 * A run of an older commit may come after one of a newer commit, or before it: it does only what the newest commit wants as well, so that
 * the order makes no difference. No record says what was applied in between; the manifests do not need one.
 */
export function judgeAge(plan: Plan, newest: NewestPlan | null): Refusal | null {
  if (newest === null) return null;
  const refusal = (why: string): Refusal => ({
    cause: 'outrun',
    message: `${newest.what}, ${why}. Leave it to the run for that commit, or run that again`,
    differences: [],
  });
  if (newest.unknown !== null) return refusal(newest.unknown);
  const superseded = newest.plan === null ? plan.changes : findSuperseded(plan, newest.plan);
  if (superseded.length === 0) return null;
  const names = superseded.slice(0, MOST_NAMES).map(({ kind, name }) => `${kind}/${name}`);
  const more = superseded.length - names.length;
  const these = [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return refusal(`which wants otherwise what this run would change: ${these}`);
}

const MOST_NAMES = 5;

/** What the run itself opens, whatever the reviewed plan was allowed: who applies must be able to keep a gate shut. */
export function judgeGates(plan: Plan, stated: PlanOptions, { sayShut }: ApplySteps): Refusal | null {
  const shut = closedGates(plan, stated);
  return shut.length === 0 ? null : { cause: 'gate', message: sayShut(shut), differences: [] };
}

/** Null where the plan may be carried out. */
export function judge(reviewed: Reviewed, plan: Plan): Refusal | null {
  const closed = plan.diagnostics.filter(closesPlan).map(({ message }) => message);
  if (closed.length > 0) return { cause: 'gate', message: closed.join('; '), differences: [] };
  if (plan.changes.length === 0) return null;
  switch (reviewed.kind) {
    case 'waived':
      return null;
    case 'none':
      return { cause: 'review', message: reviewed.why, differences: [] };
    case 'fingerprint':
      return plan.fingerprint.startsWith(reviewed.fingerprint)
        ? null
        : { cause: 'review', message: otherFingerprint(reviewed.fingerprint, plan), differences: [] };
    case 'plan': {
      const plans = plansIn(reviewed);
      const otherAccount = plans.flatMap((one) => findOtherAccount(one, plan) ?? []);
      if (otherAccount[0] !== undefined)
        return { cause: 'review', message: otherAccount[0], differences: [] };
      const differences = findDeviationsFrom(plans, plan);
      return differences.length === 0 ? null : { cause: 'review', message: STALE, differences };
    }
    default:
      return reviewed satisfies never;
  }
}

/** Where each plan differs, the one that shows the change at all says most about it. */
export function findDeviationsFrom(plans: readonly Plan[], fresh: Plan): readonly Deviation[] {
  return fresh.changes.flatMap((change) => {
    const isIn = (plan: Plan) => plan.changes.some((one) => changeIdentity(one) === changeIdentity(change));
    const deviations = plans.map((plan) => ({
      isShown: isIn(plan),
      found: findDeviations(plan, { ...fresh, changes: [change] }),
    }));
    if (deviations.some(({ found }) => found.length === 0)) return [];
    return (deviations.findLast(({ isShown }) => isShown) ?? deviations[0])?.found ?? [];
  });
}

const STALE = 'the manifests or Telnyx changed since the plan was reviewed';

/** A fingerprint alone does not tell which of these it is. */
function otherFingerprint(reviewed: string, { fingerprint }: Plan): string {
  return `the plan is ${fingerprint.slice(0, 8)} now, not ${reviewed.slice(0, 8)}: ${STALE}, or that plan had other gates, paths or targets, or the fingerprint is mistyped`;
}

/** For what has no better place to be said. */
export function refusalError({
  message,
  differences,
}: Pick<Refusal, 'message' | 'differences'>): RefusedError {
  const lines = differences.map(({ kind, name, message: why }) => `${kind}/${name}: ${why}`);
  return new RefusedError(`nothing was applied: ${[message, ...lines].join('; ')}`);
}
