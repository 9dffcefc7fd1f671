import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { heldOrders, numberOrder } from '../../support/number-orders.ts';
import { placeOrder } from '../../support/orders.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type SandboxGroup,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup(), 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

const planned = async (...args: string[]): Promise<Plan> =>
  JSON.parse((await repository.run(['plan', '--format', 'json', ...args])).out);
const groups = async () => (await repository.state()).groups;
const groupCalled = async (reference: string | null): Promise<SandboxGroup> => {
  const found = (await groups()).find(({ customer_reference }) => customer_reference === reference);
  if (found === undefined) throw new Error(`no group is called ${reference}`);
  return found;
};
const actionsOf = ({ changes }: Plan) =>
  Object.fromEntries(
    changes.filter(({ kind }) => kind === 'RequirementGroup').map(({ name, actions }) => [name, actions]),
  );
const attentionOf = ({ attention }: Plan, code: string) => attention.filter((entry) => entry.code === code);
const rescope = (...lines: string[]) =>
  repository.write('regsync.yaml', ['apiVersion: regsync/v1', 'kind: Config', ...lines, ''].join('\n'));
const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET');

async function applied(): Promise<void> {
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  await repository.control('approve-all', {});
  await repository.forgetRequests();
}

describe('a group that is there already', () => {
  beforeEach(applied);

  it('is named with its id: line when the manifest is renamed; with that line the plan is empty', async () => {
    const { id } = await groupCalled('regsync/acme/fr-local');
    await repository.write('groups/fr.yaml', frenchGroup({ name: 'paris' }));
    const plan = await planned();
    expect(actionsOf(plan)).toEqual({ paris: ['create', 'submit'] });
    expect(plan.applyable).toBe(true);
    expect(attentionOf(plan, 'already-there')).toEqual([
      {
        code: 'already-there',
        name: 'paris',
        message: `would be created, although group ${id} ("regsync/acme/fr-local", approved) is for FR/local/ordering and holds the same values. To keep that group, add this line to the manifest: id: ${id}`,
        source: { file: 'groups/fr.yaml', line: 1 },
      },
    ]);
    await repository.write('groups/fr.yaml', frenchGroup({ name: 'paris', extra: `id: ${id}\n` }));
    const kept = await planned();
    expect([kept.changes, kept.attention]).toEqual([[], []]);
  });

  it('is named when a manifest lost its id:, with documents, address and texts compared', async () => {
    const { id } = await groupCalled('regsync/acme/de-local');
    await repository.control(`groups/${id}`, { customer_reference: 'bought in 2024' }, 'PATCH');
    await repository.write('groups/de.yaml', germanGroup({ name: 'other' }));
    const [found] = attentionOf(await planned(), 'already-there');
    expect(found?.message).toContain(`id: ${id}`);
    await repository.write('groups/de.yaml', germanGroup({ name: 'other', contact: 'Somebody else' }));
    expect(attentionOf(await planned(), 'already-there')).toEqual([]);
  });

  it('is an orphan whose id: line is named when its manifest is renamed and edited in one go', async () => {
    const { id } = await groupCalled('regsync/acme/de-local');
    const line = `If "berlin" is its manifest, renamed, add this line there: id: ${id}`;
    await repository.write('groups/de.yaml', germanGroup({ name: 'berlin', contact: 'Somebody else' }));
    for (const gate of [[], ['--prune']]) {
      const [orphan] = attentionOf(await planned(...gate), 'orphaned');
      expect([orphan?.name, orphan?.message]).toEqual(['de-local', expect.stringContaining(line)]);
    }
    // Of two new groups nobody can tell which one it was.
    await repository.write('groups/de2.yaml', germanGroup({ name: 'bonn', contact: 'Nobody else' }));
    const [orphan] = attentionOf(await planned(), 'orphaned');
    expect(orphan?.message).not.toContain('id:');
  });

  it('is named with former_scope when the scope is changed', async () => {
    const { id } = await groupCalled('regsync/acme/fr-local');
    await rescope('scope: new');
    const plan = await planned();
    expect(plan.summary.groups.create).toBe(2);
    const found = attentionOf(plan, 'already-there');
    expect(found.map(({ name }) => name)).toEqual(['de-local', 'fr-local']);
    expect(found[1]?.message).toBe(
      `would be created, although group ${id} of the scope "acme" (approved) has this name. If this repository had that scope before, add this line below "scope" in regsync.yaml to keep the group: former_scope: acme`,
    );
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(2);
  });
});

describe('former_scope', () => {
  beforeEach(applied);

  it('adopts groups by name: references change, nothing else, and the next plan is empty', async () => {
    await rescope('scope: new', 'former_scope: acme');
    const before = await groups();
    const plan = await planned();
    expect(actionsOf(plan)).toEqual({ 'de-local': ['adopt'], 'fr-local': ['adopt'] });
    expect(plan.changes[1]?.patch).toEqual([
      { op: 'replace', path: '/customer_reference', value: 'regsync/new/fr-local' },
    ]);
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect((await writes()).map(({ method, path }) => [method, path]).sort()).toEqual(
      before.map(({ id }) => ['PATCH', `/requirement_groups/${id}`]).sort(),
    );
    const after = await groups();
    expect(after.map(({ id, status }) => [id, status])).toEqual(before.map(({ id }) => [id, 'approved']));
    expect(after.map(({ customer_reference }) => customer_reference).sort()).toEqual([
      'regsync/new/de-local',
      'regsync/new/fr-local',
    ]);
    const next = await planned();
    expect([next.changes, next.attention]).toEqual([[], []]);
    await rescope('scope: new');
    const without = await planned();
    expect([without.changes, without.attention]).toEqual([[], []]);
  });

  it('is finished by a second run when the first one was stopped half way', async () => {
    await rescope('scope: new', 'former_scope: acme');
    await repository.run(['plan', '--out', 'plan.json']);
    const { id } = await groupCalled('regsync/acme/de-local');
    await repository.control('faults', {
      kind: 'status',
      status: 422,
      body: 'json',
      match: { method: 'PATCH', path: id },
    });
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(4);
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
    expect((await planned()).changes).toEqual([]);
    expect(await groups()).toHaveLength(2);
  });

  it('adopts an order that a manifest names by its id, too', async () => {
    const { id } = await placeOrder(repository, ['+49300000001']);
    const path = `number_orders/${id}`;
    await repository.control(path, { customer_reference: 'regsync/acme/order/old-name' }, 'PATCH');
    await repository.write('groups/order.yaml', numberOrder({ name: 'berlin', extra: `id: ${id}\n` }));
    await rescope('scope: new');
    expect((await repository.run(['plan', '--target', 'berlin'])).code).toBe(5);
    await rescope('scope: new', 'former_scope: acme');
    expect((await planned()).changes.map(({ kind, actions }) => [kind, actions])).toEqual([
      ['RequirementGroup', ['adopt']],
      ['RequirementGroup', ['adopt']],
      ['NumberOrder', ['adopt']],
    ]);
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect((await heldOrders(repository)).map(({ customer_reference }) => customer_reference)).toEqual([
      'regsync/new/order/berlin',
    ]);
    await rescope('scope: new');
    expect((await planned()).changes).toEqual([]);
  });

  it('leaves a group without a manifest alone, --prune or not, and says so', async () => {
    await rescope('scope: new', 'former_scope: acme');
    await rm(join(repository.folder, 'groups/fr.yaml'));
    const { id } = await groupCalled('regsync/acme/fr-local');
    const plan = await planned('--prune');
    expect(actionsOf(plan)).toEqual({ 'de-local': ['adopt'] });
    const [left] = attentionOf(plan, 'former-scope');
    expect(left?.name).toBe('fr-local');
    expect(left?.message).toContain(
      `group ${id} (FR/local/ordering, approved) of the former scope "acme" is left alone`,
    );
    expect((await repository.run(['apply', '--yes', '--prune'])).code).toBe(0);
    expect(await groupCalled('regsync/acme/fr-local')).toMatchObject({ id });
  });

  it('adopts what each shard has, and each group in one shard only', async () => {
    await rescope('scope: new', 'former_scope: acme');
    const adopted = await Promise.all(
      ['1/2', '2/2'].map(async (shard) => actionsOf(await planned('--shard', shard))),
    );
    expect(adopted.flatMap((names) => Object.keys(names)).sort()).toEqual(['de-local', 'fr-local']);
    for (const shard of ['1/2', '2/2'])
      expect((await repository.run(['apply', '--yes', '--shard', shard])).code).toBe(0);
    expect((await planned()).changes).toEqual([]);
  });

  it('counts what it adopts as owned, so that a replacement is measured against all of them', async () => {
    await rescope('scope: new', 'former_scope: acme', 'limits: { max_deletes: 0 }');
    await repository.write('groups/fr.yaml', germanGroup({ name: 'fr-local', contact: 'Somebody else' }));
    const plan = await planned('--allow-replace');
    // Another country is another group: what the former scope has stays.
    expect(actionsOf(plan)).toEqual({ 'de-local': ['adopt'], 'fr-local': ['create', 'submit'] });
    expect(plan.diagnostics).toEqual([]);
    expect(attentionOf(plan, 'former-scope').map(({ name }) => name)).toEqual(['fr-local']);
  });

  it.each([
    ['the scope itself', ['scope: acme', 'former_scope: acme'], 'regsync.yaml:4:15  former-scope-in-use'],
    ['no scope at all', ['scope: acme', 'former_scope: Acme!'], 'must be up to 32 lowercase letters'],
  ])('is refused where it is %s', async (_, lines, message) => {
    await rescope(...lines);
    const { code, err } = await repository.run(['plan']);
    expect([code, err]).toEqual([3, expect.stringContaining(message)]);
  });
});

describe('several groups with one reference', () => {
  let rivals: readonly string[];
  beforeEach(async () => {
    await applied();
    const older = await groupCalled('regsync/acme/fr-local');
    await repository.control('clock', { advance_seconds: 3 * 86_400 });
    const younger = await repository.control<SandboxGroup>('groups', {
      country_code: 'FR',
      customer_reference: 'regsync/acme/fr-local',
    });
    rivals = [older.id, younger.id];
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Another desk' }));
  });

  it('stop their own manifest: the plan shows the others, and names each of them with its line', async () => {
    const { code, out } = await repository.run(['plan', '--format', 'json']);
    const plan: Plan = JSON.parse(out);
    expect([code, plan.applyable]).toEqual([0, true]);
    expect(actionsOf(plan)).toEqual({ 'de-local': ['update', 'submit'] });
    const [only, ...others] = plan.diagnostics;
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      severity: 'error',
      code: 'duplicate-groups',
      kind: 'RequirementGroup',
      name: 'fr-local',
      source: { file: 'groups/fr.yaml', line: 1 },
    });
    for (const id of rivals) expect(only?.message).toContain(`"id: ${id}" (`);
    expect(only?.message).toMatch(/approved, made .*Z\) or .*unapproved, made today, /);
    expect(plan.summary.groups.unchanged).toBe(0);
  });

  it('fail their own manifest: the others are applied, exit 4', async () => {
    const { code, out } = await repository.run(['apply', '--yes', '--format', 'json']);
    expect(code).toBe(4);
    const { outcomes, summary } = JSON.parse(out);
    expect(summary).toMatchObject({ applied: 1, failed: 1 });
    expect(outcomes.find(({ status }: Outcome) => status === 'failed')).toMatchObject({
      kind: 'RequirementGroup',
      name: 'fr-local',
      operations: [],
      error: { code: 'duplicate-groups', source: { file: 'groups/fr.yaml', line: 1 } },
    });
    expect((await writes()).filter(({ path }) => rivals.some((id) => path.includes(id)))).toEqual([]);
  });

  it('are nobody’s trouble where another group is meant', async () => {
    const { code, err } = await repository.run(['apply', '--yes', '--target', 'de-local']);
    expect([code, err]).toEqual([0, expect.not.stringContaining('fr-local')]);
  });

  it('are settled by the id: line; the other one is an orphan then', async () => {
    const [older = '', younger] = rivals;
    await repository.write('groups/fr.yaml', frenchGroup({ extra: `id: ${older}\n` }));
    const plan = await planned();
    expect(plan.diagnostics).toEqual([]);
    expect(attentionOf(plan, 'orphaned').map(({ message }) => message)).toEqual([
      expect.stringContaining(younger ?? ''),
    ]);
    await repository.write('groups/de.yaml', germanGroup());
    const { code, out } = await repository.run(['apply', '--yes', '--prune']);
    // The orphan has the name of a manifest, whose own group is unchanged.
    expect([code, out]).toEqual([0, expect.stringContaining('1 applied, 0 failed, 0 skipped, 2 unchanged.')]);
    expect((await groups()).map(({ id }) => id)).not.toContain(younger);
  });

  it('are told in the last line of a plan that has nothing else to do', async () => {
    await repository.write('groups/de.yaml', germanGroup());
    const said = 'No changes. 1 group matches its manifest; 1 left out, see the error.';
    expect((await repository.run(['plan'])).out).toContain(`\n${said}\n`);
    expect((await repository.run(['plan', '--format', 'markdown'])).out).toContain(
      `⚠️ **regsync plan** · ${said}`,
    );
  });

  it('are no orphans: --prune deletes neither of them', async () => {
    expect((await repository.run(['apply', '--yes', '--prune'])).code).toBe(4);
    expect((await groups()).map(({ id }) => id)).toEqual(expect.arrayContaining([...rivals]));
  });

  it('keep an order from being placed, and no other order', async () => {
    await repository.write(
      'groups/order.yaml',
      [
        'apiVersion: regsync/v1',
        'kind: NumberOrder',
        'name: waits',
        'requirement_group: fr-local',
        'phone_numbers: ["+33100000001"]',
        '',
      ].join('\n'),
    );
    const plan = await planned('--allow-orders');
    expect(plan.diagnostics.map(({ code, name }) => [code, name])).toEqual([
      ['duplicate-groups', 'fr-local'],
      ['order-waits-for-group', 'waits'],
    ]);
    expect(plan.applyable).toBe(true);
    const { code, out } = await repository.run(['apply', '--yes', '--allow-orders', '--format', 'json']);
    expect(code).toBe(4);
    expect(JSON.parse(out).outcomes.map(({ kind, name, status }: Outcome) => [kind, name, status])).toEqual([
      ['RequirementGroup', 'de-local', 'applied'],
      ['RequirementGroup', 'fr-local', 'failed'],
      ['NumberOrder', 'waits', 'skipped'],
    ]);
    const alone = await repository.run(['apply', '--yes', '--allow-orders', '--target', 'waits']);
    expect([alone.code, alone.out]).toEqual([4, expect.stringContaining('1 skipped')]);
    expect((await writes()).filter(({ path }) => path.includes('number_orders'))).toEqual([]);
  });

  it('are said in status and in the comment for review, whose plan can be applied', async () => {
    const { code, err } = await repository.run(['status']);
    expect([code, err]).toEqual([0, expect.stringContaining('groups/fr.yaml:1:1  duplicate-groups')]);
    const { out } = await repository.run(['plan', '--format', 'markdown']);
    expect(out).toContain('**Left out of this plan.**');
    expect(out).not.toContain('a gate is closed');
    expect((await repository.run(['ci', 'drift'])).out).toContain('Left out of this plan');
  });

  it('are covered for import, which goes on with the rest of the account', async () => {
    const other = await repository.control<SandboxGroup>('groups', {
      country_code: 'FR',
      customer_reference: 'bought in 2024',
    });
    const { code, out } = await repository.run(['import', '--plaintext', '--format', 'json']);
    const report = JSON.parse(out);
    const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
    expect([code, idsOf(report.imported)]).toEqual([0, [other.id]]);
    expect(idsOf(report.skipped)).toEqual(expect.arrayContaining([...rivals]));
  });
});

describe('a manifest that is deleted in the change under review', () => {
  it('has its group named, whatever its reference, and as long as no manifest manages it', async () => {
    const { id } = await repository.control<SandboxGroup>('groups', {
      country_code: 'FR',
      customer_reference: 'bought in 2024',
    });
    const imported = frenchGroup({ name: 'imported', extra: `id: ${id}\n` });
    await repository.write('groups/imported.yaml', imported);
    await applied();
    for (const path of ['regsync.yaml', 'documents/address-fr.png', 'documents/registration.pdf'])
      await repository.write(`base/${path}`, await contentOf(path));
    await repository.write(
      'base/documents/local-address-proof.pdf',
      await contentOf('documents/local-address-proof.pdf'),
    );
    await repository.write('base/groups/fr.yaml', frenchGroup());
    await repository.write('base/groups/de.yaml', germanGroup());
    await repository.write('base/groups/imported.yaml', imported);
    const review = async (...args: string[]): Promise<Plan> =>
      JSON.parse((await repository.run(['ci', 'plan', '--base', 'base', '--format', 'json', ...args])).out);
    expect(attentionOf(await review(), 'no-longer-managed')).toEqual([]);

    await rm(join(repository.folder, 'groups/imported.yaml'));
    await rm(join(repository.folder, 'groups/fr.yaml'));
    const owned = await groupCalled('regsync/acme/fr-local');
    const plan = await review();
    expect(plan.changes).toEqual([]);
    expect(attentionOf(plan, 'no-longer-managed')).toEqual([
      {
        code: 'no-longer-managed',
        name: 'fr-local',
        message: `group ${owned.id} (FR/local/ordering, approved) was managed by "fr-local" in groups/fr.yaml, and no manifest manages it now: regsync no longer watches its status and its dates. To keep it managed, restore the manifest with this line: id: ${owned.id}. To delete it, use --prune.`,
      },
      {
        code: 'no-longer-managed',
        name: 'imported',
        message: `group ${id} (FR/local/ordering, approved) was managed by "imported" in groups/imported.yaml, and no manifest manages it now: regsync no longer watches its status and its dates. To keep it managed, restore the manifest with this line: id: ${id}. If nobody needs it, delete it at Telnyx.`,
      },
    ]);
    const pruned = await review('--prune', '--allow-delete', 'fr-local');
    expect(attentionOf(pruned, 'no-longer-managed').map(({ name }) => name)).toEqual(['imported']);

    await repository.write('groups/again.yaml', frenchGroup({ name: 'again', extra: `id: ${id}\n` }));
    expect(attentionOf(await review(), 'no-longer-managed').map(({ name }) => name)).toEqual(['fr-local']);
  });
});

async function contentOf(path: string): Promise<Buffer> {
  return readFile(join(repository.folder, path));
}

describe('a gate that opens nothing says so', () => {
  beforeEach(async () => {
    await applied();
    await repository.control('groups', { country_code: 'FR', customer_reference: 'regsync/acme/acme-ams' });
    await repository.control('approve-all', {});
    await repository.control('groups', { country_code: 'FR', customer_reference: 'regsync/acme/left' });
  });

  it.each([
    [['--allow-delete', 'acme-am', '--prune'], 'no orphan has this name. Did you mean "acme-ams"?'],
    [['--allow-delete', 'zzz', '--prune'], 'no orphan has this name. The orphans are: acme-ams, left.'],
    [['--allow-delete', 'fr-local', '--prune'], 'a manifest has this name.'],
    [['--allow-delete', 'acme-ams'], 'it needs --prune.'],
    [['--prune', '--target', 'fr-local'], '--prune deletes nothing beside --target'],
    [['--prune', '--shard', '1/2'], '--prune deletes nothing beside --shard'],
    [['--prune', 'groups/fr.yaml'], '--prune deletes nothing beside paths'],
  ])('%j: %s', async (args, message) => {
    const { code, out } = await repository.run(['plan', ...args]);
    expect([code, out]).toEqual([0, expect.stringContaining(`warning: `)]);
    expect(out).toContain(message);
  });

  it('and nothing where it opens something, or may stay open in every run', async () => {
    for (const args of [
      ['--prune', '--allow-delete', 'acme-ams'],
      ['--allow-replace', '--allow-orders'],
    ])
      expect((await planned(...args)).diagnostics).toEqual([]);
  });
});
