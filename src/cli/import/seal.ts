import type { GeneratedManifest } from '../../import/generate-manifests.ts';
import { type SealedTexts, textsToSeal } from '../../import/sealed.ts';
import { armor } from '../../manifest/encryption/ciphertext.ts';
import { InterruptedError } from '../../model/errors.ts';
import { count } from '../../render/words/wording.ts';
import type { ProgressLine } from '../session/progress.ts';
import type { Terminal } from '../session/terminal.ts';

/** Encrypts for the recipients of the repository. */
export type Encryptor = (content: Uint8Array) => Promise<Uint8Array>;

export async function openSeal(root: string): Promise<Encryptor> {
  const { encryptFor, readRecipients } = await import('../../manifest/encryption/recipients.ts');
  const recipients = await readRecipients(root);
  return (content) => encryptFor(recipients, content);
}

/** Encrypts each use of a text, before the manifests that contain them are composed. */
export async function sealTexts(
  { terminal, progress }: { readonly terminal: Terminal; readonly progress: ProgressLine },
  manifests: readonly GeneratedManifest[],
  seal: Encryptor,
): Promise<SealedTexts> {
  const texts = textsToSeal(manifests);
  if (texts.length > 0) progress.step(`Encrypting ${count(texts.length, 'text')}`);
  const byUse = new Map<string, string>();
  const plaintexts = new Map<string, string>();
  for (const { key, text } of texts) {
    if (terminal.signal.aborted) throw new InterruptedError('interrupted: nothing was written');
    const armored = armor(await seal(Buffer.from(text)));
    byUse.set(key, armored);
    plaintexts.set(armored, text);
  }
  return { byUse, plaintexts };
}
