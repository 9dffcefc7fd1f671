import { createHmac, randomBytes } from 'node:crypto';

/** Links that carry their own permission, as a storage service gives them. They end with the process. */
const SECRET = randomBytes(32);

export function signedPath(documentId: string): string {
  return `/presigned/${documentId}?signature=${signature(documentId)}`;
}

/** The document that a signed path is for, or null. */
export function signedDocument(path: string, query: URLSearchParams): string | null {
  const documentId = path.match(/^\/presigned\/([^/]+)$/)?.[1];
  return documentId !== undefined && query.get('signature') === signature(documentId) ? documentId : null;
}

function signature(documentId: string): string {
  return createHmac('sha256', SECRET).update(documentId).digest('hex');
}
