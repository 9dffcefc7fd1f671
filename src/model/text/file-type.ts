import { isUtf8 } from 'node:buffer';

/**
 * A file type that Telnyx accepts (documented). It is detected in the bytes, because names and senders are
 * not trusted.
 */
export interface FileType {
  readonly contentType: string;
  /** The first one is appended to names that have none of them. */
  readonly extensions: readonly [string, ...string[]];
}

/** @param extension a file extension without the dot. */
export function contentTypeOf(extension: string): string {
  const type = FILE_TYPES.find(({ extensions }) => extensions.includes(`.${extension}`));
  return type?.contentType ?? 'application/octet-stream';
}

export function detectFileType(bytes: Buffer): FileType | null {
  if (bytes.subarray(0, MAX_PDF_PREAMBLE + '%PDF-'.length).includes('%PDF-')) return PDF;
  if (bytes.subarray(0, 8).equals(PNG_MAGIC)) return PNG;
  if (bytes.subarray(0, 3).equals(JPEG_MAGIC)) return JPEG;
  if (bytes.subarray(0, 4).equals(ZIP_MAGIC)) return detectOfficeZip(bytes);
  if (bytes.subarray(0, 8).equals(OLE_MAGIC)) return bytes.includes(utf16('Workbook')) ? XLS : DOC;
  return detectText(bytes);
}

/** The number of bytes that may precede the header of a PDF. */
export const MAX_PDF_PREAMBLE = 1024;

const PDF: FileType = { contentType: 'application/pdf', extensions: ['.pdf'] };
const PNG: FileType = { contentType: 'image/png', extensions: ['.png'] };
const JPEG: FileType = { contentType: 'image/jpeg', extensions: ['.jpg', '.jpeg'] };
const DOC: FileType = { contentType: 'application/msword', extensions: ['.doc'] };
const XLS: FileType = { contentType: 'application/vnd.ms-excel', extensions: ['.xls'] };
const DOCX: FileType = {
  contentType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  extensions: ['.docx'],
};
const XLSX: FileType = {
  contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  extensions: ['.xlsx'],
};
const JSON_FILE: FileType = { contentType: 'application/json', extensions: ['.json'] };
const CSV: FileType = { contentType: 'text/csv', extensions: ['.csv'] };
const TEXT: FileType = { contentType: 'text/plain', extensions: ['.txt'] };

const FILE_TYPES: readonly FileType[] = [PDF, PNG, JPEG, DOC, DOCX, XLS, XLSX, JSON_FILE, CSV, TEXT];

const PNG_MAGIC = Buffer.from('89504e470d0a1a0a', 'hex');
const JPEG_MAGIC = Buffer.from('ffd8ff', 'hex');
const ZIP_MAGIC = Buffer.from('504b0304', 'hex');
const OLE_MAGIC = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/**
 * Detects Office files, which are zip archives with a folder of their own. Other archives are not documents.
 */
function detectOfficeZip(bytes: Buffer): FileType | null {
  if (bytes.includes('word/')) return DOCX;
  return bytes.includes('xl/') ? XLSX : null;
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

/** Detects text. Only a text that begins like JSON or CSV is decoded as a whole. */
function detectText(bytes: Buffer): FileType | null {
  if (bytes.includes(0) || !isUtf8(bytes)) return null;
  const text = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
  if (isJson(text)) return JSON_FILE;
  return isCsv(text) ? CSV : TEXT;
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

function isJson(text: Buffer): boolean {
  const start = text.findIndex((byte) => !JSON_SPACES.includes(byte));
  if (text[start] !== OBJECT && text[start] !== ARRAY) return false;
  try {
    JSON.parse(text.toString());
    return true;
  } catch {
    return false;
  }
}

const JSON_SPACES = Buffer.from(' \t\r\n');
const [OBJECT, ARRAY] = Buffer.from('{[');

/** Returns true for at least two lines, each with the same number of commas. */
function isCsv(text: Buffer): boolean {
  const firstLine = text.subarray(0, Math.max(0, text.indexOf('\n')));
  if (!firstLine.includes(',')) return false;
  const commas = text
    .toString()
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.split(',').length - 1);
  const [first = 0] = commas;
  return commas.length > 1 && commas.every((count) => count === first);
}
