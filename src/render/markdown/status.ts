import { wordsOf } from '../../model/kinds.ts';
import type { Plan, PlanChange } from '../../model/plan/plan.ts';
import type { Worded } from '../../model/text/sentence.ts';
import { listSome } from '../words/wording.ts';
import { fittingEntries } from './budget.ts';
import { alert, code, fence, link, type MarkdownContext, requestOf, short, sourceLink } from './markdown.ts';
import { renderClause } from './message.ts';
import { planDifference } from './plan-difference.ts';

/** The status of the plan in a comment, for its status line. */
export type ReviewStatus =
  | { readonly state: 'planned' }
  /** The pull request moved on, to `headSha` if that is known. */
  | { readonly state: 'outdated'; readonly headSha?: string }
  | { readonly state: 'applying'; readonly runUrl?: string }
  | {
      readonly state: 'applied';
      readonly runUrl?: string;
      /** The time in ISO 8601. */
      readonly at?: string;
      /** The current status of each group and order that was changed. */
      readonly statuses?: readonly { readonly name: string; readonly status: string }[];
    }
  | {
      readonly state: 'failed';
      readonly runUrl?: string;
      /** True if the run ended before its first write. */
      readonly isUntouched?: boolean;
      readonly message?: string;
      /** The failures, with what the API said and the line of the manifest. */
      readonly failures?: readonly (Difference & { readonly source: Place | null })[];
    }
  /**
   * Nothing was applied: the reviewed plan is stale, or something else is in the way. The comment shows the
   * fresh plan.
   */
  | {
      readonly state: 'refused';
      readonly runUrl?: string;
      /** The fingerprint of the reviewed plan that is stale. Absent if something else is in the way. */
      readonly reviewed?: string;
      readonly message?: string;
      readonly differences?: readonly Difference[];
      /** The reviewed plan that is stale, shown as a difference. */
      readonly reviewedPlan?: Plan;
    };

interface Place {
  readonly file: string;
  readonly line: number;
}

/** A difference as `findDeviations` returns it. */
export interface Difference extends Worded {
  readonly kind: PlanChange['kind'];
  readonly name: string;
}

/**
 * Returns the status line, or `''` without a status. Takes no more than a quarter of the limit.
 *
 * @param fresh the plan in the comment, with which a refused one is compared.
 */
export function renderStatus(
  status: ReviewStatus | undefined,
  context: MarkdownContext,
  limit: number,
  fresh: Plan | null = null,
): string {
  const { headSha } = context;
  if (status === undefined) return '';
  switch (status.state) {
    case 'planned':
      return '📋 **Planned**, not applied.';
    case 'outdated':
      return alert('NOTE', [
        `**Outdated:** the ${requestOf(context)} has a newer commit${status.headSha ? `, ${short(status.headSha, 7)}` : ''}. ` +
          `This plan is for ${headSha ? short(headSha, 7) : 'an earlier commit'}: wait for the new one.`,
      ]);
    case 'applying':
      return `⏳ **Applying**${inRun(status.runUrl)}.`;
    case 'applied':
      return `✅ **Applied**${onDate(status.at)}${inRun(status.runUrl)}.${becameOf(status.statuses ?? [])}`;
    case 'failed':
      return alert('CAUTION', [
        `**Apply failed**${inRun(status.runUrl)}; ${status.isUntouched === true ? 'nothing was applied' : 'a part may be done'}.`,
        ...listed([status.message, ...(status.failures ?? [])], limit, context),
        'Repair the cause, then run apply again. It reads Telnyx first, and does not repeat finished work.',
      ]);
    case 'refused':
      return alert('CAUTION', refusal(status, fresh, limit));
    default:
      return status satisfies never;
  }
}

function refusal(
  status: ReviewStatus & { readonly state: 'refused' },
  fresh: Plan | null,
  limit: number,
): string[] {
  const stale = status.reviewed
    ? ` An apply would now do something else than the reviewed plan ${short(status.reviewed, 8)} shows.`
    : '';
  return [
    `**Refused${inRun(status.runUrl)}: nothing was applied.**${stale}`,
    ...listed([status.message, ...(status.differences ?? [])], limit),
    ...(status.reviewedPlan === undefined || fresh === null
      ? []
      : comparison(status.reviewedPlan, fresh, limit)),
    'Below is the new plan.',
  ];
}

/** Returns the difference, or nothing if it is too long, because the list above names what differs. */
function comparison(reviewed: Plan, fresh: Plan, limit: number): string[] {
  const lines = planDifference(reviewed, fresh);
  const text = fence(lines, 'diff');
  if (lines.length === 0 || Buffer.byteLength(text) > limit / 8) return [];
  return ['Reviewed plan (−) and new plan (+):', '', ...text.split('\n'), ''];
}

function onDate(at: string | undefined): string {
  return at === undefined ? '' : ` on ${at.slice(0, 10)} at ${at.slice(11, 16)} UTC`;
}

/** The number of names that are shown. Further ones are counted. */
const MAX_NAMES = 5;

function becameOf(statuses: readonly { readonly name: string; readonly status: string }[]): string {
  const byStatus = new Map<string, string[]>();
  for (const { name, status } of statuses) byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  const parts = [...byStatus].map(([status, names]) => {
    const some = listSome(names, MAX_NAMES, (name) => code(name));
    return `${some} ${names.length === 1 ? 'is' : 'are'} ${code(status)}`;
  });
  return parts.length === 0 ? '' : ` Now ${parts.join('; ')}.`;
}

function inRun(url: string | undefined): string {
  return url === undefined ? '' : ` in ${link('this run', url)}`;
}

type Reason = string | (Difference & { readonly source?: Place | null });

function listed(
  reasons: readonly (Reason | undefined)[],
  limit: number,
  context: MarkdownContext = {},
): string[] {
  const stated = reasons.flatMap((reason) => reason || []);
  const lines = fittingEntries(stated, limit, (reason) => describe(reason, context));
  // A paragraph directly after a list would belong to its last entry.
  return lines.length === 0 ? [] : ['', ...lines, ''];
}

function describe(reason: Reason, context: MarkdownContext): string {
  if (typeof reason === 'string') return code(reason);
  const { kind, name, source } = reason;
  const where = source ? ` (${sourceLink(source, context)})` : '';
  return `${wordsOf(kind).noun} ${code(name)}${where}: ${renderClause(reason)}`;
}
