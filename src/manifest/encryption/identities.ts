import { NEXT_STEPS } from '../../model/next-steps.ts';
import { groupDigits } from '../../model/text/digits.ts';
import { Fault } from '../fault.ts';
import { MAX_DOCUMENT_BYTES } from '../files/read-document.ts';
import { type Ciphertext, RESTORE_FILE } from './ciphertext.ts';
import { readKeyLines } from './key-lines.ts';

/**
 * The secret keys, loaded only when the first file must be decrypted. No message repeats any part of them.
 */
export interface Identities {
  readonly decrypt: (ciphertext: Ciphertext) => Promise<Buffer | Fault>;
}

/**
 * Opens the keys on the first call of `decrypt`.
 *
 * @param load returns the keys, or null if there are none. It is called at most once. If it throws, the run
 * ends: unreadable keys must not count as absent.
 */
export function openIdentities(load: () => Promise<readonly string[] | null>): Identities {
  let loading: Promise<Decrypt | null> | undefined;
  return {
    decrypt: async (ciphertext) => {
      loading ??= load().then((keys) => (keys === null ? null : prepare(keys)));
      const decrypt = await loading;
      return decrypt === null ? NO_IDENTITY : decrypt(ciphertext);
    },
  };
}

/** The identities of a user who has no keys to give. */
export const NO_IDENTITIES: Identities = openIdentities(async () => null);

const NO_IDENTITY = new Fault(
  'missing-identity',
  'this is encrypted, and regsync has no identity (age key) to decrypt it',
  NEXT_STEPS.giveIdentity(),
);

type Decrypt = (ciphertext: Ciphertext) => Promise<Buffer | Fault>;

async function prepare(keys: readonly string[]): Promise<Decrypt> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const key of keys) decrypter.addIdentity(key);
  return async ({ bytes }) => {
    try {
      const plaintext = Buffer.from(await decrypter.decrypt(bytes));
      return plaintext.length > MAX_DOCUMENT_BYTES ? TOO_LARGE : plaintext;
    } catch (error) {
      // The library's other messages are not repeated, since they may contain parts of keys.
      return /^no identity matched/.test((error as Error).message) ? WRONG_IDENTITY : DAMAGED;
    }
  };
}

const WRONG_IDENTITY = new Fault(
  'wrong-identity',
  'this is encrypted for other people: none of your identities can decrypt it',
  'Ask a colleague who can decrypt it to add your recipient to .regsync/recipients and to run `regsync rekey`.',
);

const DAMAGED = new Fault(
  'damaged-file',
  'this age file is damaged: it was changed or cut after it was encrypted',
  RESTORE_FILE,
);

const TOO_LARGE = new Fault(
  'too-large',
  `the decrypted content is too large: at most ${groupDigits(MAX_DOCUMENT_BYTES)} bytes`,
);

const MAX_IDENTITIES = 32;

/**
 * Reads the keys in a text as `age-keygen` writes it: one a line, with comments and empty lines. A Fault
 * names the line and never its content.
 */
export async function parseIdentities(text: string): Promise<readonly string[] | Fault> {
  const keys: string[] = [];
  for (const { key, line } of readKeyLines(text)) {
    if (!(await isIdentity(key))) return new Fault('invalid-identity', `line ${line} ${explain(key)}`);
    keys.push(key);
  }
  if (keys.length === 0) return new Fault('invalid-identity', 'it holds no identity');
  return keys.length > MAX_IDENTITIES
    ? new Fault('invalid-identity', `there are more than ${MAX_IDENTITIES} identities in it`)
    : keys;
}

async function isIdentity(line: string): Promise<boolean> {
  if (!/^AGE-SECRET-KEY-1[A-Z0-9]{58}$/.test(line)) return false;
  const { Decrypter } = await import('age-encryption');
  try {
    new Decrypter().addIdentity(line);
    return true;
  } catch {
    return false;
  }
}

function explain(line: string): string {
  const [, mistake] = MISTAKEN.find(([shape]) => shape.test(line)) ?? [];
  return mistake ?? 'is not an age identity: copy the whole line that begins with AGE-SECRET-KEY-1';
}

const MISTAKEN: readonly (readonly [shape: RegExp, mistake: string])[] = [
  [/^age1/, 'is a recipient, the public half: the identity begins with AGE-SECRET-KEY-1'],
  [/^-----BEGIN AGE ENCRYPTED|^age-encryption\.org\//, 'begins an age file: decrypt the identity first'],
  [
    /^AGE-PLUGIN-|^AGE-SECRET-KEY-PQ-|^-----BEGIN|^ssh-/,
    'is an identity of another kind: regsync reads those of `regsync keygen`, which begin with AGE-SECRET-KEY-1',
  ],
];
