import { VERSION } from '../build.ts';
import type { Mask } from '../model/mask.ts';
import type { Problem } from '../model/problem.ts';
import type { StatusReport } from '../model/status.ts';
import { planChanges } from '../plan/plan.ts';
import { reportStatus } from '../plan/status.ts';
import type { ReadClient } from '../telnyx/client.ts';
import type { Project } from './project.ts';
import { survey } from './survey.ts';

interface StatusSelection {
  /** The groups to look at. */
  readonly names: ReadonlySet<string>;
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
  const { names } = options;
  const { groups, observed, regulation, problems } = await survey(client, project, names, mask);
  const { limits, expiry } = project.repository.config;
  const warnDays = options.failOnExpiry ?? expiry.warnDays;
  const decisions = planChanges({
    groups,
    observed,
    regulation,
    gates: { prune: false, allowReplace: false, allowDelete: new Set() },
    limits,
    warnDays,
    narrowed: false,
  });
  const shard = options.shard === undefined ? {} : { shard: options.shard };
  const report = reportStatus({ version: VERSION, groups, observed, decisions, warnDays, ...shard });
  return { report, problems };
}
