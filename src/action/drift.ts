import type { Planned } from '../cli/apply/plan-both-sides.ts';
import { planForReview } from '../cli/apply/plan-for-review.ts';
import { exitCodeOf } from '../cli/plan.ts';
import { keepText } from '../cli/review/comment.ts';
import { outdatedIn, retire } from '../cli/review/outdated.ts';
import { exitUnlessTold, linksOf, outputPlan, tryForge } from '../cli/review/review-run.ts';
import { topicOfRun } from '../cli/review/topic.ts';
import type { Forge } from '../forge/forge.ts';
import { writeMarker } from '../forge/marker.ts';
import { type Desk, findShelved } from '../forge/sticky.ts';
import type { GitHub } from '../github/rest.ts';
import { issuesOf } from '../github/shelves.ts';
import { digestOf } from '../kinds/values/fingerprint.ts';
import { RefusedError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { SUMMARY_BYTES } from '../render/markdown/apply.ts';
import { renderDriftIssue } from '../render/markdown/drift.ts';
import { renderPlanComment } from '../render/markdown/plan.ts';
import { plain } from '../render/text/paint.ts';
import { renderPlanText } from '../render/text/plan-text.ts';
import { exitOptionsOf, optionsOf } from './plan.ts';
import type { ActionRun } from './run.ts';

/** Updates the one issue that lists drift, expiries and declines, and closes it if there are none. */
export async function runDrift(run: ActionRun, look = planForReview): Promise<ExitCode> {
  const { event, sha } = run.workflow;
  const isDefaultBranch = (event.kind === 'push' || event.kind === 'started') && event.isDefaultBranch;
  if (!isDefaultBranch) {
    throw new RefusedError(
      'drift compares the default branch with Telnyx: run it there on a schedule, by hand, or on a push',
    );
  }
  const planned = await look(run.terminal, run.inputs.manifests, optionsOf(run), null);
  const { project } = planned;
  const plan = run.words.withSteps(planned.plan);
  outputPlan(run, plan);
  run.terminal.out(renderPlanText(plan, plain));
  const problem = 'the issue about drift is not up to date';
  const { github } = run;
  const result = await tryForge(run, problem, async (forge) => {
    if (github !== null) await keepIssue(run, { github, forge }, { ...planned, plan });
  });
  const context = { ...driftLinks(run, project.repository.root, sha), limitBytes: SUMMARY_BYTES - 10_000 };
  run.summary.push(renderDriftIssue(plan, context)?.body ?? renderPlanComment(plan, context));
  const exit = exitCodeOf(plan, exitOptionsOf(run));
  return exitUnlessTold(run, { result, advice: ONLY_IN_SUMMARY, lost: EXIT.unreachable, exit });
}

/** Adds the link to the list of all workflows, because this workflow does not know which one applies. */
function driftLinks(run: ActionRun, root: string, sha: string) {
  const { serverUrl, repository } = run.workflow;
  return { ...linksOf(run, root, sha), workflowsUrl: `${serverUrl}/${repository}/actions` };
}

const ONLY_IN_SUMMARY =
  'GitHub could not be reached: only the summary of this run shows the result, and the issue does not. Run this job again.';

async function keepIssue(
  run: ActionRun,
  { github, forge }: { readonly github: GitHub; readonly forge: Forge },
  { plan, keys, project }: Planned,
): Promise<void> {
  const { sha } = run.workflow;
  const desk: Desk = {
    shelf: issuesOf(github, run.workflow),
    login: await forge.readAuthor(),
    sign: (value) => digestOf(keys, value),
  };
  const topic = topicOfRun(run, project.repository, plan.options);
  const marker = writeMarker(
    { kind: 'drift', ...topic, fingerprint: null, head: null },
    desk.shelf.place,
    desk.sign,
  );
  const shelved = await findShelved(desk, topic);
  const { ours: found } = shelved;
  const issue = renderDriftIssue(plan, {
    ...driftLinks(run, project.repository.root, sha),
    marker,
  });
  const kept =
    issue !== null
      ? await keepText(run, desk, found, issue.body, { title: issue.title })
      : found === null
        ? null
        : await keepText(run, desk, found, `${marker}\n${SETTLED}\n`, CLOSED);
  await retire(run, desk, outdatedIn(shelved, topic), kept?.id ?? null, CLOSED);
}

const CLOSED = { state: 'closed', state_reason: 'completed' } as const;

const SETTLED = '✅ Telnyx matches the manifests, and nothing needs attention.';
