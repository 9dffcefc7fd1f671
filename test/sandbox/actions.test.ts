import { describe, expect, test } from 'vitest';
import {
  CONTACT,
  CONTACT_INFO,
  type Connection,
  codesOf,
  connect,
  IDENTITY_CHECK,
  orderStatusesOf,
  placeOrder,
  subOrderOf,
  value,
} from './connection.ts';

const NOWHERE = '00000000-0000-4000-8000-000000000000';
const AUSTRALIAN_NUMBER = '+61700000001';
const PERSON = { first_name: 'Jo', last_name: 'Example' };
const LINK = expect.stringMatching(/^https:\/\/verify\.example\.com\/[0-9a-f-]{36}$/);

async function placeAustralianOrder(connection: Connection) {
  const orderId = await placeOrder(connection, [{ number: AUSTRALIAN_NUMBER }]);
  const { id } = await subOrderOf(connection, orderId);
  const path = `/external_requirements/${IDENTITY_CHECK}/sub_number_orders/${id}`;
  return { orderId, subOrderId: id as string, path };
}

describe('an action requirement of a sub order', () => {
  test('says what it needs, and has no link before it is started', async () => {
    const connection = await connect();
    const { path } = await placeAustralianOrder(connection);
    expect((await connection.api('GET', path)).body.data).toEqual({
      regulatory_requirement_id: IDENTITY_CHECK,
      fields_required: [
        { name: 'first_name', description: 'The first name of the end user', type: 'string', value: null },
        { name: 'last_name', description: 'The last name of the end user', type: 'string', value: null },
      ],
      requirement_action: { type: 'id_verification', value: null },
    });
  });

  test('answers a link for one person, which is shown again, and each start makes another', async () => {
    const connection = await connect();
    const { api } = connection;
    const { path, subOrderId } = await placeAustralianOrder(connection);
    const started = (await api('POST', path, { requirement: PERSON })).body.data;
    expect(started).toEqual({
      regulatory_requirement_id: IDENTITY_CHECK,
      sub_order_id: subOrderId,
      requirement_action: { type: 'id_verification', value: LINK },
    });
    const read = (await api('GET', path)).body.data;
    expect(read.requirement_action).toEqual(started.requirement_action);
    expect(read.fields_required.map((field: { value: string }) => field.value)).toEqual(['Jo', 'Example']);
    const again = (await api('POST', path, { requirement: PERSON })).body.data;
    expect(again.requirement_action.value).not.toBe(started.requirement_action.value);
  });

  test('refuses names at the top of the body, and one without the other', async () => {
    const connection = await connect();
    const { path } = await placeAustralianOrder(connection);
    expect(await codesOf(connection.api('POST', path, PERSON))).toEqual([422, '10004']);
    const { body } = await connection.api('POST', path, { requirement: { first_name: 'Jo' } });
    expect(body.errors).toMatchObject([{ code: '10004', source: { pointer: '/requirement/last_name' } }]);
  });

  test('is there only where the order demands an action', async () => {
    const connection = await connect();
    const { subOrderId } = await placeAustralianOrder(connection);
    for (const path of [
      `/external_requirements/${CONTACT_INFO}/sub_number_orders/${subOrderId}`,
      `/external_requirements/${IDENTITY_CHECK}/sub_number_orders/${NOWHERE}`,
    ]) {
      expect(await codesOf(connection.api('GET', path))).toEqual([404, '10005']);
      expect(await codesOf(connection.api('POST', path, { requirement: PERSON }))).toEqual([404, '10005']);
    }
  });

  test('has its link later where that takes time', async () => {
    const connection = await connect();
    const { api, control } = connection;
    await control('PATCH', '/quirks', { action_link_delay_seconds: 60 });
    const { path } = await placeAustralianOrder(connection);
    const { data } = (await api('POST', path, { requirement: PERSON })).body;
    expect(data.requirement_action.value).toBeNull();
    await control('POST', '/clock', { advance_seconds: 61 });
    expect((await api('GET', path)).body.data.requirement_action.value).toEqual(LINK);
  });

  test('is not fulfilled by its start: the number is lost at the deadline', async () => {
    const connection = await connect();
    const { path, orderId } = await placeAustralianOrder(connection);
    await connection.api('POST', path, { requirement: PERSON });
    expect(await orderStatusesOf(connection, orderId)).toEqual([
      'requirement-info-pending',
      'awaiting-value',
      'awaiting-value',
    ]);
    await connection.control('POST', '/clock', { advance_seconds: 31 * 86_400 });
    expect((await subOrderOf(connection, orderId)).status).toBe('cancelled');
    expect(await codesOf(connection.api('POST', path, { requirement: PERSON }))).toEqual([422, '85002']);
  });

  test('is approved once the person has done it, and can be started no more', async () => {
    const connection = await connect();
    const { api, control } = connection;
    const { path, orderId, subOrderId } = await placeAustralianOrder(connection);
    const finish = `/sub_number_orders/${subOrderId}/finish-action`;
    expect(await codesOf(control('POST', finish))).toEqual([422, '10027']);
    await api('POST', path, { requirement: PERSON });
    await control('POST', finish);
    expect(await orderStatusesOf(connection, orderId)).toEqual([
      'requirement-info-pending',
      'approved',
      'awaiting-value',
    ]);
    expect((await api('GET', path)).body.data.requirement_action.value).toBeNull();
    expect(await codesOf(api('POST', path, { requirement: PERSON }))).toEqual([422, '85003']);
  });

  test('is declined where the person fails, and needs another link', async () => {
    const connection = await connect();
    const { api, control } = connection;
    const { path, orderId } = await placeAustralianOrder(connection);
    await api('POST', path, { requirement: PERSON });
    await control('POST', `/number_orders/${orderId}/finish-action`, { result: 'failed' });
    expect((await orderStatusesOf(connection, orderId)).slice(0, 2)).toEqual([
      'requirement-info-exception',
      'declined',
    ]);
    const { data } = (await api('POST', path, { requirement: PERSON })).body;
    expect(data.requirement_action.value).toEqual(LINK);
  });

  test('is not known before the requirements are, and a quirk says to come again', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { order_fill_delay_seconds: 60 });
    const { path } = await placeAustralianOrder(connection);
    expect(await codesOf(connection.api('GET', path))).toEqual([404, '10005']);
    await connection.control('PATCH', '/quirks', { attach_before_filled: 'refuse' });
    expect(await codesOf(connection.api('GET', path))).toEqual([409, '10036']);
  });
});

describe('a group with an action requirement', () => {
  async function addAustralianGroup({ api }: Connection): Promise<string> {
    const { body } = await api('POST', '/requirement_groups', {
      country_code: 'AU',
      phone_number_type: 'mobile',
      action: 'ordering',
      regulatory_requirements: [value(CONTACT_INFO, CONTACT)],
    });
    return body.data.id;
  }

  test.each([
    ['block', [422, '10027'], [422, '10015']],
    ['pass', [200], [200]],
  ])('is neither submitted nor used, or both, as a quirk has it: %s', async (quirk, submitted, used) => {
    const connection = await connect();
    const { api, control } = connection;
    await control('PATCH', '/quirks', { action_requirements: quirk });
    const { subOrderId, orderId } = await placeAustralianOrder(connection);
    const requirement_group_id = await addAustralianGroup(connection);
    const submit = `/requirement_groups/${requirement_group_id}/submit_for_approval`;
    expect(await codesOf(api('POST', submit))).toEqual(submitted);
    const attach = `/sub_number_orders/${subOrderId}/requirement_group`;
    expect(await codesOf(api('POST', attach, { requirement_group_id }))).toEqual(used);
    const text = quirk === 'pass' ? 'pending-approval' : 'awaiting-value';
    expect((await orderStatusesOf(connection, orderId)).slice(1)).toEqual(['awaiting-value', text]);
  });
});

describe('an action requirement of a porting order', () => {
  async function addPortingOrder({ control }: Connection): Promise<string> {
    await control('PATCH', '/catalogue/AU/mobile/porting', { add: [IDENTITY_CHECK] });
    const { body } = await control('POST', '/porting_orders', { phone_numbers: [AUSTRALIAN_NUMBER] });
    return body.data.id;
  }

  test('comes with an order whose country demands it', async () => {
    const connection = await connect();
    const id = await addPortingOrder(connection);
    const { data, meta } = (await connection.api('GET', `/porting_orders/${id}/action_requirements`)).body;
    const time = expect.stringMatching(/Z$/);
    expect(data).toEqual([
      {
        record_type: 'porting_action_requirement',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        porting_order_id: id,
        requirement_type_id: IDENTITY_CHECK,
        action_type: 'au_id_verification',
        status: 'created',
        action_url: null,
        cancel_reason: null,
        created_at: time,
        updated_at: time,
      },
    ]);
    expect(meta.total_results).toBe(1);
  });

  test('is initiated once, with the names nested under `params`, and answers a link', async () => {
    const connection = await connect();
    const { api } = connection;
    const id = await addPortingOrder(connection);
    const [action] = (await api('GET', `/porting_orders/${id}/action_requirements`)).body.data;
    const path = `/porting_orders/${id}/action_requirements/${action.id}/initiate`;
    expect(await codesOf(api('POST', path, PERSON))).toEqual([422, '10004']);
    expect((await api('POST', path, { params: PERSON })).body.data).toMatchObject({
      id: action.id,
      status: 'pending',
      action_url: LINK,
    });
    expect(await codesOf(api('POST', path, { params: PERSON }))).toEqual([422, '10027']);
    const missing = `/porting_orders/${id}/action_requirements/${NOWHERE}/initiate`;
    expect(await codesOf(api('POST', missing, { params: PERSON }))).toEqual([404, '10005']);
  });

  test.each([
    ['completed', {}, 'approved'],
    ['failed', { status: 'failed' }, 'requirement-info-pending'],
    ['cancelled', { status: 'cancelled', cancel_reason: 'Too late.' }, 'requirement-info-pending'],
  ])('ends %s, and its link with it', async (status, body, requirement) => {
    const connection = await connect();
    const { api, control } = connection;
    const id = await addPortingOrder(connection);
    const list = `/porting_orders/${id}/action_requirements`;
    const [action] = (await api('GET', list)).body.data;
    await api('POST', `${list}/${action.id}/initiate`, { params: PERSON });
    await control('POST', `/porting_orders/${id}/finish-action`, body);
    const { cancel_reason = null } = body as { cancel_reason?: string };
    expect((await api('GET', `${list}?filter[status]=${status}`)).body.data).toMatchObject([
      { status, action_url: null, cancel_reason },
    ]);
    const { data } = (await api('GET', `/porting_orders/${id}/requirements`)).body;
    expect(data).toMatchObject([{ requirement_status: requirement }]);
    expect(await codesOf(control('POST', `/porting_orders/${id}/finish-action`))).toEqual([422, '10027']);
  });

  test('is added by control to any order, and looked for by id, type and kind', async () => {
    const connection = await connect();
    const { api, control } = connection;
    const order = (await control('POST', '/porting_orders')).body.data;
    await control('POST', `/porting_orders/${order.id}/demand-action`);
    await control('POST', `/porting_orders/${order.id}/demand-action`, { requirement_type_id: NOWHERE });
    const list = `/porting_orders/${order.id}/action_requirements`;
    const ids = async (query: string) =>
      (await api('GET', `${list}?${query}`)).body.data.map(
        ({ requirement_type_id }: { requirement_type_id: string }) => requirement_type_id,
      );
    expect(await ids('')).toEqual([NOWHERE, IDENTITY_CHECK]);
    expect(await ids(`filter[requirement_type_id]=${NOWHERE}`)).toEqual([NOWHERE]);
    expect(await ids('filter[action_type]=au_id_verification&sort[value]=created_at')).toEqual([
      IDENTITY_CHECK,
      NOWHERE,
    ]);
    const [{ id }] = (await api('GET', list)).body.data;
    expect(await ids(`filter[id][in][]=${id}`)).toEqual([NOWHERE]);
    await control('PATCH', `/porting_actions/${id}`, { status: 7 });
    expect((await api('GET', list)).body.data[0].status).toBe(7);
  });
});
