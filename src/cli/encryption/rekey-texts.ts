import { stageFile } from '../../files/stage.ts';
import { readCiphertext } from '../../manifest/encryption/ciphertext.ts';
import { encryptFor } from '../../manifest/encryption/recipients.ts';
import { Fault } from '../../manifest/fault.ts';
import { confine } from '../../manifest/files/read-confined.ts';
import { readManifestVerbatim } from '../../manifest/files/read-text.ts';
import { type EncryptedText, replaceTexts } from '../../resolve/encrypted.ts';
import { clearUp, isCurrent, noteLockOut, openCiphertext, type RekeyRun } from './rekey-run.ts';

/** Encrypts the texts of one manifest again, and rewrites it once. */
export async function rekeyTexts(run: RekeyRun, texts: readonly EncryptedText[]): Promise<void> {
  const replacements: { text: EncryptedText; bytes: Uint8Array }[] = [];
  for (const text of texts) {
    const found = readCiphertext(Buffer.from(text.armored));
    if (!(found instanceof Fault) && isCurrent(run, found)) {
      run.current.push(text.source);
      continue;
    }
    const plaintext = await openCiphertext(run, text.path, found);
    if (plaintext instanceof Fault) {
      run.problems.push(plaintext.at(text.source));
      continue;
    }
    // Equal ciphertexts stay equal.
    const same = replacements.find((other) => other.text.armored.trim() === text.armored.trim());
    const bytes = same?.bytes ?? (await encryptFor(run.recipients, plaintext));
    await noteLockOut(run, bytes);
    replacements.push({ text, bytes });
  }
  const [first] = replacements;
  if (first === undefined) {
    for (const { path } of texts.slice(0, 1)) await clearUp(run, path);
    return;
  }
  const { root } = run.repository;
  const realPath = confine(root, first.text.path);
  const manifest = readManifestVerbatim(root, first.text.path);
  const result = manifest instanceof Fault ? manifest : replaceTexts(manifest, replacements);
  if (result === null || result instanceof Fault || realPath instanceof Fault) {
    const fault = result instanceof Fault ? result : realPath instanceof Fault ? realPath : NOT_A_BLOCK;
    run.problems.push(fault.at(first.text.source));
    return;
  }
  run.staged.push(await stageFile(realPath, result));
  run.rekeyed.push(...replacements.map(({ text }) => text.source));
}

const NOT_A_BLOCK = new Fault(
  'not-a-block',
  'regsync cannot replace the encrypted text here without touching the lines around it',
  'Write it as a block: "age: |", with the lines indented below it.',
);
