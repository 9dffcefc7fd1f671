import { describe, expect, test } from 'vitest';
import {
  addFrenchGroup,
  BERLIN_NUMBER,
  CONTACT,
  CONTACT_INFO,
  type Connection,
  codesOf,
  connect,
  GERMAN,
  upload,
  value,
} from './connection.ts';

const LETTER_OF_AUTHORIZATION = '9ec0b9cc-d53e-486a-937e-797d9117e043';
const ACCOUNT_NUMBER = 'f9a8c3f0-14e0-49ac-922c-0caca5f75025';
const NOWHERE = '00000000-0000-4000-8000-000000000000';

async function addOrder({ control }: Connection, fields: object = {}): Promise<string> {
  const { body } = await control('POST', '/porting_orders', { phone_numbers: [BERLIN_NUMBER], ...fields });
  return body.data.id;
}

/** A German porting group with every value; gives the id of its letter, too. */
async function addPortingGroup(connection: Connection) {
  const letter = await upload(connection, 'letter');
  const { body } = await connection.api('POST', '/requirement_groups', {
    ...GERMAN,
    action: 'porting',
    regulatory_requirements: [
      value(CONTACT_INFO, CONTACT),
      value(LETTER_OF_AUTHORIZATION, letter),
      value(ACCOUNT_NUMBER, '0000123456'),
    ],
  });
  return { group: body.data.id as string, letter };
}

async function give({ api }: Connection, id: string, requirement_group_id: string, fields: object = {}) {
  return api('PATCH', `/porting_orders/${id}`, { requirement_group_id, ...fields });
}

async function requirementsOf({ api }: Connection, id: string): Promise<[string, string, string][]> {
  const { body } = await api('GET', `/porting_orders/${id}/requirements`);
  return body.data.map(
    (row: { requirement_type: { name: string }; field_value: string; requirement_status: string }) => [
      row.requirement_type.name,
      row.field_value,
      row.requirement_status,
    ],
  );
}

const EMPTY = ['Contact Info', 'Letter of Authorization', 'Account Number'].map((name) => [
  name,
  '',
  'requirement-info-pending',
]);

describe('a porting order', () => {
  test('is made by control, as a draft that knows its requirements', async () => {
    const connection = await connect();
    const id = await addOrder(connection, { customer_reference: 'regsync/example/port' });
    const { status, body } = await connection.api('GET', `/porting_orders/${id}`);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      record_type: 'porting_order',
      id,
      status: { value: 'draft', details: [] },
      customer_reference: 'regsync/example/port',
      phone_number_type: 'local',
      porting_phone_numbers_count: 1,
      requirements_met: false,
      support_key: null,
      documents: { loa: null, invoice: null },
      phone_numbers: [
        {
          phone_number: BERLIN_NUMBER,
          porting_order_id: id,
          requirements_status: 'requirement-info-pending',
        },
      ],
    });
    expect(await requirementsOf(connection, id)).toEqual(EMPTY);
  });

  test('has the id that control gives it', async () => {
    const connection = await connect();
    const id = '7d1f3c86-0000-4000-8000-000000000001';
    expect(await addOrder(connection, { id })).toBe(id);
    expect((await connection.api('GET', `/porting_orders/${id}`)).body.data.id).toBe(id);
  });

  test('shows its numbers unless they are not wanted, and says where the others are', async () => {
    const connection = await connect();
    const numbers = Array.from({ length: 55 }, (_, index) => `+493000001${100 + index}`);
    const id = await addOrder(connection, { phone_numbers: numbers });
    const { body } = await connection.api('GET', `/porting_orders/${id}`);
    expect([body.data.porting_phone_numbers_count, body.data.phone_numbers.length]).toEqual([55, 50]);
    expect(body.meta.phone_numbers_url).toContain(id);
    const without = await connection.api('GET', `/porting_orders/${id}?include_phone_numbers=false`);
    expect(without.body.data).not.toHaveProperty('phone_numbers');
  });

  test('goes through any status that control names, with details, known or not', async () => {
    const connection = await connect();
    const id = await addOrder(connection);
    const details = [{ code: 'ENTITY_NAME_MISMATCH', description: 'The name differs.' }];
    for (const status of ['in-process', 'exception', 'foc-date-confirmed', 'ported', 'paused']) {
      await connection.control('POST', `/porting_orders/${id}/move`, { status, details });
      const { data } = (await connection.api('GET', `/porting_orders/${id}`)).body;
      expect(data.status).toEqual({ value: status, details });
      expect(data.support_key).toMatch(/^sr_/);
    }
  });

  test('is moved by its reference as well', async () => {
    const connection = await connect();
    const id = await addOrder(connection, { customer_reference: 'one' });
    await addOrder(connection, { customer_reference: 'two' });
    const move = (body: object) => connection.control('POST', '/porting_orders/move?reference=one', body);
    expect((await move({ status: 'submitted' })).body.data).toMatchObject({
      id,
      status: { value: 'submitted' },
    });
    expect(await codesOf(move({}))).toEqual([422, '10004']);
  });

  test('is found by reference, number, country and name, in the order asked for', async () => {
    const connection = await connect();
    const first = await addOrder(connection, { customer_reference: 'one' });
    const second = await addOrder(connection, {
      phone_numbers: ['+33100000001'],
      customer_reference: 'two',
      end_user: { admin: { entity_name: 'Example SARL' } },
    });
    const ids = async (query: string) =>
      (await connection.api('GET', `/porting_orders?${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual([second, first]);
    expect(await ids('sort[value]=created_at')).toEqual([first, second]);
    expect(await ids('filter[customer_reference]=one')).toEqual([first]);
    expect(await ids('filter[phone_numbers][country_code]=FR')).toEqual([second]);
    expect(await ids('filter[phone_numbers.country_code]=DE')).toEqual([first]);
    expect(await ids('filter[phone_numbers][phone_number][contains]=3310')).toEqual([second]);
    expect(await ids('filter[end_user][admin][entity_name]=Example%20SARL')).toEqual([second]);
  });
});

describe('a group for a porting order', () => {
  test.each(['draft', 'in-process', 'exception'])(
    'is taken while it is %s, values and document',
    async (status) => {
      const connection = await connect();
      const { group, letter } = await addPortingGroup(connection);
      const id = await addOrder(connection, { status });
      const { status: code, body } = await give(connection, id, group);
      expect(code).toBe(200);
      expect(JSON.stringify(body)).not.toContain(group);
      expect(body.data).toMatchObject({
        status: { value: status },
        requirements_met: true,
        documents: { loa: letter, invoice: null },
        requirements: [{ requirement_type_id: LETTER_OF_AUTHORIZATION, field_value: letter }],
      });
      expect(await requirementsOf(connection, id)).toEqual([
        ['Contact Info', CONTACT, 'requirement-info-under-review'],
        ['Letter of Authorization', letter, 'requirement-info-under-review'],
        ['Account Number', '0000123456', 'requirement-info-under-review'],
      ]);
    },
  );

  test.each(['submitted', 'foc-date-confirmed', 'ported', 'cancelled', 'cancel-pending', 'paused'])(
    'is refused while it is %s, and so are values and documents',
    async (status) => {
      const connection = await connect();
      const { group, letter } = await addPortingGroup(connection);
      const id = await addOrder(connection, { status });
      expect(await codesOf(give(connection, id, group))).toEqual([422, '85002']);
      const patch = (body: object) => codesOf(connection.api('PATCH', `/porting_orders/${id}`, body));
      const requirements = [{ requirement_type_id: CONTACT_INFO, field_value: CONTACT }];
      expect(await patch({ requirements })).toEqual([422, '85002']);
      expect(await patch({ documents: { loa: letter } })).toEqual([422, '85002']);
      expect(await requirementsOf(connection, id)).toEqual(EMPTY);
      expect(await patch({ customer_reference: 'still possible' })).toEqual([200]);
    },
  );

  test('is copied once: what becomes of it later does not follow', async () => {
    const connection = await connect();
    const { group } = await addPortingGroup(connection);
    const id = await addOrder(connection);
    await give(connection, id, group);
    const before = await requirementsOf(connection, id);
    await connection.api('PATCH', `/requirement_groups/${group}`, {
      regulatory_requirements: [value(CONTACT_INFO, 'Someone else')],
    });
    await connection.control('POST', `/groups/${group}/approve`);
    expect(await requirementsOf(connection, id)).toEqual(before);
  });

  test('overwrites what was there, also what was approved', async () => {
    const connection = await connect();
    const { group } = await addPortingGroup(connection);
    const id = await addOrder(connection);
    await give(connection, id, group);
    await connection.control('POST', `/porting_orders/${id}/approve`, { requirement_ids: [CONTACT_INFO] });
    await connection.control('POST', `/porting_orders/${id}/decline`, { requirement_ids: [ACCOUNT_NUMBER] });
    expect((await requirementsOf(connection, id)).map(([, , status]) => status)).toEqual([
      'approved',
      'requirement-info-under-review',
      'requirement-info-exception',
    ]);
    expect((await connection.api('GET', `/porting_orders/${id}`)).body.data).toMatchObject({
      requirements_met: false,
      phone_numbers: [{ requirements_status: 'requirement-info-exception' }],
    });
    await connection.api('PATCH', `/requirement_groups/${group}`, {
      regulatory_requirements: [value(CONTACT_INFO, 'Someone else')],
    });
    await give(connection, id, group);
    expect((await requirementsOf(connection, id))[0]).toEqual([
      'Contact Info',
      'Someone else',
      'requirement-info-under-review',
    ]);
  });

  test('conflicts with other values in the same request, not with the same ones', async () => {
    const connection = await connect();
    const { group, letter } = await addPortingGroup(connection);
    const id = await addOrder(connection);
    const other = await upload(connection, 'other');
    const requirement = (field_value: string) => [{ requirement_type_id: CONTACT_INFO, field_value }];
    for (const fields of [
      { requirements: requirement('Someone else') },
      { documents: { loa: other } },
      { documents: { loa: null } },
    ]) {
      expect(await codesOf(give(connection, id, group, fields))).toEqual([422, '10015']);
    }
    expect(await requirementsOf(connection, id)).toEqual(EMPTY);
    const same = { requirements: requirement(CONTACT), documents: { loa: letter } };
    expect((await give(connection, id, group, same)).status).toBe(200);
  });

  test('has to be for porting in this country, fulfilled, and there', async () => {
    const connection = await connect();
    const id = await addOrder(connection);
    expect(await codesOf(give(connection, id, NOWHERE))).toEqual([422, '10017']);
    expect(await codesOf(give(connection, id, await addFrenchGroup(connection)))).toEqual([422, '10015']);
    const { body } = await connection.api('POST', '/requirement_groups', { ...GERMAN, action: 'porting' });
    expect(await codesOf(give(connection, id, body.data.id))).toEqual([422, '10015']);
    expect(await requirementsOf(connection, id)).toEqual(EMPTY);
  });

  test('keeps its documents in use', async () => {
    const connection = await connect();
    const { group, letter } = await addPortingGroup(connection);
    const id = await addOrder(connection);
    await give(connection, id, group);
    await connection.api('DELETE', `/requirement_groups/${group}`);
    expect(await codesOf(connection.api('DELETE', `/documents/${letter}`))).toEqual([422, '10021']);
    const links = await connection.api('GET', '/document_links?filter[linked_record_type]=porting_order');
    expect(links.body.data).toMatchObject([{ document_id: letter, linked_resource_id: id }]);
  });
});

describe('changing a porting order', () => {
  test('what is left out stays, at any depth, and null clears', async () => {
    const connection = await connect();
    const id = await addOrder(connection, {
      customer_reference: 'one',
      webhook_url: 'https://example.com/porting',
      end_user: { admin: { entity_name: 'Example GmbH', pin_passcode: '0000' } },
    });
    const patch = async (body: object) =>
      (await connection.api('PATCH', `/porting_orders/${id}`, body)).body.data;
    expect(await patch({ end_user: { admin: { pin_passcode: null } } })).toMatchObject({
      customer_reference: 'one',
      webhook_url: 'https://example.com/porting',
      end_user: { admin: { entity_name: 'Example GmbH', pin_passcode: null } },
    });
    expect(await patch({ customer_reference: null, end_user: null })).toMatchObject({
      customer_reference: null,
      webhook_url: 'https://example.com/porting',
      end_user: { admin: { entity_name: null }, location: { country_code: null } },
    });
    expect(
      await patch({ activation_settings: { foc_datetime_requested: '2030-01-31T10:00:00Z' } }),
    ).toMatchObject({
      activation_settings: { foc_datetime_requested: '2030-01-31T10:00:00Z' },
    });
    expect(await patch({ id: NOWHERE, status: { value: 'ported' } })).toMatchObject({
      id,
      status: { value: 'draft' },
    });
  });

  test('requirements are set one by one, and the letter is the document of that name', async () => {
    const connection = await connect();
    const id = await addOrder(connection);
    const letter = await upload(connection, 'letter');
    const patch = (body: object) => connection.api('PATCH', `/porting_orders/${id}`, body);
    await patch({ requirements: [{ requirement_type_id: CONTACT_INFO, field_value: CONTACT }] });
    const { body } = await patch({ documents: { loa: letter } });
    expect(body.data).toMatchObject({ requirements_met: false, documents: { loa: letter } });
    expect((await requirementsOf(connection, id)).map(([, held]) => held)).toEqual([CONTACT, letter, '']);
    await patch({ documents: { loa: null } });
    expect((await requirementsOf(connection, id)).map(([, held]) => held)).toEqual([CONTACT, '', '']);
  });

  test.each([
    [{ webhook_url: 'nowhere' }, '10003', '/webhook_url'],
    [{ customer_reference: 1 }, '10020', '/customer_reference'],
    [{ end_user: { admin: { pin_passcode: 1234 } } }, '10020', '/end_user/admin/pin_passcode'],
    [{ end_user: 'Example GmbH' }, '10026', '/end_user'],
    [{ messaging: { enable_messaging: 'yes' } }, '10026', '/messaging/enable_messaging'],
    [{ user_feedback: { user_rating: 4.5 } }, '10026', '/user_feedback/user_rating'],
    [{ phone_number_configuration: { tags: 'one' } }, '10026', '/phone_number_configuration/tags'],
    [
      { activation_settings: { foc_datetime_requested: 'soon' } },
      '10026',
      '/activation_settings/foc_datetime_requested',
    ],
    [{ misc: { type: 'whole' } }, '10032', '/misc/type'],
    [
      { misc: { type: 'full', remaining_numbers_action: 'disconnect' } },
      '10027',
      '/misc/remaining_numbers_action',
    ],
    [
      { misc: { type: 'partial', remaining_numbers_action: 'keep' } },
      '10004',
      '/misc/new_billing_phone_number',
    ],
  ])('%j is refused where it stands', async (body, code, pointer) => {
    const connection = await connect();
    const id = await addOrder(connection);
    const answer = await connection.api('PATCH', `/porting_orders/${id}`, body);
    expect([answer.status, answer.body.errors]).toMatchObject([422, [{ code, source: { pointer } }]]);
  });

  test('answers billing numbers in E.164, however they are written', async () => {
    const connection = await connect();
    const id = await addOrder(connection);
    const path = `/porting_orders/${id}`;
    const admin = { billing_phone_number: '+49 (30) 000-0001' };
    const misc = {
      type: 'partial',
      remaining_numbers_action: 'keep',
      new_billing_phone_number: '+49 30 0000002',
    };
    const { body } = await connection.api('PATCH', path, { end_user: { admin }, misc });
    expect(body.data.end_user.admin.billing_phone_number).toBe('+49300000001');
    expect(body.data.misc.new_billing_phone_number).toBe('+49300000002');
  });

  test('answers a date in its own format', async () => {
    const connection = await connect();
    const id = await addOrder(connection);
    const { body } = await connection.api('PATCH', `/porting_orders/${id}`, {
      activation_settings: { foc_datetime_requested: '2030-01-31T12:00:00.000+02:00' },
    });
    expect(body.data.activation_settings.foc_datetime_requested).toBe('2030-01-31T10:00:00Z');
  });

  test.each([
    ['a document that does not exist', { documents: { loa: NOWHERE } }, '10017'],
    ['an invoice that does not exist', { documents: { invoice: NOWHERE } }, '10017'],
    [
      'a requirement that is not its own',
      { requirements: [{ requirement_type_id: NOWHERE, field_value: 'x' }] },
      '10027',
    ],
    ['a requirement without a value', { requirements: [{ requirement_type_id: CONTACT_INFO }] }, '10004'],
  ])('%s is refused, and nothing else of the request is done', async (_, fault, code) => {
    const connection = await connect();
    const id = await addOrder(connection, { customer_reference: 'one' });
    const patch = connection.api('PATCH', `/porting_orders/${id}`, { customer_reference: 'two', ...fault });
    expect(await codesOf(patch)).toEqual([422, code]);
    expect((await connection.api('GET', `/porting_orders/${id}`)).body.data.customer_reference).toBe('one');
  });

  test('an order that does not exist is not found', async () => {
    const { api, control } = await connect();
    for (const reply of [
      api('GET', `/porting_orders/${NOWHERE}`),
      api('PATCH', `/porting_orders/${NOWHERE}`, {}),
      api('GET', `/porting_orders/${NOWHERE}/requirements`),
      control('POST', `/porting_orders/${NOWHERE}/move`, { status: 'ported' }),
      control('POST', `/porting_orders/${NOWHERE}/approve`),
      control('POST', '/porting_orders/move?reference=none', { status: 'ported' }),
    ]) {
      expect(await codesOf(reply)).toEqual([404, '10005']);
    }
    expect(await codesOf(api('POST', '/porting_orders', {}))).toEqual([404, '10003']);
  });

  test('a write that changes nothing, and one whose answer is lost', async () => {
    const connection = await connect();
    const { group } = await addPortingGroup(connection);
    const id = await addOrder(connection);
    await connection.control('POST', '/faults', { kind: 'noop', match: { method: 'PATCH' } });
    expect((await give(connection, id, group)).body.data.requirements_met).toBe(true);
    expect(await requirementsOf(connection, id)).toEqual(EMPTY);
    await connection.control('POST', '/faults', { kind: 'drop_after', match: { method: 'PATCH' } });
    await expect(give(connection, id, group)).rejects.toThrow('fetch failed');
    expect((await requirementsOf(connection, id))[0]).toEqual([
      'Contact Info',
      CONTACT,
      'requirement-info-under-review',
    ]);
  });
});

describe('what is said about a porting order', () => {
  test('is written and read at an endpoint of its own, by whom it came from', async () => {
    const connection = await connect();
    const { api, control } = connection;
    const id = await addOrder(connection, { customer_reference: 'one' });
    const other = await addOrder(connection, { customer_reference: 'two' });
    await control('POST', '/porting_orders/ask?reference=one', { comment: 'Is this the right name?' });
    await control('POST', `/porting_orders/${id}/ask`, { comment: 'Moved.', user_type: 'system' });
    const written = await api('POST', `/porting_orders/${id}/comments`, { body: 'It is.' });
    expect([written.status, written.body.data]).toEqual([
      201,
      {
        record_type: 'porting_comment',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        porting_order_id: id,
        body: 'It is.',
        user_type: 'user',
        created_at: expect.stringMatching(/Z$/),
      },
    ]);
    const { data, meta } = (await api('GET', `/porting_orders/${id}/comments?page[size]=2`)).body;
    expect(data).toMatchObject([
      { body: 'Is this the right name?', user_type: 'admin' },
      { body: 'Moved.', user_type: 'system' },
    ]);
    expect(meta).toMatchObject({ total_results: 3, total_pages: 2 });
    expect((await api('GET', `/porting_orders/${other}/comments`)).body.data).toEqual([]);
  });

  test('needs a text and an order, and lags like any list', async () => {
    const connection = await connect();
    const { api, control } = connection;
    const id = await addOrder(connection);
    expect(await codesOf(api('POST', `/porting_orders/${id}/comments`, {}))).toEqual([422, '10004']);
    for (const method of ['GET', 'POST']) {
      const body = method === 'GET' ? undefined : { body: 'Hello?' };
      const reply = api(method, `/porting_orders/${NOWHERE}/comments`, body);
      expect(await codesOf(reply)).toEqual([404, '10005']);
    }
    const { data } = (await api('POST', `/porting_orders/${id}/comments`, { body: 'Hello?' })).body;
    await control('PATCH', `/porting_comments/${data.id}`, { body: null });
    expect((await api('GET', `/porting_orders/${id}/comments`)).body.data[0].body).toBeNull();
    await control('PATCH', '/quirks', { list_lag_ms: 60_000 });
    expect((await api('GET', `/porting_orders/${id}/comments`)).body.data).toEqual([]);
  });

  test('has 21 codes that say what is wrong, each with words for those who give none', async () => {
    const connection = await connect();
    const { api, control } = connection;
    const { data } = (await api('GET', '/porting_orders/exception_types')).body;
    expect(data).toHaveLength(21);
    const pin = { code: 'PASSCODE_PIN_INVALID', description: 'The passcode or PIN is invalid' };
    expect(data).toContainEqual(pin);
    const id = await addOrder(connection, { status: 'exception', details: [{ code: pin.code }] });
    const read = async () => (await api('GET', `/porting_orders/${id}`)).body.data.status;
    expect(await read()).toEqual({ value: 'exception', details: [pin] });
    const details = [{ code: 'OF_TOMORROW' }];
    await control('POST', `/porting_orders/${id}/move`, { status: 'exception', details });
    expect(await read()).toEqual({
      value: 'exception',
      details: [{ code: 'OF_TOMORROW', description: '' }],
    });
  });
});

test.each([
  ['shown', '0042'],
  ['masked', '****'],
  ['hidden', null],
])('a PIN that was written is %s when it is read, wherever that is', async (porting_pin, expected) => {
  const connection = await connect();
  const { api, control } = connection;
  await control('PATCH', '/quirks', { porting_pin });
  const id = await addOrder(connection);
  const admin = { entity_name: 'Example GmbH', pin_passcode: '0042' };
  const written = await api('PATCH', `/porting_orders/${id}`, { end_user: { admin } });
  const read = await api('GET', `/porting_orders/${id}`);
  const [listed] = (await api('GET', '/porting_orders')).body.data;
  for (const { end_user } of [written.body.data, read.body.data, listed]) {
    expect(end_user.admin).toMatchObject({ entity_name: 'Example GmbH', pin_passcode: expected });
    expect(end_user.location.country_code).toBeNull();
  }
  const { data } = (await control('GET', '/state')).body;
  expect(data.porting_orders[0].settings.end_user.admin.pin_passcode).toBe('0042');
});
