import { createHmac, randomBytes } from 'node:crypto';

/**
 * The key of links that carry their own permission, as a storage service gives them. It ends with the
 * process, and so do the links.
 */
const SECRET = randomBytes(32);

export function signedPath(documentId: string): string {
  return `/presigned/${documentId}?signature=${signature(documentId)}`;
}

/** Returns the document of a signed path, or null. */
export function signedDocument(path: string, query: URLSearchParams): string | null {
  const documentId = path.match(/^\/presigned\/([^/]+)$/)?.[1];
  return documentId !== undefined && query.get('signature') === signature(documentId) ? documentId : null;
}

function signature(documentId: string): string {
  return createHmac('sha256', SECRET).update(documentId).digest('hex');
}
