import { wordsOf } from '../model/kinds.ts';
import type { PlanChange } from '../model/plan.ts';
import { alert, code, link, type MarkdownContext, short } from './markdown.ts';
import { Budget } from './markdown-budget.ts';

/** The status line of a comment: how far the plan in it has come. */
export type ReviewStatus =
  | { readonly state: 'planned' }
  /** The head moved on; `headSha` is the new one. */
  | { readonly state: 'outdated'; readonly headSha?: string }
  | { readonly state: 'applying'; readonly runUrl?: string }
  | { readonly state: 'applied'; readonly runUrl?: string }
  | { readonly state: 'failed'; readonly runUrl?: string; readonly message?: string }
  /** Nothing was applied: what was reviewed is not what would be done. The plan beside it is the fresh one. */
  | {
      readonly state: 'refused';
      readonly runUrl?: string;
      /** Fingerprint of the plan that was reviewed and is stale; without it, something else is in the way. */
      readonly reviewed?: string;
      readonly message?: string;
      readonly differences?: readonly Difference[];
    };

/** As `findDeviations` returns them. */
export interface Difference {
  readonly kind: PlanChange['kind'];
  readonly name: string;
  readonly message: string;
}

/** Empty when there is nothing to say. Takes no more than an eighth of the limit. */
export function renderStatus(
  status: ReviewStatus | undefined,
  { headSha }: MarkdownContext,
  limit: number,
): string {
  if (status === undefined) return '';
  switch (status.state) {
    case 'planned':
      return '📋 **Planned**, not applied.';
    case 'outdated':
      return alert('NOTE', [
        `**Outdated:** the pull request moved on${status.headSha ? ` to ${short(status.headSha, 7)}` : ''}. ` +
          `This plan was made for ${headSha ? short(headSha, 7) : 'an earlier commit'}; a new one is on its way.`,
      ]);
    case 'applying':
      return `⏳ **Applying**${inRun(status.runUrl)}.`;
    case 'applied':
      return `✅ **Applied**${inRun(status.runUrl)}.`;
    case 'failed':
      return alert('CAUTION', [
        `**Apply failed**${inRun(status.runUrl)}; some of it may be done.`,
        ...listed([status.message], limit),
        'Run apply again when the cause is mended: regsync looks for what is done before it repeats anything.',
      ]);
    case 'refused':
      return alert('CAUTION', refusal(status, limit));
    default:
      return status satisfies never;
  }
}

function refusal(status: ReviewStatus & { readonly state: 'refused' }, limit: number): string[] {
  const stale = status.reviewed
    ? ` The plan ${short(status.reviewed, 8)} that was reviewed is not what would be done now.`
    : '';
  return [
    `**Refused${inRun(status.runUrl)}: nothing was applied.**${stale}`,
    ...listed([status.message, ...(status.differences ?? [])], limit),
    'Below is the plan as it is now.',
  ];
}

function inRun(url: string | undefined): string {
  return url === undefined ? '' : ` in ${link('this run', url)}`;
}

function listed(reasons: readonly (string | undefined | Difference)[], limit: number): string[] {
  const given = reasons.flatMap((reason) => reason || []);
  const fitting = new Budget(limit / 8).fit(given, (reason) => `- ${describe(reason)}`);
  const more = given.length - fitting.size;
  const lines = [...fitting.values(), ...(more > 0 ? [`- and ${more} more`] : [])];
  // A paragraph right behind a list would belong to its last entry.
  return lines.length === 0 ? [] : ['', ...lines, ''];
}

function describe(reason: string | Difference): string {
  if (typeof reason === 'string') return code(reason);
  return `${wordsOf(reason.kind).noun} ${code(reason.name)}: ${code(reason.message)}`;
}
