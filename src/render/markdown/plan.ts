import type { GroupVerb } from '../../model/plan/change.ts';
import {
  changeIdentity,
  closesPlan,
  leavesOneOut,
  type Plan,
  type PlanChange,
  type PlanDiagnostic,
} from '../../model/plan/plan.ts';
import { changeWords } from '../words/change-words.ts';
import { jobWords } from '../words/job-words.ts';
import {
  besides,
  changedGroups,
  changedOrders,
  isPlaced,
  narrowings,
  noChanges,
  whyClosed,
} from '../words/plan-words.ts';
import { count, countManifests, given, numbersOf } from '../words/wording.ts';
import { Budget, fittingEntries } from './budget.ts';
import { alert, code, link, type MarkdownContext, requestOf, short } from './markdown.ts';
import { renderMessage } from './message.ts';
import { renderSections } from './sections.ts';
import { type ReviewStatus, renderStatus } from './status.ts';

/**
 * The context of a plan's comment. Without any of it, the comment is what `plan --format markdown` prints.
 */
export interface CommentContext extends MarkdownContext {
  /** The HTML comment for line 1, by which the caller finds its comment again. */
  readonly marker?: string;
  readonly status?: ReviewStatus;
  /**
   * The `changeIdentity` of the changes that this pull request does not bring. A section of its own shows
   * them.
   */
  readonly drift?: ReadonlySet<string>;
  /** Markdown that says how to open closed gates. */
  readonly howToOpen?: string;
}

/** A bound below the 65,536 characters that GitHub takes. */
export const COMMENT_BYTES = 60_000;

/**
 * Renders a comment on a pull request: the effects of a merge, the destructive ones first. Never exceeds its
 * limit.
 */
export function renderPlanComment(plan: Plan, context: CommentContext = {}): string {
  const limit = context.limitBytes ?? COMMENT_BYTES;
  const diagnostics = renderDiagnostics(plan, limit, context.howToOpen);
  const footer = renderFooter(plan, context);
  const isEmpty = plan.changes.length === 0;
  // A plan without changes is not shown as "planned, not applied", which would say that it has some.
  const isWaiting = isEmpty && context.status?.state === 'planned';
  const status = isWaiting ? '' : renderStatus(context.status, context, limit, plan);
  const change = changeWords(plan, code);
  const sign = plan.diagnostics.some(leavesOneOut) ? '⚠️' : '✅';
  const head = given(
    isEmpty
      ? `${sign} **regsync plan** · ${given(jobOf(plan, context), noChanges(plan)).join(' · ')} ${footer}`
      : `### ${heading(plan, context)}`,
    status,
    change && `🔎 ${change}`,
    narrowing(plan),
    diagnostics,
  );
  const tail = isEmpty ? [] : given(besides(plan), ending(plan, context.status), footer);
  return withSections(plan, context, head, tail);
}

/**
 * Puts the changes and attention between a head and a tail, as far as they fit. The marker is an HTML comment for
 * line 1.
 */
export function withSections(
  plan: Plan,
  context: Pick<CommentContext, 'marker' | 'drift'> & MarkdownContext,
  head: readonly string[],
  tail: readonly string[],
): string {
  const { marker, limitBytes = COMMENT_BYTES } = context;
  const budget = new Budget(limitBytes);
  for (const block of given(marker, ...head, ...tail)) budget.spend(block);
  const blocks = [...head, ...renderSections(plan, context, budget), ...tail];
  return `${given(marker, blocks.join('\n\n')).join('\n')}\n`;
}

function jobOf(plan: Plan, { job }: MarkdownContext): string | undefined {
  return job && jobWords(plan, job, code);
}

/** Returns the heading. Counts the changes that existed before the pull request separately. */
function heading(plan: Plan, context: CommentContext): string {
  const isDrift = (change: PlanChange) => context.drift?.has(changeIdentity(change)) ?? false;
  const all = [...changedGroups(plan), ...changedOrders(plan)];
  const own = all.filter((change) => !isDrift(change));
  const before = all.length - own.length;
  const verbs = (verb: GroupVerb) => own.filter(({ group }) => group?.verb === verb).length;
  const [deletes, replaces] = [verbs('delete'), verbs('replace')];
  const placed = own.filter(isPlaced).length;
  return given(
    'regsync plan',
    jobOf(plan, context),
    own.length === 0
      ? `nothing changes by this ${requestOf(context)}`
      : `${countManifests(numbersOf(own))} ${own.length === 1 ? 'changes' : 'change'}`,
    placed > 0 && `${count(placed, 'order')} to place`,
    deletes > 0 && count(deletes, 'delete'),
    replaces > 0 && count(replaces, 'replace'),
    before > 0 && `${before} existed before`,
  ).join(' · ');
}

/** Returns a note that the plan covers only a part, or `''`. */
function narrowing(plan: Plan): string {
  const parts = narrowings(plan);
  if (parts.length === 0) return '';
  const isShort = parts.length <= 10 && parts.join('').length <= 1_000;
  const words = isShort ? parts.map((part) => code(part)).join(', ') : `${parts.length} paths and groups`;
  return `🔎 **Narrowed** to ${words}. regsync does not compare other groups, and prunes nothing.`;
}

/** The number of diagnostics that are listed, as a large plan could have thousands. */
const MAX_DIAGNOSTICS = 10;

export function renderDiagnostics(plan: Plan, limit: number, howToOpen?: string): string {
  const { diagnostics, applyable } = plan;
  const errors = diagnostics.filter(closesPlan);
  const leftOut = diagnostics.filter(leavesOneOut);
  const others = diagnostics.filter(({ severity }) => severity !== 'error');
  const why = whyClosed(plan);
  const closed = `**This plan cannot be applied: ${why}.** Apply does nothing until ${UNTIL[why]}.`;
  const open = howToOpen === undefined ? [] : ['', howToOpen];
  return given(
    !applyable && alert('CAUTION', [closed, ...listed(errors, limit), ...open]),
    leftOut.length > 0 && alert('CAUTION', [LEFT_OUT, ...listed(leftOut, limit)]),
    others.length > 0 && alert('NOTE', listed(others, limit)),
  ).join('\n\n');
}

const UNTIL = {
  'a gate is closed': 'you open it',
  'it violates a policy': 'the plan keeps every policy',
} as const;

const LEFT_OUT =
  '**Left out of this plan.** Apply does everything else, and these fail until you settle them:';

function listed(diagnostics: readonly PlanDiagnostic[], limit: number): string[] {
  return fittingEntries(diagnostics, limit, renderMessage, MAX_DIAGNOSTICS);
}

function ending(plan: Plan, status: ReviewStatus | undefined): string {
  if (status !== undefined && status.state !== 'planned') return '';
  if (!plan.applyable) return `**On merge nothing is applied**: ${whyClosed(plan)}, see above.`;
  return '**On merge**, apply does exactly this. If Telnyx or the files change first, it stops and shows the new plan.';
}

export function renderFooter(plan: Plan, context: MarkdownContext): string {
  const parts = given(
    plan.changes.length > 0 && '«…» are keyed fingerprints: equal means unchanged; values are never shown',
    `scope ${code(plan.scope)}`,
    `plan ${short(plan.fingerprint, 8)}${context.headSha ? ` for ${short(context.headSha, 7)}` : ''}`,
    context.runUrl && link('run, full plan', context.runUrl),
  );
  return `<sub>${parts.join(' · ')}</sub>`;
}
