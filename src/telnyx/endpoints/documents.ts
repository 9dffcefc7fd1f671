import { ApiError, AuthenticationError } from '../../model/errors.ts';
import { PLACEHOLDER } from '../../model/privacy/redact.ts';
import type { Reference, RemoteId } from '../../model/resource.ts';
import { contentTypeOf } from '../../model/text/file-type.ts';
import { authenticationError } from '../answer.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeDocument, decodeDocumentLink } from '../decode/resources.ts';
import type { BegunListing, Listing } from '../paging.ts';
import type { DocumentLinkRow, DocumentRow } from '../types.ts';
import { getById, listByReference, listRows } from './rows.ts';
import { createObject } from './writes.ts';

export async function listDocuments(client: ReadClient): Promise<Listing<DocumentRow>> {
  return client.list('/documents', {}, {}, decodeDocument);
}

export async function beginDocuments(client: ReadClient): Promise<BegunListing<DocumentRow>> {
  return client.begin('/documents', {}, {}, decodeDocument);
}

/** The most references in one request. They are long, and so is the URL that lists them. */
export const REFERENCES_AT_ONCE = 50;

/** Lists documents that have any of these references (`in` is documented for documents only). */
export async function listDocumentsByReferences(
  client: ReadClient,
  references: readonly string[],
): Promise<Listing<DocumentRow>> {
  const parts = Array.from({ length: Math.ceil(references.length / REFERENCES_AT_ONCE) }, (_, index) =>
    references.slice(index * REFERENCES_AT_ONCE, (index + 1) * REFERENCES_AT_ONCE),
  );
  const lists = await Promise.all(
    parts.map((part) =>
      client.list('/documents', { 'filter[customer_reference][in][]': part }, {}, decodeDocument),
    ),
  );
  const wanted = new Set(references);
  return {
    rows: lists.flatMap(({ rows }) => rows).filter(({ reference }) => wanted.has(reference ?? '')),
    dateMs: lists.at(-1)?.dateMs ?? null,
  };
}

export async function listDocumentsByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly DocumentRow[]> {
  return listByReference(client, '/documents', 'filter[customer_reference][eq]', reference, decodeDocument);
}

export async function getDocument(client: ReadClient, id: RemoteId): Promise<DocumentRow> {
  return getById(client, '/documents/{id}', { id }, {}, decodeDocument);
}

/** Returns the bytes of a document. */
export async function downloadDocument(client: ReadClient, id: RemoteId): Promise<Buffer> {
  return client.download('/documents/{id}/download', { id });
}

export async function listDocumentLinks(client: ReadClient): Promise<readonly DocumentLinkRow[]> {
  return listRows(client, '/document_links', {}, decodeDocumentLink);
}

/** Uploads a document as `document.<extension>`, because the file's real name may contain a person's name. */
export async function uploadDocument(
  client: WriteClient,
  document: { readonly reference: Reference; readonly extension: string; readonly bytes: Buffer },
): Promise<UploadedDocument> {
  const sending = createObject(client, '/documents', {
    kind: 'multipart',
    fields: { customer_reference: document.reference },
    file: {
      field: 'file',
      filename: `document.${document.extension}`,
      contentType: contentTypeOf(document.extension),
      bytes: document.bytes,
    },
  });
  const { id, content } = await sending.catch((error: unknown) => {
    throw withoutQuotes(error, document.bytes);
  });
  return { id, sha256: decodeDocument(content).sha256 };
}

export interface UploadedDocument {
  readonly id: RemoteId;
  /** Lowercase hex. Null if the answer does not say. */
  readonly sha256: string | null;
}

/** Redacts a refusal: the redaction of the session knows the texts of a request, and not the bytes of its document. */
function withoutQuotes(error: unknown, document: Buffer): unknown {
  if (error instanceof AuthenticationError && error.cause instanceof ApiError) {
    return authenticationError(withoutQuotesIn(error.cause, document));
  }
  return error instanceof ApiError ? withoutQuotesIn(error, document) : error;
}

function withoutQuotesIn({ status, request, details, requestId }: ApiError, document: Buffer): ApiError {
  const isHeld = searchIn(document);
  const redact = (text: string | null) =>
    text?.replaceAll(RUN, (run) => (SEPARATOR.test(run) || !isHeld(run) ? run : PLACEHOLDER)) ?? null;
  const redactUnlessData = (text: string | null) => (text !== null && DATA.test(text) ? text : redact(text));
  const shown = details.map(({ code, title, detail, pointer }) => ({
    code: redactUnlessData(code),
    title: redact(title),
    detail: redact(detail),
    pointer: redactUnlessData(pointer),
  }));
  return new ApiError(status, request, shown, redactUnlessData(requestId));
}

/**
 * Returns whether the document holds a run, or ten signs in a row of it: the text may have more before and behind. Case and
 * the form of accents do not count, and the document may be written in any of the usual encodings.
 */
function searchIn(document: Buffer): (run: string) => boolean {
  const readings = ENCODINGS.map((encoding) => fold(document.toString(encoding)));
  const isIn = (piece: string) => readings.some((reading) => reading.includes(piece));
  return (run) => {
    const folded = fold(run);
    const pieces = Array.from({ length: Math.max(1, folded.length - MAX_PIECE + 1) }, (_, start) =>
      folded.slice(start, start + MAX_PIECE),
    );
    return pieces.some(isIn);
  };
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

const ENCODINGS = ['utf8', 'latin1', 'utf16le'] as const;
const MAX_PIECE = 10;

/** An escape of JSON or of a URL, or a run of letters or digits. Shorter ones are equal by chance. */
const RUN = /\\(?:u[0-9a-f]{4}|[bfnrt])|%[0-9a-f]{2}|[\p{L}\p{N}\p{M}]{4,}/giu;
const SEPARATOR = /^[\\%]/;
/** The shape of a code, an id or a pointer, which is shown. */
const DATA = /^[\w./:-]*$/;

/** Deletes a document. Telnyx refuses one that is still linked (documented). */
export async function deleteDocument(client: WriteClient, id: RemoteId): Promise<void> {
  await client.send({ method: 'DELETE', template: '/documents/{id}', params: { id }, repeat: 'safe' });
}
