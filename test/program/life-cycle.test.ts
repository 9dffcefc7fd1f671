import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

async function apply(...args: string[]) {
  const result = await repository.run(['apply', '--yes', '--format', 'json', ...args]);
  return { ...result, report: JSON.parse(result.out) };
}

async function planned(...args: string[]): Promise<Plan> {
  return JSON.parse((await repository.run(['plan', '--format', 'json', ...args])).out);
}

const GROUP = 'regsync/acme/de-local';

describe('from manifests to approved groups', () => {
  it('creates what is missing, submits it, and has nothing left to do', async () => {
    const { code, report } = await apply();
    expect(code).toBe(0);
    expect(report.outcomes.map(({ name, status, operations }: never) => [name, status, operations])).toEqual([
      ['de-local', 'applied', ['upload', 'upload', 'create_address', 'create', 'submit']],
      ['fr-local', 'applied', ['upload', 'create', 'submit']],
    ]);
    const state = await repository.state();
    expect(state.groups.map(({ customer_reference, status }) => [customer_reference, status]).sort()).toEqual(
      [
        [GROUP, 'pending-approval'],
        ['regsync/acme/fr-local', 'pending-approval'],
      ],
    );
    expect(state.documents).toHaveLength(3);
    expect(state.addresses).toHaveLength(1);

    await repository.control('approve-all', {});
    const again = await repository.run(['plan', '--detailed-exitcode']);
    expect(again.code).toBe(0);
    expect(again.out.trimEnd().split('\n').at(-1)).toBe('No changes. 2 groups match their manifests.');
  });

  it('shares equal bytes: one upload serves two requirements', async () => {
    await apply();
    const group = (await repository.state()).groups.find((one) => one.customer_reference === GROUP);
    const values = new Map(
      group?.regulatory_requirements.map((entry) => [entry.requirement_id, entry.field_value]),
    );
    expect(values.get(DE_REQUIREMENTS.registration)).toBe(values.get(DE_REQUIREMENTS.form));
    expect(values.get(DE_REQUIREMENTS.proof)).not.toBe(values.get(DE_REQUIREMENTS.form));
  });

  it('patches only the requirement that changed', async () => {
    await apply();
    await repository.control('approve-all', {});
    await repository.write('groups/de.yaml', germanGroup({ contact: 'New desk, Example GmbH' }));
    await repository.forgetRequests();
    const { report } = await apply();
    const patches = (await repository.requests()).filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ body }) => body)).toEqual([
      {
        regulatory_requirements: [
          { requirement_id: DE_REQUIREMENTS.contact, field_value: 'New desk, Example GmbH' },
        ],
      },
    ]);
    expect(report.outcomes[0].operations).toEqual(['patch', 'submit']);
    expect((await planned()).changes).toEqual([]);
  });

  it('uploads a renewed document and nothing else', async () => {
    await apply();
    const path = join(repository.folder, 'documents/address-fr.png');
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.from('renewed')]));
    const { report } = await apply();
    expect(report.outcomes.find(({ name }: { name: string }) => name === 'fr-local').operations).toEqual([
      'upload',
      'patch',
      'submit',
    ]);
    expect((await planned()).changes).toEqual([]);
  });

  it('never submits declined content again, and shows what the reviewer wrote', async () => {
    await apply();
    await repository.control(`groups/decline?reference=${GROUP}`, {
      comment: 'The registration is illegible',
      requirement_ids: [DE_REQUIREMENTS.registration],
    });
    const plan = await planned();
    expect(plan.changes).toEqual([]);
    expect(plan.attention.map(({ message }) => message)).toEqual([
      'declined: Business Registration',
      expect.stringMatching(/^Reviewer on .{10}: "The registration is illegible"$/),
      'is under review',
    ]);
    const status = await repository.run(['status']);
    expect(status.out).toContain('reviewer');
    expect(status.out).toContain('The registration is illegible');
  });

  it('masks a value that a reviewer quotes', async () => {
    await apply();
    await repository.control(`groups/decline?reference=${GROUP}`, {
      comment: 'Who is "Compliance desk, Example GmbH"?',
    });
    for (const args of [['plan'], ['status'], ['plan', '--format', 'json'], ['status', '--format', 'json']]) {
      const { out, err } = await repository.run(args);
      expect(out + err).not.toContain('Compliance desk');
      expect(out).toContain('Who is');
    }
  });

  it.each(['unapprove', 'requirement-only', 'keep'])(
    'converges whatever a PATCH does to an approved group: %s',
    async (patch_effect) => {
      await repository.control('quirks', { patch_effect }, 'PATCH');
      await apply();
      await repository.control('approve-all', {});
      await repository.write('groups/de.yaml', germanGroup({ contact: 'New desk' }));
      expect((await apply()).code).toBe(0);
      expect((await planned()).changes).toEqual([]);
    },
  );

  it('reports a group whose PATCH Telnyx refuses as failed and leaves it as it is', async () => {
    await repository.control('quirks', { patch_effect: 'refuse' }, 'PATCH');
    await apply();
    await repository.write('groups/de.yaml', germanGroup({ contact: 'New desk' }));
    const { code, report } = await apply();
    expect(code).toBe(4);
    expect(report.outcomes[0]).toMatchObject({ name: 'de-local', status: 'failed', operations: [] });
    expect(report.outcomes[0].error).toMatchObject({
      code: 'refused-by-api',
      status: 422,
      source: { file: 'groups/de.yaml' },
    });
    expect(report.outcomes[0].error.request_id).toBeTruthy();
    expect((await planned()).changes.map(({ actions }) => actions)).toEqual([['update', 'submit']]);
  });

  it('uploads again when the group points to a document that is gone', async () => {
    await apply();
    const { documents } = await repository.state();
    await repository.control(`documents/${documents[0]?.id}`, undefined, 'DELETE');
    const { code } = await apply();
    expect(code).toBe(0);
    expect((await repository.state()).documents).toHaveLength(3);
    expect((await planned()).changes).toEqual([]);
  });
});

describe('requests', () => {
  it('a plan sends nothing but GET', async () => {
    await repository.run(['plan']);
    await repository.run(['status']);
    const methods = new Set((await repository.requests()).map(({ method }) => method));
    expect([...methods]).toEqual(['GET']);
  });

  it('groups, documents and addresses are read in pages of 250, never one by one', async () => {
    await apply();
    for (let index = 0; index < 600; index++) {
      await repository.control('groups', { customer_reference: `somebody else ${index}` });
    }
    await repository.forgetRequests();
    await repository.run(['plan']);
    const paths = (await repository.requests()).map(({ path }) => path);
    expect(paths.filter((path) => path === '/requirement_groups')).toHaveLength(3);
    expect(paths.filter((path) => path.startsWith('/requirement_groups/'))).toEqual([]);
    // One for each of the two groups that are not approved.
    expect(paths.filter((path) => path === '/comments')).toHaveLength(2);
    expect(paths.length).toBeLessThanOrEqual(3 + 1 + 1 + 1 + 4 + 2);
  });
});

describe('somebody else’s groups', () => {
  it('are neither touched nor mentioned', async () => {
    await repository.control('groups', { customer_reference: 'theirs', status: 'approved' });
    await repository.control('groups', { customer_reference: 'regsync/acme-2/de-local' });
    const before = (await repository.state()).groups;
    const { out } = await apply();
    expect(out).not.toContain('theirs');
    expect((await repository.state()).groups).toEqual(expect.arrayContaining([...before]));
    expect((await planned()).attention.filter(({ code }) => code === 'orphaned')).toEqual([]);
  });
});

describe('documents at Telnyx', () => {
  it('one that vanishes between look-up and PATCH is uploaded again in the same run', async () => {
    await apply();
    await repository.write(
      'groups/de.yaml',
      germanGroup().replaceAll('registration.pdf', 'local-address-proof.pdf'),
    );
    await repository.forgetRequests();
    // The documents are listed at once, the catalogue is slow: time enough for what was found to vanish.
    const path = '^/regulatory_requirements';
    await repository.control('faults', { kind: 'slow', ms: 3000, match: { method: 'GET', path } });
    const running = repository.run(['apply', '--yes', '--format', 'json']);
    const listed = async () =>
      (await repository.requests()).some(
        (request) => request.path === '/documents' && request.status === 200,
      );
    while (!(await listed())) await new Promise((again) => setTimeout(again, 5));
    for (const { id } of (await repository.state()).documents) {
      await repository.control(`documents/${id}`, undefined, 'DELETE');
    }
    const { code, out } = await running;
    expect(code, out).toBe(0);
    const outcome = JSON.parse(out).outcomes[0];
    expect(outcome.operations).toEqual(['upload', 'patch', 'submit']);
    expect(outcome.warnings[0]).toContain('had vanished');
  });

  it.each([1, 3])(
    'one that vanishes before anything links it is uploaded again, once for all that need it: --parallelism %i',
    async (parallelism) => {
      const names = ['fr-local', 'fr-north', 'fr-south'];
      for (const name of names.slice(1)) await repository.write(`groups/${name}.yaml`, frenchGroup({ name }));
      await repository.control('faults', {
        kind: 'slow',
        ms: 1500,
        match: { method: 'POST', path: '^/documents$' },
      });
      const targets = names.flatMap((name) => ['--target', name]);
      const many = ['--parallelism', String(parallelism)];
      const running = repository.run(['apply', '--yes', '--format', 'json', ...many, ...targets]);
      let documents: readonly { readonly id: string }[] = [];
      while (documents.length === 0) {
        await new Promise((again) => setTimeout(again, 10));
        ({ documents } = await repository.state());
      }
      await repository.control(`documents/${documents[0]?.id}`, undefined, 'DELETE');
      const { code, out } = await running;
      expect(code, out).toBe(0);
      const { outcomes } = JSON.parse(out) as { outcomes: Outcome[] };
      expect(outcomes.flatMap(({ operations }) => operations).sort()).toEqual([
        ...names.map(() => 'create'),
        ...names.map(() => 'submit'),
        'upload',
        'upload',
      ]);
      const warnings = outcomes.flatMap((outcome) => outcome.warnings);
      expect(warnings).toHaveLength(parallelism);
      for (const warning of warnings) expect(warning).toContain('was uploaded again');
      const state = await repository.state();
      expect(state.documents).toHaveLength(1);
      for (const { regulatory_requirements } of state.groups)
        expect(regulatory_requirements[0]?.field_value).toBe(state.documents[0]?.id);
      expect((await planned(...targets)).changes).toEqual([]);
    },
  );

  it('one that is not scanned yet is waited for where Telnyx refuses it', async () => {
    await repository.control('quirks', { unscanned_documents: 'refuse', scan_delay_seconds: 2 }, 'PATCH');
    const { code, out } = await apply('--target', 'fr-local');
    expect(code, out).toBe(0);
    expect((await planned('--target', 'fr-local')).changes).toEqual([]);
  });
});
