import { hash, randomUUID } from 'node:crypto';
import { detectFileType, type FileType } from '../../model/text/file-type.ts';
import { dataAnswer, emptyAnswer, notFound, type Reply, refusal } from '../server/answer.ts';
import { readForm } from '../server/form.ts';
import { isBlank, optionalText } from '../server/input.ts';
import { compares, contains, equals, type ListRules, listAnswer } from '../server/list.ts';
import {
  type Exchange,
  type IncomingRequest,
  type JsonObject,
  mediaType,
  readJsonObject,
} from '../server/request.ts';
import { nowMs, stamp } from '../state/clock.ts';
import type { Document, DocumentLink, State } from '../state/state.ts';
import { signedPath } from './presigned.ts';

const MAX_BYTES = 20_000_000;
const MAX_FILENAME_LENGTH = 512;
const UNLINKED_LIFE_MS = 30 * 60 * 1000;

/* ---- The endpoints ---- */

export function listDocuments(exchange: Exchange): Reply {
  const { state } = exchange;
  return listAnswer(exchange, state.documents, DOCUMENTS, (row) => presentDocument(state, row));
}

export function uploadDocument({ state, request }: Exchange): Reply {
  const document = storeUpload(state, readUpload(request));
  return dataAnswer(presentDocument(state, document));
}

export function getDocument({ state, params }: Exchange): Reply {
  return dataAnswer(presentDocument(state, requireDocument(state, params.id)));
}

/** Changes the name and the reference only. The rest of the body is ignored. */
export function updateDocument({ state, request, params }: Exchange): Reply {
  const body = readJsonObject(request);
  const document = requireDocument(state, params.id);
  const filename = optionalText(body, 'filename');
  const reference = optionalText(body, 'customer_reference');
  const fileType = {
    contentType: document.content_type,
    extensions: [extensionOf(document.filename)] as const,
  };
  const updated: Document = {
    ...document,
    filename: isBlank(filename) ? document.filename : tidyFilename(filename ?? '', fileType),
    customer_reference: reference === undefined ? document.customer_reference : reference,
    updated_at: stamp(state),
  };
  state.documents.set(updated.id, updated);
  return dataAnswer(presentDocument(state, updated));
}

export function deleteDocument({ state, params }: Exchange): Reply {
  const document = requireDocument(state, params.id);
  if (document.unlinked_since_ms === null) {
    throw refusal(422, '10021', 'The document is linked to a service: unlink it before deleting it.');
  }
  forgetDocument(state, document);
  return state.quirks.delete_answer === 204 ? emptyAnswer(204) : dataAnswer(presentDocument(state, document));
}

export function downloadDocument({ state, params }: Exchange): Reply {
  const document = requireDocument(state, params.id);
  return {
    status: 200,
    headers: {
      'content-type': document.content_type,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(document.filename)}`,
    },
    body: state.contents.get(document.sha256) ?? Buffer.alloc(0),
  };
}

export function linkToDownload({ state, request, params }: Exchange): Reply {
  const document = requireDocument(state, params.id);
  return dataAnswer({ url: `http://${request.headers.host}${signedPath(document.id)}` });
}

export function listDocumentLinks(exchange: Exchange): Reply {
  return listAnswer(exchange, exchange.state.links, LINKS, ({ born_ms: _, ...link }) => ({
    record_type: 'document_link',
    ...link,
  }));
}

/* ---- Effects of time on documents ---- */

export function deleteUnlinked(state: State): void {
  const latest = nowMs(state) - UNLINKED_LIFE_MS;
  const first = state.documents.least('unlinked since', (document) => document.unlinked_since_ms);
  if (first === null || first > latest) return;
  for (const document of state.documents.values()) {
    const since = document.unlinked_since_ms;
    if (since !== null && since <= latest) forgetDocument(state, document);
  }
}

export function finishScans(state: State): void {
  const latest = nowMs(state) - state.quirks.scan_delay_seconds * 1000;
  const first = state.documents.least('waiting for a scan since', ({ av_scan_status, uploaded_ms }) =>
    av_scan_status === 'pending_scan' ? uploaded_ms : null,
  );
  if (first === null || first > latest) return;
  for (const document of state.documents.values()) {
    if (document.av_scan_status === 'pending_scan' && document.uploaded_ms <= latest) {
      state.documents.set(document.id, { ...document, av_scan_status: 'scanned' });
    }
  }
}

/* ---- For control ---- */

export function requireDocument(state: State, id: string | undefined): Document {
  const document = state.documents.get(id ?? '');
  if (document === undefined) throw notFound('document');
  return document;
}

export function forgetDocument(state: State, { id, sha256 }: Document): void {
  state.documents.delete(id);
  for (const link of state.links.values()) if (link.document_id === id) state.links.delete(link.id);
  const shared = [...state.documents.values()].some((other) => other.sha256 === sha256);
  if (!shared) state.contents.delete(sha256);
}

export function presentDocument(state: State, document: Document) {
  const { customer_reference, sha256 } = document;
  const unset = state.quirks.unset_fields === 'null' ? null : '';
  return {
    record_type: 'document',
    id: document.id,
    filename: document.filename,
    customer_reference: customer_reference ?? unset,
    content_type: document.content_type,
    ...(state.quirks.documents_sha256 ? { sha256 } : {}),
    size: { unit: 'bytes', amount: document.bytes },
    status: document.status,
    av_scan_status: document.av_scan_status,
    created_at: document.created_at,
    updated_at: document.updated_at,
  };
}

/* ---- Lists ---- */

const DOCUMENTS: ListRules<Document> = {
  name: 'documents',
  filters: {
    'filename.contains': contains((document) => document.filename),
    'customer_reference.eq': equals((document) => document.customer_reference),
    'customer_reference.in': equals((document) => document.customer_reference),
    'created_at.gt': compares((document, timeMs) => Date.parse(document.created_at) > timeMs),
    'created_at.lt': compares((document, timeMs) => Date.parse(document.created_at) < timeMs),
  },
  sortBy: {
    filename: (document) => document.filename,
    created_at: (document) => document.created_at,
    updated_at: (document) => document.updated_at,
  },
  defaultSort: '-created_at',
};

const LINKS: ListRules<DocumentLink> = {
  name: 'document_links',
  filters: {
    linked_record_type: equals((link) => link.linked_record_type),
    linked_resource_id: equals((link) => link.linked_resource_id),
    document_id: equals((link) => link.document_id),
  },
  sortBy: { created_at: (link) => link.created_at },
  defaultSort: '-created_at',
};

/* ---- Uploads ---- */

interface Upload {
  readonly bytes: Buffer;
  readonly filename: string;
  readonly reference: string | null;
}

function readUpload(request: IncomingRequest): Upload {
  return mediaType(request) === 'multipart/form-data'
    ? readFormUpload(request)
    : readBase64(readJsonObject(request));
}

function readFormUpload({ body, headers }: IncomingRequest): Upload {
  const form = readForm(body, headers['content-type'] ?? '');
  if (form === null) throw refusal(400, '10015', 'The form cannot be read.');
  const file = form.find(({ name }) => name === 'file');
  if (file === undefined || file.filename === null) throw missingFile();
  const reference = form.find(({ name }) => name === 'customer_reference');
  return {
    bytes: file.bytes,
    filename: file.filename,
    reference: reference?.filename === null ? reference.bytes.toString('utf8') : null,
  };
}

function readBase64(body: JsonObject): Upload {
  const file = optionalText(body, 'file');
  if (isBlank(file) && !isBlank(body.url)) {
    throw refusal(422, '10015', 'The sandbox does not fetch: send the file itself.', { pointer: '/url' });
  }
  if (file === undefined || file === null) throw missingFile();
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(file)) {
    throw refusal(422, '10015', 'file is not valid Base64.', { pointer: '/file' });
  }
  // The guide's own example has no filename; newer pages ask for one (documented).
  const filename = optionalText(body, 'filename');
  return {
    bytes: Buffer.from(file, 'base64'),
    filename: isBlank(filename) ? 'document' : (filename ?? ''),
    reference: optionalText(body, 'customer_reference') ?? null,
  };
}

function missingFile(): Error {
  return refusal(422, '10004', 'file is required.', { pointer: '/file' });
}

function storeUpload(state: State, { bytes, filename, reference }: Upload): Document {
  const fileType = checkContent(bytes);
  const sha256 = hash('sha256', bytes);
  const created_at = stamp(state);
  const uploaded_ms = nowMs(state);
  const document: Document = {
    id: randomUUID(),
    filename: tidyFilename(filename, fileType),
    customer_reference: reference,
    content_type: fileType.contentType,
    sha256,
    bytes: bytes.length,
    status: 'pending',
    av_scan_status: 'pending_scan',
    uploaded_ms,
    unlinked_since_ms: uploaded_ms,
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
  state.contents.set(sha256, bytes);
  state.documents.set(document.id, document);
  return document;
}

function checkContent(bytes: Buffer): FileType {
  const pointer = '/file';
  if (bytes.length === 0) throw refusal(422, '10015', 'The file is empty.', { pointer });
  if (bytes.length > MAX_BYTES) throw refusal(422, '10033', 'The file is larger than 20 MB.', { pointer });
  const fileType = detectFileType(bytes);
  if (fileType === null) throw refusal(422, '10014', 'This type of file is not supported.', { pointer });
  return fileType;
}

/** Removes spaces and adds the extension of the detected type. */
function tidyFilename(filename: string, { extensions }: FileType): string {
  if ([...filename].length > MAX_FILENAME_LENGTH) {
    throw refusal(422, '10025', `filename may have ${MAX_FILENAME_LENGTH} characters.`, {
      pointer: '/filename',
    });
  }
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/u.test(filename)) {
    throw refusal(422, '10015', 'filename may contain printable characters only.', { pointer: '/filename' });
  }
  const name = filename.replace(/\s/gu, '');
  const complete = extensions.some((extension) => name.toLowerCase().endsWith(extension));
  return complete ? name : `${name}${extensions[0]}`;
}

function extensionOf(filename: string): string {
  return filename.slice(filename.lastIndexOf('.')).toLowerCase();
}
