import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildWithClocks } from '../support/builds.ts';
import { REQUIREMENTS } from '../support/foreign-account.ts';
import { meddle } from '../support/meddler.ts';
import { numberOrder } from '../support/number-orders.ts';
import { callApi, placeOrder } from '../support/orders.ts';
import { germanGroup, type Rehearsal, rehearse } from '../support/rehearsal.ts';

/** What is tried again is tried again soon. */
const build = buildWithClocks(0.2);

let stage: Rehearsal;
beforeEach(async () => {
  stage = await rehearse({ 'groups/de.yaml': germanGroup() }, 'here', build);
  expect((await stage.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(() => stage.end());

/** Another address and another document than before; the old ones are left behind. */
async function moveHouse(number = 2): Promise<void> {
  const moved = germanGroup()
    .replace('Musterstraße 1', `Musterstraße ${number}`)
    .replaceAll('registration.pdf', 'local-address-proof.pdf');
  await stage.write('groups/de.yaml', moved);
  expect((await stage.run(['apply', '--yes'])).code).toBe(0);
}

/** Two addresses that nothing holds any more, long enough ago. */
async function leaveTwoBehind(): Promise<void> {
  for (const number of [2, 3]) await moveHouse(number);
  await stage.control('clock', { advance_seconds: 3600 });
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
  return JSON.parse((await stage.run(['gc', '--format', 'json'])).out).garbage;
}

/** Paths below those of orders, since the requests were last forgotten. */
async function ordersAsked(): Promise<string[]> {
  return (await stage.requests()).filter(({ path }) => path.includes('order')).map(({ path }) => path);
}

describe('gc', () => {
  it('finds nothing while groups hold everything', async () => {
    const { code, out } = await stage.run(['gc']);
    expect(code).toBe(0);
    expect(out).toContain('Nothing to delete');
    // Nothing is in question, so that no order is asked.
    expect(await ordersAsked()).toEqual([]);
  });

  it('lists without deleting, and with --yes deletes what nothing refers to', async () => {
    await moveHouse();
    await stage.control('clock', { advance_seconds: 29 * 60 });
    expect(await listed()).toEqual([]);
    // The server's clock is read to the second.
    await stage.control('clock', { advance_seconds: 61 });
    await stage.forgetRequests();
    expect((await listed()).map(({ kind }) => kind)).toContain('Address');
    expect((await stage.requests()).every(({ method }) => method === 'GET')).toBe(true);

    const { code, out } = await stage.run(['gc', '--yes']);
    expect(code).toBe(0);
    expect(out).toContain('0 failed');
    expect((await stage.state()).addresses).toHaveLength(1);
    expect((await stage.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    expect(await listed()).toEqual([]);
  });

  it('keeps what a manifest wants, and what is not of the scope', async () => {
    await stage.write('groups/de.yaml', germanGroup({ name: 'other' }));
    const [group] = (await stage.state()).groups;
    const answer = await fetch(`${stage.sandbox.url}/requirement_groups/${group?.id}`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer KEYsample' },
    });
    expect(answer.status).toBe(200);
    await stage.control('clock', { advance_seconds: 1200 });
    const before = await stage.state();
    expect((await stage.run(['gc', '--yes'])).code).toBe(0);
    expect((await stage.state()).addresses).toEqual(before.addresses);
  });

  it('keeps what a manifest means by its id, though nothing at Telnyx holds it yet', async () => {
    const [group] = (await stage.state()).groups;
    const { id } = await placeOrder(stage, ['+49300000001'], group?.id);
    await moveHouse();
    await stage.control('clock', { advance_seconds: 3600 });
    await stage.control(`number_orders/${id}/cancel`, {});
    const [address, letter] = await listed();
    expect([address?.kind, letter?.kind]).toEqual(['Address', 'Document']);

    const stated = germanGroup({ name: 'de-second' });
    const own = stated.slice(0, stated.indexOf('address:'));
    await stage.write(
      'groups/second.yaml',
      `${own.replaceAll('{ file: ../documents/registration.pdf }', `{ id: ${letter?.id.toUpperCase()} }`)}address: { id: "${address?.id}" }\n`,
    );
    expect(await listed()).toEqual([]);
    const before = await stage.state();
    expect((await stage.run(['gc', '--yes'])).code).toBe(0);
    expect(await stage.state()).toMatchObject({ addresses: before.addresses, documents: before.documents });
  });

  it('keeps an address that a porting order, or the manifest of one, is to set on its numbers', async () => {
    const [{ id: address } = { id: '' }] = (await stage.state()).addresses;
    const { id } = await stage.control<{ id: string }>('porting_orders', { phone_numbers: ['+49300000001'] });
    const configuration = { phone_number_configuration: { emergency_address_id: address } };
    await moveHouse();
    await stage.control('clock', { advance_seconds: 7200 });
    expect((await listed()).map(({ kind }) => kind)).toContain('Address');

    await stage.write(
      'groups/port.yaml',
      `apiVersion: regsync/v1\nkind: PortingOrder\nname: port\nid: ${id}\nphone_number_configuration:\n  emergency_address_id: "${address}"\n`,
    );
    expect((await listed()).map(({ kind }) => kind)).not.toContain('Address');
    await rm(join(stage.folder, 'groups/port.yaml'));

    await callApi(stage, 'PATCH', `/porting_orders/${id}`, configuration);
    for (const status of ['draft', 'submitted', 'ported']) {
      await stage.control(`porting_orders/${id}/move`, { status });
      expect((await listed()).map(({ kind }) => kind)).not.toContain('Address');
    }
    await stage.control(`porting_orders/${id}/move`, { status: 'cancelled' });
    expect((await listed()).map(({ kind }) => kind)).toContain('Address');
  });

  it('keeps an address that stands in an order only, until that is cancelled', async () => {
    const [group] = (await stage.state()).groups;
    const { id } = await placeOrder(stage, ['+49300000001'], group?.id);
    await moveHouse();
    await stage.control('clock', { advance_seconds: 3600 });
    await stage.forgetRequests();
    expect(await listed()).toEqual([]);
    expect((await ordersAsked()).sort()).toEqual(['/number_order_phone_numbers', '/porting_orders']);
    expect((await stage.run(['gc', '--yes'])).code).toBe(0);
    expect((await stage.state()).addresses).toHaveLength(2);

    await stage.control(`number_orders/${id}/cancel`, {});
    expect((await listed()).map(({ kind }) => kind)).toEqual(['Address', 'Document']);
    const { code, out } = await stage.run(['gc', '--yes']);
    expect([code, out]).toEqual([0, expect.stringContaining('gc: 2 deleted, 0 failed.')]);
    expect((await stage.state()).addresses).toHaveLength(1);
  });

  it('keeps an address under which a number was delivered', async () => {
    const [group] = (await stage.state()).groups;
    const { id } = await placeOrder(stage, ['+49300000001'], group?.id);
    await stage.control(`number_orders/${id}/approve`, {});
    await moveHouse();
    await stage.control('clock', { advance_seconds: 3600 });
    expect(await listed()).toEqual([]);
  });

  it('keeps an address that stands in a porting order only, until it is cancelled', async () => {
    const [spanish, moved] = ['Calle Ejemplo 1', 'Calle Ejemplo 2'].map(spanishPorting);
    await stage.write('groups/es.yaml', spanish ?? '');
    expect((await stage.run(['apply', '--yes'])).code).toBe(0);
    const group = (await stage.state()).groups.find(({ country_code }) => country_code === 'ES');
    const { id } = await stage.control<{ id: string }>('porting_orders', { phone_numbers: ['+34910000001'] });
    await callApi(stage, 'PATCH', `/porting_orders/${id}`, { requirement_group_id: group?.id });
    await stage.write('groups/es.yaml', moved ?? '');
    expect((await stage.run(['apply', '--yes'])).code).toBe(0);
    await stage.control('clock', { advance_seconds: 3600 });
    for (const status of ['draft', 'submitted', 'foc-date-confirmed', 'paused', 'ported']) {
      await stage.control(`porting_orders/${id}/move`, { status });
      expect(await listed()).toEqual([]);
    }
    await stage.control(`porting_orders/${id}/move`, { status: 'cancelled' });
    expect((await listed()).map(({ kind }) => kind)).toEqual(['Address']);
    // What gc takes for garbage, Telnyx may still use: it has the last word.
    const { code, out } = await stage.run(['gc', '--yes']);
    expect([code, out]).toEqual([4, expect.stringContaining('answered 422: 10021 ')]);
    expect((await stage.state()).addresses).toHaveLength(3);
  });

  it('deletes nothing when the orders cannot be read', async () => {
    await moveHouse();
    await stage.control('clock', { advance_seconds: 3600 });
    const before = await stage.state();
    for (const path of ['/number_order_phone_numbers$', '/porting_orders$']) {
      await stage.control('faults', { kind: 'status', status: 422, match: { method: 'GET', path } });
      expect((await stage.run(['gc', '--yes'])).code).not.toBe(0);
      await stage.control('faults', undefined, 'DELETE');
    }
    expect((await stage.state()).addresses).toEqual(before.addresses);
  });

  it('reports what Telnyx will not delete, and goes on with the rest', async () => {
    await moveHouse();
    await stage.control('clock', { advance_seconds: 3600 });
    await stage.control('faults', { kind: 'status', status: 422, body: 'json', match: { method: 'DELETE' } });
    const { code, out } = await stage.run(['gc', '--yes']);
    expect(code).toBe(4);
    expect(out).toContain('1 failed');
  });

  it('shows nothing of an address that Telnyx repeats as it refuses to delete it', async () => {
    await moveHouse();
    await stage.control('clock', { advance_seconds: 3600 });
    const held = 'Example GmbH, Musterstraße 1, 10115 Berlin is in use by +49300000009';
    const errors = [{ code: '10021', title: held, detail: `${held}, and so is Musterstraße 2` }];
    await stage.write('groups/order.yaml', numberOrder({ numbers: ['+49300000009'] }));
    const env = await meddle(stage, (method) =>
      method === 'DELETE' ? { status: 422, body: { errors } } : null,
    );
    for (const format of ['text', 'json']) {
      const { code, out, err } = await stage.run(['gc', '--yes', '--verbose', '--format', format], { env });
      expect([code, out]).toEqual([4, expect.stringContaining('is in use by «sensitive»')]);
      expect(out + err).not.toMatch(/Example GmbH|Musterstraße|10115|Berlin|49300000009/);
    }
  });

  it('that is interrupted says what it has deleted, and leaves the rest alone', async () => {
    await leaveTwoBehind();
    await stage.control('faults', { kind: 'slow', ms: 1500, match: { method: 'DELETE', nth: 1 } });
    const { code, out } = await interruptAtDelete();
    expect(code, out).toBe(130);
    expect(statusesIn(out)).toEqual([
      ['deleted', null],
      ['skipped', null],
    ]);
    expect((await stage.run(['gc', '--yes'])).out).toContain('gc: 1 deleted, 0 failed.');
  });

  it('that is interrupted while an answer is lost says that nobody knows', async () => {
    await leaveTwoBehind();
    const fault = { kind: 'status', status: 503, body: 'json', commit: true, times: 5 };
    await stage.control('faults', { ...fault, match: { method: 'DELETE', nth: 1 } });
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
    await stage.control('faults', { ...fault, match: { method: 'DELETE', nth: 2 } });
    const { code, out } = await stage.run(['gc', '--yes', '--format', 'json']);
    expect(code, out).toBe(4);
    expect(statusesIn(out)).toEqual([
      ['deleted', null],
      ['failed', expect.stringMatching(/^No usable answer .* DELETE/)],
    ]);
  });

  it('exits as any run does where nothing was deleted before', async () => {
    await leaveTwoBehind();
    const fault = { kind: 'status', status: 503, body: 'json', times: 5 };
    await stage.control('faults', { ...fault, match: { method: 'DELETE', nth: 1 } });
    expect((await stage.run(['gc', '--yes'])).code).toBe(8);
  });
});

async function interruptAtDelete() {
  const { child, result } = stage.start(['gc', '--yes', '--format', 'json']);
  const isDeleting = async () => (await stage.requests()).some(({ method }) => method === 'DELETE');
  while (!(await isDeleting())) await new Promise((again) => setTimeout(again, 10));
  child.kill('SIGTERM');
  return result;
}

function statusesIn(out: string): unknown {
  return JSON.parse(out).collected.map(({ status, message }: never) => [status, message]);
}
