import type { Repository } from '../manifest/repository.ts';
import { InterruptedError, InvalidInputError, RefusedError } from '../model/errors.ts';
import { Mask } from '../model/mask.ts';
import { changeIdentity, type Outcome, type Plan, type PlanChange } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { type Desired, type Selected, selectAll } from '../model/resource.ts';
import { type Deviation, findDeviations } from '../plan/exact.ts';
import type { PlanKeys } from '../plan/fingerprint.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { asOneReading } from '../telnyx/one-reading.ts';
import { type Api, openReadApi } from './api.ts';
import { carryOut, refuseUnauthentic, takeOptions } from './apply.ts';
import { type LockOptions, openLockedApi } from './apply-lock.ts';
import { refuseUnreadableUploads } from './encrypted-uploads.ts';
import { HeadStart } from './head-start.ts';
import { type GateOptions, isNarrowedBy, planOptionsOf } from './plan.ts';
import { startProgress } from './progress.ts';
import { loadProject, type Project, sayProblems, selectFrom, wordsFor } from './project.ts';
import { planFrom, survey } from './survey.ts';
import type { Terminal } from './terminal.ts';

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
  const progress = startProgress(terminal, options);
  const mask = new Mask();
  const open = async (repository: Repository): Promise<Api<ReadClient>> => {
    const api = await openReadApi({ terminal, options, project: { repository }, mask, progress });
    return { ...api, client: asOneReading(api.client) };
  };
  const headStart = new HeadStart(terminal.meter, open, isNarrowedBy(paths, options));
  try {
    const project = await loadProject(terminal, options, options.prune === true, headStart);
    sayProblems(terminal, options, project.problems);
    const planOptions = planOptionsOf(terminal, project.repository.root, paths, options);
    const selected = selectFrom(project, planOptions, project.repository.root);
    const { api, lists } = await headStart.reading(project.repository);
    const { client } = api;
    const { failOnExpiry } = options;
    const context = {
      options: planOptions,
      keys: api.planKeys,
      ...(failOnExpiry === undefined ? {} : { warnDays: failOnExpiry }),
    };
    progress.step(`Reading Telnyx for ${wordsFor(selected)}`);
    const read = await survey(client, project, selected, mask, lists);
    terminal.meter.enter('plan');
    const { plan } = planFrom(read, project, context);
    progress.clear();
    sayProblems(terminal, options, read.problems);
    const readBase = async (): Promise<ReadonlySet<string> | null> => {
      if (baseFolder === null) return null;
      const base = await loadBase(terminal, options, project, baseFolder);
      if (base === null) return new Set();
      terminal.meter.enter('Telnyx');
      const inBase = selectAlso(selected, base.desired);
      return commonChanges(plan, planFrom(await survey(client, base, inBase, mask), base, context).plan);
    };
    return {
      plan,
      keys: api.planKeys,
      project,
      problems: [...project.problems, ...read.problems],
      drift: await readBase().catch(unknownUnlessInterrupted),
    };
  } finally {
    await headStart.close();
  }
}

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

/** Null where the base keeps nothing of this scope: then all of it is new. */
async function loadBase(
  terminal: Terminal,
  options: PipelineOptions,
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
function commonChanges(plan: Plan, base: Plan): ReadonlySet<string> {
  const essence = (change: PlanChange) =>
    JSON.stringify([changeIdentity(change), change.digest, change.actions, change.patch]);
  const known = new Set(base.changes.map(essence));
  return new Set(plan.changes.filter((change) => known.has(essence(change))).map(changeIdentity));
}

/* ---- Apply ---- */

/** What was reviewed, as far as it is known. */
export type Reviewed =
  | { readonly kind: 'plan'; readonly plan: Plan }
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
  | { readonly kind: 'refused'; readonly message: string; readonly differences: readonly Deviation[] }
);

export interface ApplyPipelineOptions extends GateOptions, LockOptions {
  readonly parallelism: number;
}

/**
 * Plans afresh, and carries that out if it is what was reviewed.
 *
 * @param findReviewed asked before Telnyx is, once it can be told whether a plan is authentic.
 * @param beforeWriting called when it is settled that the plan will be carried out.
 */
export async function applyReviewed(
  terminal: Terminal,
  paths: readonly string[],
  options: ApplyPipelineOptions,
  steps: {
    readonly findReviewed: (keys: PlanKeys, project: Project) => Promise<Reviewed>;
    readonly beforeWriting: (plan: Plan) => Promise<void>;
  },
): Promise<Applied> {
  const progress = startProgress(terminal, options);
  const project = await loadProject(terminal, options, options.prune === true);
  sayProblems(terminal, options, project.problems);
  const mask = new Mask();
  const api = await openLockedApi({ terminal, options, project, mask, progress }, options.parallelism);
  try {
    const reviewed = await steps.findReviewed(api.planKeys, project);
    if (reviewed.kind === 'plan') refuseUnauthentic(reviewed.plan, api.planKeys);
    const stated = planOptionsOf(terminal, project.repository.root, paths, options);
    const planOptions = reviewed.kind === 'plan' ? takeOptions(reviewed.plan, stated) : stated;
    const selected = selectFrom(project, planOptions, project.repository.root);
    const { parallelism } = options;
    progress.step(`Reading Telnyx for ${wordsFor(selected)}`);
    const read = await survey(api.client, project, selected, mask);
    terminal.meter.enter('plan');
    const { plan, decisions } = planFrom(read, project, { options: planOptions, keys: api.planKeys });
    progress.clear();
    sayProblems(terminal, options, read.problems);
    const facts = () => ({ plan, project, ...api.client.statistics() });
    const refusal = judge(reviewed, plan);
    if (refusal !== null) return { kind: 'refused', ...refusal, ...facts() };
    await refuseUnreadableUploads(project, decisions.changes);
    if (plan.changes.length > 0) await steps.beforeWriting(plan);
    const outcomes = await carryOut(
      { decisions, observed: read.observed },
      { terminal, project, selected, api, progress, parallelism },
    );
    return { kind: 'done', outcomes, interrupted: terminal.signal.aborted, ...facts() };
  } finally {
    await api.close();
  }
}

interface Refusal {
  readonly message: string;
  readonly differences: readonly Deviation[];
}

/** Null where the plan may be carried out. */
function judge(reviewed: Reviewed, plan: Plan): Refusal | null {
  const closed = plan.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
  if (closed.length > 0) return { message: closed.join('; '), differences: [] };
  if (plan.changes.length === 0) return null;
  switch (reviewed.kind) {
    case 'waived':
      return null;
    case 'none':
      return { message: reviewed.why, differences: [] };
    case 'fingerprint':
      return plan.fingerprint.startsWith(reviewed.fingerprint) ? null : { message: STALE, differences: [] };
    case 'plan': {
      const differences = findDeviations(reviewed.plan, plan);
      return differences.length === 0 ? null : { message: STALE, differences };
    }
    default:
      return reviewed satisfies never;
  }
}

const STALE = 'the manifests or Telnyx changed since the plan was reviewed';

/** For what has no better place to be said. */
export function refusalError({ message, differences }: Refusal): RefusedError {
  const lines = differences.map(({ kind, name, message: why }) => `${kind}/${name}: ${why}`);
  return new RefusedError(`nothing was applied: ${[message, ...lines].join('; ')}`);
}
