import { type CommentThread, readThread, type ThreadComment } from '../kinds/reading/threads.ts';
import { sendOnce } from '../kinds/writing/ambiguous-write.ts';
import { InterruptedError, OperationError, UnreachableError } from '../model/errors.ts';
import type { RemoteId } from '../model/resource.ts';
import type { WriteClient } from '../telnyx/client.ts';
import { markCommentRead, postComment } from '../telnyx/endpoints/comments.ts';
import { postPortingComment } from '../telnyx/endpoints/porting-orders.ts';

/** Returns true if the last thing that anybody wrote is this text of ours, so that it need not be sent again. */
export function isSaid(comments: readonly ThreadComment[], text: string): boolean {
  const sinceReviewer = comments.slice(comments.findLastIndex(({ byReviewer }) => byReviewer) + 1);
  return sinceReviewer.some(({ body }) => isSame(body, text));
}

/** The clients and the patience of a write. */
export interface ReplyContext {
  readonly client: WriteClient;
  readonly thread: CommentThread;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export interface Posted {
  readonly id: RemoteId | null;
  /** The message for a person about a comment that may stand there twice, or null. */
  readonly warning: string | null;
}

/** The waits before each look, because lists may lag behind writes. */
const LOOK_WAITS_MS = [0, 500, 1500, 3000] as const;

/**
 * Posts a comment once. After a lost answer it looks for the comment before it sends again, because reviewers would read
 * it twice. A success is believed when the list shows the comment.
 *
 * @param before the comments from before, none of which is taken for the new one.
 * @throws OperationError `write-without-effect` if the list does not show it.
 */
export async function postReply(
  { client, thread, wait }: ReplyContext,
  text: string,
  before: readonly ThreadComment[],
): Promise<Posted> {
  const known = new Set(before.map(({ id }) => id));
  const find = async (): Promise<readonly ThreadComment[]> =>
    (await readThread(client, thread)).filter(
      ({ id, body, byReviewer }) => !byReviewer && id !== null && !known.has(id) && isSame(body, text),
    );
  const look = async (): Promise<Posted | null> => {
    for (const waitMs of LOOK_WAITS_MS) {
      await wait(waitMs);
      const [first, ...others] = await find();
      if (first !== undefined) return { id: first.id, warning: others.length === 0 ? null : TWICE };
    }
    return null;
  };
  const posted = await sendOnce<Posted | null>({
    send: async () => {
      await post(client, thread, text);
      return null;
    },
    find: look,
  });
  const shown = posted ?? (await lookAfterSuccess(look));
  if (shown !== null) return shown;
  throw new OperationError(
    'write-without-effect',
    'Telnyx answered success, but the list of comments does not show the reply. Run it again in a minute: it looks first',
  );
}

/** Returns the reply with a warning if it cannot be read back, because it was sent either way. */
async function lookAfterSuccess(look: () => Promise<Posted | null>): Promise<Posted | null> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof InterruptedError || error instanceof UnreachableError)) throw error;
    return {
      id: null,
      warning: `Telnyx accepted the reply, and it could not be read back: ${error.message}`,
    };
  }
}

const TWICE = 'an answer was lost, and the reply stands there twice; none of them is deleted';

async function post(client: WriteClient, { type, id }: CommentThread, text: string): Promise<void> {
  if (type === 'porting_order') return postPortingComment(client, id, text);
  return postComment(client, { type, id }, text);
}

/** Returns the comments of reviewers that nobody has marked as read. */
export function unreadIn(comments: readonly ThreadComment[]): ThreadComment[] {
  return comments.filter(({ byReviewer, id, readAt = null }) => byReviewer && id !== null && readAt === null);
}

/**
 * Marks the comments as read, and reads them back.
 *
 * @returns the ids of all that are read now.
 * @throws OperationError `write-without-effect` if one of them is still unread.
 */
export async function markRead(
  { client, thread, wait }: ReplyContext,
  unread: readonly ThreadComment[],
): Promise<RemoteId[]> {
  const ids = unread.flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return [];
  for (const id of ids) await markCommentRead(client, id);
  let left = new Set(ids);
  for (const waitMs of LOOK_WAITS_MS) {
    await wait(waitMs);
    const now = unreadIn(await readThread(client, thread)).flatMap(({ id }) => id ?? []);
    left = new Set(ids.filter((id) => now.includes(id)));
    if (left.size === 0) return ids;
  }
  throw new OperationError(
    'write-without-effect',
    `Telnyx answered success, but still lists as unread: ${[...left].join(', ')}`,
  );
}

/** Compares as Telnyx may store a text: composed, and without blanks around it or at line ends. */
function isSame(a: string, b: string): boolean {
  return folded(a) === folded(b);
}

function folded(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').trim();
}
