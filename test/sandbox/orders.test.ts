import { describe, expect, test } from 'vitest';
import {
  addAddress,
  addFrenchGroup,
  addGermanGroup,
  BERLIN_NUMBER,
  BUSINESS_REGISTRATION,
  CONTACT,
  CONTACT_INFO,
  type Connection,
  codesOf,
  connect,
  FRENCH,
  GERMAN,
  LOCAL_ADDRESS,
  orderStatusesOf,
  PARIS_NUMBER,
  PROOF_OF_ADDRESS,
  placeOrder,
  subOrderOf,
  upload,
  value,
} from './connection.ts';

const NOWHERE = '00000000-0000-4000-8000-000000000000';

function order(number: string, requirement_group_id?: string) {
  return { phone_numbers: [{ phone_number: number, requirement_group_id }] };
}

/** What a sub order's only number holds, by requirement. */
async function heldBy(connection: Connection, orderId: string): Promise<Map<string, string>> {
  const [number] = (await subOrderOf(connection, orderId)).phone_numbers;
  return new Map(
    number.regulatory_requirements.map((requirement: Record<string, string>) => [
      requirement.requirement_id,
      requirement.field_value,
    ]),
  );
}

async function attach(connection: Connection, orderId: string, groupId: string) {
  const { id } = await subOrderOf(connection, orderId);
  return connection.api('POST', `/sub_number_orders/${id}/requirement_group`, {
    requirement_group_id: groupId,
  });
}

async function dayPasses({ control }: Connection, days: number): Promise<void> {
  await control('POST', '/clock', { advance_seconds: days * 24 * 60 * 60 });
}

describe('placing an order', () => {
  test('the answer knows no requirements yet, the next request finds them with the values of the group', async () => {
    const connection = await connect();
    const group = await addFrenchGroup(connection);
    const { status, body } = await connection.api('POST', '/number_orders', {
      ...order(PARIS_NUMBER, group),
      customer_reference: 'regsync/example/order/paris',
      connection_id: '346789098765567',
    });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      record_type: 'number_order',
      customer_reference: 'regsync/example/order/paris',
      connection_id: '346789098765567',
      messaging_profile_id: '',
      status: 'pending',
      requirements_met: false,
      phone_numbers_count: 1,
      phone_numbers: [
        {
          phone_number: PARIS_NUMBER,
          country_code: 'FR',
          phone_number_type: 'local',
          requirements_status: 'requirement-info-pending',
          regulatory_requirements: [],
        },
      ],
    });
    const later = await connection.api('GET', `/number_orders/${body.data.id}`);
    expect(later.body.data.phone_numbers).toMatchObject([
      {
        requirements_status: 'requirement-info-under-review',
        regulatory_requirements: [
          { requirement_id: PROOF_OF_ADDRESS, field_type: 'document', status: 'pending-approval' },
        ],
      },
    ]);
    expect(later.body.data.phone_numbers[0].regulatory_requirements[0].field_value).not.toBe('');
  });

  test('requirements come after a delay of the clock where a quirk says so', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { order_fill_delay_seconds: 3600 });
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    expect(await orderStatusesOf(connection, orderId)).toEqual(['requirement-info-pending']);
    expect((await subOrderOf(connection, orderId)).regulatory_requirements).toEqual([]);
    await connection.control('POST', '/clock', { advance_seconds: 3600 });
    expect(await orderStatusesOf(connection, orderId)).toEqual([
      'requirement-info-pending',
      ...Array(5).fill('awaiting-value'),
    ]);
  });

  test('there is a sub order for each country and type', async () => {
    const connection = await connect();
    const numbers = ['+49300000001', '+49400000001', '+33100000001', '+44700000001'];
    const orderId = await placeOrder(
      connection,
      numbers.map((number) => ({ number })),
    );
    const { body } = await connection.api('GET', `/sub_number_orders?filter[order_request_id]=${orderId}`);
    expect(
      body.data.map((sub: Record<string, unknown>) => [
        sub.country_code,
        sub.phone_number_type,
        sub.phone_numbers_count,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['DE', 'local', 2],
        ['FR', 'local', 1],
        ['GB', 'mobile', 1],
      ]),
    );
    const { data } = (await connection.api('GET', `/number_orders/${orderId}`)).body;
    expect(new Set(data.sub_number_orders_ids)).toEqual(
      new Set(body.data.map(({ id }: { id: string }) => id)),
    );
  });

  test('an order without requirements, and one with an approved group, succeed by themselves', async () => {
    const connection = await connect();
    const group = await addFrenchGroup(connection);
    await connection.control('POST', `/groups/${group}/approve`);
    for (const wanted of [{ number: '+1200000001' }, { number: PARIS_NUMBER, group }]) {
      const orderId = await placeOrder(connection, [wanted]);
      const { data } = (await connection.api('GET', `/number_orders/${orderId}`)).body;
      expect(data).toMatchObject({ status: 'success', requirements_met: true });
      expect(await subOrderOf(connection, orderId)).toMatchObject({ status: 'success' });
    }
  });

  test('a quirk has approved values reviewed again', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { approved_values: 'review' });
    const group = await addFrenchGroup(connection);
    await connection.control('POST', `/groups/${group}/approve`);
    const orderId = await placeOrder(connection, [{ number: PARIS_NUMBER, group }]);
    expect(await orderStatusesOf(connection, orderId)).toEqual([
      'requirement-info-under-review',
      'pending-approval',
    ]);
  });

  test.each([
    ['a number that could be somebody’s', '+442079460000', '85001', 'fictional'],
    ['a country that the sandbox does not know', '+9995500000001', '85001', 'fictional'],
    ['something that is no number', 'one', '85001', 'fictional'],
    ['no number at all', '', '10004', 'required'],
  ])('%s is refused', async (_, number, code, words) => {
    const connection = await connect();
    const reply = await connection.api('POST', '/number_orders', order(number));
    expect(reply.status).toBe(422);
    expect(reply.body.errors).toMatchObject([{ code, source: { pointer: '/phone_numbers/0/phone_number' } }]);
    expect(reply.body.errors[0].detail).toContain(words);
  });

  test.each([
    ['an order without numbers', {}, '10004'],
    ['an order of nothing', { phone_numbers: [] }, '10004'],
    ['numbers that are texts', { phone_numbers: [BERLIN_NUMBER] }, '10026'],
    [
      'the same number twice',
      { phone_numbers: [{ phone_number: BERLIN_NUMBER }, { phone_number: BERLIN_NUMBER }] },
      '10012',
    ],
    ['a group that does not exist', order(BERLIN_NUMBER, NOWHERE), '10017'],
  ])('%s is refused', async (_, body, code) => {
    const connection = await connect();
    expect(await codesOf(connection.api('POST', '/number_orders', body))).toEqual([422, code]);
  });

  test('one bad number refuses the whole order', async () => {
    const connection = await connect();
    const phone_numbers = [{ phone_number: BERLIN_NUMBER }, { phone_number: '+442079460000' }];
    expect(await codesOf(connection.api('POST', '/number_orders', { phone_numbers }))).toEqual([
      422,
      '85001',
    ]);
    expect((await connection.api('GET', '/number_orders')).body.data).toEqual([]);
    expect((await connection.api('GET', '/number_order_phone_numbers')).body.data).toEqual([]);
  });

  test('an ordered number is gone until its order is cancelled', async () => {
    const connection = await connect();
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    expect(await codesOf(connection.api('POST', '/number_orders', order(BERLIN_NUMBER)))).toEqual([
      422,
      '85001',
    ]);
    const { id } = await subOrderOf(connection, orderId);
    await connection.api('PATCH', `/sub_number_orders/${id}/cancel`);
    expect((await connection.api('POST', '/number_orders', order(BERLIN_NUMBER))).status).toBe(200);
  });

  test('a quirk sells only numbers that were searched first', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { numbers_must_be_searched: true });
    expect(await codesOf(connection.api('POST', '/number_orders', order(BERLIN_NUMBER)))).toEqual([
      422,
      '85000',
    ]);
    await connection.control('POST', '/searched-numbers', { phone_numbers: [BERLIN_NUMBER] });
    expect((await connection.api('POST', '/number_orders', order(BERLIN_NUMBER))).status).toBe(200);
  });

  test.each([
    ['CH', '+41100000001'],
    ['DK', '+45100000001'],
    ['IT', '+39100000001'],
    ['NO', '+47100000001'],
    ['PT', '+351100000001'],
    ['SE', '+46100000001'],
  ])('%s wants a group, and a fulfilled one', async (country_code, number) => {
    const connection = await connect();
    expect(await codesOf(connection.api('POST', '/number_orders', order(number)))).toEqual([422, '10015']);
    const { body } = await connection.api('POST', '/requirement_groups', { ...GERMAN, country_code });
    expect(await codesOf(connection.api('POST', '/number_orders', order(number, body.data.id)))).toEqual([
      422,
      '10015',
    ]);
  });

  test('with a fulfilled group such a country takes the order', async () => {
    const connection = await connect();
    const { body } = await connection.api('POST', '/requirement_groups', {
      country_code: 'DK',
      phone_number_type: 'local',
      action: 'ordering',
    });
    const [companyNumber, address] = body.data.regulatory_requirements;
    await connection.api('PATCH', `/requirement_groups/${body.data.id}`, {
      regulatory_requirements: [
        value(companyNumber.requirement_id, '00000000'),
        value(address.requirement_id, await addAddress(connection)),
      ],
    });
    const orderId = await placeOrder(connection, [{ number: '+45100000001', group: body.data.id }]);
    expect(await orderStatusesOf(connection, orderId)).toEqual([
      'requirement-info-under-review',
      'pending-approval',
      'pending-approval',
    ]);
  });
});

describe('attaching a group', () => {
  test('copies the values once: later changes of the group do not follow', async () => {
    const connection = await connect();
    const group = await addGermanGroup(connection);
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    const reply = await attach(connection, orderId, group);
    expect(reply.status).toBe(200);
    expect(reply.body.data.phone_numbers[0]).toMatchObject({
      requirements_status: 'requirement-info-under-review',
      requirements_met: false,
      status: 'pending',
    });
    expect((await heldBy(connection, orderId)).get(CONTACT_INFO)).toBe(CONTACT);

    await connection.api('PATCH', `/requirement_groups/${group}`, {
      regulatory_requirements: [value(CONTACT_INFO, 'Someone else')],
    });
    await connection.control('POST', `/groups/${group}/approve`);
    expect((await heldBy(connection, orderId)).get(CONTACT_INFO)).toBe(CONTACT);
    expect((await orderStatusesOf(connection, orderId))[0]).toBe('requirement-info-under-review');

    await connection.api('DELETE', `/requirement_groups/${group}`);
    expect((await heldBy(connection, orderId)).get(CONTACT_INFO)).toBe(CONTACT);
  });

  test('what is approved stays, also when it is attached again', async () => {
    const connection = await connect();
    const group = await addGermanGroup(connection);
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
    const before = await heldBy(connection, orderId);
    await connection.control('POST', `/number_orders/${orderId}/approve`, {
      requirement_ids: [CONTACT_INFO],
    });
    await connection.api('PATCH', `/requirement_groups/${group}`, {
      regulatory_requirements: [
        value(CONTACT_INFO, 'Someone else'),
        value(BUSINESS_REGISTRATION, await upload(connection, 'renewed')),
      ],
    });
    await attach(connection, orderId, group);
    const after = await heldBy(connection, orderId);
    expect(after.get(CONTACT_INFO)).toBe(CONTACT);
    expect(after.get(BUSINESS_REGISTRATION)).not.toBe(before.get(BUSINESS_REGISTRATION));
    expect((await orderStatusesOf(connection, orderId)).slice(1)).toEqual([
      'approved',
      ...Array(4).fill('pending-approval'),
    ]);
  });

  test('an approved group completes the order', async () => {
    const connection = await connect();
    const group = await addFrenchGroup(connection);
    await connection.control('POST', `/groups/${group}/approve`);
    const orderId = await placeOrder(connection, [{ number: PARIS_NUMBER }]);
    await attach(connection, orderId, group);
    expect((await connection.api('GET', `/number_orders/${orderId}`)).body.data.status).toBe('success');
  });

  test('one number of a sub order can have a group of its own', async () => {
    const connection = await connect();
    const group = await addFrenchGroup(connection);
    const orderId = await placeOrder(connection, [{ number: PARIS_NUMBER }, { number: '+33100000002' }]);
    const [first] = (await subOrderOf(connection, orderId)).phone_numbers;
    const path = `/number_order_phone_numbers/${first.id}/requirement_group`;
    const reply = await connection.api('POST', path, { requirement_group_id: group });
    expect(reply.body.data).toMatchObject({
      id: first.id,
      order_request_id: orderId,
      requirements_status: 'requirement-info-under-review',
      regulatory_requirements: [{ requirement_id: PROOF_OF_ADDRESS, status: 'pending-approval' }],
    });
    const numbers = (await subOrderOf(connection, orderId)).phone_numbers;
    expect(numbers.map((number: Record<string, string>) => number.requirements_status)).toEqual([
      'requirement-info-under-review',
      'requirement-info-pending',
    ]);
  });

  test('no answer says which group it was', async () => {
    const connection = await connect();
    const group = await addFrenchGroup(connection);
    const orderId = await placeOrder(connection, [{ number: PARIS_NUMBER, group }]);
    const attached = await attach(connection, orderId, group);
    const { id, phone_numbers } = attached.body.data;
    const answers = [attached];
    for (const path of [
      '/number_orders',
      `/number_orders/${orderId}`,
      '/sub_number_orders?filter[include_phone_numbers]=true',
      `/sub_number_orders/${id}`,
      '/number_order_phone_numbers',
      `/number_order_phone_numbers/${phone_numbers[0].id}`,
    ]) {
      answers.push(await connection.api('GET', path));
    }
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(group);
    }
  });

  const REFUSED: readonly [string, (connection: Connection) => Promise<string>, string][] = [
    [
      'with a value missing',
      async ({ api }) => (await api('POST', '/requirement_groups', GERMAN)).body.data.id,
      '10015',
    ],
    ['for another country', (connection) => addFrenchGroup(connection), '10015'],
    [
      'for another type',
      async ({ api }) =>
        (
          await api('POST', '/requirement_groups', {
            ...FRENCH,
            country_code: 'NL',
            phone_number_type: 'mobile',
          })
        ).body.data.id,
      '10015',
    ],
    [
      'for porting',
      async ({ api }) =>
        (await api('POST', '/requirement_groups', { ...GERMAN, action: 'porting' })).body.data.id,
      '10015',
    ],
    [
      'that is no longer eligible',
      async (connection) => {
        const id = await addGermanGroup(connection);
        await connection.control('POST', `/groups/${id}/retire`);
        return id;
      },
      '10015',
    ],
    ['that does not exist', async () => NOWHERE, '10017'],
    ['that is not named', async () => '', '10004'],
  ];
  test.each(REFUSED)('a group %s is refused, and nothing is changed', async (_, make, code) => {
    const connection = await connect();
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    const group = await make(connection);
    expect(await codesOf(attach(connection, orderId, group))).toEqual([422, code]);
    const [{ id }] = (await subOrderOf(connection, orderId)).phone_numbers;
    const path = `/number_order_phone_numbers/${id}/requirement_group`;
    expect(await codesOf(connection.api('POST', path, { requirement_group_id: group }))).toEqual([422, code]);
    expect([...(await heldBy(connection, orderId)).values()]).toEqual(Array(5).fill(''));
  });

  test('before the requirements are there a group is taken, or refused where a quirk says so', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', {
      order_fill_delay_seconds: 3600,
      attach_before_filled: 'refuse',
    });
    const group = await addFrenchGroup(connection);
    const orderId = await placeOrder(connection, [{ number: PARIS_NUMBER }]);
    expect(await codesOf(attach(connection, orderId, group))).toEqual([409, '10036']);
    await connection.control('PATCH', '/quirks', { attach_before_filled: 'accept' });
    expect((await attach(connection, orderId, group)).status).toBe(200);
    expect((await orderStatusesOf(connection, orderId))[0]).toBe('requirement-info-under-review');
  });
});

describe('values written directly', () => {
  const PATHS: readonly [string, (order: string, sub: string, number: string) => string][] = [
    ['an order', (orderId) => `/number_orders/${orderId}`],
    ['a sub order', (_, subOrderId) => `/sub_number_orders/${subOrderId}`],
    ['a number', (_, __, numberId) => `/number_order_phone_numbers/${numberId}`],
  ];

  test.each(PATHS)('%s takes the values that it is sent, and keeps the others', async (_, pathOf) => {
    const connection = await connect();
    const group = await addGermanGroup(connection);
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
    const before = await heldBy(connection, orderId);
    const { id, phone_numbers } = await subOrderOf(connection, orderId);
    const path = pathOf(orderId, id, phone_numbers[0].id);
    const body = { regulatory_requirements: [value(CONTACT_INFO, 'Someone else')] };
    expect((await connection.api('PATCH', path, body)).status).toBe(200);
    expect(await heldBy(connection, orderId)).toEqual(new Map([...before, [CONTACT_INFO, 'Someone else']]));
  });

  test.each(PATHS)('%s refuses values that cannot be', async (_, pathOf) => {
    const connection = await connect();
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    const { id, phone_numbers } = await subOrderOf(connection, orderId);
    const path = pathOf(orderId, id, phone_numbers[0].id);
    const patch = (entry: object) =>
      codesOf(connection.api('PATCH', path, { regulatory_requirements: [entry] }));
    expect(await patch(value(BUSINESS_REGISTRATION, NOWHERE))).toEqual([422, '10017']);
    expect(await patch(value(LOCAL_ADDRESS, '1'))).toEqual([422, '10017']);
    expect(await patch(value(PROOF_OF_ADDRESS, 'x'))).toEqual([422, '10027']);
    expect(await patch({ requirement_id: CONTACT_INFO })).toEqual([422, '10004']);
    expect([...(await heldBy(connection, orderId)).values()]).toEqual(Array(5).fill(''));
  });

  test('a new reference is one for the sub orders, too, and needs no pending order', async () => {
    const connection = await connect();
    const orderId = await placeOrder(connection, [{ number: '+1200000001' }], { customer_reference: 'old' });
    const { body } = await connection.api('PATCH', `/number_orders/${orderId}`, {
      customer_reference: 'new',
    });
    expect(body.data).toMatchObject({ customer_reference: 'new', status: 'success' });
    expect((await subOrderOf(connection, orderId)).customer_reference).toBe('new');
    const list = await connection.api('GET', '/number_orders?filter[customer_reference]=new');
    expect(list.body.data).toMatchObject([{ id: orderId, phone_numbers: [{ phone_number: '+1200000001' }] }]);
    const old = await connection.api('GET', '/number_orders?filter[customer_reference]=old');
    expect(old.body.data).toEqual([]);
  });
});

describe('reviews and deadlines', () => {
  async function pendingOrder(): Promise<{ connection: Connection; orderId: string }> {
    const connection = await connect();
    const group = await addGermanGroup(connection);
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
    return { connection, orderId };
  }

  async function deadlineOf({ api }: Connection): Promise<number> {
    return Date.parse((await api('GET', '/number_order_phone_numbers')).body.data[0].deadline);
  }

  test('the last approval completes number, sub order and order', async () => {
    const { connection, orderId } = await pendingOrder();
    const rest = [...(await heldBy(connection, orderId)).keys()].filter((id) => id !== CONTACT_INFO);
    await connection.control('POST', `/number_orders/${orderId}/approve`, { requirement_ids: rest });
    expect(await subOrderOf(connection, orderId)).toMatchObject({
      status: 'pending',
      requirements_met: false,
    });
    await connection.control('POST', `/number_orders/${orderId}/approve`, {
      requirement_ids: [CONTACT_INFO],
    });
    expect(await orderStatusesOf(connection, orderId)).toEqual(['approved', ...Array(5).fill('approved')]);
    expect(await subOrderOf(connection, orderId)).toMatchObject({
      status: 'success',
      requirements_met: true,
    });
    const { data } = (await connection.api('GET', `/number_orders/${orderId}`)).body;
    expect(data).toMatchObject({ status: 'success', requirements_met: true });
  });

  test('a rejection is partial, has a comment and gives a new deadline', async () => {
    const { connection, orderId } = await pendingOrder();
    const before = await deadlineOf(connection);
    await dayPasses(connection, 3);
    await connection.control('POST', `/number_orders/${orderId}/decline`, {
      requirement_ids: [CONTACT_INFO],
      comment: 'Who is to be called?',
    });
    expect(await orderStatusesOf(connection, orderId)).toEqual([
      'requirement-info-exception',
      'declined',
      ...Array(4).fill('pending-approval'),
    ]);
    expect((await deadlineOf(connection)) - before).toBeGreaterThan(2.9 * 24 * 60 * 60 * 1000);
    const { id } = await subOrderOf(connection, orderId);
    const { body } = await connection.api(
      'GET',
      `/comments?filter[comment_record_type]=sub_number_order&filter[comment_record_id]=${id}`,
    );
    expect(body.data).toMatchObject([{ body: 'Who is to be called?', commenter_type: 'admin' }]);
    const answer = { comment_record_type: 'sub_number_order', comment_record_id: id, body: 'Me.' };
    expect((await connection.api('POST', '/comments', answer)).status).toBe(200);
  });

  test('each number is reviewed by itself', async () => {
    const connection = await connect();
    const group = await addFrenchGroup(connection);
    const orderId = await placeOrder(connection, [
      { number: PARIS_NUMBER, group },
      { number: '+33100000002', group },
    ]);
    const [first, second] = (await subOrderOf(connection, orderId)).phone_numbers;
    await connection.control('POST', `/number_order_phone_numbers/${first.id}/approve`);
    await connection.control('POST', `/number_order_phone_numbers/${second.id}/decline`);
    const subOrder = await subOrderOf(connection, orderId);
    expect(subOrder).toMatchObject({ status: 'pending', requirements_met: false });
    expect(subOrder.phone_numbers).toMatchObject([
      { status: 'success', requirements_status: 'approved', requirements_met: true },
      { status: 'pending', requirements_status: 'requirement-info-exception', requirements_met: false },
    ]);
  });

  test('who owes values at the deadline loses the number', async () => {
    const connection = await connect();
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    await dayPasses(connection, 29.9);
    expect((await subOrderOf(connection, orderId)).status).toBe('pending');
    await dayPasses(connection, 0.2);
    expect((await subOrderOf(connection, orderId)).status).toBe('cancelled');
    expect((await orderStatusesOf(connection, orderId))[0]).toBe('cancelled');
    const { data } = (await connection.api('GET', `/number_orders/${orderId}`)).body;
    expect(data).toMatchObject({ status: 'cancelled', requirements_met: false });
  });

  test('who waits for a reviewer does not, and after a rejection the new deadline counts', async () => {
    const { connection, orderId } = await pendingOrder();
    await dayPasses(connection, 45);
    expect((await subOrderOf(connection, orderId)).status).toBe('pending');
    await connection.control('POST', `/number_orders/${orderId}/decline`);
    await dayPasses(connection, 29);
    expect((await subOrderOf(connection, orderId)).status).toBe('pending');
    await dayPasses(connection, 2);
    expect((await subOrderOf(connection, orderId)).status).toBe('cancelled');
  });

  test('quirks shorten deadlines, spoil their text, and call cancelled orders failures', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', {
      order_deadline_days: 1,
      order_deadlines: 'malformed',
      cancelled_orders: 'failure',
    });
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    const { body } = await connection.api('GET', '/number_order_phone_numbers');
    expect(body.data[0].deadline).toMatch(/^\d{3}-\d\d-\d\dT/);
    await dayPasses(connection, 1.1);
    expect((await subOrderOf(connection, orderId)).status).toBe('failure');
  });
});

describe('what is over', () => {
  async function closed(how: 'success' | 'cancelled') {
    const connection = await connect();
    const group = await addFrenchGroup(connection);
    const orderId = await placeOrder(connection, [{ number: PARIS_NUMBER, group }]);
    const { id, phone_numbers } = await subOrderOf(connection, orderId);
    if (how === 'success') await connection.control('POST', `/number_orders/${orderId}/approve`);
    else await connection.api('PATCH', `/sub_number_orders/${id}/cancel`);
    return { connection, group, orderId, subOrderId: id, numberId: phone_numbers[0].id };
  }

  test.each([
    ['success', '85003'],
    ['cancelled', '85002'],
  ] as const)('is %s refuses groups, values and cancelling with %s', async (how, code) => {
    const { connection, group, orderId, subOrderId, numberId } = await closed(how);
    expect((await subOrderOf(connection, orderId)).status).toBe(how);
    const values = { regulatory_requirements: [value(PROOF_OF_ADDRESS, await upload(connection, 'late'))] };
    const attachment = { requirement_group_id: group };
    const { api } = connection;
    for (const refused of [
      api('POST', `/sub_number_orders/${subOrderId}/requirement_group`, attachment),
      api('POST', `/number_order_phone_numbers/${numberId}/requirement_group`, attachment),
      api('PATCH', `/number_orders/${orderId}`, values),
      api('PATCH', `/sub_number_orders/${subOrderId}`, values),
      api('PATCH', `/number_order_phone_numbers/${numberId}`, values),
      api('PATCH', `/sub_number_orders/${subOrderId}/cancel`),
    ]) {
      expect(await codesOf(refused)).toEqual([422, code]);
    }
  });

  test('one cancelled sub order leaves the rest of the order pending', async () => {
    const connection = await connect();
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }, { number: PARIS_NUMBER }]);
    const list = await connection.api(
      'GET',
      `/sub_number_orders?filter[order_request_id]=${orderId}&filter[country_code]=FR`,
    );
    await connection.api('PATCH', `/sub_number_orders/${list.body.data[0].id}/cancel`);
    expect((await connection.api('GET', `/number_orders/${orderId}`)).body.data.status).toBe('pending');
    const { body } = await connection.api('GET', '/sub_number_orders?filter[status]=pending');
    expect(body.data).toMatchObject([{ country_code: 'DE' }]);
  });

  test('what does not exist is not found', async () => {
    const { api, control } = await connect();
    for (const reply of [
      api('GET', `/number_orders/${NOWHERE}`),
      api('PATCH', `/number_orders/${NOWHERE}`, {}),
      api('GET', `/sub_number_orders/${NOWHERE}`),
      api('PATCH', `/sub_number_orders/${NOWHERE}`, {}),
      api('PATCH', `/sub_number_orders/${NOWHERE}/cancel`),
      api('POST', `/sub_number_orders/${NOWHERE}/requirement_group`, { requirement_group_id: NOWHERE }),
      api('GET', `/number_order_phone_numbers/${NOWHERE}`),
      api('PATCH', `/number_order_phone_numbers/${NOWHERE}`, {}),
      api('POST', `/number_order_phone_numbers/${NOWHERE}/requirement_group`, {}),
      control('POST', `/number_orders/${NOWHERE}/approve`),
      control('POST', `/sub_number_orders/${NOWHERE}/cancel`),
      control('PATCH', `/number_order_phone_numbers/${NOWHERE}`, {}),
    ]) {
      expect(await codesOf(reply)).toEqual([404, '10005']);
    }
  });
});

describe('where values are to be found', () => {
  test('sub orders demand and hold nothing; with their numbers they show the first fifty', async () => {
    const connection = await connect();
    const numbers = Array.from({ length: 60 }, (_, index) => ({ number: `+331000000${100 + index}` }));
    const orderId = await placeOrder(connection, numbers);
    const [{ id }] = (await connection.api('GET', '/sub_number_orders')).body.data;
    const { data: alone } = (await connection.api('GET', `/sub_number_orders/${id}`)).body;
    expect(alone).not.toHaveProperty('phone_numbers');
    expect(alone.regulatory_requirements).toEqual([
      {
        record_type: 'phone_number_regulatory_requirement',
        requirement_id: PROOF_OF_ADDRESS,
        field_type: 'document',
      },
    ]);
    const subOrder = await subOrderOf(connection, orderId);
    expect([subOrder.phone_numbers_count, subOrder.phone_numbers.length]).toEqual([60, 50]);
    const list = await connection.api('GET', '/number_order_phone_numbers?page[size]=250');
    expect(list.body.meta.total_results).toBe(60);
  });

  test('a quirk has statuses of requirements only where the vendor describes them', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { order_requirement_statuses: 'described' });
    const group = await addFrenchGroup(connection);
    const orderId = await placeOrder(connection, [{ number: PARIS_NUMBER, group }]);
    const { body } = await connection.api('GET', '/number_order_phone_numbers');
    expect(body.data[0].regulatory_requirements[0]).not.toHaveProperty('status');
    expect(await orderStatusesOf(connection, orderId)).toContain('pending-approval');
  });

  test('documents and addresses of an order are in use, until it is cancelled', async () => {
    const connection = await connect();
    const { api } = connection;
    const group = await addGermanGroup(connection);
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
    await api('DELETE', `/requirement_groups/${group}`);
    const held = await heldBy(connection, orderId);
    const documentPath = `/documents/${held.get(BUSINESS_REGISTRATION)}`;
    const addressPath = `/addresses/${held.get(LOCAL_ADDRESS)}`;
    await connection.control('POST', '/clock', { advance_seconds: 31 * 60 });
    expect(await codesOf(api('DELETE', documentPath))).toEqual([422, '10021']);
    expect(await codesOf(api('DELETE', addressPath))).toEqual([422, '10021']);
    const [{ id }] = (await subOrderOf(connection, orderId)).phone_numbers;
    const links = await api('GET', `/document_links?filter[linked_resource_id]=${id}`);
    expect(links.body.data).toHaveLength(3);
    await connection.control('POST', `/number_orders/${orderId}/cancel`);
    expect((await api('DELETE', documentPath)).status).toBe(200);
    expect((await api('DELETE', addressPath)).status).toBe(200);
  });
});

describe('around', () => {
  test('control plants statuses that nobody has described, and they stay', async () => {
    const connection = await connect();
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    const { id, phone_numbers } = await subOrderOf(connection, orderId);
    await connection.control('PATCH', `/sub_number_orders/${id}`, { status: 'on-hold' });
    await connection.control('PATCH', `/number_orders/${orderId}`, { status: 'on-hold' });
    await connection.control('PATCH', `/number_order_phone_numbers/${phone_numbers[0].id}`, {
      requirements_status: 'deleted',
    });
    expect(await subOrderOf(connection, orderId)).toMatchObject({
      status: 'on-hold',
      phone_numbers: [{ requirements_status: 'deleted' }],
    });
    expect((await connection.api('GET', `/number_orders/${orderId}`)).body.data.status).toBe('on-hold');
  });

  test('control finds an order by its reference, the newest of several', async () => {
    const connection = await connect();
    const group = await addFrenchGroup(connection);
    const fields = { customer_reference: 'regsync/example/order/paris' };
    const older = await placeOrder(connection, [{ number: PARIS_NUMBER, group }], fields);
    const newer = await placeOrder(connection, [{ number: '+33100000002', group }], fields);
    const named = '?reference=regsync/example/order/paris';
    const { body } = await connection.control('POST', `/number_orders/decline${named}`);
    expect(body.data).toMatchObject({ id: newer, status: 'pending' });
    expect((await orderStatusesOf(connection, newer))[0]).toBe('requirement-info-exception');
    expect((await orderStatusesOf(connection, older))[0]).toBe('requirement-info-under-review');
    expect(await codesOf(connection.control('POST', '/number_orders/approve?reference=none'))).toEqual([
      404,
      '10005',
    ]);
  });

  test('an approval verifies the documents that it is for, and no others', async () => {
    const connection = await connect();
    const group = await addGermanGroup(connection);
    const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
    const held = await heldBy(connection, orderId);
    await connection.control('POST', `/number_orders/${orderId}/approve`, {
      requirement_ids: [BUSINESS_REGISTRATION],
    });
    const { body } = await connection.api('GET', '/documents');
    const verified = body.data.filter(({ status }: { status: string }) => status === 'verified');
    expect(verified).toMatchObject([{ id: held.get(BUSINESS_REGISTRATION) }]);
  });

  test('answers of costly endpoints say so, and no others', async () => {
    const { api } = await connect();
    const cost = async (method: string, path: string, body?: unknown) =>
      (await api(method, path, body)).headers.get('x-endpoint-cost');
    expect(await cost('POST', '/number_orders', order(BERLIN_NUMBER))).toBe('heavy');
    expect(await cost('GET', '/number_orders')).toBe('medium');
    expect(await cost('GET', '/addresses')).toBe('medium');
    expect(await cost('GET', '/sub_number_orders')).toBeNull();
  });

  test.each(['number_orders', 'sub_number_orders', 'number_order_phone_numbers', 'porting_orders'])(
    '%s are paged by twenty, or not at all where a quirk says so',
    async (list) => {
      const connection = await connect();
      for (let index = 0; index < 22; index += 1) {
        const number = `+493000001${index + 10}`;
        await placeOrder(connection, [{ number }]);
        await connection.control('POST', '/porting_orders', { phone_numbers: [number] });
      }
      const first = await connection.api('GET', `/${list}`);
      expect([first.body.data.length, first.body.meta.total_pages]).toEqual([20, 2]);
      await connection.control('PATCH', '/quirks', { ignore_paging: [list], no_meta: true });
      const all = await connection.api('GET', `/${list}?page[number]=2`);
      expect(all.body).not.toHaveProperty('meta');
      expect(all.body.data).toHaveLength(22);
    },
  );

  test('faults, lag and the rate limit meet orders as they meet everything', async () => {
    const connection = await connect();
    const { api, control } = connection;
    const count = async () => (await api('GET', '/number_orders')).body.meta.total_results;
    for (const [kind, orders] of [
      ['drop_before', 0],
      ['drop_after', 1],
    ] as const) {
      await control('POST', '/faults', { kind, match: { method: 'POST', path: '^/number_orders$' } });
      await expect(api('POST', '/number_orders', order(BERLIN_NUMBER))).rejects.toThrow('fetch failed');
      expect(await count()).toBe(orders);
    }
    const group = await addGermanGroup(connection);
    const [{ id, order_request_id }] = (await api('GET', '/sub_number_orders')).body.data;
    await control('POST', '/faults', { kind: 'noop', match: { method: 'POST', path: 'requirement_group$' } });
    const noop = await api('POST', `/sub_number_orders/${id}/requirement_group`, {
      requirement_group_id: group,
    });
    expect(noop.body.data.phone_numbers[0].requirements_status).toBe('requirement-info-under-review');
    expect((await orderStatusesOf(connection, order_request_id))[0]).toBe('requirement-info-pending');

    await control('PATCH', '/quirks', { list_lag_ms: 60_000 });
    expect(await count()).toBe(0);
    expect((await api('GET', `/number_orders/${order_request_id}`)).status).toBe(200);
    await control('PUT', '/rate-limit', { limit: 0 });
    expect(await codesOf(api('GET', '/number_orders'))).toEqual([429, '10011']);
  });
});

describe('what was never set', () => {
  /** Everything that orders answer, at each endpoint. */
  async function everything(connection: Connection, orderId: string) {
    const { api } = connection;
    const subOrder = await subOrderOf(connection, orderId);
    const [{ id: numberId }] = subOrder.phone_numbers;
    const paths = [
      `/number_orders/${orderId}`,
      '/number_orders',
      `/sub_number_orders/${subOrder.id}`,
      `/sub_number_orders/${subOrder.id}?filter[include_phone_numbers]=true`,
      '/sub_number_orders',
      `/number_order_phone_numbers/${numberId}`,
      '/number_order_phone_numbers',
    ];
    const answers = await Promise.all(paths.map((path) => api('GET', path)));
    return answers.map(({ body }) => [body.data].flat()[0]);
  }

  test.each([
    ['spec', '', /Z$/],
    ['null', null, /\+00:00$/],
  ])(
    'is, by the quirk %s, %j in orders and their values, and their times end as in the guide',
    async (quirk, unset, end) => {
      const connection = await connect();
      await connection.control('PATCH', '/quirks', { unset_fields: quirk });
      const orderId = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
      const rows = await everything(connection, orderId);
      for (const row of rows) {
        if ('customer_reference' in row) expect(row.customer_reference).toBe(unset);
        if ('connection_id' in row) {
          expect([row.connection_id, row.messaging_profile_id, row.billing_group_id]).toEqual([
            unset,
            unset,
            unset,
          ]);
        }
        const times = [row.created_at, row.updated_at, row.deadline].filter(Boolean);
        expect(times.length).toBeGreaterThan(0);
        for (const time of times) {
          expect(time).toMatch(end);
          expect(Date.parse(time)).not.toBeNaN();
        }
        const holders = [row, ...(row.phone_numbers ?? [])];
        const values = holders.flatMap(({ regulatory_requirements = [] }) =>
          regulatory_requirements.flatMap((held: object) =>
            'field_value' in held ? [held.field_value] : [],
          ),
        );
        expect(new Set(values).size).toBeLessThanOrEqual(1);
        if (values.length > 0) expect(values[0]).toBe(unset);
      }
      expect(rows).toHaveLength(7);
    },
  );
});
