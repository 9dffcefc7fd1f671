import { artifactOf } from '../../forge/artifact.ts';
import type { Forge } from '../../forge/forge.ts';
import { ForgeError } from '../../forge/forge-error.ts';
import type { Topic } from '../../forge/marker.ts';
import type { Desk } from '../../forge/sticky.ts';
import { leavesOneOut, type Plan } from '../../model/plan/plan.ts';
import { closedGates } from '../../plan/gates.ts';
import { SUMMARY_BYTES } from '../../render/markdown/apply.ts';
import { renderPlanComment } from '../../render/markdown/plan.ts';
import type { ReviewStatus } from '../../render/markdown/status.ts';
import { isPressing } from '../../render/words/plan-words.ts';
import type { Planned } from '../apply/plan-both-sides.ts';
import { planText } from '../apply/plan-file.ts';
import { commentBody, findComment, isTooLarge, keepText, openDesk, penOf, type Review } from './comment.ts';
import type { ForgeWords } from './forge-words.ts';
import { outdatedIn, retireOutdated } from './outdated.ts';
import {
  complain,
  type ForgeResult,
  linksOf,
  type OpenRequest,
  type ReviewRun,
  tryForge,
} from './review-run.ts';
import { topicOfRun } from './topic.ts';
import { movedTo } from './withdraw.ts';

/**
 * Keeps the comment with the plan on the change request, and adds the plan to the summary of the run. Leaves
 * the comment to a newer run if the change request has moved on.
 *
 * @param pull the change request. Null if there is none to write on.
 */
export async function notePlan(
  run: ReviewRun,
  planned: Planned,
  pull: OpenRequest | null,
): Promise<ForgeResult> {
  const { plan, project, drift } = planned;
  const { words } = run;
  const status: { now: ReviewStatus } = { now: { state: 'planned' } };
  let result: ForgeResult = 'done';
  if (pull !== null && run.inputs.comment !== 'false') {
    result = await tryForge(run, `the plan is not in a ${words.note}`, async (forge) => {
      const moved = await movedTo(forge, pull, words);
      if (moved === null) await comment(run, forge, planned, pull);
      else {
        complain(run, `this run leaves the ${words.note} to a newer one: ${moved.why}`);
        status.now = { state: 'outdated', ...(moved.headSha === '' ? {} : { headSha: moved.headSha }) };
      }
    });
  }
  run.summary.push(
    renderPlanComment(run.words.withSteps(plan), {
      ...linksOf(run, project.repository.root, pull?.headSha ?? run.workflow.sha),
      limitBytes: SUMMARY_BYTES - 10_000,
      ...howToOpen(words, plan),
      status: status.now,
      ...(drift === null ? {} : { drift }),
    }),
    ...remarksOn(planned, pull, words),
  );
  return result;
}

/** Returns how to open the closed gates, in the words of the place where the plan is shown. */
function howToOpen(words: ForgeWords, plan: Plan): { readonly howToOpen?: string } {
  const shut = plan.applyable ? [] : closedGates(plan, plan.options);
  return shut.length === 0 ? {} : { howToOpen: words.howToOpen(shut) };
}

async function comment(run: ReviewRun, forge: Forge, planned: Planned, pull: OpenRequest): Promise<void> {
  const { plan, project, keys, drift } = planned;
  const { words } = run;
  const desk = await openDesk(forge, keys, pull.number);
  const topic = topicOfRun(run, project.repository, plan.options);
  const found = await findComment(desk, topic, pull.headSha);
  if (run.inputs.comment === 'changes' && found.ours === null && isQuiet(plan)) {
    run.terminal.err(`No ${words.note}: nothing changes.\n`);
    return;
  }
  const { headSha: head } = pull;
  const artifact = artifactOf(planText('', plan));
  const review: Review = { ...topic, artifact, head, reviewed: plan, fingerprint: plan.fingerprint, drift };
  if (isTooLarge(review, words)) run.outputs.set('plan-artifact', artifact.name);
  const links = linksOf(run, project.repository.root, head);
  const body = commentBody(
    review,
    penOf(run, desk),
    plan,
    { ...links, ...howToOpen(words, plan), status: { state: 'planned' } },
    remarksOn(planned, pull, words),
  );
  // A merge that comes between two attempts is of what people have seen until then.
  const confirm = async () => {
    const moved = await movedTo(forge, pull, words);
    if (moved !== null) throw new ForgeError(`regsync left the ${words.note} unchanged: ${moved.why}`, null);
  };
  const kept = await keepText(run, desk, found.ours, body, {}, confirm);
  if (found.ours !== null) return retireOutdated(run, desk, outdatedIn(found, topic), kept.id);
  // The comment is written: a failure of this look is only a warning.
  await tryForge(run, `whether two runs wrote a ${words.note} each is not known`, () =>
    settleFirst(run, { forge, desk, topic, pull }, kept.id),
  );
}

/**
 * Looks again after a first comment: another first run may have written one at the same time. The comment about
 * the newest commit stays, and of two about that commit the older one.
 *
 * @param made the id of the comment of this run.
 */
async function settleFirst(
  run: ReviewRun,
  { forge, desk, topic, pull }: { forge: Forge; desk: Desk; topic: Topic; pull: OpenRequest },
  made: number,
): Promise<void> {
  const moved = await movedTo(forge, pull, run.words);
  const head = moved === null || moved.headSha === '' ? pull.headSha : moved.headSha;
  const now = await findComment(desk, topic, head);
  if (now.ours?.marker.head === head) {
    return retireOutdated(run, desk, outdatedIn(now, topic), now.ours.id);
  }
  // The run of the newer commit has not written yet, and finds this comment.
  await retireOutdated(run, desk, outdatedIn({ ...now, doubles: [] }, topic), made);
}

/** Returns true if the plan changes nothing, leaves no group out and needs nobody's attention. */
function isQuiet({ changes, diagnostics, attention }: Plan): boolean {
  return changes.length === 0 && !diagnostics.some(leavesOneOut) && !attention.some(isPressing);
}

/** Returns the remark about unknown drift only if the plan has changes, since otherwise there is no drift. */
function remarksOn({ plan, drift }: Planned, pull: OpenRequest | null, words: ForgeWords): string[] {
  return pull !== null && drift === null && plan.changes.length > 0 ? [words.driftUnknown] : [];
}
