import { applyChanges } from '../../apply/apply.ts';
import { readDocumentBytes } from '../../manifest/encryption/read-plaintext.ts';
import { MANAGED_KINDS, type Selected } from '../../model/kinds.ts';
import type { ActionLink } from '../../model/orders/actions.ts';
import { writesValues } from '../../model/plan/change.ts';
import type { Outcome } from '../../model/plan/outcome.ts';
import { leavesOneOut } from '../../model/plan/plan.ts';
import type { WriteClient } from '../../telnyx/client.ts';
import type { MadePlan } from '../session/make-plan.ts';
import type { ProgressLine } from '../session/progress.ts';
import type { Project } from '../session/project.ts';
import type { Terminal } from '../session/terminal.ts';
import { pauseBetweenLooks } from '../session/waits.ts';
import { type ApplyProgress, followApply } from './progress.ts';

export interface ApplyRun {
  readonly terminal: Terminal;
  readonly project: Project;
  readonly selected: Selected;
  readonly client: WriteClient;
  readonly progress: ProgressLine;
  readonly parallelism: number;
  /** Gets what happens, as it happens. Absent if nobody follows the run. */
  readonly events?: ApplyProgress;
  /** Gets the private links of started actions. Absent if nobody asked for them. */
  readonly onLink?: (link: ActionLink) => void;
}

/**
 * Carries out the decisions. Returns an outcome for every group and order of the run, also for the unchanged
 * ones.
 */
export async function carryOut(
  { decisions, read }: Pick<MadePlan, 'decisions' | 'read'>,
  { terminal, project, selected, client, progress, parallelism, events, onLink }: ApplyRun,
): Promise<Outcome[]> {
  terminal.meter.enter('apply');
  const done = await applyChanges({
    changes: decisions.changes,
    observed: read.observed,
    client,
    readDocument: (path) => readDocumentBytes(project.repository.root, path, project.identities),
    parallelism,
    signal: terminal.signal,
    wait: pauseBetweenLooks(terminal),
    ...(onLink === undefined ? {} : { onLink }),
    ...(events ??
      followApply(progress, {
        total: decisions.changes.filter(writesValues).length,
        isLive: terminal.isLive,
        now: () => performance.now(),
      })),
  });
  terminal.meter.enter('rest');
  progress.clear();
  const left = leftOut(decisions);
  // A deleted orphan may have the same name as a manifest, but is another group.
  const concerned = decisions.changes.filter(({ source }) => source !== null);
  return [...done, ...left, ...unchanged(project, selected, [...concerned, ...left])];
}

/**
 * Returns outcomes for the objects that the plan left out: `skipped` for an order that waits for a group,
 * otherwise `failed`.
 */
function leftOut({ diagnostics }: MadePlan['decisions']): Outcome[] {
  return diagnostics
    .filter(leavesOneOut)
    .map(({ kind = 'RequirementGroup', name = '', code, message, source = null }) => ({
      ...UNTOUCHED,
      kind,
      name,
      status: code === 'order-waits-for-group' ? 'skipped' : 'failed',
      error: { code, message, status: null, request_id: null, errors: [], source },
    }));
}

function unchanged(
  { desired }: Project,
  selected: Selected,
  concerned: readonly { readonly kind: string; readonly name: string }[],
): Outcome[] {
  const touched = new Set(concerned.map(({ kind, name }) => `${kind}/${name}`));
  return MANAGED_KINDS.flatMap((kind) =>
    desired[kind]
      .filter(({ name }) => selected[kind].has(name) && !touched.has(`${kind}/${name}`))
      .map(({ name }): Outcome => ({ ...UNTOUCHED, kind, name })),
  );
}

const UNTOUCHED = {
  id: null,
  status: 'unchanged',
  operations: [],
  group_status: null,
  error: null,
  warnings: [],
} as const satisfies Partial<Outcome>;
