import type { PlanKeys } from '../../kinds/values/fingerprint.ts';
import type { ManagedBefore } from '../../model/decisions.ts';
import { InterruptedError } from '../../model/errors.ts';
import { changeIdentity, type Plan, type PlanChange } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { Desired } from '../../model/resource.ts';
import { asOneReading } from '../../telnyx/one-reading.ts';
import { type GateOptions, planOptionsOf } from '../plan.ts';
import { findKeptOrphans } from '../session/kept-orphans.ts';
import { type Project, sayProblems, selectFrom, wordsFor } from '../session/project.ts';
import { restatedSince } from '../session/restated.ts';
import { openSession, whileReading } from '../session/session.ts';
import { planFrom, survey } from '../session/survey.ts';
import type { Terminal } from '../session/terminal.ts';
import { loadBase, selectAlso } from './base.ts';

/**
 * Plans for GitHub's action and `regsync ci`, which run unattended and return a text for review.
 *
 * @param baseFolder folder with the repository before the change under review. Null if there is none.
 */
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
        // Whoever opens the gate asks for it: the base alone submits nothing again.
        plan: planFrom(readThere, base, { ...context, options: { ...planOptions, resubmit: [] } }).plan,
        desired: base.desired,
        managed: { groups: base.desired.RequirementGroup, matches: readThere.observed.RequirementGroup },
      };
    };
    const base = await readBase().catch(unknownUnlessInterrupted);
    terminal.meter.enter('plan');
    const kept = await findKeptOrphans(terminal, project, read.observed, planOptions);
    const keeps = base === null ? kept : { ...kept, restated: restatedSince(base.desired, project.desired) };
    const { plan } = planFrom(read, project, {
      ...context,
      keeps,
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

/** The options that GitHub's action and `regsync ci` share. */
export interface PipelineOptions extends GateOptions {
  readonly failOn: 'none' | 'changes';
  readonly failOnExpiry?: number;
}

export interface Planned {
  readonly plan: Plan;
  readonly keys: PlanKeys;
  readonly project: Project;
  readonly problems: readonly Problem[];
  /**
   * The `changeIdentity` of each change that the base would make too. Null if the base could not be planned.
   */
  readonly drift: ReadonlySet<string> | null;
}

/** The plan of the base against the same state of Telnyx, and the groups that its manifests match. */
interface ReadBase {
  /** The plan. Null if the base has nothing of this scope. */
  readonly plan: Plan | null;
  readonly managed: ManagedBefore;
  /** Its manifests. Null if it has nothing of this scope. */
  readonly desired: Desired | null;
}

const NOTHING_BEFORE: ReadBase = {
  plan: null,
  desired: null,
  managed: { groups: [], matches: new Map() },
};

/**
 * Returns null if the base is broken or the API fails while the base is read, because the plan itself is
 * still valid.
 */
function unknownUnlessInterrupted(error: unknown): null {
  if (error instanceof InterruptedError) throw error;
  return null;
}

/** Returns the changes that both plans make with the same actions and the same result. */
export function commonChanges(plan: Plan, base: Plan | null): ReadonlySet<string> {
  if (base === null) return new Set();
  const essence = (change: PlanChange) =>
    JSON.stringify([changeIdentity(change), change.digest, change.actions, change.patch]);
  const known = new Set(base.changes.map(essence));
  return new Set(plan.changes.filter((change) => known.has(essence(change))).map(changeIdentity));
}
