import { createHash } from 'node:crypto';
import { stageFile } from '../../files/stage.ts';
import { armor } from '../../manifest/encryption/ciphertext.ts';
import { readEncrypted } from '../../manifest/encryption/read-encrypted.ts';
import { encryptFor } from '../../manifest/encryption/recipients.ts';
import { Fault } from '../../manifest/fault.ts';
import { confine } from '../../manifest/files/read-confined.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { EncryptedFile } from '../../resolve/encrypted.ts';
import { clearUp, isCurrent, noteLockOut, openCiphertext, type RekeyRun } from './rekey-run.ts';

/** Encrypts one file again, into a draft beside the old one. */
export async function rekeyFile(run: RekeyRun, { path, source, pins }: EncryptedFile): Promise<void> {
  const { root } = run.repository;
  const place: SourcePosition = { file: path, line: 1, column: 1 };
  const found = readEncrypted(root, path);
  if (!(found instanceof Fault) && isCurrent(run, found)) {
    run.current.push(place);
    await clearUp(run, path);
    return;
  }
  const plaintext = await openCiphertext(run, path, found);
  const realPath = confine(root, path);
  const fault = plaintext instanceof Fault ? plaintext : realPath instanceof Fault ? realPath : null;
  if (fault !== null) run.problems.push(fault.about(path).at(source));
  if (plaintext instanceof Fault || realPath instanceof Fault || found instanceof Fault) return;
  const digest = createHash('sha256').update(plaintext).digest('hex');
  const broken = pins.filter(({ sha256 }) => sha256 !== digest);
  if (broken.length > 0) {
    run.problems.push(...broken.map((pin) => SWAPPED.about(path).at(pin.source)));
    return;
  }
  // Another path, through a link, names the same file.
  if (run.staged.some((staged) => staged.path === realPath)) return;
  const bytes = await encryptFor(run.recipients, plaintext);
  await noteLockOut(run, bytes);
  run.staged.push(await stageFile(realPath, found.isArmored ? armor(bytes) : bytes));
  run.rekeyed.push(place);
}

const SWAPPED = new Fault('digest-mismatch', 'this file decrypts to another document than "sha256" pins');
