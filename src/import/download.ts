import { createHash } from 'node:crypto';
import { explainDocument } from '../manifest/content/foreign-content.ts';
import { sampleOf } from '../manifest/content/sample.ts';
import { MAX_DOCUMENT_BYTES } from '../manifest/files/read-document.ts';
import { digestInReference } from '../model/reference-names.ts';
import { detectFileType } from '../model/text/file-type.ts';
import type { DocumentRow } from '../telnyx/types.ts';
import type { Download } from './generate-manifests.ts';

/** Returns the reason why a document is not downloaded, or null. */
export function reasonToLeave({ status, scanStatus, sha256, reference }: DocumentRow): string | null {
  if (scanStatus === 'infected') return 'Telnyx found a virus in it: not downloaded, named by its id';
  if (status === 'denied') return 'Telnyx denied it: not downloaded, named by its id';
  if (sha256 === null && digestInReference(reference, 'doc') === null)
    return 'Telnyx gives no digest of it, so regsync could not recognise the file: named by its id';
  return null;
}

/** Checks a download against the digest from Telnyx, and against the rules for documents in manifests. */
export function judgeDownload({ sha256: told, reference }: DocumentRow, bytes: Buffer): Download {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const isTold =
    told === null ? sha256.startsWith(digestInReference(reference, 'doc') ?? '') : sha256 === told;
  if (!isTold) {
    return { kind: 'refused', why: 'Telnyx serves a document that does not match its own digest' };
  }
  const type = detectFileType(bytes);
  // The parser of manifests refuses a pointer, a web page and half a file.
  const isRefused = explainDocument(`document${type?.extensions[0]}`, sampleOf(bytes)) !== null;
  if (type === null || bytes.length === 0 || isRefused)
    return { kind: 'left', why: 'Telnyx does not take its type: named by its id' };
  if (bytes.length > MAX_DOCUMENT_BYTES)
    return { kind: 'left', why: 'it is larger than a document may be: named by its id' };
  return { kind: 'file', sha256, bytes: bytes.length, extension: type.extensions[0].slice(1) };
}
