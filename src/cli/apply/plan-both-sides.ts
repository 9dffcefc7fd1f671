import type { PlanKeys } from '../../kinds/values/fingerprint.ts';
import { InterruptedError } from '../../model/errors.ts';
import { byKind, type Selected } from '../../model/kinds.ts';
import type { ManagedBefore } from '../../model/plan/decisions.ts';
import {
  changeIdentity,
  type Plan,
  type PlanChange,
  type PlanDiagnostic,
  type PlanOptions,
} from '../../model/plan/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { asOneReading } from '../../telnyx/one-reading.ts';
import type { changeSince } from '../change/narrow.ts';
import type { Api } from '../session/api.ts';
import { makePlan, type PlannedBase, type PlanRequest } from '../session/make-plan.ts';
import { type Project, type ProjectReading, refuseProblems, selectFrom } from '../session/project.ts';
import { narrowOf, planFrom, type ReadState, readState } from '../session/read-state.ts';
import { type Session, whileReading } from '../session/session.ts';
import { selectAlso } from './base.ts';
import type { PipelineOptions } from './plan-for-review.ts';

export type BaseReading =
  /** Null if the base has nothing of this scope. */
  | { readonly kind: 'read'; readonly found: ProjectReading | null }
  | { readonly kind: 'unreadable'; readonly error: unknown };

export interface Sides {
  readonly planOptions: PlanOptions;
  /** The repository before the change. Null if it is not known. */
  readonly base: BaseReading | null;
  readonly notices: readonly PlanDiagnostic[];
}

/** Plans the change and its base against one reading of Telnyx. The base tells what differed before. */
export function planBothSides(
  session: Session<PipelineOptions>,
  { planOptions, base, notices }: Sides,
): Promise<{ readonly planned: Planned; readonly reads: readonly [ReadState, ...ReadState[]] }> {
  const { options, project } = session;
  const { changed } = planOptions;
  const selected = selectFrom(project, planOptions, project.repository.root);
  return whileReading(session, async ({ client, planKeys }) => {
    const api = { client: asOneReading(client), planKeys };
    const request = {
      ...{ selected, options: planOptions, notices, warnDays: options.failOnExpiry },
      // A plan of all manifests also shows what the change takes away. Only a reading of all groups tells that.
      readsAll: base !== null && changed === undefined,
    };
    const before = await planBase(session, api, request, base).catch(unknownUnlessInterrupted);
    const { plan, read } = await makePlan(session, api, { ...request, before });
    const planned = {
      plan,
      keys: planKeys,
      project,
      problems: [...project.problems, ...read.problems],
      drift: before === null ? null : commonChanges(plan, before.plan),
    };
    return { planned, reads: before?.read === undefined ? [read] : [read, before.read] };
  });
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

interface BaseRead extends PlannedBase {
  readonly read?: ReadState;
}

const NOTHING_BEFORE: BaseRead = {
  plan: null,
  desired: null,
  managed: { groups: [], matches: new Map() },
};

/** Returns null if no base is known. */
async function planBase(
  { terminal, redactor }: Session<PipelineOptions>,
  { client, planKeys: keys }: Pick<Api<ReadClient>, 'client' | 'planKeys'>,
  { selected, options, warnDays, readsAll }: PlanRequest,
  reading: BaseReading | null,
): Promise<BaseRead | null> {
  if (reading === null) return null;
  if (reading.kind === 'unreadable') throw reading.error;
  if (reading.found === null) return NOTHING_BEFORE;
  const { project: base } = reading.found;
  const { changed } = options;
  refuseProblems(base.problems);
  terminal.meter.enter('Telnyx');
  const inBase =
    changed === undefined ? selectAlso(selected, base.desired) : selectBefore(selected, base, changed);
  const isWhole = readsAll || narrowOf(options, selected) === undefined;
  const read = await readState(client, base, inBase, redactor, isWhole ? undefined : {});
  // The base submits nothing again by itself: a person asks for that by opening the gate.
  const context = { options: { ...options, resubmit: [] }, keys, cover: terminal.cover };
  return {
    plan: planFrom(read, base, { ...context, ...(warnDays === undefined ? {} : { warnDays }) }).plan,
    desired: base.desired,
    managed: managedIn(base, changed === undefined ? null : inBase, read),
    read,
  };
}

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
