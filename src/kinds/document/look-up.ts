import { sameReference } from '../../model/reference.ts';
import { references } from '../../model/reference-names.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import {
  beginDocuments,
  type Dated,
  listDocumentsByReferences,
  REFERENCES_AT_ONCE,
} from '../../telnyx/endpoints.ts';
import type { DocumentRow } from '../../telnyx/types.ts';
import {
  isCheaperByReference,
  isCovered,
  isHeldBy,
  type LookUpScope,
  valuesHeld,
} from '../reading/look-up.ts';

/**
 * Reads the documents that matter to a run, in the cheaper of two ways: the whole list, or those with the
 * references of what the manifests state. The latter must decide nothing otherwise than the whole list would,
 * so it is given up if a group has still to get a document, holds another one, or holds one that was
 * rejected.
 */
export async function lookUpDocuments(
  client: ReadClient,
  { scope, groups, hasOrders, settle }: LookUpScope,
): Promise<Dated<DocumentRow>> {
  const begun = await beginDocuments(client);
  if (hasOrders) return begun.finish();
  const digests = new Set<string>();
  for (const { requirements } of groups) {
    for (const { content } of requirements) {
      if (content.kind === 'document_id') return begun.finish();
      if (content.kind === 'document') digests.add(content.document.sha256);
    }
    const requests = Math.ceil(digests.size / REFERENCES_AT_ONCE);
    if (!isCheaperByReference(requests, begun)) return begun.finish();
  }
  const wanted = new Set([...digests].map((digest) => references.document(scope, digest)));
  const acting = await settle();
  const held = valuesHeld(groups, acting, 'document');
  if (held === null) return begun.finish();
  const found = await listDocumentsByReferences(client, [...wanted]);
  const sound = found.rows.filter((row) => acting.linkedIds.has(row.id) && isSound(row, scope));
  const isEnough = sound.length === found.rows.length && isCovered(wanted, sound) && isHeldBy(held, sound);
  return isEnough ? found : begun.finish();
}

/** Returns true if it is not rejected, and nothing contradicts its reference. */
function isSound({ status, scanStatus, reference, sha256 }: DocumentRow, scope: string): boolean {
  const isOurs = sha256 === null || sameReference(reference, references.document(scope, sha256));
  return isOurs && status !== 'denied' && scanStatus !== 'infected';
}
