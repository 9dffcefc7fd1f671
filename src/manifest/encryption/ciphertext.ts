import { createHash } from 'node:crypto';
import { Fault } from '../fault.ts';
import { MAX_DOCUMENT_BYTES } from '../files/read-document.ts';

/**
 * A file in the format of age (age-encryption.org/v1), as far as it can be read without a key. It has a
 * header of text lines, one stanza for each recipient, closed by a MAC, and then the content in chunks of 64
 * KiB. It is binary or in ASCII armor.
 *
 * A stanza does not name its recipient. So the files that regsync writes have one more stanza,
 * `regsync/recipients` with a digest of all recipients. The format requires readers to ignore unknown
 * stanzas, and the MAC covers it.
 */
export interface Ciphertext {
  /** The content in binary, even if the file is armored. */
  readonly bytes: Uint8Array;
  /** The result of `labelOf` for its recipients. Null if another program wrote the file. */
  readonly label: string | null;
  /** The number of stanzas that a key can open: one for each recipient. */
  readonly recipients: number;
  readonly isArmored: boolean;
}

/**
 * The limits exceed any honest header: a stanza has some 100 bytes. Each stanza may cost a key agreement for
 * each identity.
 */
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_STANZAS = 128;

const NONCE_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;

const MAX_CIPHERTEXT_BYTES =
  MAX_HEADER_BYTES +
  NONCE_BYTES +
  MAX_DOCUMENT_BYTES +
  TAG_BYTES * Math.ceil(MAX_DOCUMENT_BYTES / CHUNK_BYTES);

/** The size in armor: 64 characters and a line end for every 48 bytes, and a line before and after. */
export const MAX_AGE_FILE_BYTES = 66 * Math.ceil(MAX_CIPHERTEXT_BYTES / 48) + 200;

const VERSION_LINE = 'age-encryption.org/v1';
const ARMOR_BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const ARMOR_END = '-----END AGE ENCRYPTED FILE-----';
/** Matches stanzas that age writes so that readers stay used to unknown ones. */
const GREASE = /-grease$/;
const LABEL_STANZA = 'regsync/recipients';

/** Reads the header and checks the size. This needs no key and no password hashing, and trusts nothing. */
export function readCiphertext(file: Uint8Array): Ciphertext | Fault {
  const armored = isArmored(file);
  const bytes = armored ? removeArmor(file) : file;
  if (bytes instanceof Fault) return bytes;
  if (bytes.length > MAX_CIPHERTEXT_BYTES)
    return new Fault('too-large', 'the encrypted content is too large');
  const stanzas = readStanzas(bytes);
  if (stanzas instanceof Fault) return stanzas;
  if (stanzas.some(([type]) => type === 'scrypt')) return PASSPHRASE;
  const label = stanzas.find(([type]) => type === LABEL_STANZA)?.[1] ?? null;
  const recipients = stanzas.filter(([type = '']) => type !== LABEL_STANZA && !GREASE.test(type)).length;
  return { bytes, label, recipients, isArmored: armored };
}

const NOT_AGE = new Fault(
  'not-encrypted',
  'this is not an age file, although its name ends in .age',
  'Rename it to its name without .age, and run `regsync encrypt --update FILE` on it.',
);

const PASSPHRASE = new Fault(
  'passphrase-encrypted',
  'this is encrypted with a passphrase; regsync decrypts with keys only',
  'Decrypt it with `age`, then run `regsync encrypt FILE`.',
);

export const RESTORE_FILE =
  'Restore the file from git, or encrypt the content again with `regsync encrypt FILE`.';

const DAMAGED_HEADER = new Fault('damaged-file', 'the header of this age file is damaged', RESTORE_FILE);

/** Returns the type and arguments of each stanza. Skips the bodies, which only a key can open. */
function readStanzas(bytes: Uint8Array): string[][] | Fault {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_HEADER_BYTES));
  if (!header.toString('latin1', 0, VERSION_LINE.length + 1).startsWith(`${VERSION_LINE}\n`)) return NOT_AGE;
  const stanzas: string[][] = [];
  let at = VERSION_LINE.length + 1;
  for (;;) {
    const end = header.indexOf('\n', at);
    if (end === -1) return bytes.length > header.length ? tooManyRecipients() : DAMAGED_HEADER;
    const line = header.toString('latin1', at, end);
    at = end + 1;
    if (line.startsWith('--- ')) return stanzas.length === 0 ? DAMAGED_HEADER : stanzas;
    if (!line.startsWith('-> ')) continue;
    stanzas.push(line.slice(3).split(' '));
    if (stanzas.length > MAX_STANZAS) return tooManyRecipients();
  }
}

function tooManyRecipients(): Fault {
  return new Fault(
    'damaged-file',
    `the header of this age file is too large: at most ${MAX_STANZAS} recipients`,
  );
}

function isArmored(file: Uint8Array): boolean {
  return Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 1024))
    .toString('latin1')
    .trimStart()
    .startsWith(ARMOR_BEGIN);
}

/** Decodes the armor strictly, as the format requires: lines of 64 characters, LF or CRLF. */
function removeArmor(file: Uint8Array): Uint8Array | Fault {
  const lines = Buffer.from(file.buffer, file.byteOffset, file.length)
    .toString('latin1')
    .trim()
    .split(/\r?\n/);
  const body = lines.slice(1, -1);
  const isWhole = lines[0] === ARMOR_BEGIN && lines.at(-1) === ARMOR_END;
  const isFull = body.every(
    (line, index) => line.length === 64 || (index === body.length - 1 && /^.{1,64}$/.test(line)),
  );
  const text = body.join('');
  const bytes = Buffer.from(text, 'base64');
  // Node skips characters that are not Base64, so its result must encode to the same text again.
  if (!isWhole || !isFull || bytes.length === 0 || bytes.toString('base64') !== text) {
    return new Fault('damaged-file', 'the ASCII armor of this age file is damaged', RESTORE_FILE);
  }
  return bytes;
}

/** Returns an age file in ASCII armor, with a final newline, for a manifest. */
export function armor(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('base64');
  const lines = text.match(/.{1,64}/g) ?? [];
  return `${[ARMOR_BEGIN, ...lines, ARMOR_END].join('\n')}\n`;
}

/** Returns the same digest for the same recipients in any order. */
export function labelOf(recipients: readonly string[]): string {
  const sorted = [...new Set(recipients)].sort();
  return createHash('sha256').update(sorted.join('\n')).digest('base64url').slice(0, 22);
}

/** Returns the type and the argument of the stanza that carries the label. */
export function labelStanza(recipients: readonly string[]): string[] {
  return [LABEL_STANZA, labelOf(recipients)];
}
