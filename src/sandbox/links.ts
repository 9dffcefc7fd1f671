import { randomUUID } from 'node:crypto';
import { nowMs, stamp } from './clock.ts';
import type { DocumentLink, Group, State } from './state.ts';

/** Makes the links of a group those of its document values. */
export function linkDocuments(state: State, group: Group): void {
  const wanted = new Set(documentIds(group));
  for (const link of linksOf(state, group.id)) {
    if (!wanted.delete(link.document_id)) removeLink(state, link);
  }
  for (const documentId of wanted) addLink(state, group.id, documentId);
}

export function unlinkDocuments(state: State, groupId: string): void {
  for (const link of linksOf(state, groupId)) removeLink(state, link);
}

/** A document that loses its last link has 30 minutes again. */
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

function documentIds(group: Group): string[] {
  return group.regulatory_requirements
    .filter(({ field_type, field_value }) => field_type === 'document' && field_value !== '')
    .map(({ field_value }) => field_value);
}

function linksOf(state: State, resourceId: string): DocumentLink[] {
  return [...state.links.values()].filter((link) => link.linked_resource_id === resourceId);
}

function addLink(state: State, groupId: string, documentId: string): void {
  const document = state.documents.get(documentId);
  if (document === undefined) return;
  const created_at = stamp(state);
  const link: DocumentLink = {
    id: randomUUID(),
    document_id: documentId,
    linked_record_type: 'requirement_group',
    linked_resource_id: groupId,
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
  state.links.set(link.id, link);
  state.documents.set(documentId, { ...document, unlinked_since_ms: null });
}
