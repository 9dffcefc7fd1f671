import type { Applied } from '../cli/apply/apply-reviewed.ts';
import { refusalError } from '../cli/apply/judge.ts';
import { reportApply } from '../cli/apply/report.ts';
import { RefusedError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import type { Plan } from '../model/plan.ts';
import { planNotes } from '../render/annotations.ts';
import { renderApplySummary, SUMMARY_BYTES } from '../render/markdown/apply.ts';
import { renderPlanComment } from '../render/markdown/plan.ts';
import type { ReviewStatus } from '../render/markdown/status.ts';
import { renderOutcomesText } from '../render/text/outcome-text.ts';
import { plain } from '../render/text/paint.ts';
import { renderPlanText } from '../render/text/plan-text.ts';
import type { ApplyTools, MergedRecord } from './apply.ts';
import { whyNotAsShown } from './as-shown.ts';
import { commentBody, keepText, type Review } from './comment.ts';
import { failureNotes } from './report-failures.ts';
import { describeRefusal, endedStatus, outcomesFor } from './review.ts';
import {
  type ActionRun,
  annotate,
  exitUnlessTold,
  type GitHubResult,
  linksOf,
  outputPlan,
  tryGitHub,
} from './run.ts';
import { planInWorkflowWords } from './workflow-words.ts';

export async function report(
  run: ActionRun,
  records: readonly MergedRecord[],
  applied: Applied,
  tools: ApplyTools,
): Promise<ExitCode> {
  const { plan, project } = applied;
  outputPlan(run, plan);
  annotate(run, planNotes(plan), project.repository.root);
  return applied.kind === 'refused'
    ? reportRefusal(run, records, applied)
    : reportOutcomes(run, records, applied, tools);
}

async function reportRefusal(
  run: ActionRun,
  records: readonly MergedRecord[],
  applied: Applied & { readonly kind: 'refused' },
): Promise<ExitCode> {
  const { plan, project, differences } = applied;
  const describe = (record: MergedRecord | undefined) =>
    describeRefusal(
      applied,
      run.inputs.fingerprint ?? record?.review?.fingerprint ?? null,
      run.workflow,
      record?.review?.reviewed ?? null,
    );
  run.terminal.err(renderPlanText(plan, plain));
  for (const record of records) {
    const { status, remarks, isNoted } = describe(record);
    if (isNoted) await noteStatus(run, record, plan, status, remarks);
  }
  const { message, status, remarks } = describe(records[0]);
  const links = linksOf(run, project.repository.root, run.workflow.sha);
  run.summary.push(
    renderPlanComment(planInWorkflowWords(plan), { ...links, status, limitBytes: SUMMARY_BYTES - 10_000 }),
    ...remarks,
  );
  throw new ShownRefusal(refusalError({ message, differences }).message);
}

/** A refusal that the page of the run already shows with more detail. */
export class ShownRefusal extends RefusedError {}

async function reportOutcomes(
  run: ActionRun,
  records: readonly MergedRecord[],
  applied: Applied & { readonly kind: 'done' },
  { now }: ApplyTools,
): Promise<ExitCode> {
  const { outcomes, plan, project, interrupted, requests, retries } = applied;
  const { runUrl, sha } = run.workflow;
  const { root } = project.repository;
  const exit = await reportApply(run.terminal, outcomes, renderOutcomesText(outcomes, plain));
  annotate(run, failureNotes(outcomes), root);
  const results: GitHubResult[] = [];
  for (const record of records) {
    const { review } = record;
    const ownOutcomes = outcomesFor(record, outcomes, records.length);
    const ended = { plan, interrupted, outcomes: ownOutcomes };
    const others = records.filter((other) => other !== record);
    const message = whyNotAsShown(record, plan, others);
    const status =
      message === null
        ? endedStatus(ended, review?.reviewed ?? null, { runUrl, at: now() })
        : ({ state: 'failed', runUrl, message } as const);
    if (status !== null && !isRepeated(record, applied))
      results.push(await noteStatus(run, record, plan, status));
  }
  const links = linksOf(run, root, sha);
  run.summary.push(renderApplySummary(outcomes, { ...links, plan, requests, retries, interrupted }));
  const result = results.find((one) => one === 'unreachable') ?? 'done';
  return exitUnlessTold(run, { result, advice: ONLY_IN_SUMMARY, lost: EXIT.operationsFailed, exit });
}

/**
 * Returns true if the run changes nothing and the comment already reports an apply, whose date and run it
 * keeps.
 */
function isRepeated(record: MergedRecord, { plan }: Applied): boolean {
  return plan.changes.length === 0 && saysApplied(record);
}

/** Returns true if the comment reports an apply that is done. */
export function saysApplied({ written }: MergedRecord): boolean {
  return written?.integrity === 'intact' && /^✅ \*\*Applied\*\*/m.test(written.body);
}

const ONLY_IN_SUMMARY =
  'GitHub could not be reached: the comment does not say how this apply went. This summary does.';

/**
 * Updates the comment. If GitHub fails, the apply goes on. The comment shows the reviewed plan until it is
 * refused, then the fresh one. The marker still names the reviewed one.
 */
export async function noteStatus(
  run: ActionRun,
  record: MergedRecord,
  fresh: Plan,
  status: ReviewStatus,
  remarks: readonly string[] = [],
): Promise<GitHubResult> {
  const { desk, project, topic, head, review } = record;
  // An apply by the fingerprint of a refused plan carries out the fresh plan, so the comment shows that one.
  const isFresh = status.state === 'refused' || review?.fresh !== undefined;
  const shown = isFresh ? fresh : (review?.reviewed ?? fresh);
  record.applying = status.state === 'applying' ? fresh : null;
  return tryGitHub(run, 'the comment does not say how it went', async () => {
    const {
      fresh: refused,
      freshPlan,
      ...known
    } = review ?? {
      ...topic,
      head,
      reviewed: null,
      fingerprint: null,
      drift: null,
    };
    const isRefused = status.state === 'refused';
    const [next, nextPlan] = isRefused ? [fresh.fingerprint, fresh] : [refused, freshPlan];
    const isOver = status.state === 'applied';
    const kept: Review = {
      ...known,
      ...(next === undefined || isOver ? {} : { fresh: next }),
      ...(nextPlan === undefined || isOver ? {} : { freshPlan: nextPlan }),
    };
    const commit = isFresh ? run.workflow.sha : head;
    const context = { ...linksOf(run, project.repository.root, commit), status };
    const body = commentBody(kept, desk, shown, context, remarks);
    const { written } = record;
    // Until the write is answered, nobody knows which of the two GitHub holds: the next write is not left out.
    record.written = written === null ? null : { ...written, integrity: 'edited' };
    record.written = await keepText(run, desk, written, body);
  });
}
