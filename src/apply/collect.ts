import { ApiError } from '../model/errors.ts';
import type { RemoteId } from '../model/resource.ts';
import type { WriteClient } from '../telnyx/client.ts';
import { deleteAddress, deleteDocument } from '../telnyx/endpoints.ts';

export interface Collected {
  readonly kind: 'Document' | 'Address';
  readonly id: string;
  readonly reference: string | null;
  readonly status: 'deleted' | 'failed';
  /** Why Telnyx keeps it, masked; null when it went. */
  readonly message: string | null;
}

/** Deletes one after another; what Telnyx still uses it refuses to delete, and the rest goes on. */
export async function collectGarbage(
  client: WriteClient,
  garbage: readonly {
    readonly kind: 'Document' | 'Address';
    readonly id: RemoteId;
    readonly reference: string | null;
  }[],
): Promise<Collected[]> {
  const collected: Collected[] = [];
  for (const { kind, id, reference } of garbage) {
    const message = await deleteOne(client, kind, id);
    collected.push({ kind, id, reference, status: message === null ? 'deleted' : 'failed', message });
  }
  return collected;
}

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
