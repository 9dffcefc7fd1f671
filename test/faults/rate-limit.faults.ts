import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openRepository } from './repository.ts';

/**
 * Two hundred groups against a bucket of ten requests a second: about eight hundred requests. The program's seconds are
 * twenty times shorter here, and so is the bucket's.
 */
const GROUPS = 200;
const BUCKET = { limit: 10, windowMs: 50 };

const repository = await prepareRepository();
afterAll(() => rm(repository, { recursive: true, force: true }));

describe('a bucket of ten requests a second', () => {
  it.each([
    { resetStyle: 'seconds', retryAfter: true },
    { resetStyle: 'seconds', retryAfter: false },
  ])('applies two hundred groups without a failure and with few refusals: %o', async (headers) => {
    const testRepository = await openRepository(repository, null);
    try {
      await testRepository.control('PUT', 'rate-limit', { ...BUCKET, ...headers });
      const { code, out } = await testRepository.run('apply', '--yes', '--no-lock', '--format', 'json');
      const requests = await testRepository.requests();
      const refused = requests.filter(({ status }) => status === 429).length;
      expect(code, await testRepository.transcript()).toBe(0);
      expect(JSON.parse(out).summary).toEqual({ applied: GROUPS, failed: 0, skipped: 0, unchanged: 0 });
      expect(requests.length).toBeGreaterThan(3 * GROUPS);
      expect(refused / requests.length).toBeLessThan(0.1);
    } finally {
      await testRepository.end();
    }
  });
});

async function prepareRepository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-faults-'));
  await mkdir(join(folder, 'groups'));
  await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
  await writeFile(join(folder, 'proof.pdf'), '%PDF-1.4\n% a sample, made for a rehearsal\n%%EOF\n');
  for (let index = 0; index < GROUPS; index++) {
    await writeFile(join(folder, `groups/fr-${index}.yaml`), manifest(`fr-${index}`));
  }
  return folder;
}

function manifest(name: string): string {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: FR
phone_number_type: local
action: ordering
requirements:
  - requirement: Proof of Address
    document: { file: ../proof.pdf }
`;
}
