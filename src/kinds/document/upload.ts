import { hash } from 'node:crypto';
import { OperationError } from '../../model/errors.ts';
import { plaintextPath } from '../../model/privacy/encrypted-path.ts';
import { references } from '../../model/reference-names.ts';
import type { DesiredDocument, RemoteId } from '../../model/resource.ts';
import { isDocumentOf } from '../../model/text/same-content.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import { getDocument, listDocumentsByReference, uploadDocument } from '../../telnyx/endpoints/documents.ts';
import { type Made, makeOnce } from '../writing/make-once.ts';
import type { WriterContext } from '../writing/writer.ts';

/** Uploads exactly the bytes that were planned, which are hashed again as they are read. */
export async function upload(context: WriterContext, document: DesiredDocument): Promise<Made> {
  return context.memory.within(document.bytes, async () => uploadBytes(context, document));
}

async function uploadBytes(context: WriterContext, document: DesiredDocument): Promise<Made> {
  const bytes = await context.readDocument(document.path);
  if (hash('sha256', bytes) !== document.sha256) {
    throw new OperationError(
      'document-changed',
      `somebody changed ${document.path} during this apply. Make a new plan`,
      document.source,
    );
  }
  const reference = references.document(context.scope, document.sha256);
  const upload = { reference, extension: extensionOf(document.path), bytes };
  let told: string | null = null;
  const made = await makeOnce(context, {
    noun: 'document',
    make: async () => {
      const { id, sha256 } = await uploadDocument(context.client, upload);
      told = sha256;
      return id;
    },
    find: async () => {
      const found = await listDocumentsByReference(context.client, reference);
      return found.filter((row) => isDocumentOf(row, document.sha256)).map(({ id }) => id);
    },
  });
  await confirmUpload(context, made.id, document, told);
  return made;
}

/** @param told the digest in the answer to the upload. If it is null, the document is read for one. */
async function confirmUpload(
  { client }: WriterContext,
  id: RemoteId,
  document: DesiredDocument,
  told: string | null,
): Promise<void> {
  const stored = told ?? (await unlessGone(() => getDocument(client, id)))?.sha256 ?? null;
  if (stored === null || stored === document.sha256) return;
  throw new OperationError(
    'upload-differs',
    `Telnyx stored document ${id} with other bytes than ${document.path} (sha256 ${stored}), so regsync does not use it. Run apply again`,
    document.source,
  );
}

/** Returns the extension of the plaintext, which is uploaded. */
function extensionOf(path: string): string {
  const name = plaintextPath(path);
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

const SCAN_WAITS_MS = [0, 1000, 2000, 4000, 8000, 15_000] as const;

/**
 * Finds out what became of an upload after a group's write was refused. It may be gone, since Telnyx deletes
 * what nothing links, or not scanned in time. Then its scan is awaited, because it is not known whether
 * Telnyx accepts unscanned documents.
 */
export async function inspectDocument(
  context: WriterContext,
  id: RemoteId,
): Promise<'ready' | 'scanned-meanwhile' | 'gone' | 'rejected'> {
  for (const [index, waitMs] of SCAN_WAITS_MS.entries()) {
    await context.wait(waitMs);
    const document = await unlessGone(() => getDocument(context.client, id));
    if (document === null) return 'gone';
    if (document.scanStatus === 'infected' || document.status === 'denied') return 'rejected';
    if (document.scanStatus !== 'pending_scan') return index === 0 ? 'ready' : 'scanned-meanwhile';
  }
  return 'ready';
}
