import { describe, expect, it } from 'vitest';
import {
  asReference,
  asRemoteId,
  type BoundNumberOrder,
  type ObservedNumberOrder,
} from '../../src/model/resource.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { CLOSED_GATES } from '../../src/plan/decisions.ts';
import { BERLIN_NUMBER, CONTACT_INFO, type Connection, connect } from '../sandbox/connection.ts';
import { applyHere } from '../support/applied.ts';
import { desiredOrder, observedOrder } from '../support/ordered.ts';
import { definition, observedWorld, planInput, textValue } from '../support/worlds.ts';

const CONTACT = definition(CONTACT_INFO, 'Contact Info', 'textual');
const ORDER_ID = '5ef8ab9b-0000-4000-8000-000000000001';

async function place(connection: Connection, given: Partial<BoundNumberOrder> = {}) {
  const input = planInput({
    groups: [],
    numberOrders: [desiredOrder('berlin', given)],
    observed: { ...observedWorld({}), readAtMs: Date.now() },
    gates: { ...CLOSED_GATES, allowOrders: true },
  });
  const [outcome] = await applyHere(input, { baseUrl: connection.sandbox.url });
  if (outcome === undefined) throw new Error('nothing was to be placed');
  return outcome;
}

async function edit(connection: Connection, found: ObservedNumberOrder, given: Partial<BoundNumberOrder>) {
  const observed = observedWorld({ numberOrders: { berlin: found } });
  const input = planInput({ groups: [], numberOrders: [desiredOrder('berlin', given)], observed });
  const [outcome] = await applyHere(input, { baseUrl: connection.sandbox.url });
  if (outcome === undefined) throw new Error('nothing was to be edited');
  return outcome;
}

async function orders({ api }: Connection): Promise<readonly { id: string; customer_reference: string }[]> {
  return (await api('GET', '/number_orders')).body.data;
}

async function placedElsewhere(connection: Connection, fields: object = {}): Promise<string> {
  const body = { phone_numbers: [{ phone_number: BERLIN_NUMBER }], ...fields };
  return (await connection.api('POST', '/number_orders', body)).body.data.id;
}

describe('an order that is placed', () => {
  it('is found by its reference and has nothing to be said about it', async () => {
    const connection = await connect();
    expect(await place(connection)).toMatchObject({
      status: 'applied',
      operations: ['create'],
      warnings: [],
    });
  });

  it('without the reference that was sent is a failure with its id', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { references: 'drop' });
    const outcome = await place(connection);
    const [order] = await orders(connection);
    expect(outcome).toMatchObject({
      id: order?.id,
      status: 'failed',
      operations: ['create'],
      error: { code: 'reference-not-kept', message: expect.stringContaining(`\`id: ${order?.id}\``) },
    });
  });

  it('that lists do not show is warned of', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { list_lag_ms: 600_000 });
    const { id, status, warnings } = await place(connection);
    expect(status).toBe('applied');
    expect(warnings).toEqual([expect.stringContaining(`lists do not show number order ${id} yet`)]);
  });

  it('is not placed where another order has its numbers by now', async () => {
    const connection = await connect();
    const id = await placedElsewhere(connection);
    expect(await place(connection)).toMatchObject({
      operations: [],
      error: { code: 'changed-since-planned', message: expect.stringContaining(`\`id: ${id}\``) },
    });
    expect(await orders(connection)).toHaveLength(1);
  });

  it('is not placed where an order has its reference by now', async () => {
    const connection = await connect();
    const id = await placedElsewhere(connection, { customer_reference: 'regsync/acme/order/berlin' });
    expect(await place(connection)).toMatchObject({ id, status: 'applied', operations: [] });
    expect(await orders(connection)).toHaveLength(1);
  });
});

describe('an order that exists', () => {
  const value = textValue('Jo Example', CONTACT);

  /** As a plan would have read it. */
  async function observed(connection: Connection): Promise<ObservedNumberOrder> {
    const id = await placedElsewhere(connection, { customer_reference: 'regsync/acme/order/berlin' });
    const { data } = (await connection.api('GET', `/number_orders/${id}`)).body;
    const part = asRemoteId(data.sub_number_orders_ids[0]);
    const { phone_numbers } = (
      await connection.api('GET', `/sub_number_orders/${part}?filter[include_phone_numbers]=true`)
    ).body.data;
    const holdings = [
      phone_numbers[0].regulatory_requirements.map((own: Record<string, string>) => ({
        requirementId: own.requirement_id,
        fieldType: 'textual',
        value: new Sensitive(own.field_value ?? ''),
        status: own.status,
      })),
    ];
    const [whole] = observedOrder('berlin').subOrders;
    if (whole === undefined) throw new Error('an order has parts');
    const subOrders = [{ ...whole, id: part, subNumberOrderId: part, holdings }];
    return observedOrder('berlin', { id: asRemoteId(id), subOrders });
  }

  it('gets its values where it is as it was planned', async () => {
    const connection = await connect();
    const outcome = await edit(connection, await observed(connection), { values: [value] });
    expect(outcome).toMatchObject({ status: 'applied', operations: ['patch'], error: null });
  });

  it.each([
    [
      'another value',
      { field_value: 'Somebody Else' },
      `requirement ${CONTACT_INFO} has another value or status`,
    ],
    ['the value that it is to get', { field_value: 'Jo Example' }, null],
  ])('and holds %s since then is left alone, or not: %#', async (_, { field_value }, why) => {
    const connection = await connect();
    const found = await observed(connection);
    await connection.api('PATCH', `/number_orders/${found.id}`, {
      regulatory_requirements: [{ requirement_id: CONTACT_INFO, field_value }],
    });
    const outcome = await edit(connection, found, { values: [value] });
    if (why === null) return expect(outcome).toMatchObject({ status: 'applied', operations: ['patch'] });
    expect(outcome).toMatchObject({
      operations: [],
      error: { code: 'changed-since-planned', message: expect.stringContaining(why) },
    });
    expect(outcome.error?.message).not.toContain('Somebody');
  });

  it('and is gone since then fails', async () => {
    const connection = await connect();
    const found = observedOrder('berlin', { id: asRemoteId(ORDER_ID), reference: asReference('PO 7') });
    const outcome = await edit(connection, found, {});
    expect(outcome).toMatchObject({
      operations: [],
      error: { code: 'changed-since-planned', message: expect.stringContaining('it is gone') },
    });
  });
});
