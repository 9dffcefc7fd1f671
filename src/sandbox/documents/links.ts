import { randomUUID } from 'node:crypto';
import { nowMs, stamp } from '../state/clock.ts';
import type { DocumentLink, State } from '../state/state.ts';

/** A record that documents can be linked to. */
interface Holder {
  readonly id: string;
  /** The type as links name it. `porting_order` is documented, and the others are inferred from the paths. */
  readonly recordType: 'requirement_group' | 'number_order_phone_number' | 'porting_order';
}

interface Value {
  readonly field_type: string;
  readonly field_value: string;
}

/** Updates the links of a holder to match its document values. */
export function linkDocuments(state: State, holder: Holder, values: readonly Value[]): void {
  const wanted = new Set(documentIds(values));
  for (const link of linksOf(state, holder.id)) {
    if (!wanted.delete(link.document_id)) removeLink(state, link);
  }
  for (const documentId of wanted) addLink(state, holder, documentId);
}

export function unlinkDocuments(state: State, holderId: string): void {
  for (const link of linksOf(state, holderId)) removeLink(state, link);
}

/** Removes a link. A document that loses its last link has 30 minutes again. */
function removeLink(state: State, link: DocumentLink): void {
  state.links.delete(link.id);
  const document = state.documents.get(link.document_id);
  if (document === undefined) return;
  const stillLinked = [...state.links.values()].some(({ document_id }) => document_id === document.id);
  state.documents.set(document.id, {
    ...document,
    unlinked_since_ms: stillLinked ? null : nowMs(state),
  });
}

function documentIds(values: readonly Value[]): string[] {
  return values
    .filter(({ field_type, field_value }) => field_type === 'document' && field_value !== '')
    .map(({ field_value }) => field_value);
}

function linksOf(state: State, holderId: string): DocumentLink[] {
  return [...state.links.values()].filter((link) => link.linked_resource_id === holderId);
}

function addLink(state: State, { id, recordType }: Holder, documentId: string): void {
  const document = state.documents.get(documentId);
  if (document === undefined) return;
  const created_at = stamp(state);
  const link: DocumentLink = {
    id: randomUUID(),
    document_id: documentId,
    linked_record_type: recordType,
    linked_resource_id: id,
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
  state.links.set(link.id, link);
  state.documents.set(documentId, { ...document, unlinked_since_ms: null });
}
