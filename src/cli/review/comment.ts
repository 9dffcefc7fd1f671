import type { Artifact } from '../../forge/artifact.ts';
import { type EmbeddedPlan, embedPlan, readEmbeddedPlan } from '../../forge/embedded-plan.ts';
import type { Forge, TextFields } from '../../forge/forge.ts';
import { ForgeError } from '../../forge/forge-error.ts';
import {
  isSameTopic,
  type Marker,
  type Place,
  SEAL_BYTES,
  type Topic,
  writeMarker,
} from '../../forge/marker.ts';
import {
  type Desk,
  findShelved,
  keepSticky,
  type Shelved,
  type Sticky,
  type UnsignedDesk,
  type Written,
} from '../../forge/sticky.ts';
import { digestOf, type PlanKeys } from '../../kinds/values/fingerprint.ts';
import { changeIdentity, type Plan } from '../../model/plan/plan.ts';
import { withWording, wordingsOf } from '../../model/text/wording.ts';
import { isAuthentic } from '../../plan/exact.ts';
import type { MarkdownContext } from '../../render/markdown/markdown.ts';
import { COMMENT_BYTES, type CommentContext, renderPlanComment } from '../../render/markdown/plan.ts';
import { upperFirst } from '../../render/words/wording.ts';
import { validatePlan } from '../apply/plan-validators.js';
import type { ForgeWords } from './forge-words.ts';
import { complain, type ReviewRun } from './review-run.ts';

/** The comment of one job on a change request: its content, and how it is written. */

export async function openDesk(forge: Forge, keys: PlanKeys, pull: number): Promise<Desk> {
  return { ...(await openUnsignedDesk(forge, pull)), sign: (value) => digestOf(keys, value) };
}

export async function openUnsignedDesk(forge: Forge, pull: number): Promise<UnsignedDesk> {
  const login = await forge.readAuthor();
  // Texts of deleted accounts have no author, either.
  if (login === '')
    throw new ForgeError(
      'regsync does not know the account of this token, because the answer names none',
      null,
    );
  return { shelf: forge.notesOn(pull), login };
}

/** The place, the signature and the words that a text is written with. */
export interface Pen {
  readonly place: Place;
  readonly sign: Desk['sign'];
  readonly words: Pick<ForgeWords, 'request' | 'textBytes' | 'tooLarge' | 'withSteps'>;
}

export function penOf({ words }: Pick<ReviewRun, 'words'>, { shelf, sign }: Desk): Pen {
  return { place: shelf.place, sign, words };
}

export type FoundComment = Shelved;

/**
 * Finds the comments that contain plans, with the one about the commit first. Checks the kind, because anybody may paste the marker of a drift
 * issue.
 */
export async function findComment(desk: Desk, topic: Topic, head: string): Promise<FoundComment> {
  const shelved = await findShelved(desk, topic, head);
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
  if (ours !== null) return ours;
  const parts = others.filter(({ marker: { part, ...whole } }) => isSameTopic(whole, topic));
  return parts.length === 1 ? (parts[0] ?? null) : null;
}

/** Writes a comment, or with `fields` an issue, and warns if the forge stores another author or text. */
export async function keepText(
  run: Pick<ReviewRun, 'cover' | 'outputs' | 'summary' | 'tell' | 'terminal' | 'words'>,
  desk: Desk,
  found: Written | null,
  text: string,
  fields: TextFields = {},
  confirm?: () => Promise<void>,
): Promise<Written> {
  // The text is redacted before it is sealed, because a later run checks it as the forge has it.
  const kept = await keepSticky(desk, found, run.cover(text), fields, confirm);
  run.outputs.set('comment-id', kept.id);
  const name = desk.shelf.nameOf(kept.id);
  run.terminal.err(`${upperFirst(name)}: ${fields.state ?? kept.written}.\n`);
  if (kept.author !== '' && kept.author !== desk.login) {
    complain(
      run,
      `this token writes as ${kept.author}, but regsync expected ${desk.login}: ${run.words.otherAuthor}`,
    );
  }
  if (!kept.isAsSent) {
    complain(run, `${run.words.forge} changed ${name} while storing it, so the next run treats it as edited`);
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
  pen: Pen,
  shown: Plan,
  context: Pick<CommentContext, 'status' | 'howToOpen'> & MarkdownContext,
  remarks: readonly string[],
): string {
  const { head, fingerprint, fresh, artifact } = review;
  const { place, sign, words } = pen;
  const embedded = embeddedPlanOf(review, words);
  // A plan that could not be fetched may still be in its artifact.
  const isElsewhere = artifact !== undefined && (review.reviewed === null || !embedded.isWhole);
  const marker: Marker = {
    kind: 'plan',
    ...topicIn(review),
    fingerprint,
    head,
    ...(fresh === undefined ? {} : { fresh }),
    ...(isElsewhere ? { artifact } : {}),
  };
  const where = isElsewhere && context.status?.state === 'planned' ? [words.tooLarge(artifact)] : [];
  const tail = [...remarks, ...where, embedded.line]
    .filter((part) => part !== '')
    .map((part) => `\n${part}\n`);
  const drift = shown === review.reviewed ? review.drift : null;
  const text = renderPlanComment(words.withSteps(shown), {
    ...context,
    marker: writeMarker(marker, place, sign),
    limitBytes: Math.min(COMMENT_BYTES, words.textBytes - SEAL_BYTES - Buffer.byteLength(tail.join(''))),
    ...(drift === null ? {} : { drift }),
  });
  return `${text}${tail.join('')}`;
}

export function topicIn({ scope, configuration, part }: Topic): Topic {
  return {
    scope,
    ...(configuration === undefined ? {} : { configuration }),
    ...(part === undefined ? {} : { part }),
  };
}

/**
 * Embeds the plan. If it is too large, embeds only the indexes of changes that the change request did not
 * bring.
 */
function embeddedPlanOf(
  { reviewed, drift, freshPlan }: Review,
  { textBytes }: Pick<ForgeWords, 'textBytes'>,
): { readonly line: string; readonly isWhole: boolean } {
  const room = textBytes - SEAL_BYTES - MIN_PICTURE_BYTES;
  const put = (embedded: EmbeddedPlan) => embedPlan(embedded, room, textBytes);
  const fresh = freshPlan === undefined ? {} : { fresh: freshPlan };
  if (reviewed === null) return { line: '', isWhole: true };
  const places = reviewed.changes.flatMap((change, index) =>
    drift?.has(changeIdentity(change)) ? [index] : [],
  );
  const whole = { plan: reviewed, drift: places };
  const wording = wordingsOf(reviewed, freshPlan);
  for (const embedded of [{ ...whole, ...fresh, ...wording }, { ...whole, ...fresh }, whole]) {
    const line = put(embedded);
    if (line !== '') return { line, isWhole: true };
  }
  return { line: put({ plan: null, drift: places }), isWhole: false };
}

/** Returns true if the reviewed plan does not fit into its comment. */
export function isTooLarge(review: Review, words: Pick<ForgeWords, 'textBytes'>): boolean {
  return !embeddedPlanOf(review, words).isWhole;
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
  { textBytes }: Pick<ForgeWords, 'textBytes'>,
  kept: unknown = null,
): Review {
  const { fingerprint, head, fresh, artifact } = marker;
  const {
    plan: embedded,
    drift = [],
    fresh: after,
    wording,
  }: Partial<EmbeddedPlan> = readEmbeddedPlan(body, textBytes) ?? {};
  const plan = embedded ?? kept;
  const reviewed =
    isPlan(plan) && plan.fingerprint === fingerprint && isAuthentic(plan, keys)
      ? withWording(plan, wording?.plan)
      : null;
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
    ...(isPlan(after) && after.fingerprint === fresh && isAuthentic(after, keys)
      ? { freshPlan: withWording(after, wording?.fresh) }
      : {}),
    ...(artifact === undefined ? {} : { artifact }),
  };
}

function isPlan(value: unknown): value is Plan {
  return validatePlan(value);
}
