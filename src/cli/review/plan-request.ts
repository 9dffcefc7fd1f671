import { checkOutBase, checkOutBaseDifferences, type PullCommits } from '../../forge/base-tree.ts';
import type { Sensitive } from '../../model/privacy/sensitive.ts';
import type { Planned } from '../apply/plan-both-sides.ts';
import { type PipelineOptions, planForReview, planPartForReview } from '../apply/plan-for-review.ts';
import { folderIn, type ReviewRun } from './review-run.ts';

/** The functions with side effects that a plan calls. */
export interface PlanTools {
  readonly planForReview: typeof planForReview;
  readonly planPartForReview: typeof planPartForReview;
  readonly checkOutBase: typeof checkOutBase;
}

export const PLAN_TOOLS: PlanTools = { planForReview, planPartForReview, checkOutBase };

interface RequestedChange {
  readonly commits: PullCommits;
  /** The token for fetching the base. Null if the checkout can fetch by itself. */
  readonly token: Sensitive | null;
}

/** Plans a change request beside its base: from the manifests that it can concern, or else from all. */
export async function planRequest(
  run: ReviewRun,
  options: PipelineOptions,
  { commits, token }: RequestedChange,
  tools: PlanTools = PLAN_TOOLS,
): Promise<Planned> {
  const { terminal, inputs, workflow } = run;
  const { workspace, serverUrl } = workflow;
  const tree = { env: terminal.env, workspace, serverUrl, token };
  const part = await tools.planPartForReview(terminal, inputs.manifests, options, {
    workspace,
    openTree: (needsAll) => checkOutBaseDifferences(tree, commits, needsAll),
  });
  if (part !== null) return part;
  const base = await tools.checkOutBase(tree, commits);
  const folder = base === null ? null : folderIn(run, base);
  return tools.planForReview(terminal, inputs.manifests, options, folder).finally(() => base?.remove());
}
