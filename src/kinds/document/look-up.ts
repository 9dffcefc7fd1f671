import { sameReference } from '../../model/reference.ts';
import { references } from '../../model/reference-names.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import {
  beginDocuments,
  getDocument,
  listDocumentsByReferences,
  REFERENCES_AT_ONCE,
} from '../../telnyx/endpoints/documents.ts';
import type { Listing } from '../../telnyx/paging.ts';
import type { DocumentRow } from '../../telnyx/types.ts';
import { type LookUpScope, lookUp } from '../reading/look-up.ts';

/** Looks up documents, and reads the whole list if one of them was rejected or no group holds it. */
export async function lookUpDocuments(client: ReadClient, run: LookUpScope): Promise<Listing<DocumentRow>> {
  return lookUp(
    {
      kind: 'document',
      referencesAtOnce: REFERENCES_AT_ONCE,
      begin: () => beginDocuments(client),
      digestOf: (content) => (content.kind === 'document' ? content.document.sha256 : null),
      referenceOf: (digest) => references.document(run.scope, digest),
      find: (wanted) => listDocumentsByReferences(client, wanted),
      get: (id) => getDocument(client, id),
      isSound: (row, { linkedIds }) => linkedIds.has(row.id) && isSound(row, run.scope),
    },
    run,
  );
}

/** Returns true if it is not rejected, and nothing contradicts its reference. */
function isSound({ status, scanStatus, reference, sha256 }: DocumentRow, scope: string): boolean {
  const isOurs = sha256 === null || sameReference(reference, references.document(scope, sha256));
  return isOurs && status !== 'denied' && scanStatus !== 'infected';
}
