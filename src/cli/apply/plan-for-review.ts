import type { PlanKeys } from '../../kinds/values/fingerprint.ts';
import { InterruptedError, InvalidInputError } from '../../model/errors.ts';
import { byKind, type Selected } from '../../model/kinds.ts';
import type { ManagedBefore } from '../../model/plan/decisions.ts';
import { changeIdentity, type Plan, type PlanChange, type PlanDiagnostic } from '../../model/plan/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { Desired } from '../../model/resource.ts';
import { asOneReading } from '../../telnyx/one-reading.ts';
import { changeSince } from '../change/narrow.ts';
import { type GateOptions, planOptionsOf } from '../plan.ts';
import { findKeptOrphans } from '../session/kept-orphans.ts';
import {
  type Project,
  type ProjectReading,
  refuseProblems,
  sayProblems,
  selectFrom,
  wordsFor,
} from '../session/project.ts';
import { narrowOf, planFrom, type ReadState, readState } from '../session/read-state.ts';
import { restatedSince } from '../session/restated.ts';
import { openSession, whileReading } from '../session/session.ts';
import type { Terminal } from '../session/terminal.ts';
import { readBase, selectAlso } from './base.ts';
import { plannedAll } from './planned-all.ts';

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
  const { project, redactor, progress } = session;
  const stated = planOptionsOf(terminal, project.repository.root, paths, options);
  const baseReading = baseFolder === null ? null : await tryBase(terminal, options, project, baseFolder);
  const { changed, notices } = narrowToChange(options, baseReading, project, stated);
  const planOptions = changed === null ? stated : { ...stated, changed };
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
    // A plan of all manifests also shows what the change takes away. Only a reading of all groups tells that.
    const isWhole = baseFolder !== null && changed === null;
    const narrow = isWhole ? undefined : narrowOf(planOptions, selected);
    const read = await readState(client, project, selected, redactor, narrow);
    progress.clear();
    sayProblems(terminal, options, read.problems);
    const planBase = async (): Promise<PlannedBase | null> => {
      if (baseReading === null) return null;
      if (baseReading.kind === 'unreadable') throw baseReading.error;
      if (baseReading.found === null) return NOTHING_BEFORE;
      const { project: base } = baseReading.found;
      refuseProblems(base.problems);
      terminal.meter.enter('Telnyx');
      const inBase =
        changed === null ? selectAlso(selected, base.desired) : selectBefore(selected, base, changed);
      const readThere = await readState(
        client,
        base,
        inBase,
        redactor,
        narrow === undefined ? undefined : {},
      );
      return {
        // The base submits nothing again by itself: a person asks for that by opening the gate.
        plan: planFrom(readThere, base, { ...context, options: { ...planOptions, resubmit: [] } }).plan,
        desired: base.desired,
        managed: managedIn(base, changed === null ? null : inBase, readThere),
      };
    };
    const base = await planBase().catch(unknownUnlessInterrupted);
    terminal.meter.enter('plan');
    const kept = await findKeptOrphans(terminal, project, read.observed, planOptions);
    const keeps = base === null ? kept : { ...kept, restated: restatedSince(base.desired, project.desired) };
    const { plan } = planFrom(read, project, {
      ...context,
      keeps,
      notices,
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
  /** `own` narrows the plan to what differs from the base. By default, all manifests are planned. */
  readonly changes?: Changes;
  /** The base, in words for people. */
  readonly since?: string;
}

export const CHANGES = ['own', 'all'] as const;

export type Changes = (typeof CHANGES)[number];

/** Returns the words for the base of a change request. */
export function baseOfRequest({ request }: { readonly request: string }): string {
  return `the base of this ${request}`;
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

/* ---- The base ---- */

type BaseReading =
  /** Null if the base has nothing of this scope. */
  | { readonly kind: 'read'; readonly found: ProjectReading | null }
  | { readonly kind: 'unreadable'; readonly error: unknown };

async function tryBase(
  terminal: Terminal,
  options: GateOptions,
  project: Project,
  folder: string,
): Promise<BaseReading> {
  try {
    return { kind: 'read', found: await readBase(terminal, options, project, folder) };
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { kind: 'unreadable', error };
  }
}

/**
 * Returns the change that the plan is narrowed to. Returns none if everything is to be planned, or has to be: then the
 * notice says why.
 */
function narrowToChange(
  { changes, since = 'the base' }: PipelineOptions,
  base: BaseReading | null,
  project: Project,
  stated: Parameters<typeof changeSince>[3],
): { readonly changed: ReturnType<typeof changeSince> | null; readonly notices: readonly PlanDiagnostic[] } {
  if (changes !== 'own') return { changed: null, notices: [] };
  if (base === null || base.kind === 'unreadable')
    return { changed: null, notices: [plannedAll('regsync cannot read its base')] };
  // All manifests are new.
  if (base.found === null) return { changed: null, notices: [] };
  try {
    return { changed: changeSince(since, base.found, project, stated), notices: [] };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const [first] = error.problems;
    const where = first?.source === undefined ? '' : `, as in ${first.source.file}:${first.source.line}`;
    return { changed: null, notices: [plannedAll(`manifests of its base are invalid${where}`)] };
  }
}

/** Returns the selected names of the base, and those that the change removes. */
function selectBefore(
  selected: Selected,
  { desired }: Project,
  { removed }: ReturnType<typeof changeSince>,
): Selected {
  const also = selectAlso(selected, desired);
  return byKind(
    (kind) => new Set([...also[kind], ...removed.filter((one) => one.kind === kind).map(({ name }) => name)]),
  );
}

/** @param part the names that the plan is narrowed to: what manages any other group now may be unread. */
function managedIn({ desired }: Project, part: Selected | null, read: ReadState): ManagedBefore {
  const groups = desired.RequirementGroup;
  return {
    groups: part === null ? groups : groups.filter(({ name }) => part.RequirementGroup.has(name)),
    matches: read.observed.RequirementGroup,
  };
}

/** The plan of the base against the same state of Telnyx, and the groups that its manifests match. */
interface PlannedBase {
  /** The plan. Null if the base has nothing of this scope. */
  readonly plan: Plan | null;
  readonly managed: ManagedBefore;
  /** Its manifests. Null if it has nothing of this scope. */
  readonly desired: Desired | null;
}

const NOTHING_BEFORE: PlannedBase = {
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
