import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armor } from '../../../src/manifest/encryption/ciphertext.ts';
import { encryptFor } from '../../../src/manifest/encryption/recipients.ts';
import { newAgeKeyPair, sha256 } from '../../support/age-keys.ts';
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({});
});
afterEach(() => repository.end());

function group(requirements: readonly string[]): string {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: de-local
country_code: DE
phone_number_type: local
action: ordering
requirements:
${requirements.map((value, index) => `  - requirement: Sample ${index}\n    ${value}\n`).join('')}`;
}

describe('regsync validate', () => {
  it('warns of all documents that are not encrypted in one line, with the places of some', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `bill-${index}.pdf`);
    for (const name of names) await repository.write(`documents/${name}`, '%PDF-1.7\n%%EOF\n');
    await repository.write(
      'groups/de.yaml',
      group(names.map((name) => `document: { file: ../documents/${name} }`)),
    );
    const { code, out, err } = await repository.run(['validate']);
    expect([code, out]).toEqual([0, 'Valid: 1 manifest file, 1 group.\n']);
    expect(err.match(/plaintext-document/g)).toHaveLength(1);
    expect(err).toContain(
      'groups/de.yaml:9:15  plaintext-document  warning: "documents/bill-0.pdf" is not encrypted',
    );
    expect(err).toContain('(and 11 more: groups/de.yaml:11, groups/de.yaml:13, ');
    const json = await repository.run(['validate', '--format', 'json']);
    expect(JSON.parse(json.out).diagnostics).toHaveLength(12);
    expect((await repository.run(['validate', '--quiet'])).err).toBe('');
    expect((await repository.run(['plan'])).err).not.toContain('plaintext-document');
  });

  it('warns of what is encrypted for others than the current recipients', async () => {
    const [old, next] = await Promise.all([newAgeKeyPair(), newAgeKeyPair()]);
    const file = await encryptFor([old.recipient], Buffer.from('x'));
    const lines = armor(file).trimEnd().split('\n');
    await repository.write('documents/bill.pdf.age', file);
    await repository.write(
      'groups/de.yaml',
      group([
        `document: { file: ../documents/bill.pdf.age, sha256: ${sha256('x')} }`,
        `text_from:\n      age: |\n${lines.map((line) => `        ${line}\n`).join('')}`,
      ]),
    );
    await repository.write('.regsync/recipients', old.recipient);
    expect((await repository.run(['validate'])).err).not.toContain('warning');
    await repository.write('.regsync/recipients', `${old.recipient}\n${next.recipient}\n`);
    const { code, err } = await repository.run(['validate']);
    expect(code).toBe(0);
    expect(err).toContain('groups/de.yaml:9:15  stale-recipients');
    expect(err).toContain('(and 1 more: groups/de.yaml:12)');
    await repository.run(['rekey'], { env: { REGSYNC_AGE_IDENTITY: old.identity } });
    expect((await repository.run(['validate'])).err).not.toContain('warning');
    await repository.write('.regsync/recipients', 'nobody\n');
    expect((await repository.run(['validate'])).err).toContain(
      '.regsync/recipients:1:1  invalid-recipient  warning',
    );
  });
});
