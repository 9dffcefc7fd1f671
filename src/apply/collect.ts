import { ApiError, InterruptedError } from '../model/errors.ts';
import type { RemoteId } from '../model/resource.ts';
import { UnknownOutcomeError, type WriteClient } from '../telnyx/client.ts';
import { deleteAddress, deleteDocument } from '../telnyx/endpoints.ts';
import { messageOf } from './outcome.ts';

export interface Collected {
  readonly kind: 'Document' | 'Address';
  readonly id: string;
  readonly reference: string | null;
  /** Skipped: not attempted, after something that the rest would meet, too. */
  readonly status: 'deleted' | 'failed' | 'skipped';
  /** Why Telnyx keeps it, masked, or why nobody knows whether it does. */
  readonly message: string | null;
}

/**
 * Deletes one after another; what Telnyx still uses it refuses to delete, and the rest goes on. An interruption, or an API that
 * is not reached any more, leaves the rest alone; what was done before is told all the same.
 *
 * @throws what ended it, where nothing was deleted by then.
 */
export async function collectGarbage(
  client: WriteClient,
  garbage: readonly {
    readonly kind: 'Document' | 'Address';
    readonly id: RemoteId;
    readonly reference: string | null;
  }[],
): Promise<Collected[]> {
  const collected: Collected[] = [];
  let isOver = false;
  for (const { kind, id, reference } of garbage) {
    let fate: Fate = SKIPPED;
    try {
      if (!isOver) fate = await deleteOne(client, kind, id);
    } catch (error) {
      const isUntouched = !collected.some(({ status }) => status === 'deleted');
      if (isUntouched && !(error instanceof UnknownOutcomeError)) throw error;
      if (!(error instanceof InterruptedError)) fate = { status: 'failed', message: messageOf(error) };
      isOver = true;
    }
    collected.push({ kind, id, reference, ...fate });
  }
  return collected;
}

type Fate = Pick<Collected, 'status' | 'message'>;

const SKIPPED: Fate = { status: 'skipped', message: null };
const DELETED: Fate = { status: 'deleted', message: null };

async function deleteOne(client: WriteClient, kind: 'Document' | 'Address', id: RemoteId): Promise<Fate> {
  try {
    await (kind === 'Document' ? deleteDocument(client, id) : deleteAddress(client, id));
    return DELETED;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 404 ? DELETED : { status: 'failed', message: error.message };
  }
}
