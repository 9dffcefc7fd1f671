import type { Selected } from '../../model/kinds.ts';
import type { Decisions } from '../../model/plan/decisions.ts';
import type { Plan, PlanDiagnostic, PlanOptions } from '../../model/plan/plan.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import type { Api } from './api.ts';
import { findKeptOrphans } from './kept-orphans.ts';
import { wordsFor } from './project.ts';
import { narrowOf, type PlanContext, planFrom, type ReadState, readState } from './read-state.ts';
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
  { selected, options, reviewed = [], warnDays, notices = [] }: PlanRequest,
): Promise<MadePlan> {
  progress.step(`Reading Telnyx for ${wordsFor(selected)}`);
  terminal.meter.enter('Telnyx');
  const read = await readState(client, project, selected, redactor, narrowOf(options, selected));
  terminal.meter.enter('plan');
  const keeps = await findKeptOrphans(terminal, project, read.observed, options, reviewed);
  const days = warnDays === undefined ? {} : { warnDays };
  const context = { options, keys, cover: terminal.cover, keeps, notices, ...days };
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
}

export interface MadePlan {
  readonly plan: Plan;
  readonly decisions: Decisions;
  readonly read: ReadState;
  readonly context: PlanContext;
}
