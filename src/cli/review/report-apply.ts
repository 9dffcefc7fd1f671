import { findSticky } from '../../forge/sticky.ts';
import { RefusedError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import type { Outcome } from '../../model/plan/outcome.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { type Ends, leadsThere } from '../../plan/ends.ts';
import { type Note, planNotes } from '../../render/annotations.ts';
import { renderApplySummary, SUMMARY_BYTES } from '../../render/markdown/apply.ts';
import { alert, code } from '../../render/markdown/markdown.ts';
import { renderPlanComment } from '../../render/markdown/plan.ts';
import type { ReviewStatus } from '../../render/markdown/status.ts';
import { plain } from '../../render/text/paint.ts';
import { renderPlanText } from '../../render/text/plan-text.ts';
import { errorLines } from '../../render/words/outcome-words.ts';
import type { Applied } from '../apply/apply-reviewed.ts';
import { refusalError } from '../apply/judge.ts';
import { reportApply } from '../apply/report.ts';
import type { MergedRecord, ReviewedApplyTools } from './apply-merged.ts';
import { commentBody, keepText, penOf, type Review } from './comment.ts';
import type { ForgeWords } from './forge-words.ts';
import { describeRefusal, endedStatus, type FoundReview, outcomesFor, requestName } from './review.ts';
import {
  annotate,
  exitUnlessTold,
  type ForgeResult,
  linksOf,
  outputPlan,
  type ReviewRun,
  tryForge,
} from './review-run.ts';

export async function report(
  run: ReviewRun,
  records: readonly MergedRecord[],
  applied: Applied,
  tools: ReviewedApplyTools,
): Promise<ExitCode> {
  const { plan, project } = applied;
  outputPlan(run, plan);
  annotate(run, planNotes(plan), project.repository.root);
  return applied.kind === 'refused'
    ? reportRefusal(run, records, applied)
    : reportOutcomes(run, records, applied, tools);
}

async function reportRefusal(
  run: ReviewRun,
  records: readonly MergedRecord[],
  applied: Applied & { readonly kind: 'refused' },
): Promise<ExitCode> {
  const { plan, project, differences } = applied;
  const describe = (record: MergedRecord | undefined) =>
    describeRefusal(
      applied,
      run.inputs.fingerprint ?? record?.review?.fingerprint ?? null,
      run,
      record?.review?.reviewed ?? null,
    );
  run.terminal.err(renderPlanText(plan, plain));
  for (const record of records) {
    const { status, remarks, isNoted } = describe(record);
    // The run may be a retry that a newer commit outran: the record of the apply stays.
    const mayBeRetry = applied.cause === 'outrun' && run.workflow.attempt === null;
    const isRecord = mayBeRetry && saysApplied(record);
    if (isNoted && !isRecord) await noteStatus(run, record, plan, status, remarks);
  }
  const { message, status, next, remarks } = describe(records[0]);
  const links = linksOf(run, project.repository.root, run.workflow.sha);
  run.summary.push(
    renderPlanComment(run.words.withSteps(plan), { ...links, status, limitBytes: SUMMARY_BYTES - 10_000 }),
    ...remarks,
  );
  throw new ShownRefusal(`${refusalError({ message, differences }).message}${next}`);
}

/** A refusal that the page of the run already shows with more detail. */
export class ShownRefusal extends RefusedError {}

async function reportOutcomes(
  run: ReviewRun,
  records: readonly MergedRecord[],
  applied: Applied & { readonly kind: 'done' },
  { now }: ReviewedApplyTools,
): Promise<ExitCode> {
  const { outcomes, unrecorded = [], plan, ends, project, interrupted, requests, retries } = applied;
  const { runUrl, sha } = run.workflow;
  const { root } = project.repository;
  const exit = await reportApply(run.terminal, outcomes, run.outcomesText(outcomes), unrecorded);
  annotate(
    run,
    unrecorded.map((message) => ({ severity: 'error', code: 'record', message })),
    root,
  );
  for (const message of unrecorded) run.summary.push(alert('CAUTION', [code(message)]));
  annotate(run, failureNotes(outcomes), root);
  const results: ForgeResult[] = [];
  for (const record of records) {
    const { review } = record;
    const ownOutcomes = outcomesFor(record, outcomes, records.length);
    const ended = { plan, interrupted, outcomes: ownOutcomes };
    const message = whyNotAsShown(record, ends, run.words);
    const status =
      message === null
        ? endedStatus(ended, review?.reviewed ?? null, { runUrl, at: now(), isBegun: saysApplying(record) })
        : ({ state: 'failed', runUrl, message } as const);
    if (status !== null && !isRepeated(record, applied))
      results.push(await noteStatus(run, record, plan, status));
  }
  const links = linksOf(run, root, sha);
  run.summary.push(renderApplySummary(outcomes, { ...links, plan, requests, retries, interrupted }));
  const result = results.find((one) => one === 'unreachable') ?? 'done';
  const { forge, note } = run.words;
  const advice = `${forge} could not be reached: only this summary shows the result of the apply, and the ${note} does not.`;
  return exitUnlessTold(run, { result, advice, lost: EXIT.operationsFailed, exit });
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

/** Returns true if an earlier run began to apply and left no end in the comment. */
function saysApplying({ written }: MergedRecord): boolean {
  return written?.integrity === 'intact' && /^⏳ \*\*Applying\*\*/mu.test(written.body);
}

/** Returns true if no run has begun to apply. Another one may be at it, whose record is not to be overwritten. */
export function saysPlanned({ written }: MergedRecord): boolean {
  return written?.integrity === 'intact' && PLANNED.test(written.body);
}

/** The status line of a plan that no apply has taken up. */
export const PLANNED = /^📋 \*\*Planned\*\*/mu;

/**
 * Updates the comment. If the forge fails, the apply goes on. The comment shows the reviewed plan until it is
 * refused, then the fresh one. The marker still names the reviewed one.
 */
export async function noteStatus(
  run: ReviewRun,
  record: MergedRecord,
  fresh: Plan,
  status: ReviewStatus,
  remarks: readonly string[] = [],
): Promise<ForgeResult> {
  const { desk, project, topic, head, review } = record;
  // An apply by the fingerprint of a refused plan carries out the fresh plan, so the comment shows that one.
  const isFresh = status.state === 'refused' || review?.fresh !== undefined;
  const shown = isFresh ? fresh : (review?.reviewed ?? fresh);
  record.applying = status.state === 'applying' ? fresh : null;
  return tryForge(run, `the ${run.words.note} does not show the result`, async () => {
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
    const body = commentBody(kept, penOf(run, desk), shown, context, remarks);
    const written = record.written ?? (record.mayBeMade ? await findSticky(desk, topic) : null);
    record.mayBeMade = written === null;
    // Until the write is answered, nobody knows which of the two the forge holds: the next write is not left out.
    record.written = written === null ? null : { ...written, integrity: 'edited' };
    record.written = await keepText(run, desk, written, body);
  });
}

/**
 * Returns why the apply did something else than the comment's plan shows, or null. A push may end in another way than
 * one of its change requests: its last commits have no plan, or another change request wants something else of an object,
 * such as what it was before.
 */
function whyNotAsShown(
  { review, pull, head }: Pick<FoundReview, 'review' | 'pull' | 'head'>,
  ends: Ends,
  words: Pick<ForgeWords, 'request' | 'sign'>,
): string | null {
  const shown = review?.reviewed ?? null;
  // The plan that a person started by hand is the fresh one.
  if (review === null || shown === null || review.fresh !== undefined) return null;
  if (review.head !== head)
    return `${requestName(pull, words)} shows no plan for ${head.slice(0, 7)}, which was merged`;
  const differing = shown.changes.find((change) => !leadsThere(change, ends));
  return differing === undefined
    ? null
    : `another commit of the same push changed ${differing.kind}/${differing.name}, so apply did something else than this plan shows`;
}

/** Returns an annotation for each error, at the line of the manifest, with what the API said. */
export function failureNotes(outcomes: readonly Outcome[]): Note[] {
  return outcomes.flatMap(({ name, status, error }) =>
    error === null
      ? []
      : [
          {
            severity: status === 'failed' ? ('error' as const) : ('warning' as const),
            code: error.code,
            message: `${name}: ${errorLines({ ...error, source: null }).join('\n')}`,
            ...(error.source === null ? {} : { source: error.source }),
          },
        ],
  );
}
