import { isUtf8 } from 'node:buffer';
import { posix } from 'node:path';
import { plaintextPath } from '../../model/encrypted-path.ts';
import { LONGEST_PDF_PREAMBLE } from '../../model/file-type.ts';
import { Fault } from '../fault.ts';
import { quotedPath } from '../visible.ts';

/**
 * Tells a file that is plainly something else than its name says by its first and last bytes: a pointer that a tool of git
 * left in its place, a web page, an archive, half a PDF. Bytes that nobody recognises are no fault: of those, `isRecognised`
 * tells.
 */

export interface Sample {
  /** The first bytes, at most `SAMPLE_BYTES`. */
  readonly head: Buffer;
  /** The last ones. */
  readonly tail: Buffer;
  readonly bytes: number;
}

export const SAMPLE_BYTES = 4096;

export function sampleOf(bytes: Buffer): Sample {
  return { head: bytes.subarray(0, SAMPLE_BYTES), tail: tailOf(bytes), bytes: bytes.length };
}

/** Without the zeros behind them, with which some programs fill files up. */
export function tailOf(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(Math.max(0, end - SAMPLE_BYTES), end);
}

/** Returns the fault of a document whose content is not what its name says, otherwise null. `.age` in the name is passed over. */
export function explainDocument(path: string, sample: Sample): Fault | null {
  const standIn = explainStandIn(sample);
  if (standIn !== null) return standIn;
  const type = typeOf(path);
  if (type === undefined) return null;
  const found = recognise(sample.head);
  if (found !== null && type.holds.includes(found)) return found === PDF ? explainCutOff(sample) : null;
  if (type.holds.includes(PDF) && hasPdfHeader(sample.head)) return explainCutOff(sample);
  if (found !== null) return otherContent(path, found);
  return type.isText ? null : explainLinkText(sample);
}

/** Whether the bytes are of the type that the name says: also true of text, and of names that say no type. */
export function isRecognised(path: string, { head }: Sample): boolean {
  const type = typeOf(path);
  if (type === undefined || type.isText) return true;
  const found = recognise(head);
  return (found !== null && type.holds.includes(found)) || (type.holds.includes(PDF) && hasPdfHeader(head));
}

/** `a PDF`, of a path that ends in .pdf. */
export function typeInWords(path: string): string {
  return typeOf(path)?.words ?? 'a document';
}

/* ---- What tools leave in place of a file, whatever its name ---- */

/** Returns the fault of a pointer, of a file that another program encrypted, and of a web page; otherwise null. */
export function explainStandIn({ head, tail }: Sample): Fault | null {
  const marker = STAND_INS.find(({ starts }) => starts.some((start) => startsWith(head, start)));
  if (marker !== undefined) return marker.fault;
  if (isAnnexPointer(head)) return ANNEX;
  if (isSops(head, tail)) return SOPS;
  return isHtml(head) ? HTML : null;
}

/** Likewise of a file that a value is read from: some programs write formats of their own in plain letters. */
export function explainText(path: string, sample: Sample): Fault | null {
  const standIn = explainStandIn(sample);
  if (standIn !== null) return standIn;
  const found = recognise(sample.head);
  if (found === null || !IN_LETTERS.has(found)) return null;
  return found === 'an age file' ? otherContent(path, found) : notPlain(found);
}

function notPlain(found: Content): Fault {
  return new Fault('other-content', `this is ${found}, not a plain text`, 'Save it as plain text in UTF-8.');
}

const STAND_INS: readonly { readonly starts: readonly Buffer[]; readonly fault: Fault }[] = [
  {
    starts: ['version https://git-lfs.github.com/spec/', 'version https://hawser.github.com/spec/'].map(
      asBytes,
    ),
    fault: new Fault(
      'lfs-pointer',
      'this is a Git LFS pointer, not the file itself',
      'Run `git lfs pull` first.',
    ),
  },
  {
    starts: [Buffer.from('\0GITCRYPT\0')],
    fault: new Fault(
      'git-crypt',
      'git-crypt has encrypted this file',
      'Run `git-crypt unlock` first, also in the workflow that runs regsync.',
    ),
  },
  {
    starts: ['$ANSIBLE_VAULT;', '-----BEGIN PGP MESSAGE-----', 'U2FsdGVkX1', 'Salted__'].map(asBytes),
    fault: new Fault(
      'encrypted-elsewhere',
      'another program has encrypted this file',
      'Decrypt it first. To keep it encrypted in git, use `regsync encrypt`.',
    ),
  },
];

const ANNEX = new Fault(
  'git-annex',
  'this is a git-annex pointer, not the file itself',
  'Run `git annex get` and `git annex unlock` for it first.',
);

const SOPS = new Fault(
  'sops',
  'sops has encrypted this file',
  'Run `sops decrypt` first. To keep it encrypted in git, use `regsync encrypt`.',
);

const HTML = new Fault(
  'html-page',
  'this is an HTML page, perhaps the answer of a site that wanted a login',
  'Get the file itself again.',
);

function asBytes(text: string): Buffer {
  return Buffer.from(text);
}

function startsWith(head: Buffer, start: Buffer): boolean {
  return head[0] === start[0] && head.subarray(0, start.length).equals(start);
}

function isAnnexPointer(head: Buffer): boolean {
  if (head[0] !== SLASH && head[0] !== DOT) return false;
  return /^(?:\/annex\/objects\/|(?:\.\.?\/)*\.git\/annex\/objects\/)\S+\s*$/.test(firstLine(head));
}

const [SLASH, DOT, LESS] = Buffer.from('/.<');

function firstLine(head: Buffer): string {
  const end = head.indexOf('\n');
  return head.subarray(0, end === -1 ? 1024 : end).toString('utf8');
}

/** One value that sops encrypted makes no file of sops: its mark stands in its metadata, at the end or before the values. */
function isSops(head: Buffer, tail: Buffer): boolean {
  if (!head.includes('ENC[AES256_GCM,data:')) return false;
  return [head, tail].some((part) => /\bsops\b|sops_|\bmac"?\s*[:=]\s*"?ENC\[/.test(part.toString('latin1')));
}

function isHtml(head: Buffer): boolean {
  const start = head.findIndex((byte) => !BLANKS.includes(byte));
  if (head[start] !== LESS) return false;
  return HTML_START.test(head.subarray(start, start + 1024).toString('latin1'));
}

/** Blanks and the byte order mark. */
const BLANKS = Buffer.from(' \t\r\n\ufeff');
const HTML_START = /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i;

/* ---- What a document's name says ---- */

type Content =
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

const PDF = 'a PDF';

const IN_LETTERS: ReadonlySet<Content> = new Set(['an age file', 'an RTF file', PDF, 'a ZIP archive']);

interface NamedType {
  readonly words: string;
  readonly isText: boolean;
  readonly holds: readonly Content[];
}

const TEXT: NamedType = { words: 'a text', isText: true, holds: [] };
const JPEG: NamedType = { words: 'a JPEG image', isText: false, holds: ['a JPEG image'] };

/** Programs keep one kind of Office file under the name of another, and open it all the same. */
const OFFICE: readonly Content[] = ['a ZIP archive', 'an old Office file', 'an RTF file'];

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

function typeOf(path: string): NamedType | undefined {
  return TYPES.get(posix.extname(plaintextPath(path)).toLowerCase());
}

function recognise(head: Buffer): Content | null {
  if (head.subarray(4, 8).equals(FTYP))
    return IMAGE_BRAND.test(head.toString('latin1', 8, 64)) ? 'a HEIC or AVIF image' : 'a film';
  const found = SIGNATURES.find(([start]) => startsWith(head, start));
  if (found === undefined) return null;
  const [, content] = found;
  return content === 'a WebP image' && !head.subarray(8, 12).equals(WEBP) ? null : content;
}

const FTYP = Buffer.from('ftyp');
const IMAGE_BRAND = /hei[cmsx]|hev[cx]|mif1|msf1|avi[fs]/;
const WEBP = Buffer.from('WEBP');

const SIGNATURES: readonly (readonly [Buffer, Content])[] = [
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

export const UNNAMED_AGE_FILE = 'unnamed-age-file';

function otherContent(path: string, found: Content): Fault {
  const words = typeInWords(path);
  if (found === 'an age file')
    return new Fault(
      UNNAMED_AGE_FILE,
      `this is ${found}, and its name does not say so`,
      'Let its name end in .age, here and in the repository.',
    );
  const ending = ENDINGS[found];
  const hint =
    ending === undefined
      ? `Put ${words} in its place: export or print it as a PDF, for example.`
      : `If it is the right file, rename it to end in ${ending}; otherwise put ${words} in its place.`;
  return new Fault('other-content', `its name says ${words}, but this is ${found}`, hint);
}

/** How a file that Telnyx takes would have to be named. */
const ENDINGS: Partial<Record<Content, string>> = {
  'a PDF': '.pdf',
  'a PNG image': '.png',
  'a JPEG image': '.jpg',
};

/** Also with other bytes before it, as readers of PDF allow. */
function hasPdfHeader(head: Buffer): boolean {
  return head.subarray(0, LONGEST_PDF_PREAMBLE + '%PDF-'.length).includes('%PDF-');
}

/** Every whole PDF ends in this mark; some programs write other bytes behind it. */
function explainCutOff({ tail }: Sample): Fault | null {
  return tail.includes('%%EOF') ? null : CUT_OFF;
}

const CUT_OFF = new Fault(
  'cut-off',
  'this PDF is cut off: its end is missing',
  'Download, copy or export the whole file again.',
);

/* ---- The text of a link ---- */

/** The path that a file holds which git checked out in place of a link, or null. Git writes it without a line end. */
export function linkTargetIn({ head, bytes }: Sample): string | null {
  if (bytes === 0 || bytes > LONGEST_LINK || head.includes('\n') || !isUtf8(head)) return null;
  const text = head.toString('utf8');
  return /[\p{Cc}]|^\s|\s$/u.test(text) ? null : text;
}

const LONGEST_LINK = 1024;

/** Of a file that can be no text: a path to a document is no document, whether or not it leads anywhere. */
export function explainLinkText(sample: Sample): Fault | null {
  const target = linkTargetIn(sample);
  return target !== null && typeOf(target) !== undefined ? linkText(target) : null;
}

export function linkText(target: string): Fault {
  return new Fault(
    'link-as-text',
    `this is a link that git checked out as a text: all it holds is the path ${quotedPath(target)}`,
    'Name the file that it leads to; or run `git config core.symlinks true`, and check it out again.',
  );
}
