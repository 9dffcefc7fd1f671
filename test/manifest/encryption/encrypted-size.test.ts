import { describe, expect, it } from 'vitest';
import { armor } from '../../../src/manifest/encryption/ciphertext.ts';
import { openIdentities } from '../../../src/manifest/encryption/identities.ts';
import { readPlaintext } from '../../../src/manifest/encryption/read-plaintext.ts';
import { encryptFor } from '../../../src/manifest/encryption/recipients.ts';
import { newAgeKeyPair } from '../../support/age-keys.ts';
import { workspace } from '../workspace.ts';

async function encrypted(bytes: number) {
  const { identity, recipient } = await newAgeKeyPair();
  return {
    identities: openIdentities(async () => [identity]),
    file: await encryptFor([recipient], Buffer.alloc(bytes)),
  };
}

describe('an encrypted document', () => {
  it('that holds more than Telnyx takes is refused', async () => {
    const { identities, file } = await encrypted(20_000_001);
    const { root } = await workspace({ 'a.pdf.age': file });
    expect(await readPlaintext(root, 'a.pdf.age', identities)).toMatchObject({ code: 'too-large' });
  });

  it('of exactly 20,000,000 bytes is fine, in armor too', async () => {
    const { identities, file } = await encrypted(20_000_000);
    const { root } = await workspace({ 'a.pdf.age': armor(file).replaceAll('\n', '\r\n') });
    expect(await readPlaintext(root, 'a.pdf.age', identities)).toHaveLength(20_000_000);
  });
});
