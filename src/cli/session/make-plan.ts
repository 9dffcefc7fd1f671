import type { Selected } from '../../model/kinds.ts';
import type { Decisions, ManagedBefore } from '../../model/plan/decisions.ts';
import type { Plan, PlanDiagnostic, PlanOptions } from '../../model/plan/plan.ts';
import type { Desired } from '../../model/resource.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import type { Api } from './api.ts';
import { findKeptOrphans } from './kept-orphans.ts';
import { wordsFor } from './project.ts';
import { narrowOf, type PlanContext, planFrom, type ReadState, readState } from './read-state.ts';
import { restatedSince } from './restated.ts';
import type { Session } from './session.ts';
import type { GlobalOptions } from './terminal.ts';

/**
 * Reads Telnyx and makes a new plan.
 *
 * @param reviewed the plans of the review, which name the orphans that they keep.
 */
export async function makePlan(
  { terminal, project, redactor, progress }: Omit<Session<GlobalOptions>, 'options'>,
  { client, planKeys: keys }: Pick<Api<ReadClient>, 'client' | 'planKeys'>,
  { selected, options, reviewed = [], warnDays, notices = [], before, readsAll }: PlanRequest,
): Promise<MadePlan> {
  progress.step(`Reading Telnyx for ${wordsFor(selected)}`);
  terminal.meter.enter('Telnyx');
  const narrow = readsAll ? undefined : narrowOf(options, selected);
  const read = await readState(client, project, selected, redactor, narrow);
  terminal.meter.enter('plan');
  const kept = await findKeptOrphans(terminal, project, read.observed, options, reviewed);
  const context = {
    ...{ options, keys, cover: terminal.cover, notices },
    keeps: before ? { ...kept, restated: restatedSince(before.desired, project.desired) } : kept,
    ...(warnDays === undefined ? {} : { warnDays }),
    ...(before ? { base: before.managed } : {}),
  };
  const made = planFrom(read, project, context);
  progress.clear();
  return { ...made, read, context };
}

export interface PlanRequest {
  readonly selected: Selected;
  readonly options: PlanOptions;
  readonly reviewed?: readonly Plan[];
  readonly warnDays?: number | undefined;
  readonly notices?: readonly PlanDiagnostic[];
  /** The repository before the change. Absent or null if nothing is known of it. */
  readonly before?: PlannedBase | null;
  /** Reads all groups of the account, however few the run selects. */
  readonly readsAll?: boolean;
}

/** What a base would plan against the same state of Telnyx. */
export interface PlannedBase {
  /** The plan. Null if the base has nothing of this scope. */
  readonly plan: Plan | null;
  /** The groups that its manifests match. */
  readonly managed: ManagedBefore;
  /** Its manifests. Null if it has nothing of this scope. */
  readonly desired: Desired | null;
}

export interface MadePlan {
  readonly plan: Plan;
  readonly decisions: Decisions;
  readonly read: ReadState;
  readonly context: PlanContext;
}
