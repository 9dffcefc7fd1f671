import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  DE_REQUIREMENTS,
  openTestRepository,
  type SandboxGroup,
  type TestRepository,
} from '../../support/test-repository.ts';

/** A group with a document and an address of its own. */
const group = (
  name: string,
  number: number,
  contact = 'Compliance desk, Example GmbH',
) => `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
partial: true
requirements:
  - requirement: Contact Info
    text: "${contact}"
  - requirement: ${DE_REQUIREMENTS.registration}
    document: { file: ../documents/own-${number}.pdf }
  - requirement: ${DE_REQUIREMENTS.address}
    address: { business_name: Example GmbH, street_address: Beispielweg ${number}, locality: Berlin, country_code: DE }
`;

const NAMES = ['site-1', 'site-2', 'site-3', 'site-30'];
/** Five pages of 250. */
const OTHERS = 1100;
const THREE = ['--target', 'site-1', '--target', 'site-2', '--target', 'site-3'];

let repository: TestRepository;

beforeAll(async () => {
  repository = await openTestRepository(
    Object.fromEntries(NAMES.map((name, index) => [`groups/${name}.yaml`, group(name, index)])),
  );
  for (const index of NAMES.keys())
    await repository.write(`documents/own-${index}.pdf`, `%PDF-1.4\n% SAMPLE ${index}\n%%EOF\n`);
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  for (let number = 0; number < OTHERS; number += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => plant(`regsync/acme/other-${number + index}`, 'FR')),
    );
}, 120_000);
beforeEach(() => repository.forgetRequests());
afterAll(() => repository.end());

const plant = (reference: string, country: string) =>
  repository.control<SandboxGroup>('groups', {
    customer_reference: reference,
    country_code: country,
    status: 'approved',
  });

async function plan(...args: readonly string[]) {
  const { code, out, err } = await repository.run([
    'plan',
    '--format',
    'json',
    '--detailed-exitcode',
    ...args,
  ]);
  return { code, plan: JSON.parse(out), err };
}

async function asked(): Promise<string[]> {
  return (await repository.requests()).map(({ path, query }) => `${path}?${decodeURIComponent(query)}`);
}

const pagesOf = (path: string, requests: readonly string[]) =>
  requests.filter((request) => request.startsWith(`${path}?`) && !request.includes('filter')).length;

describe('A plan of three groups in an account of many', () => {
  it('takes a handful of requests, however many pages the account has, also while none is approved', async () => {
    const { code, plan: made } = await plan(...THREE);
    expect([code, made.summary.groups.unchanged]).toEqual([0, 3]);
    expect(made.attention.map(({ code }: { code: string }) => code)).not.toContain('orphaned');
    const requests = await asked();
    expect(requests.length).toBeLessThanOrEqual(15);
    expect(pagesOf('/requirement_groups', requests)).toBe(1);
    expect([pagesOf('/documents', requests), pagesOf('/addresses', requests)]).toEqual([0, 0]);
    const byReference = 'filter[customer_reference]=regsync/acme/site-1&';
    expect(requests.filter((request) => request.includes(byReference))).toHaveLength(1);
  });

  it('is applied from its file as narrowly, and leaves nothing to do', async () => {
    await repository.write('groups/site-2.yaml', group('site-2', 1, 'Front desk, Example GmbH'));
    const written = await plan(...THREE, '--out', 'plan.json');
    expect(written.plan.changes.map(({ name, actions }: never) => [name, actions])).toEqual([
      ['site-2', ['update']],
    ]);
    await repository.forgetRequests();
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
    expect(pagesOf('/requirement_groups', await asked())).toBe(1);
    const { groups } = await repository.state();
    const [changed] = groups.filter(({ customer_reference: text }) => text === 'regsync/acme/site-2');
    expect(changed?.regulatory_requirements.map(({ field_value }) => field_value)).toContain(
      'Front desk, Example GmbH',
    );
    expect(groups).toHaveLength(NAMES.length + OTHERS);
    expect((await plan(...THREE)).code).toBe(0);
  });

  it('notices a second group of one reference, and touches neither', async () => {
    const twin = await plant('regsync/acme/site-3', 'DE');
    const { plan: made } = await plan(...THREE);
    expect(pagesOf('/requirement_groups', await asked())).toBe(1);
    expect(made.diagnostics).toMatchObject([{ code: 'duplicate-groups', name: 'site-3' }]);
    expect(made.diagnostics[0].message).toContain(`id: ${twin.id}`);
    await repository.control(`groups/${twin.id}`, { customer_reference: null }, 'PATCH');
  });

  it('reads all groups before it creates one, and names the group that it would copy', async () => {
    const copied = await plant('regsync/other/site-new', 'DE');
    await repository.write('groups/site-new.yaml', group('site-new', 0));
    const { plan: made } = await plan('--target', 'site-new', '--target', 'site-1');
    expect(pagesOf('/requirement_groups', await asked())).toBeGreaterThan(4);
    expect(made.changes).toMatchObject([{ name: 'site-new', actions: expect.arrayContaining(['create']) }]);
    const [attention] = made.attention.filter(({ code }: { code: string }) => code === 'already-there');
    expect(attention.message).toContain(copied.id);
  });

  it('compares again what a filter answers that finds site-30 for site-3, too', async () => {
    await repository.control('quirks', { groups_reference_filter: 'contains' }, 'PATCH');
    const { code, plan: made } = await plan(...THREE);
    await repository.control('quirks', { groups_reference_filter: 'exact' }, 'PATCH');
    expect([code, made.summary.groups.unchanged]).toEqual([0, 3]);
    expect(pagesOf('/requirement_groups', await asked())).toBe(1);
  });

  it('calls no group unmanaged that a pull request does not touch, where it removes a manifest without a group', async () => {
    const before = await mkdtemp(join(tmpdir(), 'regsync-before-'));
    await cp(repository.folder, before, { recursive: true });
    await writeFile(join(before, 'groups/never.yaml'), group('never', 0));
    await writeFile(join(before, 'groups/site-1.yaml'), group('site-1', 0, 'Nobody, Example GmbH'));
    const args = ['ci', 'plan', '--format', 'json', '--changes', 'own', '--base', before];
    const { out, err } = await repository.run(args);
    const { options, attention } = JSON.parse(out || err);
    expect(options.changed.names).toEqual(['RequirementGroup/site-1']);
    expect(attention.map(({ code }: { code: string }) => code)).not.toContain('no-longer-managed');
    expect(pagesOf('/requirement_groups', await asked())).toBeGreaterThan(4);
    await rm(before, { recursive: true });
  });

  it('tells of the group whose manifest a change takes away, also if only a path is planned', async () => {
    const before = await mkdtemp(join(tmpdir(), 'regsync-before-'));
    await cp(repository.folder, before, { recursive: true });
    const gone = group('other-7', 0).replace('country_code: DE', 'country_code: FR');
    await writeFile(join(before, 'groups/other-7.yaml'), gone.slice(0, gone.indexOf('requirements:')));
    const args = ['ci', 'plan', '--format', 'json', '--base', before, 'groups/site-1.yaml'];
    const { out, err } = await repository.run(args);
    const { attention } = JSON.parse(out || err);
    expect(attention).toContainEqual(expect.objectContaining({ code: 'no-longer-managed', name: 'other-7' }));
    await rm(before, { recursive: true });
  });

  it('tells of orphans only where it is not narrowed', async () => {
    const { plan: made } = await plan();
    expect(made.attention.filter(({ code }: { code: string }) => code === 'orphaned')).toHaveLength(OTHERS);
  });
});
