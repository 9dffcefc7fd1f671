import { messageOf } from '../kinds/writing/outcome.ts';
import { ApiError, InterruptedError } from '../model/errors.ts';
import type { RemoteId } from '../model/resource.ts';
import type { WriteClient } from '../telnyx/client.ts';
import { deleteAddress } from '../telnyx/endpoints/addresses.ts';
import { deleteDocument } from '../telnyx/endpoints/documents.ts';
import { UnknownOutcomeError } from '../telnyx/failure.ts';

export interface Collected {
  readonly kind: 'Document' | 'Address';
  readonly id: string;
  readonly reference: string | null;
  /** `skipped` means not attempted, because of an earlier failure that the rest would meet, too. */
  readonly status: 'deleted' | 'failed' | 'skipped';
  /** The reason why Telnyx keeps it, redacted, or why its fate is unknown. */
  readonly message: string | null;
}

/**
 * Deletes one object after another, each after another look. Telnyx refuses to delete objects in use, and the
 * rest continues. After an interruption, or if the API is no longer reachable, the rest is skipped, and the
 * result still contains what was done.
 *
 * @throws the error that ended it, if nothing was deleted before.
 */
export async function collectGarbage(
  client: WriteClient,
  garbage: readonly Garbage[],
  isStillGarbage: (one: Garbage) => Promise<boolean>,
): Promise<Collected[]> {
  const collected: Collected[] = [];
  let isOver = false;
  for (const one of garbage) {
    let fate: Fate = SKIPPED;
    try {
      if (!isOver) fate = (await isStillGarbage(one)) ? await deleteOne(client, one) : KEPT;
    } catch (error) {
      const isUntouched = !collected.some(({ status }) => status === 'deleted');
      if (isUntouched && !(error instanceof UnknownOutcomeError)) throw error;
      if (!(error instanceof InterruptedError)) fate = { status: 'failed', message: messageOf(error) };
      isOver = true;
    }
    const { kind, id, reference } = one;
    collected.push({ kind, id, reference, ...fate });
  }
  return collected;
}

export interface Garbage {
  readonly kind: 'Document' | 'Address';
  readonly id: RemoteId;
  readonly reference: string | null;
}

type Fate = Pick<Collected, 'status' | 'message'>;

const SKIPPED: Fate = { status: 'skipped', message: null };
const KEPT: Fate = {
  status: 'failed',
  message: 'kept: something refers to it now, or its reference changed. Run gc again to list the rest.',
};
const DELETED: Fate = { status: 'deleted', message: null };

async function deleteOne(client: WriteClient, { kind, id }: Garbage): Promise<Fate> {
  try {
    await (kind === 'Document' ? deleteDocument(client, id) : deleteAddress(client, id));
    return DELETED;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 404 ? DELETED : { status: 'failed', message: error.message };
  }
}
