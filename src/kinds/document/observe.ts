import type { ObservedDocument, ObservedDocuments, ObservedGroup } from '../../model/observed.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import { references } from '../../model/reference-names.ts';
import type { DesiredContent } from '../../model/resource.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { listDocumentLinks } from '../../telnyx/endpoints/documents.ts';
import type { DocumentRow } from '../../telnyx/types.ts';
import { indexRows } from '../reading/index-rows.ts';

/** Returns values that may be document ids. Values of an unknown type count, too. */
export function heldDocuments(groups: readonly ObservedGroup[]): Set<string> {
  const ids = new Set<string>();
  for (const { requirements } of groups) {
    for (const { fieldType, value } of requirements) {
      if (fieldType === 'document' || fieldType === 'unknown') ids.add(reveal(value));
    }
  }
  return ids;
}

/**
 * Returns true if links decide something: a wanted upload exists, and no group is seen to hold it. Links are
 * read only then.
 */
export function needsLinks(
  scope: string,
  contents: readonly DesiredContent[],
  documents: readonly DocumentRow[],
  linkedIds: ReadonlySet<string>,
): boolean {
  const unlinked = documents.filter(({ id }) => !linkedIds.has(id));
  if (unlinked.length === 0) return false;
  const wanted = new Set<string>();
  for (const content of contents) {
    if (content.kind !== 'document') continue;
    wanted.add(references.document(scope, content.document.sha256)).add(content.document.sha256);
  }
  return unlinked.some(({ reference, sha256 }) => wanted.has(reference ?? '') || wanted.has(sha256 ?? ''));
}

export async function readLinks(client: ReadClient): Promise<readonly string[]> {
  return (await listDocumentLinks(client)).map((link) => link.documentId);
}

export function indexDocuments(
  rows: readonly DocumentRow[],
  linkedIds: ReadonlySet<string>,
): ObservedDocuments {
  const documents = rows.map((row) => observedDocument(row, linkedIds.has(row.id)));
  return {
    byId: new Map(documents.map((document) => [document.id, document])),
    byReference: indexRows(documents, (document) => document.reference),
    bySha256: indexRows(documents, (document) => document.sha256),
  };
}

function observedDocument(
  { id, reference, sha256, createdAtMs, status, scanStatus }: DocumentRow,
  linked: boolean,
): ObservedDocument {
  const rejected = scanStatus === 'infected' ? 'infected' : status === 'denied' ? 'denied' : null;
  return { id, reference, sha256, rejected, linked, createdAtMs };
}
