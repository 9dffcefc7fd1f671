import { ApiError, InterruptedError } from '../model/errors.ts';
import type { RemoteId } from '../model/resource.ts';
import { UnknownOutcomeError, type WriteClient } from '../telnyx/client.ts';
import { deleteAddress, deleteDocument } from '../telnyx/endpoints.ts';

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
    const tell = (status: Collected['status'], message: string | null) =>
      collected.push({ kind, id, reference, status, message });
    if (isOver) {
      tell('skipped', null);
      continue;
    }
    try {
      const refusal = await deleteOne(client, kind, id);
      tell(refusal === null ? 'deleted' : 'failed', refusal);
    } catch (error) {
      const isUntouched = !collected.some(({ status }) => status === 'deleted');
      if (!(error instanceof Error) || (isUntouched && !(error instanceof UnknownOutcomeError))) throw error;
      if (error instanceof InterruptedError) tell('skipped', null);
      else tell('failed', error.message);
      isOver = true;
    }
  }
  return collected;
}

/** @returns why Telnyx refused, or null. */
async function deleteOne(
  client: WriteClient,
  kind: 'Document' | 'Address',
  id: RemoteId,
): Promise<string | null> {
  try {
    await (kind === 'Document' ? deleteDocument(client, id) : deleteAddress(client, id));
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.status === 404 ? null : error.message;
  }
}
