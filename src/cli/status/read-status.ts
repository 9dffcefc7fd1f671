import { VERSION } from '../../build.ts';
import { reportStatus } from '../../kinds/requirement-group/status.ts';
import { CLOSED_GATES } from '../../model/decisions.ts';
import type { Selected } from '../../model/kinds.ts';
import type { Mask } from '../../model/mask.ts';
import { leavesOneOut, type PlanDiagnostic } from '../../model/plan.ts';
import type { Problem } from '../../model/problem.ts';
import type { StatusReport } from '../../model/status.ts';
import { planChanges } from '../../plan/plan.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import type { Project } from '../session/project.ts';
import { survey } from '../session/survey.ts';

interface StatusSelection {
  /** What to look at. */
  readonly selected: Selected;
  /** `3/8` where that is why they are not all. */
  readonly shard?: string;
  readonly failOnExpiry?: number;
}

/** Both worlds, and what `status` and `report` make of them. */
export async function readStatus(
  client: ReadClient,
  project: Project,
  mask: Mask,
  options: StatusSelection,
): Promise<{ readonly report: StatusReport; readonly problems: readonly Problem[] }> {
  const { problems, ...worlds } = await survey(client, project, options.selected, mask);
  const { limits, expiry } = project.repository.config;
  const warnDays = options.failOnExpiry ?? expiry.warnDays;
  const decisions = planChanges({
    ...worlds,
    gates: CLOSED_GATES,
    limits,
    warnDays,
    narrowedBy: [],
  });
  const shard = options.shard === undefined ? {} : { shard: options.shard };
  return {
    report: reportStatus({ version: VERSION, ...worlds, decisions, warnDays, ...shard }),
    problems: [...problems, ...decisions.diagnostics.filter(leavesOneOut).map(asProblem)],
  };
}

/** A report has a line for each group, and none for the question which group that is. */
function asProblem({ severity, code, message, source }: PlanDiagnostic): Problem {
  return { severity, code, message, ...(source === undefined ? {} : { source: { ...source, column: 1 } }) };
}
