import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Checkout, openCheckout } from '../../support/checkout.ts';
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts';

/** A plan of a change that parses only some manifests. A manifest that was broken before shows which it reads. */

const group = (name: string, contact: string, extra = '') => `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
partial: true
${extra}requirements:
  - requirement: Contact Info
    text: ${contact}, Example GmbH
  - requirement: Local Address
    address: berlin-office
`;
const ADDRESS = `apiVersion: regsync/v1
kind: Address
name: berlin-office
business_name: Example GmbH
street_address: Beispielweg 1
locality: Berlin
postal_code: "10117"
country_code: DE
`;
const BROKEN = 'apiVersion: regsync/v1\nkind: RequirementGroup\nname: broken-site\naction: order\n';
const NAMES = ['first-site', 'second-site', 'third-site'];

let repository: TestRepository;
let home: string;
let checkout: Checkout;
beforeEach(async () => {
  repository = await openTestRepository({
    ...Object.fromEntries(NAMES.map((name) => [`groups/${name}.yaml`, group(name, 'Compliance desk')])),
    'groups/address.yaml': ADDRESS,
    '.gitignore': '.regsync/\n*.json\n',
  });
  home = await mkdtemp(join(tmpdir(), 'regsync-home-'));
  checkout = await openCheckout(repository.folder, home);
  checkout.git('init', '--quiet', '--initial-branch=main');
  checkout.commit('Begin');
});
afterEach(async () => {
  await repository.end();
  await rm(home, { recursive: true, force: true });
});

const run = (...args: readonly string[]) => repository.run(args, { env: { HOME: home } });
const plan = (...args: readonly string[]) => run('plan', '--changed-since', 'main', ...args);

async function branch(files: Readonly<Record<string, string | null>>): Promise<void> {
  checkout.git('checkout', '--quiet', '-b', 'topic');
  await checkout.change(files);
  checkout.commit('Change');
}

async function applyAll(): Promise<void> {
  const { code, err } = await run('apply', '--yes', '--quiet');
  expect(code, err).toBe(0);
}

const CHANGE = { 'groups/first-site.yaml': group('first-site', 'Night desk') };

describe('A plan of a change that reads a part of the manifests', () => {
  it('is that of all manifests, byte for byte', async () => {
    await applyAll();
    await repository.write('tracked.json', '{}');
    checkout.git('add', '--force', 'tracked.json');
    checkout.commit('Track a file');
    await branch({ 'groups/address.yaml': ADDRESS.replace('Beispielweg 1', 'Beispielweg 2') });
    expect((await plan('--out', 'plan.json')).code).toBe(0);
    // A file that git tracks might be one that the manifests name, so this run reads them all.
    const { code, out, err } = await plan('--out', 'tracked.json', '--verbose');
    expect([code, err.includes('manifests parsed')]).toEqual([0, false]);
    expect(out).toContain('Plan: 0 to create, 3 to update, 0 to delete, 0 to submit.');
    const read = (file: string) => readFile(join(repository.folder, file), 'utf8');
    expect(await read('plan.json')).toBe(await read('tracked.json'));
  });

  it('may replace its plan file of before, but no file that a manifest names', async () => {
    const named = group('third-site', 'Compliance desk').replace(
      'text: Compliance desk, Example GmbH',
      'text_from: { file: ../documents/contact.json }',
    );
    await repository.write('groups/third-site.yaml', named);
    await repository.write('documents/contact.json', 'Compliance desk');
    checkout.commit('Name a file that git ignores');
    await applyAll();
    await checkout.change({ 'groups/broken.yaml': BROKEN });
    checkout.commit('Break another manifest');
    await branch(CHANGE);
    const first = await plan('--out', 'plan.json');
    expect([first.code, await plan('--out', 'plan.json')]).toEqual([0, first]);
    await checkout.change({ 'groups/broken.yaml': null });
    const { code, err } = await plan('--out', 'documents/contact.json');
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('--out cannot write to documents/contact.json: a file of your repository'),
    ]);
  });

  it('comes without the manifests that were broken before and that the change does not concern', async () => {
    await applyAll();
    await checkout.change({ 'groups/broken.yaml': BROKEN });
    checkout.commit('Break another manifest');
    await branch(CHANGE);
    const { code, out, err } = await plan('--detailed-exitcode', '--verbose');
    expect([code, err.split('\n').slice(0, 2)]).toEqual([
      2,
      ['Reading Telnyx for 1 group', 'files     2 of 5 with manifests parsed'],
    ]);
    expect(out).toContain('first-site');
    expect((await run('plan')).code).toBe(3);
    await repository.forgetRequests();
    const applied = await run('apply', '--yes', '--changed-since', 'main');
    expect([applied.code, await repository.requests()]).toEqual([3, []]);
  });

  it.each<[string, Readonly<Record<string, string | null>>, RegExp]>([
    ['breaks', { 'groups/second-site.yaml': BROKEN }, /second-site\.yaml:4/],
    [
      'leaves without what it refers to',
      { ...CHANGE, 'groups/address.yaml': ADDRESS.replace('berlin-office', 'berlin-branch') },
      /third-site\.yaml:12.*unknown address "berlin-office"/,
    ],
    [
      'names a second time',
      { 'groups/other.yaml': group('third-site', 'Night desk') },
      /"third-site" is already defined/,
    ],
    [
      'gives the reference of another',
      {
        'groups/first-site.yaml': group('first-site', 'Night desk', 'customer_reference: Site 3\n'),
        'groups/second-site.yaml': group('second-site', 'Night desk', 'customer_reference: Site 3\n'),
      },
      /the same reference, country, type and action as "first-site"/,
    ],
  ])('is refused if a manifest that the change %s is a mistake', async (_, files, expected) => {
    await applyAll();
    await branch(files);
    const { code, err } = await plan('--verbose');
    expect(code).toBe(3);
    expect(err).toMatch(expected);
    expect(err).not.toContain('manifests parsed');
  });

  it('asks for all manifests if one that it did not read pins its group', async () => {
    await applyAll();
    const [{ id } = { id: '' }] = (await repository.state()).groups.filter(
      ({ customer_reference: reference }) => reference === 'regsync/acme/first-site',
    );
    await checkout.change({
      'groups/pinned.yaml': group('pinned-site', 'Compliance desk', `id: ${id.toUpperCase()}\n`),
    });
    checkout.commit('Pin a group that another manifest means');
    await branch(CHANGE);
    const whole = await run('plan');
    const ofChange = await plan();
    expect(ofChange.code).toBe(whole.code);
    expect(ofChange.code).not.toBe(0);
    expect(ofChange.err).toContain('pinned-site');
  });

  it('gives notice of a manifest in the wrong folder', async () => {
    await applyAll();
    await branch({ ...CHANGE, 'group/new-site.yaml': group('new-site', 'Night desk') });
    const { code, err } = await plan('--verbose');
    expect(code).toBe(0);
    expect(err).toContain('group/new-site.yaml');
    expect(err).toContain('files     2 of 4 with manifests parsed');
  });

  it('gives notice of a manifest to which the change leaves no reference', async () => {
    await repository.write('groups/branch.yaml', ADDRESS.replace('berlin-office', 'berlin-branch'));
    const used = CHANGE['groups/first-site.yaml'].replace('berlin-office', 'berlin-branch');
    await repository.write('groups/first-site.yaml', used);
    checkout.commit('Use another address');
    await applyAll();
    await branch(CHANGE);
    const { code, err } = await plan('--verbose');
    expect(code).toBe(0);
    expect(err).toMatch(/groups\/branch\.yaml:3.*no requirement refers to the address "berlin-branch"/);
    expect(err).toContain('files     3 of 5 with manifests parsed');
  });

  it('leaves a mistake that Telnyx tells of to the reading of all manifests', async () => {
    await applyAll();
    const odd = group('first-site', 'Night desk').replace('Contact Info', 'Contact Infos');
    await branch({ 'groups/first-site.yaml': odd });
    const { code, err } = await plan('--verbose');
    expect(code).toBe(3);
    expect(err).toMatch(/groups\/first-site\.yaml:9.*"Contact Infos"/);
    expect(err).not.toContain('manifests parsed');
  });

  it('asks for all manifests if its group is not at Telnyx, which might be the copy of another', async () => {
    await branch(CHANGE);
    const { code, out, err } = await plan('--verbose');
    expect([code, out.includes('Plan: 1 to create')]).toEqual([0, true]);
    expect(err).not.toContain('manifests parsed');
  });

  it.each<[string, string]>([
    ['has a former scope, whose groups no manifest may mean', 'former_scope: old\n'],
    ['differs', 'limits: { max_deletes: 0 }\n'],
  ])('reads all manifests if the configuration %s', async (_, more) => {
    const config = `apiVersion: regsync/v1\nkind: Config\nscope: acme\n`;
    await applyAll();
    if (more.startsWith('former')) {
      await checkout.change({ 'regsync.yaml': `${config}${more}` });
      checkout.commit('Name the former scope');
    }
    await branch({ ...CHANGE, 'regsync.yaml': `${config}${more}` });
    const { code, out, err } = await plan('--verbose');
    expect([code, out.includes('1 to update')]).toEqual([0, true]);
    expect(err).not.toContain('manifests parsed');
  });

  it('counts the groups that it leaves unread', async () => {
    await applyAll();
    await branch(CHANGE);
    const { out } = await plan('--format', 'json');
    expect(JSON.parse(out).summary).toMatchObject({ not_looked_at: 2, groups: { update: 1, unchanged: 0 } });
  });
});
