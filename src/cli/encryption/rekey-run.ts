import { hash } from 'node:crypto';
import { clearStaged, type StagedFile, stageFile } from '../../files/stage.ts';
import { armor, type Ciphertext, labelOf, readCiphertext } from '../../manifest/encryption/ciphertext.ts';
import type { Identities } from '../../manifest/encryption/identities.ts';
import { readEncrypted } from '../../manifest/encryption/read-encrypted.ts';
import { encryptFor } from '../../manifest/encryption/recipients.ts';
import { Fault } from '../../manifest/fault.ts';
import type { RepositoryPath } from '../../manifest/files/paths.ts';
import { confine } from '../../manifest/files/read-confined.ts';
import { readManifestVerbatim } from '../../manifest/files/read-text.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InterruptedError } from '../../model/errors.ts';
import type { Problem, SourcePosition } from '../../model/problem.ts';
import { type EncryptedFile, type EncryptedText, replaceTexts } from '../../resolve/encrypted.ts';

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
  const digest = hash('sha256', plaintext);
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

/** The inputs of one run of `rekey`, and its results so far. */
export interface RekeyRun {
  readonly repository: Repository;
  readonly recipients: readonly string[];
  readonly identities: Identities;
  readonly force: boolean;
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
  readonly staged: StagedFile[];
  readonly rekeyed: SourcePosition[];
  readonly current: SourcePosition[];
  readonly problems: Problem[];
  /** True if none of the own identities can decrypt the new files. */
  locksOut: boolean;
}

function isCurrent({ force, recipients }: RekeyRun, { label }: Ciphertext): boolean {
  return !force && label === labelOf(recipients);
}

async function openCiphertext(
  run: RekeyRun,
  path: RepositoryPath,
  found: Ciphertext | Fault,
): Promise<Buffer | Fault> {
  if (run.signal.aborted) throw new InterruptedError('interrupted: no file was replaced');
  run.step(`Encrypting ${path} again`);
  return found instanceof Fault ? found : run.identities.decrypt(found);
}

async function noteLockOut(run: RekeyRun, bytes: Uint8Array): Promise<void> {
  if (run.locksOut) return;
  const written = readCiphertext(bytes);
  if (written instanceof Fault || (await run.identities.decrypt(written)) instanceof Fault)
    run.locksOut = true;
}

/**
 * Removes the draft that an earlier run left beside a file, unless this run made it: a link may name the same
 * file.
 */
async function clearUp({ repository: { root }, staged }: RekeyRun, path: RepositoryPath): Promise<void> {
  const realPath = confine(root, path);
  if (realPath instanceof Fault || staged.some((file) => file.path === realPath)) return;
  await clearStaged(realPath);
}
