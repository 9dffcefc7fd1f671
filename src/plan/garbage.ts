import { compareText } from '../model/order.ts';
import { type Reference, type RemoteId, references } from '../model/resource.ts';

/** Something of ours at Telnyx that a group may hold. */
export interface OwnedContent {
  readonly kind: 'Document' | 'Address';
  readonly id: RemoteId;
  readonly reference: Reference | null;
  readonly createdAtMs: number | null;
}

export interface Holdings {
  readonly holdings: readonly OwnedContent[];
  /** Ids that stand in any group or order of the account, in a document link or in a manifest, whatever their case. */
  readonly heldIds: ReadonlySet<string>;
  readonly readAtMs: number;
}

/** Telnyx deletes unlinked uploads after 30 minutes itself; a younger one may belong to an apply that is at work. */
const YOUNGEST_GARBAGE_MS = 30 * 60_000;

/** Documents and addresses of the scope that nothing among `heldIds` refers to, and no manifest. */
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

/** Ids at Telnyx are digits or UUIDs. */
function withoutCase(id: string): string {
  return id.toLowerCase();
}
