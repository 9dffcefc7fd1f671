import { VERSION } from '../build.ts';
import type { Mask } from '../model/mask.ts';
import type { Problem } from '../model/problem.ts';
import { selectAll } from '../model/resource.ts';
import type { StatusReport } from '../model/status.ts';
import { CLOSED_GATES, planChanges } from '../plan/plan.ts';
import { reportStatus } from '../plan/status.ts';
import type { ReadClient } from '../telnyx/client.ts';
import type { Project } from './project.ts';
import { survey } from './survey.ts';

/** Both worlds, and what `status` and `report` make of them. */
export async function readStatus(
  client: ReadClient,
  project: Project,
  mask: Mask,
  options: { readonly failOnExpiry?: number },
): Promise<{ readonly report: StatusReport; readonly problems: readonly Problem[] }> {
  const all = selectAll(project.desired);
  const { problems, ...worlds } = await survey(client, project, all, mask);
  const { limits, expiry } = project.repository.config;
  const warnDays = options.failOnExpiry ?? expiry.warnDays;
  const decisions = planChanges({
    ...worlds,
    gates: CLOSED_GATES,
    limits,
    warnDays,
    narrowed: false,
  });
  return { report: reportStatus({ version: VERSION, ...worlds, decisions, warnDays }), problems };
}
