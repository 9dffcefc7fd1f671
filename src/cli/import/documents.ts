import { judgeDownload, reasonToLeave } from '../../import/download.ts';
import type { Download } from '../../import/generate-manifests.ts';
import { ApiError, UnreachableError } from '../../model/errors.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { downloadDocument } from '../../telnyx/endpoints/documents.ts';
import type { DocumentRow } from '../../telnyx/types.ts';
import type { KnownDocument } from './place.ts';
import type { Stage } from './stage.ts';

/** The number of parallel downloads. Each needs up to 20 MB of memory, twice as much with encryption. */
const AT_ONCE = 4;

/** Downloads documents into the stage, each once. Skips those that the repository contains already. */
export async function fetchDocuments(
  client: ReadClient,
  documents: readonly DocumentRow[],
  options: {
    readonly stage: Stage;
    readonly known: ReadonlyMap<string, KnownDocument>;
    /** Returns the content to write: encrypted, or as it is. */
    readonly seal: (content: Uint8Array) => Promise<Uint8Array>;
    readonly onStart: (total: number) => void;
  },
): Promise<ReadonlyMap<string, Download>> {
  const downloads = new Map<string, Download>();
  const waiting = [...documents];
  if (waiting.length > 0) options.onStart(waiting.length);
  const work = async (): Promise<void> => {
    for (let document = waiting.shift(); document !== undefined; document = waiting.shift()) {
      downloads.set(document.id, await fetchDocument(client, document, options));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return downloads;
}

async function fetchDocument(
  client: ReadClient,
  document: DocumentRow,
  { stage, known, seal }: Parameters<typeof fetchDocuments>[2],
): Promise<Download> {
  const why = reasonToLeave(document);
  if (why !== null) return { kind: 'left', why };
  const there = document.sha256 === null ? undefined : known.get(document.sha256);
  if (there !== undefined) return { kind: 'file', sha256: there.sha256, bytes: there.bytes, extension: '' };
  let bytes: Buffer;
  try {
    bytes = await downloadDocument(client, document.id);
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof UnreachableError)) throw error;
    return { kind: 'refused', why: `regsync cannot download its document: ${error.message}` };
  }
  const download = judgeDownload(document, bytes);
  if (download.kind === 'file') await stage.keepDocument(download.sha256, await seal(bytes));
  return download;
}
