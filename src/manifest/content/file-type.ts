import { posix } from 'node:path';
import { plaintextPath } from '../../model/privacy/encrypted-path.ts';
import { MAX_PDF_PREAMBLE } from '../../model/text/file-type.ts';
import { startsWith } from './sample.ts';

/** Returns the type that the ending of a file's name states. Ignores `.age` at the end of the name. */
export function typeOf(path: string): NamedType | undefined {
  return TYPES.get(posix.extname(plaintextPath(path)).toLowerCase());
}

/** Returns the type's name with its article, such as `a PDF` for a path that ends in .pdf. */
export function typeInWords(path: string): string {
  return typeOf(path)?.words ?? 'a document';
}

/** Recognises by its first bytes what a file contains. Returns null if the bytes match no known format. */
export function recognise(head: Buffer): FileContent | null {
  if (head.subarray(4, 8).equals(FTYP))
    return IMAGE_BRAND.test(head.toString('latin1', 8, 64)) ? 'a HEIC or AVIF image' : 'a film';
  const found = SIGNATURES.find(([start]) => startsWith(head, start));
  if (found === undefined) return null;
  const [, content] = found;
  return content === 'a WebP image' && !head.subarray(8, 12).equals(WEBP) ? null : content;
}

/**
 * Returns whether a PDF header is among the first bytes. Other bytes may precede it, as readers of PDF allow.
 */
export function hasPdfHeader(head: Buffer): boolean {
  return head.subarray(0, MAX_PDF_PREAMBLE + '%PDF-'.length).includes('%PDF-');
}

export type FileContent =
  | 'a PDF'
  | 'a PNG image'
  | 'a JPEG image'
  | 'a ZIP archive'
  | 'an old Office file'
  | 'an RTF file'
  | 'a HEIC or AVIF image'
  | 'a film'
  | 'a GIF image'
  | 'a TIFF image'
  | 'a WebP image'
  | 'a RAR archive'
  | 'a 7z archive'
  | 'a gzip archive'
  | 'an age file';

export const PDF = 'a PDF';

interface NamedType {
  readonly words: string;
  readonly isText: boolean;
  readonly holds: readonly FileContent[];
}

const TEXT: NamedType = { words: 'a text', isText: true, holds: [] };
const JPEG: NamedType = { words: 'a JPEG image', isText: false, holds: ['a JPEG image'] };

/** Office programs save one of these formats under the name of another, and open it without complaint. */
const OFFICE: readonly FileContent[] = ['a ZIP archive', 'an old Office file', 'an RTF file'];

const TYPES = new Map<string, NamedType>([
  ['.pdf', { words: PDF, isText: false, holds: [PDF] }],
  ['.png', { words: 'a PNG image', isText: false, holds: ['a PNG image'] }],
  ['.jpg', JPEG],
  ['.jpeg', JPEG],
  ['.doc', { words: 'a Word document', isText: false, holds: OFFICE }],
  ['.docx', { words: 'a Word document', isText: false, holds: OFFICE }],
  ['.xls', { words: 'an Excel workbook', isText: false, holds: OFFICE }],
  ['.xlsx', { words: 'an Excel workbook', isText: false, holds: OFFICE }],
  ['.csv', TEXT],
  ['.txt', TEXT],
  ['.json', TEXT],
]);

const FTYP = Buffer.from('ftyp');
const IMAGE_BRAND = /hei[cmsx]|hev[cx]|mif1|msf1|avi[fs]/;
const WEBP = Buffer.from('WEBP');

const SIGNATURES: readonly (readonly [Buffer, FileContent])[] = [
  [Buffer.from('%PDF-'), PDF],
  [Buffer.from('89504e470d0a1a0a', 'hex'), 'a PNG image'],
  [Buffer.from('ffd8ff', 'hex'), 'a JPEG image'],
  [Buffer.from('504b0304', 'hex'), 'a ZIP archive'],
  [Buffer.from('504b0506', 'hex'), 'a ZIP archive'],
  [Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'an old Office file'],
  [Buffer.from('{\\rtf'), 'an RTF file'],
  [Buffer.from('GIF8'), 'a GIF image'],
  [Buffer.from('49492a00', 'hex'), 'a TIFF image'],
  [Buffer.from('4d4d002a', 'hex'), 'a TIFF image'],
  [Buffer.from('RIFF'), 'a WebP image'],
  [Buffer.from('Rar!\x1a\x07'), 'a RAR archive'],
  [Buffer.from('377abcaf271c', 'hex'), 'a 7z archive'],
  [Buffer.from('1f8b08', 'hex'), 'a gzip archive'],
  [Buffer.from('age-encryption.org/v1\n'), 'an age file'],
  [Buffer.from('-----BEGIN AGE ENCRYPTED FILE-----'), 'an age file'],
];
