import { describe, expect, it } from 'vitest';
import { Mask } from '../../src/model/mask.ts';
import { type AttachmentKind, asRemoteId, type DesiredGroup, takesValue } from '../../src/model/resource.ts';
import { reveal } from '../../src/model/sensitive.ts';
import { readOrders } from '../../src/observe/orders.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import {
  addGermanGroup,
  BERLIN_NUMBER,
  CONTACT,
  CONTACT_INFO,
  type Connection,
  connect,
  PARIS_NUMBER,
  placeOrder,
  subOrderOf,
} from '../sandbox/connection.ts';
import { desiredGroup } from '../support/worlds.ts';
import { optionsFor } from '../telnyx/scripted-server.ts';

const MANY = Array.from({ length: 53 }, (_, index) => `+4930000010${String(index).padStart(2, '0')}`);

function attached(kind: AttachmentKind, id: string, name = 'de-local'): DesiredGroup {
  const source = { file: 'groups/a.yaml', line: 8, column: 5 };
  return { ...desiredGroup({ name, attach: [{ kind, id: asRemoteId(id), source }] }), requirements: [] };
}

async function read({ sandbox }: Connection, ...groups: readonly DesiredGroup[]) {
  const mask = new Mask();
  const naming = groups.map((group) => ({ group, entries: group.attach }));
  const reading = await readOrders(openReadClient(optionsFor({ baseUrl: sandbox.url })), naming, mask);
  return { ...reading, mask };
}

describe('a number order', () => {
  it('stands for its sub orders of the group’s country and type', async () => {
    const connection = await connect();
    const id = await placeOrder(connection, [{ number: BERLIN_NUMBER }, { number: PARIS_NUMBER }]);
    const { orders, problems } = await read(connection, attached('number_order', id));
    expect(problems).toEqual([]);
    expect(orders.get('de-local')).toMatchObject([
      { kind: 'sub_number_order', status: 'pending', isOpen: true, countryCode: 'DE', source: { line: 8 } },
    ]);
  });

  it('is found by its ids while lists do not show it yet, with the numbers that are seen', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { list_lag_ms: 600_000 });
    const id = await placeOrder(
      connection,
      MANY.map((number) => ({ number })),
    );
    const lagging = await read(connection, attached('number_order', id));
    expect(lagging.problems).toEqual([]);
    expect(lagging.orders.get('de-local')?.[0]?.holdings).toHaveLength(50);
    await connection.control('PATCH', '/quirks', { list_lag_ms: 0 });
    const { orders } = await read(connection, attached('number_order', id));
    expect(orders.get('de-local')?.[0]?.holdings).toHaveLength(53);
  });

  it('that has an open sub order leaves the closed ones out', async () => {
    const connection = await connect();
    const id = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    const { id: subOrderId } = await subOrderOf(connection, id);
    await connection.control('POST', `/sub_number_orders/${subOrderId}/cancel`);
    const { orders } = await read(connection, attached('number_order', id));
    expect(orders.get('de-local')).toMatchObject([{ status: 'cancelled', isOpen: false, holdings: [] }]);
  });
});

describe('what an order holds', () => {
  it('is redacted where Telnyx repeats it in an error about the order', async () => {
    const connection = await connect();
    const group = await addGermanGroup(connection);
    const id = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
    const { mask, orders } = await read(connection, attached('number_order', id));
    const subOrder = orders.get('de-local')?.[0]?.id ?? '';
    expect(mask.coverError(`"${CONTACT}" is not valid`, [subOrder])).toBe('"«sensitive»" is not valid');
  });

  it('has statuses for a phone number, too: those of its sub order', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { order_requirement_statuses: 'described' });
    const group = await addGermanGroup(connection);
    const id = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
    const [number] = (await subOrderOf(connection, id)).phone_numbers;
    const { orders } = await read(connection, attached('phone_number', number.id));
    const [holding] = orders.get('de-local')?.[0]?.holdings ?? [];
    const contact = holding?.find(({ requirementId }) => requirementId === CONTACT_INFO);
    expect([contact?.status, contact && reveal(contact.value), contact && takesValue(contact)]).toEqual([
      'pending-approval',
      CONTACT,
      true,
    ]);
  });
});

it('a number that cannot be read is nothing to say, and ends nothing', async () => {
  const connection = await connect();
  const id = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
  const match = { method: 'GET', path: '^/number_order_phone_numbers/' };
  await connection.control('POST', '/faults', { kind: 'status', status: 404, times: 9, match });
  const { orders, problems } = await read(connection, attached('number_order', id));
  expect(problems).toEqual([]);
  expect(orders.get('de-local')).toMatchObject([{ kind: 'sub_number_order', isOpen: true }]);
});

it('nothing is asked for where no manifest names an order', async () => {
  const connection = await connect();
  expect((await read(connection, { ...desiredGroup(), requirements: [] })).orders.size).toBe(0);
  expect((await connection.control('GET', '/requests')).body.data).toEqual([]);
});
