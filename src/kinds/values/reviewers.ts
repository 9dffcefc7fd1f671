import type { ReviewComment } from '../../model/observed.ts';
import type { Attention, AttentionCode } from '../../model/plan/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { RemoteId } from '../../model/resource.ts';
import { cut } from '../../model/text/cut.ts';
import {
  joined,
  plain,
  said as quotation,
  type Sentence,
  sentence,
  textOf,
} from '../../model/text/sentence.ts';
import { about } from './about.ts';

/** What reviewers wrote, as plans, annotations and issues repeat it. The comments are redacted before they come here. */

/** A person reads so many comments, and so much of each. */
const MAX_COMMENTS = 3;
const MAX_LENGTH = 400;

/**
 * Returns what reviewers wrote, each with its author and date: `Reviewer on 2026-06-02: "Too dark."` The newest comes first,
 * and a comment that somebody has marked as read comes after the others.
 */
export function wordsOfReviewers(comments: readonly ReviewComment[] = []): Sentence[] {
  const byReviewers = comments.filter(({ byReviewer }) => byReviewer).toReversed();
  const newestFirst = [...byReviewers.filter(isUnread), ...byReviewers.filter((one) => !isUnread(one))];
  const earlier = newestFirst.length - MAX_COMMENTS;
  return [
    ...newestFirst.slice(0, MAX_COMMENTS).map(inWords),
    ...(earlier > 0
      ? [sentence`${earlier} earlier ${earlier === 1 ? 'comment' : 'comments'}: see Telnyx`]
      : []),
  ];
}

function inWords({ body, createdAt }: ReviewComment): Sentence {
  const shown = cut(body.trim().replaceAll(/\s+/gu, ' '), MAX_LENGTH);
  const date = createdAt.slice(0, 10);
  const on = date === '' ? '' : sentence` on ${plain(date)}`;
  return sentence`Reviewer${on}: ${quotation(shown)}`;
}

/** Returns true if a reviewer wrote something that nobody has answered or marked as read. */
export function isUnanswered(comments: readonly ReviewComment[] = []): boolean {
  return sinceAnswer(comments).some((one) => one.byReviewer && isUnread(one));
}

function isUnread({ readAt = null }: ReviewComment): boolean {
  return readAt === null;
}

/** Returns what was written since somebody on this side last answered. */
export function sinceAnswer<Comment extends ReviewComment>(comments: readonly Comment[]): readonly Comment[] {
  return comments.slice(comments.findLastIndex(({ byReviewer }) => !byReviewer) + 1);
}

/**
 * Returns the comments on an object as attention. Where it was refused, its reasons stay until it is approved; elsewhere a
 * question that was answered or marked as read is no longer open.
 */
export function commentAttention(
  manifest: { readonly name: string; readonly source: SourcePosition },
  comments: readonly ReviewComment[] = [],
  said: {
    readonly code: AttentionCode;
    readonly isRefused: boolean;
    /** The order that they are about, in words; absent for the manifest's own object. */
    readonly on?: Sentence;
    readonly source?: SourcePosition | undefined;
  },
): Attention[] {
  const words = wordsOfReviewers(said.isRefused ? comments : sinceAnswer(comments).filter(isUnread));
  if (words.length === 0) return [];
  const on = said.on === undefined ? '' : sentence`${said.on}: `;
  const message = sentence`${on}${joined(words, ' ')}`;
  return [about(manifest, said.code, message, said.source)];
}

/** Returns the words that belong beside new values of an object; none where nobody wrote any. */
export function wordsBeside(
  comments: ReadonlyMap<RemoteId, readonly ReviewComment[]>,
  ids: readonly RemoteId[],
): { readonly said?: readonly string[] } {
  const said = [...new Set(ids)].flatMap((id) => wordsOfReviewers(comments.get(id)).map(textOf));
  return said.length === 0 ? {} : { said };
}
