import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { planText, writePlanFile } from '../cli/apply/plan-file.ts';
import { type Planned, planForReview } from '../cli/apply/plan-for-review.ts';
import { exitCodeOf } from '../cli/plan.ts';
import { artifactOf } from '../github/artifact.ts';
import { checkOutBase, type Tree } from '../github/base-tree.ts';
import type { PullRequestEvent } from '../github/events.ts';
import { GitHubError } from '../github/github-error.ts';
import type { GitHub } from '../github/rest.ts';
import { RefusedError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { gateInput } from '../model/gates.ts';
import { leavesOneOut, type Plan } from '../model/plan.ts';
import { closedGates } from '../plan/gates.ts';
import { planNotes } from '../render/annotations.ts';
import { SUMMARY_BYTES } from '../render/markdown/apply.ts';
import { code } from '../render/markdown/markdown.ts';
import { renderPlanComment } from '../render/markdown/plan.ts';
import type { ReviewStatus } from '../render/markdown/status.ts';
import { plain } from '../render/text/paint.ts';
import { renderPlanText } from '../render/text/plan-text.ts';
import { isPressing } from '../render/words/plan-words.ts';
import {
  commentBody,
  DRIFT_UNKNOWN,
  findComment,
  isTooLarge,
  keepText,
  openDesk,
  type Review,
} from './comment.ts';
import { outdatedIn, retire } from './outdated.ts';
import {
  type ActionRun,
  annotate,
  complain,
  exitUnlessTold,
  folderIn,
  type GitHubResult,
  gatesOf,
  linksOf,
  outputPlan,
  tryGitHub,
} from './run.ts';
import { topicOfRun } from './topic.ts';
import { runOutsider } from './validate.ts';
import { movedTo, withdrawPlan } from './withdraw.ts';
import { planInWorkflowWords } from './workflow-words.ts';

/** The functions with side effects that a plan calls. */
export interface PlanTools {
  readonly planForReview: typeof planForReview;
  readonly checkOutBase: typeof checkOutBase;
}

const TOOLS: PlanTools = { planForReview, checkOutBase };

/**
 * Plans, and reports the plan in the log, in annotations and in the summary. On a pull request, also keeps a
 * comment.
 */
export async function runPlan(run: ActionRun, tools: PlanTools = TOOLS): Promise<ExitCode> {
  const { event } = run.workflow;
  if (event.kind === 'other' && event.name !== 'merge_group') throw new RefusedError(notHere(event.name));
  if (event.kind === 'pull-request' && event.outsider !== null) return runOutsider(run, event.outsider);
  const pull = event.kind === 'pull-request' ? event : null;
  if (pull?.isClosed) {
    run.terminal.err('The pull request is closed: there is nothing to plan.\n');
    return EXIT.ok;
  }
  const planned = await planOrWithdraw(run, pull, tools);
  const result = await report(run, planned, pull);
  return exitUnlessTold(run, {
    result,
    advice: ONLY_IN_SUMMARY,
    lost: EXIT.unreachable,
    exit: exitCodeOf(planned.plan, exitOptionsOf(run)),
  });
}

const ONLY_IN_SUMMARY =
  'GitHub could not be reached: the plan is only in the summary of this run, and not in a comment. Run this job again before you merge.';

/** Returns the refusal of other events. Their runs have secrets, and anybody may trigger them. */
function notHere(event: string): string {
  return `plan does not run on ${event}: use pull_request, merge_group, push, workflow_dispatch or schedule`;
}

async function planOrWithdraw(
  run: ActionRun,
  pull: PullRequestEvent | null,
  tools: PlanTools,
): Promise<Planned> {
  const base = pull === null ? null : await baseOf(run, pull, tools);
  try {
    const folder = base?.folder ?? null;
    return await tools.planForReview(run.terminal, run.inputs.manifests, optionsOf(run), folder);
  } catch (error) {
    if (pull !== null && run.inputs.comment !== 'false') await withdrawPlan(run, pull, error);
    throw error;
  } finally {
    await base?.remove();
  }
}

export function optionsOf(run: ActionRun) {
  const { failOn, failOnExpiry } = run.inputs;
  return { ...gatesOf(run), failOn, ...(failOnExpiry === null ? {} : { failOnExpiry }) };
}

export function exitOptionsOf({ inputs: { failOn, failOnExpiry } }: ActionRun) {
  return { detailedExitcode: failOn === 'changes', ...(failOnExpiry === null ? {} : { failOnExpiry }) };
}

/** Checks out the base. Its `folder` is the working directory in those files. */
async function baseOf(
  run: ActionRun,
  pull: PullRequestEvent,
  { checkOutBase }: PlanTools,
): Promise<Tree | null> {
  const { workspace, serverUrl } = run.workflow;
  const tree = await checkOutBase({ env: run.terminal.env, workspace, serverUrl, token: run.token }, pull);
  if (tree === null) return null;
  return { ...tree, folder: folderIn(run, tree) };
}

async function report(
  run: ActionRun,
  planned: Planned,
  pull: PullRequestEvent | null,
): Promise<GitHubResult> {
  const { plan, project, problems } = planned;
  const { root } = project.repository;
  const file = resolve(run.terminal.cwd, run.inputs.planFile ?? defaultPlanFile(run));
  await writePlanFile(file, plan, root);
  run.outputs.set('plan-file', file);
  outputPlan(run, plan);
  run.terminal.out(renderPlanText(plan, plain));
  annotate(run, [...problems, ...planNotes(plan)], root);
  const status: { now: ReviewStatus } = { now: { state: 'planned' } };
  let result: GitHubResult = 'done';
  if (pull !== null && run.inputs.comment !== 'false') {
    result = await tryGitHub(run, 'the plan is not in a comment', async (github) => {
      const moved = await movedTo(run, github, pull);
      if (moved === null) await comment(run, github, planned, pull);
      else {
        complain(run, `the comment is left to a newer run: ${moved.why}`);
        status.now = { state: 'outdated', ...(moved.headSha === '' ? {} : { headSha: moved.headSha }) };
      }
    });
  }
  run.summary.push(
    renderPlanComment(planInWorkflowWords(plan), {
      ...linksOf(run, root, pull?.headSha ?? run.workflow.sha),
      limitBytes: SUMMARY_BYTES - 10_000,
      ...howToOpen(run, plan),
      status: status.now,
      ...(planned.drift === null ? {} : { drift: planned.drift }),
    }),
    ...remarksOn(planned, pull),
  );
  return result;
}

/**
 * Names the inputs that open the closed gates, because a pull request has no flags: only workflow files open
 * gates.
 */
function howToOpen({ workflow: { file } }: ActionRun, plan: Plan): { readonly howToOpen?: string } {
  const shut = plan.applyable ? [] : closedGates(plan, plan.options);
  if (shut.length === 0) return {};
  const inputs = shut.map(({ gate, names }) => code(gateInput(gate, names)));
  const here = file === null ? 'this workflow' : code(file);
  return {
    howToOpen: `To open it, set the input ${inputs.join(' and ')} for the step that plans (in ${here}) and for the step that applies.`,
  };
}

function defaultPlanFile(run: ActionRun): string {
  return join(run.terminal.env.RUNNER_TEMP || tmpdir(), 'regsync-plan.json');
}

async function comment(
  run: ActionRun,
  github: GitHub,
  planned: Planned,
  pull: PullRequestEvent,
): Promise<void> {
  const { plan, project, keys, drift } = planned;
  const desk = await openDesk(run, github, keys, pull.number);
  const topic = topicOfRun(run, project.repository, plan.options);
  const found = await findComment(desk, topic);
  if (run.inputs.comment === 'changes' && found.ours === null && isQuiet(plan)) {
    run.terminal.err('No comment: nothing changes.\n');
    return;
  }
  const { headSha: head } = pull;
  const artifact = artifactOf(planText('', plan));
  const review: Review = { ...topic, artifact, head, reviewed: plan, fingerprint: plan.fingerprint, drift };
  if (isTooLarge(review)) run.outputs.set('plan-artifact', artifact.name);
  const links = linksOf(run, project.repository.root, head);
  const body = commentBody(
    review,
    desk,
    plan,
    { ...links, ...howToOpen(run, plan), status: { state: 'planned' } },
    remarksOn(planned, pull),
  );
  // A merge that comes between two attempts is of what people have seen until then.
  const confirm = async () => {
    const moved = await movedTo(run, github, pull);
    if (moved !== null) throw new GitHubError(`the comment is left as it is: ${moved.why}`, null);
  };
  const kept = await keepText(run, desk, found.ours, body, {}, confirm);
  await retire(run, desk, outdatedIn(found, topic), kept.id);
}

/** Returns true if the plan changes nothing, leaves no group out and needs nobody's attention. */
function isQuiet({ changes, diagnostics, attention }: Plan): boolean {
  return changes.length === 0 && !diagnostics.some(leavesOneOut) && !attention.some(isPressing);
}

/** Returns the remark about unknown drift only if the plan has changes, since otherwise there is no drift. */
function remarksOn({ plan, drift }: Planned, pull: PullRequestEvent | null): string[] {
  return pull !== null && drift === null && plan.changes.length > 0 ? [DRIFT_UNKNOWN] : [];
}
