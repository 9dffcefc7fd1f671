import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attention } from '../../../src/model/plan/plan.ts';
import { references } from '../../../src/model/reference-names.ts';
import { callApi } from '../../support/orders.ts';
import { interferingProxy } from '../../support/proxies/interfering-proxy.ts';
import {
  DE_REQUIREMENTS,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

/** Anybody with a key can give our references to something else. */

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

async function registrationDigest(): Promise<string> {
  const bytes = await readFile(join(repository.folder, 'documents/registration.pdf'));
  return createHash('sha256').update(bytes).digest('hex');
}

async function heldIds(): Promise<readonly string[]> {
  const { groups } = await repository.state();
  return groups.flatMap(({ regulatory_requirements }) =>
    regulatory_requirements.map(({ field_value }) => field_value),
  );
}

async function attention(): Promise<readonly Attention[]> {
  const { code, out, err } = await repository.run(['plan', '--format', 'json']);
  expect(code, err).toBe(0);
  return JSON.parse(out).attention;
}

async function expectConvergence(taken: string): Promise<void> {
  expect(await attention()).toContainEqual(
    expect.objectContaining({ code: 'reference-taken', message: expect.stringContaining(taken) }),
  );
  const applied = await repository.run(['apply', '--yes']);
  expect(applied.code, applied.out + applied.err).toBe(0);
  expect(await heldIds()).not.toContain(taken);
  const { code, out } = await repository.run(['plan', '--detailed-exitcode']);
  expect([code, out]).toEqual([0, expect.stringContaining('No changes.')]);
}

describe('what has our reference and is something else', () => {
  it('is a document that is never linked: the file is uploaded beside it', async () => {
    const { id } = await callApi<{ id: string }>(repository, 'POST', '/documents', {
      file: Buffer.from('%PDF-1.4\nsomething else\n%%EOF\n').toString('base64'),
      filename: 'other.pdf',
      customer_reference: references.document('acme', await registrationDigest()),
    });
    await expectConvergence(id);
    const digest = await registrationDigest();
    expect((await repository.state()).documents.filter(({ sha256 }) => sha256 === digest)).toHaveLength(1);
  });

  it('is an address that is never linked: ours is created beside it', async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const [ours] = (await repository.state()).addresses;
    const { id } = await callApi<{ id: string }>(repository, 'POST', '/addresses', {
      first_name: '',
      last_name: '',
      business_name: 'Somebody Else GmbH',
      street_address: 'Beispielweg 9',
      locality: 'Musterstadt',
      country_code: 'DE',
      customer_reference: ours?.customer_reference,
      address_book: false,
      validate_address: false,
    });
    const [group] = (await repository.state()).groups;
    await callApi(repository, 'PATCH', `/requirement_groups/${group?.id}`, {
      regulatory_requirements: [{ requirement_id: DE_REQUIREMENTS.address, field_value: id }],
    });
    await expectConvergence(id);
    expect(await heldIds()).toContain(ours?.id);
  });
});

describe('an answer that shows something else than was sent', () => {
  const id = '0c8a3b1e-0000-4000-8000-000000000001';

  it('to an upload is a failure, and nothing is linked', async () => {
    const env = await interferingProxy(repository, (method, path) =>
      method === 'POST' && path === '/documents'
        ? { status: 200, body: { data: { id, sha256: 'b'.repeat(64) } } }
        : null,
    );
    const { code, out } = await repository.run(['apply', '--yes'], { env });
    expect([code, out]).toEqual([4, expect.stringContaining(`stored document ${id} with other bytes`)]);
    expect(out).toContain('upload-differs');
    expect((await repository.state()).groups).toEqual([]);
  });

  it('where it does not show the digest, is seen when the document is read', async () => {
    const env = await interferingProxy(repository, (method, path) => {
      if (method === 'POST' && path === '/documents') return { status: 200, body: { data: { id } } };
      return path === `/documents/${id}`
        ? { status: 200, body: { data: { id, sha256: 'b'.repeat(64) } } }
        : null;
    });
    const { code, out } = await repository.run(['apply', '--yes'], { env });
    expect([code, out]).toEqual([4, expect.stringContaining('upload-differs')]);
    expect((await repository.state()).groups).toEqual([]);
  });

  it('to an address is a failure that names the fields, and no value', async () => {
    const body = { data: { id: '2473491569332717266', street_address: 'Beispielweg 9', country_code: 'DE' } };
    const env = await interferingProxy(repository, (method, path) =>
      method === 'POST' && path === '/addresses' ? { status: 200, body } : null,
    );
    const { code, out } = await repository.run(['apply', '--yes'], { env });
    expect([code, out]).toEqual([4, expect.stringContaining('address-differs')]);
    expect(out).toContain('`address: { id: "2473491569332717266" }`');
    expect(out).toMatch(/changed address \d+ when it stored it: [a-z_, ]*street_address/);
    expect(out).not.toMatch(/Beispielweg|Musterstraße/);
    expect((await repository.state()).groups).toEqual([]);
  });
});
