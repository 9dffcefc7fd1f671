import { references } from '../model/reference-names.ts';
import type { Reference, RemoteId } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';

/** An object of ours at Telnyx that a group may hold. */
export interface OwnedContent {
  readonly kind: 'Document' | 'Address';
  readonly id: RemoteId;
  readonly reference: Reference | null;
  readonly createdAtMs: number | null;
}

export interface Holdings {
  readonly holdings: readonly OwnedContent[];
  /**
   * The ids in groups and orders of the account, in document links and in manifests. Their case is ignored.
   */
  readonly heldIds: ReadonlySet<string>;
  readonly readAtMs: number;
}

/**
 * Telnyx itself deletes unlinked uploads after 30 minutes. A younger one may belong to an apply that is
 * running.
 */
const YOUNGEST_GARBAGE_MS = 30 * 60_000;

/** Returns the old documents and addresses of the scope to which neither `heldIds` nor a manifest refers. */
export function findGarbage(
  scope: string,
  { holdings, heldIds, readAtMs }: Holdings,
  wanted: ReadonlySet<string>,
): OwnedContent[] {
  const prefix = references.scopePrefix(scope);
  const held = new Set([...heldIds].map(withoutCase));
  return holdings
    .filter(({ reference }) => reference?.startsWith(prefix) && !wanted.has(reference))
    .filter(({ id }) => !held.has(withoutCase(id)))
    .filter(({ createdAtMs }) => createdAtMs !== null && readAtMs - createdAtMs >= YOUNGEST_GARBAGE_MS)
    .sort((a, b) => compareText(`${a.kind} ${a.reference} ${a.id}`, `${b.kind} ${b.reference} ${b.id}`));
}

/** Ids at Telnyx are digits or UUIDs, so their case means nothing. */
function withoutCase(id: string): string {
  return id.toLowerCase();
}
