import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../src/model/report/import.ts';
import { type ForeignAccount, foreignAccount, REQUIREMENTS } from '../../support/foreign-account.ts';
import { attachedGroup, callApi, PORTING_REQUIREMENTS, placeOrder } from '../../support/orders.ts';
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts';

let repository: TestRepository;
let account: ForeignAccount;
beforeEach(async () => {
  repository = await openTestRepository({});
  account = foreignAccount(repository.sandbox.url);
});
afterEach(() => repository.end());

const { contact, registration, proof, form, localAddress } = REQUIREMENTS;
const BERLIN = '+49300000001';
const MUNICH = '+49890000001';
const PARIS = '+33100000001';

async function german(reference: string, text = `Compliance desk of ${reference}`): Promise<string> {
  const papers = await account.upload(`papers of ${reference}`);
  const values = {
    [contact]: text,
    [registration]: papers,
    [proof]: papers,
    [form]: papers,
    [localAddress]: await account.address(),
  };
  return account.group('DE/local/ordering', values, reference);
}

async function porting(reference: string, number = '0000123456'): Promise<string> {
  const values = {
    [PORTING_REQUIREMENTS.contact]: 'Compliance desk, Example GmbH',
    [PORTING_REQUIREMENTS.letter]: await account.upload(`letter of ${reference}`),
    [PORTING_REQUIREMENTS.account]: number,
  };
  return account.group('DE/local/porting', values, reference);
}

async function port(group: string, given: object = {}): Promise<string> {
  const body = { phone_numbers: [BERLIN, MUNICH], ...given };
  const { id } = await repository.control<{ id: string }>('porting_orders', body);
  await callApi(repository, 'PATCH', `/porting_orders/${id}`, { requirement_group_id: group });
  return id;
}

async function setContact(subOrder = '', text = 'Somebody else'): Promise<void> {
  await callApi(repository, 'PATCH', `/sub_number_orders/${subOrder}`, {
    regulatory_requirements: [{ requirement_id: contact, field_value: text }],
  });
}

async function imported(...args: string[]): Promise<ImportReport> {
  await repository.forgetRequests();
  const { code, out, err } = await repository.run(['import', '--plaintext', '--format', 'json', ...args]);
  expect(code, out + err).toBe(0);
  return JSON.parse(out);
}

/** Ids of orders by the name of the group that they are attached to. */
async function attached(...args: string[]): Promise<Readonly<Record<string, readonly string[]>>> {
  const { imported: groups } = await imported(...args);
  return Object.fromEntries(groups.map(({ name, orders }) => [name, orders.map(({ id }) => id)]));
}

async function manifestOf(name: string): Promise<string> {
  return readFile(join(repository.folder, `groups/${name}.yaml`), 'utf8');
}

/** The next plan finds nothing, and neither it nor the import has written anything to Telnyx. */
async function expectNoChanges(): Promise<void> {
  const { code, out } = await repository.run(['plan', '--detailed-exitcode', '--format', 'json']);
  expect({ code, changes: JSON.parse(out).changes }).toEqual({ code: 0, changes: [] });
  expect(new Set((await repository.requests()).map(({ method }) => method))).toEqual(new Set(['GET']));
}

async function pathsAsked(): Promise<string[]> {
  return (await repository.requests()).map(({ path }) => path);
}

describe('an order that carries an imported group', () => {
  it('is attached in its manifest, with what it is as a comment, and the next plan is empty', async () => {
    const group = await german('crm 1');
    const { id, subOrders } = await placeOrder(repository, [BERLIN, MUNICH], group);
    await callApi(repository, 'PATCH', `/number_orders/${id}`, { customer_reference: 'ORDER 0001' });
    const before = await repository.state();
    const { imported: groups } = await imported();
    expect(groups).toMatchObject([
      {
        name: 'crm-1',
        orders: [{ kind: 'sub_number_order', id: subOrders.DE, status: 'pending', phone_numbers: 2 }],
      },
    ]);
    const manifest = await manifestOf('crm-1');
    expect(manifest).toContain(
      `attach:\n  # 2 phone numbers, pending, customer_reference "ORDER 0001"\n  - sub_number_order: ${subOrders.DE}\n`,
    );
    expect(manifest).not.toContain(BERLIN);
    await expectNoChanges();
    expect({ ...(await repository.state()), now: null }).toEqual({ ...before, now: null });
    expect((await repository.run(['status'])).out).toContain("carries the group's values");

    // From here on it follows.
    await repository.write('groups/crm-1.yaml', manifest.replace('Compliance desk of crm 1', 'Jo Example'));
    const { out } = await repository.run(['plan']);
    expect(out).toContain(`@  attach to sub number order ${subOrders.DE}`);
  });

  it('is said in the report', async () => {
    const { subOrders } = await placeOrder(repository, [BERLIN], await german('crm 1'));
    const { out } = await repository.run(['import', '--plaintext']);
    expect(out).toContain(`\n      @ sub number order ${subOrders.DE}  pending  1 phone number\n`);
  });

  it.each(['draft', 'in-process', 'exception'])('may be a porting order that is %s', async (status) => {
    const group = await porting('crm 1');
    const id = await port(group, { customer_reference: 'PORT 1', status });
    const { imported: groups } = await imported();
    expect(groups[0]?.orders).toEqual([{ kind: 'porting_order', id, status, phone_numbers: 2 }]);
    expect(await manifestOf('crm-1')).toContain(
      `attach:\n  # 2 phone numbers, ${status}, customer_reference "PORT 1"\n  - porting_order: ${id}\n`,
    );
    await expectNoChanges();
  });

  it.each(['bare', 'data'])(
    'may be an advanced order, which names its group, with %s answers',
    async (envelope) => {
      const group = await german('crm 1', 'Same desk');
      await german('crm 2', 'Same desk');
      await repository.control('quirks', { advanced_orders_envelope: 'data' }, 'PATCH');
      const { id } = await callApi<{ id: string }>(repository, 'POST', '/advanced_orders', {
        country_code: 'DE',
        quantity: 3,
        requirement_group_id: group,
      });
      await repository.control('quirks', { advanced_orders_envelope: envelope }, 'PATCH');
      const { imported: groups } = await imported();
      expect(groups.map(({ name, orders }) => [name, orders])).toEqual([
        ['crm-1', [{ kind: 'advanced_order', id, status: 'pending', phone_numbers: 3 }]],
        ['crm-2', []],
      ]);
      expect(await manifestOf('crm-1')).toContain(`  - advanced_order: ${id}\n`);
      await expectNoChanges();
    },
  );

  it('may have other values where they are approved, of which it keeps its own', async () => {
    const { subOrders } = await placeOrder(repository, [BERLIN], await german('crm 1'));
    await setContact(subOrders.DE);
    await repository.control(`sub_number_orders/${subOrders.DE}/approve`, { requirement_ids: [contact] });
    expect(await attached()).toEqual({ 'crm-1': [subOrders.DE] });
    await expectNoChanges();
  });

  it('may be declined: it is attached, and attention says what to change', async () => {
    const { subOrders } = await placeOrder(repository, [BERLIN], await german('crm 1'));
    await repository.control(`sub_number_orders/${subOrders.DE}/decline`, { requirement_ids: [contact] });
    expect(await attached()).toEqual({ 'crm-1': [subOrders.DE] });
    await expectNoChanges();
    expect((await repository.run(['plan'])).out).toContain('a reviewer declined "Contact Info"');
  });

  it('is found among many, with more numbers than come with it, however lists are paged', async () => {
    const group = await german('crm 1');
    const numbers = Array.from({ length: 53 }, (_, index) => `+4930000010${String(index).padStart(2, '0')}`);
    const large = await placeOrder(repository, numbers, group);
    const small: (string | undefined)[] = [];
    for (let index = 10; index < 34; index++) {
      small.push((await placeOrder(repository, [`+49890000${index}`], group)).subOrders.DE);
    }
    const expected = [large.subOrders.DE, ...small].sort();
    for (const quirks of [{}, { ignore_paging: ['sub_number_orders'], no_meta: true }]) {
      await repository.control('quirks', quirks, 'PATCH');
      await rm(join(repository.folder, 'groups'), { recursive: true, force: true });
      expect([...((await attached())['crm-1'] ?? [])].sort()).toEqual(expected);
    }
    await expectNoChanges();
  });

  it('is attached phone number by phone number where these were ordered with different groups', async () => {
    const groups = [await german('crm 1'), await german('crm 2')];
    const { id } = await callApi<{ id: string }>(repository, 'POST', '/number_orders', {
      phone_numbers: [
        { phone_number: BERLIN, requirement_group_id: groups[0] },
        { phone_number: MUNICH, requirement_group_id: groups[1] },
        { phone_number: '+49300000003' },
      ],
    });
    const order = await callApi<{ phone_numbers: { id: string }[] }>(
      repository,
      'GET',
      `/number_orders/${id}`,
    );
    const [first, second] = order.phone_numbers.map((number) => number.id);
    expect(await attached()).toEqual({ 'crm-1': [first], 'crm-2': [second] });
    expect(await manifestOf('crm-2')).toMatch(
      new RegExp(`  # 1 phone number, of the sub number order .*, pending\n  - phone_number: ${second}\n`),
    );
    await expectNoChanges();
  });

  it('needs no statuses where values are equal', async () => {
    await repository.control('quirks', { order_requirement_statuses: 'described' }, 'PATCH');
    const { subOrders } = await placeOrder(repository, [BERLIN], await german('crm 1'));
    expect(await attached()).toEqual({ 'crm-1': [subOrders.DE] });
    await expectNoChanges();
  });
});

describe('an order is not attached', () => {
  it('when it holds other values, or none yet', async () => {
    const group = await german('crm 1');
    await placeOrder(repository, [BERLIN]);
    const other = await placeOrder(repository, [MUNICH], group);
    await setContact(other.subOrders.DE);
    await repository.control('quirks', { order_fill_delay_seconds: 60 }, 'PATCH');
    await placeOrder(repository, ['+49300000003'], group);
    expect(await attached()).toEqual({ 'crm-1': [] });
    expect(await manifestOf('crm-1')).not.toContain('attach');
    await expectNoChanges();
  });

  it('when it is closed, or for other numbers', async () => {
    const group = await german('crm 1');
    const cancelled = await placeOrder(repository, [BERLIN], group);
    await repository.control(`number_orders/${cancelled.id}/cancel`, {});
    const approved = await placeOrder(repository, [MUNICH], group);
    await repository.control(`number_orders/${approved.id}/approve`, {});
    await placeOrder(repository, [PARIS]);
    await port(await porting('crm 2'), { status: 'draft' }).then((id) =>
      repository.control(`porting_orders/${id}/move`, { status: 'submitted' }),
    );
    expect(await attached()).toEqual({ 'crm-1': [], 'crm-2': [] });
    const asked = await pathsAsked();
    // Neither the order for Paris nor any closed one is looked into.
    expect(asked.filter((path) => /_orders\/./.test(path))).toEqual([]);
    await expectNoChanges();
  });

  it('when two groups have its values: that is said, and nothing is guessed', async () => {
    const values = {
      [contact]: 'Compliance desk, Example GmbH',
      [registration]: await account.upload('papers'),
      [proof]: await account.upload('bill'),
      [form]: await account.upload('form'),
      [localAddress]: await account.address(),
    };
    const first = await account.group('DE/local/ordering', values, 'crm 1');
    const second = await account.group('DE/local/ordering', values, 'crm 2');
    const { subOrders } = await placeOrder(repository, [BERLIN], first);
    const note = `sub number order ${subOrders.DE} may be for this group or for the group ${second} with the same values: not attached`;
    // Also where only one of them is imported.
    const { imported: groups } = await imported(first);
    expect(groups).toMatchObject([{ orders: [], notes: [expect.anything(), note] }]);
    const manifest = await manifestOf('crm-1');
    expect(manifest).toContain(`# ${note}\n`);
    expect(manifest).not.toContain('attach:');
    await expectNoChanges();
  });

  it('when a group has no value for something: it cannot have been given as it is', async () => {
    const group = await account.group('DE/local/ordering', { [contact]: 'Example GmbH' }, 'crm 1');
    const { subOrders } = await placeOrder(repository, [BERLIN]);
    await setContact(subOrders.DE, 'Example GmbH');
    expect((await repository.state()).groups.map(({ id }) => id)).toEqual([group]);
    expect(await attached()).toEqual({ 'crm-1': [] });
    await expectNoChanges();
  });

  it('when a manifest names it already, whole or in part', async () => {
    const group = await german('crm 1');
    const orders = [
      await placeOrder(repository, [BERLIN, '+49300000002'], group),
      await placeOrder(repository, [MUNICH], group),
      await placeOrder(repository, ['+49300000003', '+49300000004'], group),
    ];
    const entries = [
      { sub_number_order: orders[0]?.subOrders.DE ?? '' },
      { number_order: orders[1]?.id ?? '' },
      { phone_number: orders[2]?.numbers[0]?.id ?? '' },
    ];
    await repository.write('groups/de.yaml', attachedGroup(entries));
    // Of the third, the other number is still free.
    expect(await attached()).toEqual({ 'crm-1': [orders[2]?.numbers[1]?.id] });
    const { out, code } = await repository.run(['plan', '--format', 'json']);
    expect({ code, names: JSON.parse(out).changes.map(({ name }: { name: string }) => name) }).toEqual({
      code: 0,
      names: expect.not.arrayContaining(['crm-1']),
    });
  });

  it('with --no-orders: none is asked for', async () => {
    await placeOrder(repository, [BERLIN], await german('crm 1'));
    await port(await porting('crm 2'));
    expect(await attached('--no-orders')).toEqual({ 'crm-1': [], 'crm-2': [] });
    expect((await pathsAsked()).filter((path) => path.includes('order'))).toEqual([]);
    await expectNoChanges();
  });
});

describe('orders', () => {
  it('are asked for only as far as they could belong to what is imported', async () => {
    await placeOrder(repository, [BERLIN], await german('crm 1'));
    await account.group('FR/local/ordering', {}, 'crm 2');
    await imported('--country', 'FR');
    const asked = (await pathsAsked()).filter((path) => path.includes('order'));
    expect(asked).toEqual(['/sub_number_orders', '/advanced_orders']);
    await imported('--country', 'ES');
    expect((await pathsAsked()).filter((path) => path.includes('order'))).toEqual([]);
  });

  it('that the key may not read stop the import, which says how to do without', async () => {
    await german('crm 1');
    const match = { method: 'GET', path: '/sub_number_orders' };
    await repository.control('faults', { kind: 'status', status: 403, match });
    const { code, err } = await repository.run(['import', '--plaintext']);
    expect([code, err]).toEqual([7, expect.stringContaining('--no-orders')]);
    expect(await readdir(repository.folder)).not.toContain('groups');
  });

  it('that manifests name twice stop the import, like the plan', async () => {
    const group = await german('crm 1');
    const { id, subOrders } = await placeOrder(repository, [BERLIN], group);
    await repository.write('groups/a.yaml', attachedGroup([{ number_order: id }]));
    const entries = [{ sub_number_order: subOrders.DE ?? '' }];
    await repository.write('groups/b.yaml', attachedGroup(entries).replace('name: de-local', 'name: other'));
    const { code, err } = await repository.run(['import', '--plaintext']);
    expect(code).toBe(3);
    expect(err).toMatch(/groups\/b\.yaml:8:.*already belongs to number order/);
    expect((await readdir(join(repository.folder, 'groups'))).sort()).toEqual(['a.yaml', 'b.yaml']);
  });
});

describe('what somebody wrote into an order', () => {
  const HOSTILE = [
    ['another entry', 'a\n  - sub_number_order: 00000000-0000-4000-8000-000000000000'],
    ['another manifest', 'a\r\n---\nkind: RequirementGroup'],
    ['colours', '\u202e\u001b[31m#'],
    ['a path', '../../etc/passwd'],
    ['strange line ends', 'a\u2028b\u0085c'],
    ['a novel', 'x'.repeat(5000)],
  ] as const;

  it.each(HOSTILE)('is a comment of one line in the manifest, and nowhere else: %s', async (_, reference) => {
    const { id, subOrders } = await placeOrder(repository, [BERLIN], await german('crm 1'));
    await callApi(repository, 'PATCH', `/number_orders/${id}`, { customer_reference: reference });
    await repository.forgetRequests();
    const text = (await repository.run(['import', '--plaintext'])).out;
    expect(text).not.toMatch(/passwd|xxxx|31m|etc/);
    const manifest = await manifestOf('crm-1');
    const [, comment = ''] =
      manifest.match(/attach:\n( {2}# .*\n) {2}- sub_number_order: .*\nrequirements:/) ?? [];
    expect(comment).toMatch(/^ {2}# 1 phone number, pending, customer_reference "/);
    expect(comment.length).toBeLessThan(300);
    expect(comment.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(manifest).toContain(`- sub_number_order: ${subOrders.DE}\n`);
    await expectNoChanges();
  });

  it('as a value does not come back in an error', async () => {
    const { subOrders } = await placeOrder(repository, [BERLIN], await german('crm 1'));
    await setContact(subOrders.DE, 'Canary of an order');
    const fault = { kind: 'status', status: 404, body: 'echo', times: 99 };
    await repository.control('faults', { ...fault, match: { method: 'GET', path: 'download$' } });
    const { out, err } = await repository.run(['import', '--plaintext', '--verbose']);
    expect(out + err).not.toContain('Canary');
  });
});
