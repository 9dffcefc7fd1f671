import { validatePlan } from '../cli/apply/plan-validators.js';
import { type Enclosure, enclose, readEnclosure } from '../github/enclosure.ts';
import { type Marker, type Place, SEAL_BYTES, writeMarker } from '../github/marker.ts';
import type { GitHub } from '../github/rest.ts';
import {
  COMMENTS,
  type Desk,
  findSticky,
  keepSticky,
  readLogin,
  type Sticky,
  type Written,
} from '../github/sticky.ts';
import { digestOf, type PlanKeys } from '../kinds/values/fingerprint.ts';
import type { Ending } from '../model/ending.ts';
import { changeIdentity, type Plan } from '../model/plan.ts';
import { isAuthentic } from '../plan/exact.ts';
import { alert, code, link, type MarkdownContext, short } from '../render/markdown.ts';
import { COMMENT_BYTES, type CommentContext, renderPlanComment } from '../render/markdown-plan.ts';
import { renderValidateSummary } from '../render/markdown-validate.ts';
import { type ActionRun, complain } from './run.ts';

/** The one comment on a pull request: what is in it, and how it is kept. */

export async function openDesk(
  run: ActionRun,
  github: GitHub,
  keys: PlanKeys,
  pull: number,
): Promise<Desk & { readonly place: Place }> {
  return {
    github,
    shelf: COMMENTS,
    place: { repository: run.workflow.repository, pull },
    login: await readLogin(github, run.inputs.commentAuthor),
    sign: (value) => digestOf(keys, value),
  };
}

/** What a comment or an issue is about, and so which of several it is: jobs that share a scope keep one each. */
export function topicOf(scope: string, shard: string | undefined): string {
  return shard === undefined ? scope : `${scope} shard ${shard}`;
}

export async function findComment(desk: Desk, scope: string): Promise<Sticky | null> {
  const found = await findSticky(desk, scope);
  return found?.marker.kind === 'plan' ? found : null;
}

/** The one place that writes to GitHub: a comment, or with `fields` an issue. */
export async function keepText(
  run: ActionRun,
  desk: Desk,
  found: Written | null,
  text: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<Written> {
  // Covered before it is sealed: a later run checks the text as GitHub has it.
  const kept = await keepSticky(desk, found, run.cover(text), fields);
  run.outputs.set('comment-id', kept.id);
  const what = desk.place.pull === null ? 'Issue #' : 'Comment ';
  run.terminal.err(`${what}${kept.id}: ${fields.state ?? kept.written}.\n`);
  if (kept.author !== '' && kept.author !== desk.login) {
    complain(
      run,
      `this token writes as ${kept.author}, where ${desk.login} was expected: set the input comment-author to it, ` +
        'or the next run will not know its own',
    );
  }
  if (!kept.isAsSent) {
    complain(
      run,
      `GitHub holds ${what.toLowerCase()}${kept.id} otherwise than it was sent: the next run will take it for edited`,
    );
  }
  return kept;
}

/** A plan that is, or was, up for review. */
export interface Review {
  /** As `topicOf` tells it. */
  readonly scope: string;
  /** The commit that it was made for. */
  readonly head: string;
  /** Null where nothing that could be applied is under review. */
  readonly reviewed: Plan | null;
  /** Where the plan itself is too large for the comment, or was. */
  readonly fingerprint: string | null;
  readonly drift: ReadonlySet<string> | null;
}

/**
 * @param shown the plan that people see: the reviewed one, or the fresh one that took its place.
 * @param remarks lines of ours below it.
 */
export function commentBody(
  review: Review,
  desk: { readonly place: Place; readonly sign: Desk['sign'] },
  shown: Plan,
  context: Pick<CommentContext, 'status'> & MarkdownContext,
  remarks: readonly string[],
): string {
  const { scope, head, fingerprint } = review;
  const marker: Marker = { kind: 'plan', scope, fingerprint, head };
  const tail = [...remarks, enclosureOf(review)].filter((part) => part !== '').map((part) => `\n${part}\n`);
  const drift = shown === review.reviewed ? review.drift : null;
  const text = renderPlanComment(shown, {
    ...context,
    marker: writeMarker(marker, desk.place, desk.sign),
    limitBytes: COMMENT_BYTES - SEAL_BYTES - Buffer.byteLength(tail.join('')),
    ...(drift === null ? {} : { drift }),
  });
  return `${text}${tail.join('')}`;
}

function enclosureOf({ reviewed, drift }: Review): string {
  if (reviewed === null) return '';
  const places = reviewed.changes.flatMap((change, index) =>
    drift?.has(changeIdentity(change)) ? [index] : [],
  );
  return enclose({ plan: reviewed, drift: places });
}

/** In place of a plan that could not be made: what was shown for an earlier commit must not look as if it counted. */
export function withdrawnBody(
  desk: { readonly place: Place; readonly sign: Desk['sign'] },
  scope: string,
  head: string,
  { ending, links }: { readonly ending: Ending; readonly links: MarkdownContext },
): string {
  const marker = writeMarker({ kind: 'plan', scope, fingerprint: null, head }, desk.place, desk.sign);
  const { message, problems } = ending;
  const blocks = [
    `### regsync plan · none for ${short(head, 7)}`,
    alert('CAUTION', [
      '**This commit could not be planned.** Merged like this, nothing is applied.',
      ...(problems.length === 0 ? [`- ${code(message)}`] : []),
    ]),
    ...(problems.length === 0
      ? []
      : [renderValidateSummary(problems, { ...links, limitBytes: COMMENT_BYTES - 2000 })]),
    `<sub>scope ${code(scope)} · ${link('run', links.runUrl)}</sub>`,
  ];
  return `${marker}\n${blocks.join('\n\n')}\n`;
}

/**
 * What is under review, by our own comment, which nobody has edited; the plan itself only if it is authentic and the one that the
 * marker speaks of.
 */
export function reviewOf({ marker, body }: Sticky, keys: PlanKeys): Review {
  const { scope, fingerprint, head } = marker;
  const { plan, drift = [] }: Partial<Enclosure> = readEnclosure(body) ?? {};
  const reviewed = isPlan(plan) && plan.fingerprint === fingerprint && isAuthentic(plan, keys) ? plan : null;
  const identities = drift.flatMap((index) => {
    const change = reviewed?.changes[index];
    return change === undefined ? [] : [changeIdentity(change)];
  });
  return { scope, head: head ?? '', reviewed, fingerprint, drift: new Set(identities) };
}

function isPlan(value: unknown): value is Plan {
  return validatePlan(value);
}

export const DRIFT_UNKNOWN =
  '<sub>What differed before this pull request could not be told apart from what it brings: the base branch could not be ' +
  'planned. Give actions/checkout `fetch-depth: 2`.</sub>';
