import { validatePlan } from '../cli/apply/plan-validators.js';
import type { Artifact } from '../github/artifact.ts';
import { type Enclosure, enclose, readEnclosure } from '../github/enclosure.ts';
import {
  isSameTopic,
  type Marker,
  type Place,
  SEAL_BYTES,
  type Topic,
  writeMarker,
  writeWithdrawn,
} from '../github/marker.ts';
import type { GitHub } from '../github/rest.ts';
import {
  COMMENTS,
  type Desk,
  findShelved,
  keepSticky,
  readLogin,
  type Shelved,
  type Sticky,
  type UnsignedDesk,
  type Written,
} from '../github/sticky.ts';
import { digestOf, type PlanKeys } from '../kinds/values/fingerprint.ts';
import type { Ending } from '../model/ending.ts';
import { changeIdentity, type Plan } from '../model/plan.ts';
import { isAuthentic } from '../plan/exact.ts';
import { alert, code, link, type MarkdownContext, short } from '../render/markdown/markdown.ts';
import { COMMENT_BYTES, type CommentContext, renderPlanComment } from '../render/markdown/plan.ts';
import { renderValidateSummary } from '../render/markdown/validate.ts';
import { type ActionRun, complain } from './run.ts';
import { planInWorkflowWords } from './workflow-words.ts';

/** The comment of one job on a pull request: its content, and how it is written. */

export async function openDesk(
  run: ActionRun,
  github: GitHub,
  keys: PlanKeys,
  pull: number,
): Promise<Desk & { readonly place: Place }> {
  return {
    ...(await openUnsignedDesk(run, github, pull)),
    sign: (value) => digestOf(keys, value),
  };
}

export async function openUnsignedDesk(run: ActionRun, github: GitHub, pull: number): Promise<UnsignedDesk> {
  return {
    github,
    shelf: COMMENTS,
    place: { repository: run.workflow.repository, pull },
    login: await readLogin(github, run.inputs.commentAuthor),
  };
}

export type FoundComment = Shelved;

/**
 * Finds the comments that contain plans. Checks the kind, because anybody may paste the marker of a drift
 * issue.
 */
export async function findComment(desk: Desk, topic: Topic): Promise<FoundComment> {
  const shelved = await findShelved(desk, topic);
  const isPlan = ({ marker }: Sticky) => marker.kind === 'plan';
  const { ours, others } = shelved;
  return { ...shelved, ours: ours !== null && isPlan(ours) ? ours : null, others: others.filter(isPlan) };
}

/**
 * Returns the comment whose plan an apply carries out. An apply without paths and targets takes them from the
 * comment of a narrowed plan, if there is only one.
 */
export function chooseReviewed(
  { ours, others }: Pick<FoundComment, 'ours' | 'others'>,
  topic: Topic,
): Sticky | null {
  if (ours !== null || topic.part !== undefined) return ours;
  const parts = others.filter(({ marker: { part, ...whole } }) => isSameTopic(whole, topic));
  return parts.length === 1 ? (parts[0] ?? null) : null;
}

/** Writes a comment, or with `fields` an issue, and warns if GitHub stores another author or text. */
export async function keepText(
  run: ActionRun,
  desk: Desk,
  found: Written | null,
  text: string,
  fields: Readonly<Record<string, string>> = {},
  confirm?: () => Promise<void>,
): Promise<Written> {
  // The text is redacted before it is sealed, because a later run checks it as GitHub has it.
  const kept = await keepSticky(desk, found, run.cover(text), fields, confirm);
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

/** A plan that is or was under review. */
export interface Review extends Topic {
  /** The commit that the plan was made for. */
  readonly head: string;
  /** The plan itself. Null if none is under review, or if it is not available. */
  readonly reviewed: Plan | null;
  /**
   * The plan's fingerprint, known even if the plan is too large for the comment. Null if none is under
   * review.
   */
  readonly fingerprint: string | null;
  readonly drift: ReadonlySet<string> | null;
  /** The fingerprint of the plan that replaced it after the merge and was refused. */
  readonly fresh?: string;
  /** That plan, if it is known. With it, an apply can continue a partial one or name what differs. */
  readonly freshPlan?: Plan;
  /** The artifact in which the workflow may keep a plan that is too large for the comment. */
  readonly artifact?: Artifact;
}

/** The room that the visible part of a comment gets at least, however large the plan is. */
const MIN_PICTURE_BYTES = 20_000;

/**
 * @param shown the visible plan: the reviewed one, or the fresh one that replaced it.
 * @param remarks the lines of regsync below it.
 */
export function commentBody(
  review: Review,
  desk: { readonly place: Place; readonly sign: Desk['sign'] },
  shown: Plan,
  context: Pick<CommentContext, 'status' | 'howToOpen'> & MarkdownContext,
  remarks: readonly string[],
): string {
  const { head, fingerprint, fresh, artifact } = review;
  const enclosure = enclosureOf(review, COMMENT_BYTES - SEAL_BYTES - MIN_PICTURE_BYTES);
  // A plan that could not be fetched may still be in its artifact.
  const isElsewhere = artifact !== undefined && (review.reviewed === null || !enclosure.isWhole);
  const marker: Marker = {
    kind: 'plan',
    ...topicIn(review),
    fingerprint,
    head,
    ...(fresh === undefined ? {} : { fresh }),
    ...(isElsewhere ? { artifact } : {}),
  };
  const where = isElsewhere && context.status?.state === 'planned' ? [tooLarge(artifact)] : [];
  const tail = [...remarks, ...where, enclosure.line]
    .filter((part) => part !== '')
    .map((part) => `\n${part}\n`);
  const drift = shown === review.reviewed ? review.drift : null;
  const text = renderPlanComment(planInWorkflowWords(shown), {
    ...context,
    marker: writeMarker(marker, desk.place, desk.sign),
    limitBytes: COMMENT_BYTES - SEAL_BYTES - Buffer.byteLength(tail.join('')),
    ...(drift === null ? {} : { drift }),
  });
  return `${text}${tail.join('')}`;
}

function topicIn({ scope, configuration, part }: Topic): Topic {
  return {
    scope,
    ...(configuration === undefined ? {} : { configuration }),
    ...(part === undefined ? {} : { part }),
  };
}

/**
 * Embeds the plan. If it is too large, embeds only the indexes of changes that the pull request did not
 * bring.
 */
function enclosureOf(
  { reviewed, drift, freshPlan }: Review,
  room: number,
): { readonly line: string; readonly isWhole: boolean } {
  const fresh = freshPlan === undefined ? {} : { fresh: freshPlan };
  if (reviewed === null) return { line: '', isWhole: true };
  const places = reviewed.changes.flatMap((change, index) =>
    drift?.has(changeIdentity(change)) ? [index] : [],
  );
  const both = enclose({ plan: reviewed, drift: places, ...fresh }, room);
  const whole = both === '' ? enclose({ plan: reviewed, drift: places }, room) : both;
  if (whole !== '') return { line: whole, isWhole: true };
  return { line: enclose({ plan: null, drift: places }, room), isWhole: false };
}

/** Returns true if the reviewed plan does not fit into its comment. */
export function isTooLarge(review: Review): boolean {
  return !enclosureOf(review, COMMENT_BYTES - SEAL_BYTES - MIN_PICTURE_BYTES).isWhole;
}

function tooLarge({ name }: Artifact): string {
  return (
    `<sub>This plan is too large to travel in this comment. Let the workflow keep it: upload the output plan-file as the artifact ${code(name)} ` +
    '(output plan-artifact), and give the job that applies the permission "actions: read". ' +
    'Without that, apply can only compare fingerprints: if it stops half-way, the rest has to be reviewed again.</sub>'
  );
}

export interface Withdrawal {
  readonly ending: Ending;
  readonly links: MarkdownContext;
  /** Markdown that names the job that could not plan. */
  readonly about?: string;
}

/** Returns the text of a withdrawn plan if there is no key to sign it. Only the log lists the problems. */
export function unsignedBody(topic: Topic, head: string, { ending, links }: Withdrawal): string {
  const blocks = [
    `### regsync plan · none for ${short(head, 7)}`,
    alert('CAUTION', [UNPLANNED, `- ${code(ending.message)}`]),
    `<sub>scope ${code(topic.scope)} · ${link('run', links.runUrl)}</sub>`,
  ];
  return `${writeWithdrawn(topic)}\n${blocks.join('\n\n')}\n`;
}

const UNPLANNED = '**regsync could not plan this commit.** If you merge it, nothing is applied.';

/**
 * Returns the text for a plan that could not be made, so that the plan of an earlier commit no longer seems
 * valid.
 */
export function withdrawnBody(
  desk: { readonly place: Place; readonly sign: Desk['sign'] },
  topic: Topic,
  head: string,
  { ending, links, about }: Withdrawal,
): string {
  const marker = writeMarker(
    { kind: 'plan', ...topicIn(topic), fingerprint: null, head },
    desk.place,
    desk.sign,
  );
  const { message, problems } = ending;
  const blocks = [
    `### ${['regsync plan', ...(about === undefined ? [] : [about]), `none for ${short(head, 7)}`].join(' · ')}`,
    alert('CAUTION', [UNPLANNED, ...(problems.length === 0 ? [`- ${code(message)}`] : [])]),
    ...(problems.length === 0
      ? []
      : [renderValidateSummary(problems, { ...links, limitBytes: COMMENT_BYTES - 2000 })]),
    `<sub>scope ${code(topic.scope)} · ${link('run', links.runUrl)}</sub>`,
  ];
  return `${marker}\n${blocks.join('\n\n')}\n`;
}

/**
 * Returns the review in our own intact comment. Contains the plan only if it is authentic and has the
 * marker's fingerprint.
 *
 * @param kept the plan from elsewhere, if the comment has no room for it.
 */
export function reviewOf(
  { marker, body }: Pick<Sticky, 'marker' | 'body'>,
  keys: PlanKeys,
  kept: unknown = null,
): Review {
  const { fingerprint, head, fresh, artifact } = marker;
  const { plan: enclosed, drift = [], fresh: after }: Partial<Enclosure> = readEnclosure(body) ?? {};
  const plan = enclosed ?? kept;
  const reviewed = isPlan(plan) && plan.fingerprint === fingerprint && isAuthentic(plan, keys) ? plan : null;
  const identities = drift.flatMap((index) => {
    const change = reviewed?.changes[index];
    return change === undefined ? [] : [changeIdentity(change)];
  });
  return {
    ...topicIn(marker),
    head: head ?? '',
    reviewed,
    fingerprint,
    drift: new Set(identities),
    ...(fresh === undefined ? {} : { fresh }),
    ...(isPlan(after) && after.fingerprint === fresh && isAuthentic(after, keys) ? { freshPlan: after } : {}),
    ...(artifact === undefined ? {} : { artifact }),
  };
}

function isPlan(value: unknown): value is Plan {
  return validatePlan(value);
}

export const DRIFT_UNKNOWN =
  '<sub>What differed before this pull request could not be told apart from what it brings: the base branch could not be ' +
  'planned. Give actions/checkout `fetch-depth: 2`.</sub>';
