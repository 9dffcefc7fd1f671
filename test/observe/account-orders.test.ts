import { expect, it } from 'vitest';
import { Mask } from '../../src/model/mask.ts';
import type { Combination } from '../../src/model/resource.ts';
import { readIdsInOrders, readOpenOrders } from '../../src/observe/account-orders.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import {
  addGermanGroup,
  BERLIN_NUMBER,
  CONTACT,
  type Connection,
  connect,
  PARIS_NUMBER,
  placeOrder,
  subOrderOf,
  upload,
} from '../sandbox/connection.ts';
import { optionsFor } from '../telnyx/scripted-server.ts';

const ORDERING: Combination = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const PORTING: Combination = { ...ORDERING, action: 'porting' };
const MANY = Array.from({ length: 60 }, (_, index) => `+4930000010${String(index).padStart(2, '0')}`);

function clientOf({ sandbox }: Connection) {
  return openReadClient(optionsFor({ baseUrl: sandbox.url }));
}

async function pathsAsked(connection: Connection): Promise<string[]> {
  const { body } = await connection.control('GET', '/requests');
  return body.data.map(({ path }: { path: string }) => path.replace(/[0-9a-f-]{36}/, '{id}'));
}

async function port(connection: Connection, given: object): Promise<string> {
  const { body } = await connection.control('POST', '/porting_orders', {
    phone_numbers: [BERLIN_NUMBER],
    ...given,
  });
  return body.data.id;
}

it('open orders are read with all that they hold, as far as they suit', async () => {
  const connection = await connect();
  const group = await addGermanGroup(connection);
  const orderId = await placeOrder(
    connection,
    MANY.map((number) => ({ number, group })),
  );
  const { id } = await subOrderOf(connection, orderId);
  const closed = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
  await connection.control('POST', `/number_orders/${closed}/cancel`);
  await placeOrder(connection, [{ number: PARIS_NUMBER }]);
  const draft = await port(connection, { customer_reference: 'PORT 1' });
  await port(connection, { status: 'ported' });
  await port(connection, { phone_number_type: 'national' });

  const mask = new Mask();
  const orders = await readOpenOrders(clientOf(connection), [ORDERING, PORTING], mask);
  expect(orders).toMatchObject([
    { kind: 'sub_number_order', id, numberOrderId: orderId, phoneNumbersCount: 60, isOpen: true },
    { kind: 'porting_order', id: draft, reference: 'PORT 1', phoneNumbersCount: 1, parts: [] },
  ]);
  expect([orders[0]?.holdings.length, orders[0]?.parts.length]).toEqual([60, 60]);
  expect(orders[0]?.parts[59]).toMatchObject({
    kind: 'phone_number',
    subNumberOrderId: id,
    status: 'pending',
  });
  expect(mask.coverError(`"${CONTACT}" is wrong`, [id])).toBe('"«sensitive»" is wrong');
});

it('orders of one kind are not asked for on behalf of groups of the other, and none for no group', async () => {
  const connection = await connect();
  await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
  await port(connection, {});
  const client = clientOf(connection);
  const asked = async (...combinations: readonly Combination[]) => {
    await connection.control('DELETE', '/requests');
    await readOpenOrders(client, combinations, new Mask());
    return pathsAsked(connection);
  };
  expect(await asked()).toEqual([]);
  expect(await asked(ORDERING)).toEqual(['/sub_number_orders', '/sub_number_orders/{id}']);
  expect(await asked(PORTING)).toEqual(['/porting_orders', '/porting_orders/{id}/requirements']);
});

it('an order that is gone by the time it is asked for is no order', async () => {
  const connection = await connect();
  await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
  const match = { method: 'GET', path: '/sub_number_orders/.' };
  await connection.control('POST', '/faults', { kind: 'status', status: 404, match });
  expect(await readOpenOrders(clientOf(connection), [ORDERING], new Mask())).toEqual([]);
});

it('what orders hold is read in pages of lists, documents of porting orders with it', async () => {
  const connection = await connect();
  const group = await addGermanGroup(connection);
  await placeOrder(
    connection,
    MANY.map((number) => ({ number, group })),
  );
  const letter = await upload(connection, 'letter');
  const id = await port(connection, {});
  await connection.api('PATCH', `/porting_orders/${id}`, { documents: { loa: letter } });
  const gone = await upload(connection, 'gone');
  const cancelled = await port(connection, {});
  await connection.api('PATCH', `/porting_orders/${cancelled}`, { documents: { invoice: gone } });
  await connection.control('POST', `/porting_orders/${cancelled}/move`, { status: 'cancelled' });
  const state = await connection.control('GET', '/state');
  const address = state.body.data.addresses[0].id;

  await connection.control('DELETE', '/requests');
  const ids = await readIdsInOrders(clientOf(connection), { addresses: false });
  expect((await pathsAsked(connection)).sort()).toEqual(['/number_order_phone_numbers', '/porting_orders']);
  expect([ids.has(letter), ids.has(address), ids.has(gone)]).toEqual([true, true, false]);

  await connection.control('DELETE', '/requests');
  await readIdsInOrders(clientOf(connection), { addresses: true });
  expect(await pathsAsked(connection)).toContain('/porting_orders/{id}/requirements');
});
