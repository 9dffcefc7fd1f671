import { leavesOneOut, type Plan } from '../../model/plan/plan.ts';
import { visible } from '../../model/text/visible.ts';
import { type JobPlace, jobWords } from '../words/job-words.ts';
import { besides, changedGroups, changedOrders, isPressing } from '../words/plan-words.ts';
import { countManifests, given, numbersOf } from '../words/wording.ts';
import { link, type MarkdownContext, short } from './markdown.ts';
import { COMMENT_BYTES, renderDiagnostics, renderFooter, withSections } from './plan.ts';

export interface Issue {
  /** The title as plain text. */
  readonly title: string;
  readonly body: string;
}

export interface DriftContext extends MarkdownContext {
  /** The HTML comment for line 1, by which the caller finds its issue again. */
  readonly marker?: string;
  /** The page where workflows are started by hand. */
  readonly workflowsUrl?: string;
}

/**
 * Renders the issue of a scheduled run. Returns null if nothing differs or needs attention, so that the
 * caller closes it.
 */
export function renderDriftIssue(plan: Plan, context: DriftContext = {}): Issue | null {
  const differing = changedGroups(plan).length + changedOrders(plan).length;
  const pressing = [...plan.attention.filter(isPressing), ...plan.diagnostics.filter(leavesOneOut)];
  if (differing + pressing.length === 0) return null;
  const limit = context.limitBytes ?? COMMENT_BYTES;
  const head = given(lead(differing, plan, context), renderDiagnostics(plan, limit));
  const tail = [besides(plan), renderFooter(plan, context)];
  return {
    title: titleOf(plan, pressing.length, context),
    body: withSections(plan, context, head, tail),
  };
}

const USUAL: JobPlace = { configuration: '', account: null };

function titleOf(plan: Plan, pressing: number, { job = USUAL }: MarkdownContext): string {
  const differing = changedGroups(plan).length + changedOrders(plan).length;
  const parts = given(
    differing > 0 && `${countManifests(numbersOf(plan.changes))} ${differing === 1 ? 'differs' : 'differ'}`,
    pressing > 0 && `${pressing} ${pressing === 1 ? 'needs' : 'need'} attention`,
  );
  return `regsync ${jobWords(plan, job, visible)}: ${parts.join(', ')}`;
}

function lead(differing: number, { fingerprint }: Plan, { workflowsUrl }: DriftContext): string {
  if (differing === 0) return 'Telnyx matches the manifests. Please look at this:';
  const apply =
    workflowsUrl === undefined
      ? 'run apply'
      : `${link('start the workflow that applies', workflowsUrl)} by hand ("Run workflow") with the fingerprint ${short(fingerprint, 8)}`;
  return (
    `Telnyx differs from the manifests on this branch. If the manifests are right, ${apply}. ` +
    'If Telnyx is right, change the manifests. This check changed nothing.'
  );
}
