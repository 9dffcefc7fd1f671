import { InvalidInputError } from '../model/errors.ts';
import type { Problem } from '../model/problem.ts';
import { labelStanza } from './ciphertext.ts';
import { Fault } from './fault.ts';
import { readKeyLines } from './key-lines.ts';
import { resolvePath } from './paths.ts';
import { readText } from './read.ts';

/** Encryption of documents and texts for the recipients that the repository names. Reading them again: identities.ts. */

const RECIPIENTS_FILE = '.regsync/recipients';

const MOST_RECIPIENTS = 64;

/**
 * The recipients in `.regsync/recipients`, each once: public keys, one a line, reviewed like everything else in git.
 *
 * @param root the repository's real path.
 * @throws InvalidInputError with every line that is none.
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
  if (recipients.size > MOST_RECIPIENTS) throw withoutRecipients([TOO_MANY.atFile(RECIPIENTS_FILE)]);
  return [...recipients];
}

function withoutRecipients(problems: readonly Problem[]): InvalidInputError {
  return new InvalidInputError('it is not clear for whom to encrypt; nothing was done', problems);
}

const HOW_TO_BEGIN =
  'Make a key with `age-keygen`, keep it where git cannot carry it, and write its age1… line here.';

function explainMissing(fault: Fault): Fault {
  if (fault.code !== 'file-not-found') return fault;
  return new Fault('no-recipients', `there is no ${RECIPIENTS_FILE}: nobody to encrypt for`, HOW_TO_BEGIN);
}

const NO_RECIPIENT = new Fault(
  'no-recipients',
  'no recipient stands here: nobody to encrypt for',
  HOW_TO_BEGIN,
);

const TOO_MANY = new Fault('too-many-recipients', `at most ${MOST_RECIPIENTS} recipients`);

/** Null for a recipient. What stands there is not repeated: people paste the wrong half of a key. */
function explainRecipient(line: string): Fault | null {
  if (/AGE-SECRET-KEY-/i.test(line)) {
    return new Fault(
      'secret-key',
      'a secret key stands where the public one belongs',
      'Remove it; if it was ever committed or pushed, make a new one. The public one begins with age1.',
    );
  }
  if (/^age1[^\s]+\s+#/.test(line)) {
    return new Fault(
      'invalid-recipient',
      'something follows the recipient',
      'Comments stand on lines of their own.',
    );
  }
  if (/^(?:ssh-|age1[a-z]+1|age1pq)/.test(line) && !X25519_RECIPIENT.test(line)) {
    return new Fault('invalid-recipient', 'recipients of this kind are not supported', ONLY_X25519);
  }
  return isRecipient(line) ? null : new Fault('invalid-recipient', 'this is no age recipient', ONLY_X25519);
}

const ONLY_X25519 =
  'A recipient is one line: age1 and 58 more lowercase letters and digits, as `age-keygen` prints it.';

const X25519_RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;

/**
 * Its checksum (Bech32, BIP 173) too: a mistyped recipient is one that nobody can decrypt for. By hand, since `validate`
 * reads recipients and has no other use for the package that could tell.
 */
function isRecipient(line: string): boolean {
  if (!X25519_RECIPIENT.test(line)) return false;
  const values = [...line.slice('age1'.length)].map((character) => BECH32.indexOf(character));
  const prefix = [...'age'].map((character) => character.charCodeAt(0));
  const checked = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...values];
  // 52 times 5 bits hold 32 bytes and 4 bits of nothing.
  return bech32Remainder(checked) === 1 && ((values[51] ?? 0) & 15) === 0;
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

function bech32Remainder(values: readonly number[]): number {
  let remainder = 1;
  for (const value of values) {
    const top = remainder >> 25;
    remainder = ((remainder & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATORS.entries()) if ((top >> bit) & 1) remainder ^= generator;
  }
  return remainder;
}

/**
 * An age file, binary, that each of the recipients can decrypt. It is read back with the key of its content before it is
 * handed out, since the plaintext may be gone when somebody needs it.
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
