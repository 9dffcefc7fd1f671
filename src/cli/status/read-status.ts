import { VERSION } from '../../build.ts';
import { readPortingRequirements } from '../../kinds/porting-order/required.ts';
import { reportStatus } from '../../kinds/requirement-group/status.ts';
import { personalLinks } from '../../kinds/values/personal-links.ts';
import type { Selected } from '../../model/kinds.ts';
import type { ActionLink } from '../../model/orders/actions.ts';
import { CLOSED_GATES } from '../../model/plan/gates.ts';
import { leavesOneOut, type PlanDiagnostic } from '../../model/plan/plan.ts';
import type { Redactor } from '../../model/privacy/redactor.ts';
import type { Problem } from '../../model/problem.ts';
import type { StatusReport } from '../../model/report/status.ts';
import { planChanges } from '../../plan/plan.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import type { Project } from '../session/project.ts';
import { readState } from '../session/read-state.ts';

interface StatusSelection {
  /** The groups and orders to report. */
  readonly selected: Selected;
  /** The shard that narrowed the selection, such as `3/8`. */
  readonly shard?: string;
  readonly failOnExpiry?: number;
}

/** Reads the state at Telnyx and returns the report that `status` and `report` print. */
export async function readStatus(
  client: ReadClient,
  project: Project,
  redactor: Redactor,
  options: StatusSelection,
): Promise<{
  readonly report: StatusReport;
  readonly problems: readonly Problem[];
  /** The private links, which are in no report. */
  readonly links: readonly ActionLink[];
}> {
  const { problems, ...worlds } = await readState(client, project, options.selected, redactor);
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
  const PortingOrder = await readPortingRequirements(client, worlds.observed, redactor);
  const shown = { ...worlds, observed: { ...worlds.observed, PortingOrder } };
  return {
    report: reportStatus({ version: VERSION, ...shown, decisions, warnDays, ...shard }),
    links: personalLinks(worlds),
    problems: [...problems, ...decisions.diagnostics.filter(leavesOneOut).map(asProblem)],
  };
}

/**
 * Turns a diagnostic about a group that a plan leaves out into a problem, because a report has no place for
 * it.
 */
function asProblem({ severity, code, message, source }: PlanDiagnostic): Problem {
  return { severity, code, message, ...(source === undefined ? {} : { source: { ...source, column: 1 } }) };
}
