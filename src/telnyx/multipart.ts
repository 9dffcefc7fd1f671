import { randomBytes } from 'node:crypto';

export interface MultipartBody {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: {
    readonly field: string;
    readonly filename: string;
    readonly contentType: string;
    readonly bytes: Buffer;
  };
}

/** A body in parts. The file is one part and is not copied, so that memory holds it once. */
export interface EncodedBody {
  readonly contentType: string;
  readonly parts: readonly Buffer[];
}

/** Encodes `multipart/form-data` as browsers write it (the HTML standard, section 4.10.21.8). */
export function encodeMultipart({ fields, file }: MultipartBody): EncodedBody {
  const boundary = `regsync-${randomBytes(18).toString('hex')}`;
  const texts = Object.entries(fields).map(
    ([name, text]) => `${openPart(boundary, name)}\r\n\r\n${text}\r\n`,
  );
  const heading = `${openPart(boundary, file.field)}; filename="${escapeName(file.filename)}"`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    parts: [
      Buffer.from(`${texts.join('')}${heading}\r\ncontent-type: ${file.contentType}\r\n\r\n`),
      file.bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ],
  };
}

function openPart(boundary: string, name: string): string {
  return `--${boundary}\r\ncontent-disposition: form-data; name="${escapeName(name)}"`;
}

function escapeName(name: string): string {
  return name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}
