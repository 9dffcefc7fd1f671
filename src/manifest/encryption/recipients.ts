import { bech32 } from '@scure/base';
import { InvalidInputError } from '../../model/errors.ts';
import type { Problem } from '../../model/problem.ts';
import { Fault } from '../fault.ts';
import { resolvePath } from '../files/paths.ts';
import { readText } from '../files/read-text.ts';
import { labelStanza } from './ciphertext.ts';
import { readKeyLines } from './key-lines.ts';

/** Encrypts documents and texts for the repository's recipients; identities.ts decrypts them. */

export const RECIPIENTS_FILE = '.regsync/recipients';

const MAX_RECIPIENTS = 64;

/**
 * Reads the recipients in `.regsync/recipients`, each once. They are public keys, one a line, reviewed like
 * everything else in git.
 *
 * @param root the repository's real path.
 * @throws InvalidInputError with every line that is not a recipient.
 */
export async function readRecipients(root: string): Promise<readonly string[]> {
  const path = resolvePath('', RECIPIENTS_FILE);
  const text = path instanceof Fault ? path : readText(root, path);
  if (text instanceof Fault) throw withoutRecipients([explainMissing(text).atFile(RECIPIENTS_FILE)]);
  const recipients = new Set<string>();
  const problems: Problem[] = [];
  for (const { key, line, column } of readKeyLines(text)) {
    const fault = explainRecipient(key);
    if (fault === null) recipients.add(key);
    else problems.push(fault.at({ file: RECIPIENTS_FILE, line, column }));
  }
  if (problems.length > 0) throw withoutRecipients(problems);
  if (recipients.size === 0) throw withoutRecipients([NO_RECIPIENT.atFile(RECIPIENTS_FILE)]);
  if (recipients.size > MAX_RECIPIENTS) throw withoutRecipients([TOO_MANY.atFile(RECIPIENTS_FILE)]);
  return [...recipients];
}

function withoutRecipients(problems: readonly Problem[]): InvalidInputError {
  return new InvalidInputError(`${RECIPIENTS_FILE} is not usable; regsync encrypted nothing`, problems);
}

const HOW_TO_BEGIN =
  'Run `regsync keygen --add`: it keeps the identity where git cannot carry it, and writes its age1… line here.';

function explainMissing(fault: Fault): Fault {
  if (fault.code !== 'file-not-found') return fault;
  return new Fault(
    'no-recipients',
    `the file ${RECIPIENTS_FILE} is missing: it lists the people to encrypt for`,
    HOW_TO_BEGIN,
  );
}

const NO_RECIPIENT = new Fault('no-recipients', 'this file lists nobody to encrypt for', HOW_TO_BEGIN);

const TOO_MANY = new Fault('too-many-recipients', `at most ${MAX_RECIPIENTS} recipients`);

/** Returns null for a recipient. A Fault does not repeat the line: people paste secret keys. */
function explainRecipient(line: string): Fault | null {
  if (isRecipient(line)) return null;
  return MISTAKEN.find(([shape]) => shape.test(line))?.[1] ?? invalid('this is not an age recipient');
}

const ONLY_X25519 =
  'Ask that person to run `regsync keygen`, and write the line here that it prints: age1 and 58 more letters and digits.';

function invalid(message: string, hint = ONLY_X25519): Fault {
  return new Fault('invalid-recipient', message, hint);
}

const MISTAKEN: readonly (readonly [shape: RegExp, fault: Fault])[] = [
  [
    /AGE-SECRET-KEY-/i,
    new Fault(
      'secret-key',
      'this is a secret key; a recipient is the public one',
      'Remove it; if it was ever committed or pushed, make a new one with `regsync keygen`. The public one begins with age1.',
    ),
  ],
  [/^age1[^\s]+\s+#/, invalid('text follows the recipient', 'Put comments on lines of their own.')],
  [/^ssh-/, invalid('regsync does not encrypt for SSH keys')],
  // The first part leaves out a mistyped recipient of the usual kind.
  [
    /^(?!age1[02-9ac-hj-np-z]{58}$)(?:age1[a-z]+1|age1pq)/,
    invalid('regsync does not encrypt for recipients of this kind'),
  ],
];

const X25519_RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/** Returns whether it is a recipient whose checksum (Bech32, BIP 173) holds, so that it is not mistyped. */
function isRecipient(line: string): boolean {
  if (!X25519_RECIPIENT.test(line)) return false;
  const decoded = bech32.decodeUnsafe(line);
  return decoded !== undefined && bech32.fromWordsUnsafe(decoded.words) !== undefined;
}

/**
 * Encrypts for each of the recipients, as a binary age file. Decrypts the result with its file key before it
 * returns, since the plaintext may be gone when somebody needs it.
 */
export async function encryptFor(recipients: readonly string[], plaintext: Uint8Array): Promise<Uint8Array> {
  if (recipients.length === 0) throw new Error('there is nobody to encrypt for');
  const { Encrypter, Stanza } = await import('age-encryption');
  const encrypter = new Encrypter();
  for (const recipient of new Set(recipients)) encrypter.addRecipient(recipient);
  let fileKey = new Uint8Array();
  encrypter.addRecipient({
    wrapFileKey: (key) => {
      fileKey = Uint8Array.from(key);
      return [new Stanza(labelStanza(recipients), new Uint8Array())];
    },
  });
  const ciphertext = await encrypter.encrypt(plaintext);
  await confirmContent(ciphertext, fileKey, plaintext);
  return ciphertext;
}

async function confirmContent(
  ciphertext: Uint8Array,
  fileKey: Uint8Array,
  plaintext: Uint8Array,
): Promise<void> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: () => fileKey });
  const read = await decrypter.decrypt(ciphertext);
  if (Buffer.compare(read, plaintext) !== 0) throw new Error('what was encrypted reads differently');
}
