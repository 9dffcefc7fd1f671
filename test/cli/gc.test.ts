import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitAfter } from '../../src/cli/gc.ts';
import { REQUIREMENTS } from '../support/foreign-account.ts';
import { numberOrder } from '../support/number-orders.ts';
import { callApi, placeOrder } from '../support/orders.ts';
import { buildWithClocks } from '../support/programs/builds.ts';
import { changingProxy } from '../support/proxies/changing-proxy.ts';
import { interferingProxy } from '../support/proxies/interfering-proxy.ts';
import { germanGroup, openTestRepository, type TestRepository } from '../support/test-repository.ts';

/** What is tried again is tried again soon. */
const build = buildWithClocks(0.2);

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() }, 'here', build);
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(() => repository.end());

/** Another address and another document than before; the old ones are left behind. */
async function moveHouse(number = 2): Promise<void> {
  const moved = germanGroup()
    .replace('Musterstraße 1', `Musterstraße ${number}`)
    .replaceAll('registration.pdf', 'local-address-proof.pdf');
  await repository.write('groups/de.yaml', moved);
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
}

/** Two addresses that nothing holds any more, long enough ago. */
async function leaveTwoBehind(): Promise<void> {
  for (const number of [2, 3]) await moveHouse(number);
  await repository.control('clock', { advance_seconds: 3600 });
}

/** One more address that nothing has ever held, long enough ago. */
async function leaveOneBehind(): Promise<void> {
  await callApi(repository, 'POST', '/addresses', {
    business_name: 'Example GmbH',
    street_address: 'Musterstraße 9',
    locality: 'Berlin',
    postal_code: '10115',
    country_code: 'DE',
    validate_address: false,
    customer_reference: 'regsync/acme/addr/0',
  });
  await repository.control('clock', { advance_seconds: 3600 });
}

function spanishPorting(street: string): string {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: es-porting
country_code: ES
phone_number_type: local
action: porting
requirements:
  - requirement: ${REQUIREMENTS.spanishTax}
    text: "X0000000X"
  - requirement: ${REQUIREMENTS.localAddress}
    address:
      business_name: Example SL
      street_address: ${street}
      locality: Madrid
      postal_code: "28001"
      country_code: ES
`;
}

async function listed(): Promise<readonly { kind: string; id: string; reference: string }[]> {
  return JSON.parse((await repository.run(['gc', '--format', 'json'])).out).garbage;
}

/** Paths below those of orders, since the requests were last forgotten. */
async function ordersAsked(): Promise<string[]> {
  return (await repository.requests()).filter(({ path }) => path.includes('order')).map(({ path }) => path);
}

describe('gc', () => {
  it('finds nothing while groups hold everything', async () => {
    const { code, out } = await repository.run(['gc']);
    expect(code).toBe(0);
    expect(out).toContain('Nothing to delete');
    // Nothing is in question, so that no order is asked.
    expect(await ordersAsked()).toEqual([]);
  });

  it('lists without deleting, and with --yes deletes what nothing refers to', async () => {
    await moveHouse();
    await repository.control('clock', { advance_seconds: 29 * 60 });
    expect(await listed()).toEqual([]);
    // The server's clock is read to the second.
    await repository.control('clock', { advance_seconds: 61 });
    await repository.forgetRequests();
    expect((await listed()).map(({ kind }) => kind)).toContain('Address');
    expect((await repository.requests()).every(({ method }) => method === 'GET')).toBe(true);

    const { code, out } = await repository.run(['gc', '--yes']);
    expect(code).toBe(0);
    expect(out).toContain('0 failed');
    expect((await repository.state()).addresses).toHaveLength(1);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    expect(await listed()).toEqual([]);
  });

  it('keeps what a manifest wants, and what is not of the scope', async () => {
    await repository.write('groups/de.yaml', germanGroup({ name: 'other' }));
    const [group] = (await repository.state()).groups;
    const answer = await fetch(`${repository.sandbox.url}/requirement_groups/${group?.id}`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer KEYsample' },
    });
    expect(answer.status).toBe(200);
    await repository.control('clock', { advance_seconds: 1200 });
    const before = await repository.state();
    expect((await repository.run(['gc', '--yes'])).code).toBe(0);
    expect((await repository.state()).addresses).toEqual(before.addresses);
  });

  it('keeps what a manifest means by its id, though nothing at Telnyx holds it yet', async () => {
    const [group] = (await repository.state()).groups;
    const { id } = await placeOrder(repository, ['+49300000001'], group?.id);
    await moveHouse();
    await repository.control('clock', { advance_seconds: 3600 });
    await repository.control(`number_orders/${id}/cancel`, {});
    const [address, letter] = await listed();
    expect([address?.kind, letter?.kind]).toEqual(['Address', 'Document']);

    const stated = germanGroup({ name: 'de-second' });
    const own = stated.slice(0, stated.indexOf('address:'));
    await repository.write(
      'groups/second.yaml',
      `${own.replaceAll('{ file: ../documents/registration.pdf }', `{ id: ${letter?.id.toUpperCase()} }`)}address: { id: "${address?.id}" }\n`,
    );
    expect(await listed()).toEqual([]);
    const before = await repository.state();
    expect((await repository.run(['gc', '--yes'])).code).toBe(0);
    expect(await repository.state()).toMatchObject({
      addresses: before.addresses,
      documents: before.documents,
    });
  });

  it('keeps an address that a porting order, or the manifest of one, is to set on its numbers', async () => {
    const [{ id: address } = { id: '' }] = (await repository.state()).addresses;
    const { id } = await repository.control<{ id: string }>('porting_orders', {
      phone_numbers: ['+49300000001'],
    });
    const configuration = { phone_number_configuration: { emergency_address_id: address } };
    await moveHouse();
    await repository.control('clock', { advance_seconds: 7200 });
    expect((await listed()).map(({ kind }) => kind)).toContain('Address');

    await repository.write(
      'groups/port.yaml',
      `apiVersion: regsync/v1\nkind: PortingOrder\nname: port\nid: ${id}\nphone_number_configuration:\n  emergency_address_id: "${address}"\n`,
    );
    expect((await listed()).map(({ kind }) => kind)).not.toContain('Address');
    await rm(join(repository.folder, 'groups/port.yaml'));

    await callApi(repository, 'PATCH', `/porting_orders/${id}`, configuration);
    for (const status of ['draft', 'submitted', 'ported']) {
      await repository.control(`porting_orders/${id}/move`, { status });
      expect((await listed()).map(({ kind }) => kind)).not.toContain('Address');
    }
    await repository.control(`porting_orders/${id}/move`, { status: 'cancelled' });
    expect((await listed()).map(({ kind }) => kind)).toContain('Address');
  });

  it('keeps an address that stands in an order only, until that is cancelled', async () => {
    const [group] = (await repository.state()).groups;
    const { id } = await placeOrder(repository, ['+49300000001'], group?.id);
    await moveHouse();
    await repository.control('clock', { advance_seconds: 3600 });
    await repository.forgetRequests();
    expect(await listed()).toEqual([]);
    expect((await ordersAsked()).sort()).toEqual(['/number_order_phone_numbers', '/porting_orders']);
    expect((await repository.run(['gc', '--yes'])).code).toBe(0);
    expect((await repository.state()).addresses).toHaveLength(2);

    await repository.control(`number_orders/${id}/cancel`, {});
    expect((await listed()).map(({ kind }) => kind)).toEqual(['Address', 'Document']);
    const { code, out } = await repository.run(['gc', '--yes']);
    expect([code, out]).toEqual([0, expect.stringContaining('gc: 2 deleted, 0 failed.')]);
    expect((await repository.state()).addresses).toHaveLength(1);
  });

  it('keeps an address under which a number was delivered', async () => {
    const [group] = (await repository.state()).groups;
    const { id } = await placeOrder(repository, ['+49300000001'], group?.id);
    await repository.control(`number_orders/${id}/approve`, {});
    await moveHouse();
    await repository.control('clock', { advance_seconds: 3600 });
    expect(await listed()).toEqual([]);
  });

  it('keeps an address that stands in a porting order only, until it is cancelled', async () => {
    const [spanish, moved] = ['Calle Ejemplo 1', 'Calle Ejemplo 2'].map(spanishPorting);
    await repository.write('groups/es.yaml', spanish ?? '');
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const group = (await repository.state()).groups.find(({ country_code }) => country_code === 'ES');
    const { id } = await repository.control<{ id: string }>('porting_orders', {
      phone_numbers: ['+34910000001'],
    });
    await callApi(repository, 'PATCH', `/porting_orders/${id}`, { requirement_group_id: group?.id });
    await repository.write('groups/es.yaml', moved ?? '');
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.control('clock', { advance_seconds: 3600 });
    for (const status of ['draft', 'submitted', 'foc-date-confirmed', 'paused', 'ported']) {
      await repository.control(`porting_orders/${id}/move`, { status });
      expect(await listed()).toEqual([]);
    }
    await repository.control(`porting_orders/${id}/move`, { status: 'cancelled' });
    expect((await listed()).map(({ kind }) => kind)).toEqual(['Address']);
    // What gc takes for garbage, Telnyx may still use: it has the last word.
    const { code, out } = await repository.run(['gc', '--yes']);
    expect([code, out]).toEqual([4, expect.stringContaining('answered 422: 10021 ')]);
    expect((await repository.state()).addresses).toHaveLength(3);
  });

  it('deletes nothing when the orders cannot be read', async () => {
    await moveHouse();
    await repository.control('clock', { advance_seconds: 3600 });
    const before = await repository.state();
    for (const path of ['/number_order_phone_numbers$', '/porting_orders$']) {
      await repository.control('faults', { kind: 'status', status: 422, match: { method: 'GET', path } });
      expect((await repository.run(['gc', '--yes'])).code).not.toBe(0);
      await repository.control('faults', undefined, 'DELETE');
    }
    expect((await repository.state()).addresses).toEqual(before.addresses);
  });

  it.each([
    ['no list of requirements', undefined],
    ['null for its requirements', null],
    ['an object for its requirements', {}],
    ['a text for its requirements', 'none'],
    ['a number among its requirements', [7]],
    ['a requirement without a value', [{ requirement_id: REQUIREMENTS.localAddress }]],
    ['a list for a value', [{ requirement_id: REQUIREMENTS.localAddress, field_value: [] }]],
  ])('deletes nothing when a group or a number of an order has %s', async (_, requirements) => {
    const [group] = (await repository.state()).groups;
    await placeOrder(repository, ['+49300000001'], group?.id);
    await moveHouse();
    await repository.control('clock', { advance_seconds: 3600 });
    await leaveOneBehind();
    const before = await repository.state();
    for (const path of ['/requirement_groups', '/number_order_phone_numbers']) {
      const env = await changingProxy(repository, (_method, asked, body) => {
        if (asked === path) for (const row of body.data) row.regulatory_requirements = requirements;
        return body;
      });
      for (const args of [['gc'], ['gc', '--yes']]) {
        const { code, out, err } = await repository.run(args, { env });
        expect([code, out]).toEqual([8, '']);
        expect(err).toContain(`GET ${path} answered a row whose \`regulatory_requirements`);
      }
    }
    expect(await repository.state()).toMatchObject({
      addresses: before.addresses,
      documents: before.documents,
    });
  });

  it.each([
    ['no documents', (order: Record<string, unknown>) => ({ ...order, documents: undefined })],
    ['null for its documents', (order: Record<string, unknown>) => ({ ...order, documents: null })],
    [
      'a list for its configuration',
      (order: Record<string, unknown>) => ({ ...order, phone_number_configuration: [] }),
    ],
  ])('deletes nothing when a porting order has %s', async (_, change) => {
    await repository.control('porting_orders', { phone_numbers: ['+49300000001'] });
    await leaveTwoBehind();
    const before = await repository.state();
    const env = await changingProxy(repository, (_method, path, body) =>
      path === '/porting_orders' ? { ...body, data: body.data.map(change) } : body,
    );
    const { code, err } = await repository.run(['gc', '--yes'], { env });
    expect([code, err]).toEqual([8, expect.stringContaining('GET /porting_orders answered a row whose ')]);
    expect((await repository.state()).addresses).toEqual(before.addresses);
  });

  it('deletes nothing when what a porting order needs is not found, although the order is there', async () => {
    const { id } = await repository.control<{ id: string }>('porting_orders', {
      phone_numbers: ['+49300000001'],
    });
    await leaveTwoBehind();
    const before = await repository.state();
    const match = { method: 'GET', path: '/requirements$' };
    await repository.control('faults', { kind: 'status', status: 404, match });
    const { code, err } = await repository.run(['gc', '--yes']);
    expect([code, err]).toEqual([
      8,
      expect.stringContaining(`answered 404 for ${id}, although that order exists`),
    ]);
    expect((await repository.state()).addresses).toEqual(before.addresses);
  });

  it('deletes nothing while an order is still to be filled with the values of its group', async () => {
    await repository.control('quirks', { order_fill_delay_seconds: 7200 }, 'PATCH');
    await moveHouse();
    await repository.control('clock', { advance_seconds: 3600 });
    const [group] = (await repository.state()).groups;
    await placeOrder(repository, ['+49300000001'], group?.id);
    const before = await repository.state();
    const { code, err } = await repository.run(['gc', '--yes']);
    expect([code, err]).toEqual([
      8,
      expect.stringContaining('Run this again when Telnyx has filled the order'),
    ]);
    expect((await repository.state()).addresses).toEqual(before.addresses);
    await repository.control('clock', { advance_seconds: 7200 });
    expect((await repository.run(['gc', '--yes'])).code).toBe(0);
  });

  it('keeps what a group of another scope has come to hold since it was read', async () => {
    await moveHouse();
    await repository.control('clock', { advance_seconds: 3600 });
    const [address] = await listed();
    let looks = 0;
    const env = await changingProxy(repository, async (_method, path, body) => {
      if (path === '/porting_orders') {
        looks += 1;
        await repository.control('groups', {
          customer_reference: 'theirs',
          regulatory_requirements: [{ requirement_id: REQUIREMENTS.localAddress, field_value: address?.id }],
        });
      }
      return body;
    });
    const { code, out } = await repository.run(['gc', '--yes'], { env });
    expect(looks).toBe(1);
    expect([code, out]).toEqual([4, expect.stringContaining('kept: something refers to it now')]);
    expect((await repository.state()).addresses).toHaveLength(2);
  });

  it('reports what Telnyx will not delete, and goes on with the rest', async () => {
    await moveHouse();
    await repository.control('clock', { advance_seconds: 3600 });
    await repository.control('faults', {
      kind: 'status',
      status: 422,
      body: 'json',
      match: { method: 'DELETE' },
    });
    const { code, out } = await repository.run(['gc', '--yes']);
    expect(code).toBe(4);
    expect(out).toContain('1 failed');
  });

  it('shows nothing of an address that Telnyx repeats as it refuses to delete it', async () => {
    await moveHouse();
    await repository.control('clock', { advance_seconds: 3600 });
    const held = 'Example GmbH, Musterstraße 1, 10115 Berlin is in use by +49300000009';
    const errors = [{ code: '10021', title: held, detail: `${held}, and so is Musterstraße 2` }];
    await repository.write('groups/order.yaml', numberOrder({ numbers: ['+49300000009'] }));
    const env = await interferingProxy(repository, (method) =>
      method === 'DELETE' ? { status: 422, body: { errors } } : null,
    );
    for (const format of ['text', 'json']) {
      const { code, out, err } = await repository.run(['gc', '--yes', '--verbose', '--format', format], {
        env,
      });
      expect([code, out]).toEqual([4, expect.stringContaining('is in use by «sensitive»')]);
      expect(out + err).not.toMatch(/Example GmbH|Musterstraße|10115|Berlin|49300000009/);
    }
  });

  it('that is interrupted says what it has deleted, and leaves the rest alone', async () => {
    await leaveTwoBehind();
    await repository.control('faults', { kind: 'slow', ms: 1500, match: { method: 'DELETE', nth: 1 } });
    const { code, out } = await interruptAtDelete();
    expect(code, out).toBe(130);
    expect(statusesIn(out)).toEqual([
      ['deleted', null],
      ['skipped', null],
    ]);
    expect((await repository.run(['gc', '--yes'])).out).toContain('gc: 1 deleted, 0 failed.');
  });

  it('that is interrupted while an answer is lost says that nobody knows', async () => {
    await leaveTwoBehind();
    const fault = { kind: 'status', status: 503, body: 'json', commit: true, times: 5 };
    await repository.control('faults', { ...fault, match: { method: 'DELETE', nth: 1 } });
    const { code, out } = await interruptAtDelete();
    expect(code, out).toBe(130);
    expect(statusesIn(out)).toEqual([
      ['failed', expect.stringMatching(/^It is not known whether DELETE .* was processed/)],
      ['skipped', null],
    ]);
  });

  it('tells what it has deleted before the API was not reached any more', async () => {
    await leaveTwoBehind();
    const fault = { kind: 'status', status: 503, body: 'json', times: 5 };
    await repository.control('faults', { ...fault, match: { method: 'DELETE', nth: 2 } });
    const { code, out } = await repository.run(['gc', '--yes', '--format', 'json']);
    expect(code, out).toBe(4);
    expect(statusesIn(out)).toEqual([
      ['deleted', null],
      ['failed', expect.stringMatching(/^No usable answer .* DELETE/)],
    ]);
  });

  it('exits as any run does where nothing was deleted before', async () => {
    await leaveTwoBehind();
    const fault = { kind: 'status', status: 503, body: 'json', times: 5 };
    await repository.control('faults', { ...fault, match: { method: 'DELETE', nth: 1 } });
    expect((await repository.run(['gc', '--yes'])).code).toBe(8);
  });
});

describe('the exit code of gc --yes', () => {
  it.each([
    [['deleted', 'deleted'], false, 0],
    [[], false, 0],
    [['deleted', 'failed'], false, 4],
    [['deleted', 'skipped'], false, 4],
    [['skipped'], false, 4],
    [['deleted', 'skipped'], true, 130],
    [['deleted'], true, 130],
  ] as const)('after %j is, interrupted or not (%j), %i', (statuses, isInterrupted, code) => {
    expect(
      exitAfter(
        statuses.map((status) => ({ status })),
        isInterrupted,
      ),
    ).toBe(code);
  });
});

async function interruptAtDelete() {
  const { child, result } = repository.start(['gc', '--yes', '--format', 'json']);
  const isDeleting = async () => (await repository.requests()).some(({ method }) => method === 'DELETE');
  while (!(await isDeleting())) await new Promise((again) => setTimeout(again, 10));
  child.kill('SIGTERM');
  return result;
}

function statusesIn(out: string): unknown {
  return JSON.parse(out).collected.map(({ status, message }: never) => [status, message]);
}
