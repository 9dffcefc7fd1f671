/** One part of a form. A file has a filename, even an empty one; a text has none. */
export interface FormPart {
  readonly name: string;
  readonly filename: string | null;
  /** The content as a view of the body, not a copy. */
  readonly bytes: Buffer;
}

/**
 * Reads `multipart/form-data` (RFC 7578). Returns null if it is malformed. It searches bytes without decoding
 * them, because the platform's own parser is much slower for large documents.
 */
export function readForm(body: Buffer, contentType: string): readonly FormPart[] | null {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return null;
  const opening = Buffer.from(`--${boundary}`);
  const closing = Buffer.from(`\r\n--${boundary}`);
  if (!body.subarray(0, opening.length).equals(opening)) return null;
  const parts: FormPart[] = [];
  for (let at = opening.length; body.toString('latin1', at, at + 2) !== '--'; ) {
    const headEnd = body.indexOf('\r\n\r\n', at);
    const end = headEnd < 0 ? -1 : body.indexOf(closing, headEnd + 2);
    if (end < 0) return null;
    const part = readPart(body.toString('utf8', at, headEnd), body.subarray(headEnd + 4, end));
    if (part === null) return null;
    parts.push(part);
    at = end + closing.length;
  }
  return parts;
}

/** @param head the headers of a part, from the line break that ends the boundary. */
function readPart(head: string, bytes: Buffer): FormPart | null {
  const disposition = /\r\ncontent-disposition:\s*form-data\s*(;.*)/i.exec(head)?.[1];
  if (!head.startsWith('\r\n') || disposition === undefined) return null;
  const name = readParameter(disposition, 'name');
  return name === null ? null : { name, filename: readParameter(disposition, 'filename'), bytes };
}

function readParameter(disposition: string, parameter: string): string | null {
  const written = new RegExp(`;\\s*${parameter}="([^"]*)"`, 'i').exec(disposition)?.[1];
  return written === undefined ? null : written.replace(/%0A|%0D|%22/gi, decodeURIComponent);
}
