import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ApiError, UnreachableError } from '../../src/model/errors.ts';
import type { OrderRequirement } from '../../src/model/orders/observed-order.ts';
import { reveal, Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asReference, asRemoteId, type RemoteId } from '../../src/model/resource.ts';
import { openReadClient, openWriteClient } from '../../src/telnyx/client.ts';
import {
  attachGroupToPhoneNumber,
  attachGroupToSubNumberOrder,
  getNumberOrder,
  getNumberOrderPhoneNumber,
  getSubNumberOrder,
  listNumberOrderPhoneNumbers,
  listNumberOrders,
  listNumberOrdersByReference,
  listSubNumberOrders,
  patchNumberOrder,
  patchNumberOrderPhoneNumber,
  patchSubNumberOrder,
  placeNumberOrder,
} from '../../src/telnyx/endpoints/number-orders.ts';
import {
  getPortingOrder,
  listPortingOrders,
  listPortingRequirements,
  patchPortingOrder,
} from '../../src/telnyx/endpoints/porting-orders.ts';
import { UnknownOutcomeError } from '../../src/telnyx/failure.ts';
import { readOrder } from '../../src/telnyx/orders.ts';
import {
  addFrenchGroup,
  addGermanGroup,
  BERLIN_NUMBER,
  CONTACT,
  CONTACT_INFO,
  type Connection,
  connect,
  GERMAN,
  PARIS_NUMBER,
  PROOF_OF_ADDRESS,
  upload,
  value,
} from '../sandbox/connection.ts';
import { answerJson, optionsFor, serve } from './scripted-server.ts';

const REFERENCE = asReference('regsync/acme/order/paris');
const ORDER_ID = '5ef8ab9b-0000-4000-8000-000000000001';

/** The real client on the sandbox. */
async function start() {
  const connection = await connect();
  const client = openWriteClient(optionsFor({ baseUrl: connection.sandbox.url }));
  return { connection, client };
}

async function placed(given: { readonly number?: string; readonly group?: RemoteId } = {}) {
  const { connection, client } = await start();
  const { number = PARIS_NUMBER, group = null } = given;
  const phoneNumbers = [{ phoneNumber: number, groupId: group }];
  const orderId = await placeNumberOrder(client, { reference: REFERENCE, phoneNumbers });
  const [subOrder] = await listSubNumberOrders(client, orderId);
  if (subOrder === undefined) throw new Error('there is no sub order');
  return { connection, client, orderId, subOrderId: subOrder.id };
}

function contents(requirements: readonly OrderRequirement[]) {
  return requirements.map(({ requirementId, value, status }) => [requirementId, reveal(value), status]);
}

async function requestsOf({ control }: Connection, path: string): Promise<number> {
  const log: readonly { path: string; method: string }[] = (await control('GET', '/requests')).body.data;
  return log.filter((request) => request.method !== 'GET' && request.path.endsWith(path)).length;
}

describe('a number order', () => {
  it('is placed with groups, found by its reference, and read', async () => {
    const { connection, client } = await start();
    const group = asRemoteId(await addFrenchGroup(connection));
    const id = await placeNumberOrder(client, {
      reference: REFERENCE,
      phoneNumbers: [
        { phoneNumber: PARIS_NUMBER, groupId: group },
        { phoneNumber: BERLIN_NUMBER, groupId: null },
      ],
      settings: { connection_id: '346789098765567' },
    });
    await placeNumberOrder(client, {
      reference: asReference('regsync/acme/order/other'),
      phoneNumbers: [{ phoneNumber: '+33100000002', groupId: null }],
    });
    expect(await listNumberOrders(client)).toHaveLength(2);
    const [found, ...others] = await listNumberOrdersByReference(client, REFERENCE);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ id, reference: REFERENCE, status: 'pending', requirementsMet: false });
    expect(found?.subNumberOrderIds).toHaveLength(2);
    const order = await getNumberOrder(client, id);
    expect(order.phoneNumbers).toMatchObject([
      { phoneNumber: PARIS_NUMBER, countryCode: 'FR', requirementsStatus: 'requirement-info-under-review' },
      { phoneNumber: BERLIN_NUMBER, countryCode: 'DE', requirementsStatus: 'requirement-info-pending' },
    ]);
    const { body } = await connection.api('GET', `/number_orders/${id}`);
    expect(body.data.connection_id).toBe('346789098765567');
  });

  it('is found by its very reference also where the server ignores the filter', async () => {
    const rows = ['regsync/acme/order/one', 'regsync/acme/order/one-more'].map(
      (customer_reference, index) => ({
        id: `id-${index}`,
        status: 'pending',
        customer_reference,
      }),
    );
    const server = await serve((response) => answerJson(response, { data: rows }));
    const found = await listNumberOrdersByReference(
      openReadClient(optionsFor(server)),
      'regsync/acme/order/one',
    );
    expect(found.map(({ id }) => id)).toEqual(['id-0']);
  });

  it('takes another reference and values, and an empty patch changes nothing', async () => {
    const { connection, client, orderId } = await placed({ number: BERLIN_NUMBER });
    const values = [{ requirementId: CONTACT_INFO, value: new Sensitive(CONTACT) }];
    await patchNumberOrder(client, orderId, { reference: 'regsync/acme/order/new', values });
    const [found] = await listNumberOrdersByReference(client, 'regsync/acme/order/new');
    expect(found?.id).toBe(orderId);
    const { phoneNumbers } = await getNumberOrder(client, orderId);
    expect(contents(phoneNumbers[0]?.requirements ?? [])[0]).toEqual([
      CONTACT_INFO,
      CONTACT,
      'pending-approval',
    ]);
    await patchNumberOrder(client, orderId, { reference: null, values: [] });
    expect((await getNumberOrder(client, orderId)).reference).toBe('regsync/acme/order/new');
    const log: { method: string; body: unknown }[] = (await connection.control('GET', '/requests')).body.data;
    expect(log.findLast(({ method }) => method === 'PATCH')?.body).toEqual({});
  });

  it('is never placed twice: a lost answer is an unknown outcome, and the order is there', async () => {
    const { connection, client } = await start();
    await connection.control('POST', '/faults', { kind: 'drop_after', match: { method: 'POST' } });
    const phoneNumbers = [{ phoneNumber: PARIS_NUMBER, groupId: null }];
    await expect(placeNumberOrder(client, { reference: REFERENCE, phoneNumbers })).rejects.toBeInstanceOf(
      UnknownOutcomeError,
    );
    expect(await requestsOf(connection, '/number_orders')).toBe(1);
    expect(await listNumberOrdersByReference(client, REFERENCE)).toHaveLength(1);
  });

  it('that is refused says with which code', async () => {
    const { client } = await start();
    const phoneNumbers = [{ phoneNumber: '+41100000001', groupId: null }];
    const refusal = await placeNumberOrder(client, { reference: REFERENCE, phoneNumbers }).catch(
      (error) => error,
    );
    expect(refusal).toBeInstanceOf(ApiError);
    expect(refusal).toMatchObject({
      status: 422,
      details: [{ code: '10015', pointer: '/phone_numbers/0/requirement_group_id' }],
    });
  });
});

describe('a sub number order', () => {
  it('takes a group, whose values are read from its phone numbers', async () => {
    const { connection, client, orderId, subOrderId } = await placed({ number: BERLIN_NUMBER });
    const [listed] = await listSubNumberOrders(client, orderId);
    expect(listed).toMatchObject({
      id: subOrderId,
      numberOrderId: orderId,
      countryCode: 'DE',
      phoneNumberType: 'local',
      reference: REFERENCE,
      status: 'pending',
      phoneNumbersCount: 1,
      phoneNumbers: null,
    });
    expect(listed?.requirementIds).toContain(CONTACT_INFO);
    const group = asRemoteId(await addGermanGroup(connection));
    await attachGroupToSubNumberOrder(client, subOrderId, group);
    const { phoneNumbers } = await getSubNumberOrder(client, subOrderId);
    expect(phoneNumbers).toHaveLength(1);
    expect(contents(phoneNumbers?.[0]?.requirements ?? [])[0]).toEqual([
      CONTACT_INFO,
      CONTACT,
      'pending-approval',
    ]);
  });

  it('has its values written directly', async () => {
    const { client, subOrderId } = await placed({ number: BERLIN_NUMBER });
    const values = [{ requirementId: CONTACT_INFO, value: new Sensitive(CONTACT) }];
    await patchSubNumberOrder(client, subOrderId, values);
    const { phoneNumbers } = await getSubNumberOrder(client, subOrderId);
    expect(contents(phoneNumbers?.[0]?.requirements ?? []).map(([, , status]) => status)).toEqual([
      'pending-approval',
      ...Array(4).fill('awaiting-value'),
    ]);
  });

  it('is not given a group twice: a lost answer is an unknown outcome', async () => {
    const { connection, client, subOrderId } = await placed();
    const group = asRemoteId(await addFrenchGroup(connection));
    await connection.control('POST', '/faults', {
      kind: 'drop_after',
      match: { path: 'requirement_group$' },
    });
    await expect(attachGroupToSubNumberOrder(client, subOrderId, group)).rejects.toBeInstanceOf(
      UnknownOutcomeError,
    );
    expect(await requestsOf(connection, '/requirement_group')).toBe(1);
    const { phoneNumbers } = await getSubNumberOrder(client, subOrderId);
    expect(phoneNumbers?.[0]?.requirementsStatus).toBe('requirement-info-under-review');
  });

  it('that is closed refuses a group', async () => {
    const { connection, client, orderId, subOrderId } = await placed({ number: '+1200000001' });
    expect((await getNumberOrder(client, orderId)).status).toBe('success');
    const group = asRemoteId(await addFrenchGroup(connection));
    await expect(attachGroupToSubNumberOrder(client, subOrderId, group)).rejects.toMatchObject({
      status: 422,
      details: [{ code: '85003' }],
    });
  });
});

describe('phone numbers of orders', () => {
  it('are all listed, beyond the fifty of a sub order and the page of the server', async () => {
    const { connection, client } = await start();
    const group = asRemoteId(await addFrenchGroup(connection));
    const phoneNumbers = Array.from({ length: 60 }, (_, index) => ({
      phoneNumber: `+331000000${100 + index}`,
      groupId: group,
    }));
    const orderId = await placeNumberOrder(client, { reference: REFERENCE, phoneNumbers });
    await placeNumberOrder(client, {
      reference: REFERENCE,
      phoneNumbers: [{ phoneNumber: PARIS_NUMBER, groupId: null }],
    });
    const [subOrder] = await listSubNumberOrders(client, orderId);
    const subNumberOrderId = subOrder?.id ?? asRemoteId('');
    expect((await getSubNumberOrder(client, subNumberOrderId)).phoneNumbers).toHaveLength(50);
    for (const owner of [{ numberOrderId: orderId }, { subNumberOrderId }]) {
      const numbers = await listNumberOrderPhoneNumbers(client, 'FR', owner);
      expect(new Set(numbers.map(({ phoneNumber }) => phoneNumber)).size).toBe(60);
      expect(numbers.every(({ requirements }) => contents(requirements)[0]?.[1] !== '')).toBe(true);
    }
    expect(await listNumberOrderPhoneNumbers(client, 'DE', { numberOrderId: orderId })).toEqual([]);
  });

  it('take a group or values one by one, and say until when', async () => {
    const { connection, client, orderId } = await placed();
    const [number] = (await getNumberOrder(client, orderId)).phoneNumbers;
    const id = number?.id ?? asRemoteId('');
    await attachGroupToPhoneNumber(client, id, asRemoteId(await addFrenchGroup(connection)));
    const attached = await getNumberOrderPhoneNumber(client, id);
    expect(attached).toMatchObject({ id, numberOrderId: orderId, phoneNumber: PARIS_NUMBER });
    expect(attached.deadlineMs).toBeGreaterThan(Date.now() + 29 * 24 * 60 * 60 * 1000);
    const proof = await upload(connection, 'another proof');
    await patchNumberOrderPhoneNumber(client, id, [
      { requirementId: PROOF_OF_ADDRESS, value: new Sensitive(proof) },
    ]);
    expect(contents((await getNumberOrderPhoneNumber(client, id)).requirements)).toEqual([
      [PROOF_OF_ADDRESS, proof, 'pending-approval'],
    ]);
    await connection.control('PATCH', '/quirks', {
      order_deadlines: 'malformed',
      order_requirement_statuses: 'described',
    });
    const quirky = await getNumberOrderPhoneNumber(client, id);
    expect(quirky.deadlineMs).toBeNull();
    expect(contents(quirky.requirements)).toEqual([[PROOF_OF_ADDRESS, proof, null]]);
  });
});

describe('a porting order', () => {
  async function port() {
    const { connection, client } = await start();
    const { body } = await connection.control('POST', '/porting_orders', {
      phone_numbers: [BERLIN_NUMBER],
      customer_reference: 'port 1',
      status: 'exception',
      details: [{ code: 'ENTITY_NAME_MISMATCH', description: 'Example Canary is not the name.' }],
    });
    const group = await connection.api('POST', '/requirement_groups', { ...GERMAN, action: 'porting' });
    const [contact, letter, account] = group.body.data.regulatory_requirements;
    await connection.api('PATCH', `/requirement_groups/${group.body.data.id}`, {
      regulatory_requirements: [
        value(contact.requirement_id, CONTACT),
        value(letter.requirement_id, await upload(connection, 'letter')),
        value(account.requirement_id, '0000123456'),
      ],
    });
    return { connection, client, id: asRemoteId(body.data.id), groupId: asRemoteId(group.body.data.id) };
  }

  it('is read with its status, without the words of an exception', async () => {
    const { client, id } = await port();
    const order = await getPortingOrder(client, id);
    expect(order).toMatchObject({
      id,
      reference: 'port 1',
      status: 'exception',
      exceptionCodes: ['ENTITY_NAME_MISMATCH'],
      phoneNumberType: 'local',
      phoneNumbers: [BERLIN_NUMBER],
      phoneNumbersCount: 1,
      documentIds: [],
      requirementsMet: false,
    });
    expect(await listPortingOrders(client)).toEqual([order]);
  });

  it('takes a group, whose values are read from its requirements', async () => {
    const { connection, client, id, groupId } = await port();
    await patchPortingOrder(client, id, { groupId });
    const requirements = await listPortingRequirements(client, id);
    expect(contents(requirements)[0]).toEqual([CONTACT_INFO, CONTACT, 'requirement-info-under-review']);
    expect(requirements.map(({ fieldType }) => fieldType)).toEqual(['textual', 'document', 'textual']);
    expect((await getPortingOrder(client, id)).requirementsMet).toBe(true);
    expect((await connection.api('GET', `/porting_orders/${id}`)).body.data.customer_reference).toBe(
      'port 1',
    );
  });

  it('takes settings and values one by one, keeps the others, and shows them', async () => {
    const { connection, client, id } = await port();
    const before = await getPortingOrder(client, id);
    expect(before.settings.get('end_user.admin.entity_name')).toBeNull();
    const letter = new Sensitive(await upload(connection, 'letter'));
    await patchPortingOrder(client, id, {
      settings: [
        { path: 'end_user.admin.entity_name', value: new Sensitive('Example GmbH') },
        { path: 'end_user.admin.pin_passcode', value: new Sensitive('0000') },
        { path: 'messaging.enable_messaging', value: true },
        { path: 'user_feedback.user_rating', value: 5 },
        { path: 'phone_number_configuration.tags', value: [new Sensitive('one')] },
        { path: 'documents.loa', value: letter },
      ],
      requirements: [{ requirementId: CONTACT_INFO, value: new Sensitive(CONTACT) }],
    });
    await patchPortingOrder(client, id, {
      settings: [
        { path: 'end_user.admin.pin_passcode', value: null },
        { path: 'customer_reference', value: null },
        { path: 'phone_number_configuration.tags', value: [] },
      ],
    });
    const { settings, reference, phoneNumbersCount } = await getPortingOrder(client, id);
    expect([reference, phoneNumbersCount]).toEqual([null, 1]);
    expect(settings.get('end_user.admin.entity_name')).toEqual(new Sensitive('Example GmbH'));
    expect(settings.get('end_user.admin.pin_passcode')).toBeNull();
    expect(settings.get('messaging.enable_messaging')).toBe(true);
    expect(settings.get('user_feedback.user_rating')).toBe(5);
    expect(settings.get('phone_number_configuration.tags')).toEqual([]);
    expect(settings.get('documents.loa')).toEqual(letter);
    const [contact] = await listPortingRequirements(client, id);
    expect(contact).toMatchObject({ requirementId: CONTACT_INFO, name: 'Contact Info' });
    expect(JSON.stringify([...settings])).not.toContain('Example GmbH');
  });

  it('says nothing of settings that an answer leaves out, and takes a null mapping for null in all of it', async () => {
    const server = await serve((response) =>
      answerJson(response, {
        data: {
          id: ORDER_ID,
          status: { value: 'draft' },
          misc: null,
          end_user: { admin: { entity_name: 7 } },
        },
      }),
    );
    const client = openReadClient(optionsFor(server));
    const { settings } = await getPortingOrder(client, asRemoteId(ORDER_ID));
    expect(
      [...settings].map(([path, held]) => [path, held instanceof Sensitive ? reveal(held) : held]),
    ).toEqual([
      ['end_user.admin.entity_name', '7'],
      ['misc.type', null],
      ['misc.remaining_numbers_action', null],
      ['misc.new_billing_phone_number', null],
    ]);
  });

  it('takes it again after a lost answer: the same values twice are no harm', async () => {
    const { connection, client, id, groupId } = await port();
    await connection.control('POST', '/faults', { kind: 'drop_after', match: { method: 'PATCH' } });
    await patchPortingOrder(client, id, { groupId });
    expect(await requestsOf(connection, `/porting_orders/${id}`)).toBe(2);
    expect((await getPortingOrder(client, id)).requirementsMet).toBe(true);
  });
});

describe('what orders answer', () => {
  it('may have statuses that nobody knows, and lack what is not needed', async () => {
    const server = await serve((response, { url }) => {
      if (url.pathname.includes('porting'))
        answerJson(response, { data: { id: ORDER_ID, status: 'on hold' } });
      else
        answerJson(response, {
          data: { id: ORDER_ID, status: 'on hold', phone_numbers: [{ id: 'n', phone_number: '+1' }] },
        });
    });
    const client = openReadClient(optionsFor(server));
    const order = await getNumberOrder(client, asRemoteId(ORDER_ID));
    expect(order).toMatchObject({
      status: 'on hold',
      reference: null,
      requirementsMet: null,
      subNumberOrderIds: [],
      createdAtMs: null,
      phoneNumbers: [{ id: 'n', status: null, requirementsStatus: null, requirements: [] }],
    });
    const porting = await getPortingOrder(client, asRemoteId(ORDER_ID));
    expect(porting).toMatchObject({ status: 'on hold', exceptionCodes: [], phoneNumbers: [] });
  });

  it('is read bare as well, and with the ids of porting requirements in either place', async () => {
    const server = await serve((response, { url }) => {
      const rows = [
        { requirement_type_id: CONTACT_INFO.toUpperCase(), field_type: 'textual', field_value: 7 },
        { requirement_type: { id: PROOF_OF_ADDRESS }, field_type: 'new', requirement_status: 'under review' },
      ];
      if (url.pathname.endsWith('/requirements')) answerJson(response, rows);
      else
        answerJson(response, {
          id: ORDER_ID,
          country_code: 'de',
          phone_number_type: 'toll-free',
          status: 'x',
        });
    });
    const client = openReadClient(optionsFor(server));
    const requirements = await listPortingRequirements(client, asRemoteId(ORDER_ID));
    expect(contents(requirements)).toEqual([
      [CONTACT_INFO, '7', null],
      [PROOF_OF_ADDRESS, '', 'under-review'],
    ]);
    expect(requirements.map(({ fieldType }) => fieldType)).toEqual(['textual', 'unknown']);
    expect(await getSubNumberOrder(client, asRemoteId(ORDER_ID))).toMatchObject({
      countryCode: 'DE',
      phoneNumberType: 'toll_free',
    });
  });

  it.each([
    ['an order without an id', { status: 'pending' }],
    ['an order without a status', { id: ORDER_ID }],
    ['a number without an id', { id: ORDER_ID, status: 'pending', phone_numbers: [{ phone_number: '+1' }] }],
    [
      'a requirement without an id',
      {
        id: ORDER_ID,
        status: 'pending',
        phone_numbers: [{ id: 'n', phone_number: '+1', regulatory_requirements: [{ field_value: 'x' }] }],
      },
    ],
    ['no order', []],
  ])('is nonsense when it is %s', async (_, data) => {
    const server = await serve((response) => answerJson(response, { data }));
    const client = openReadClient(optionsFor(server));
    await expect(getNumberOrder(client, asRemoteId(ORDER_ID))).rejects.toBeInstanceOf(UnreachableError);
  });

  it('holds values that cannot print themselves', async () => {
    const { connection, client, subOrderId } = await placed({ number: BERLIN_NUMBER });
    await attachGroupToSubNumberOrder(client, subOrderId, asRemoteId(await addGermanGroup(connection)));
    const subOrder = await getSubNumberOrder(client, subOrderId);
    for (const text of [JSON.stringify(subOrder), inspect(subOrder, { depth: 9 })]) {
      expect(text).toContain('«sensitive»');
      expect(text).not.toContain(CONTACT);
    }
  });
});

it.each([
  ['draft', true],
  ['in-process', true],
  ['exception', true],
  ['submitted', false],
  ['ported', false],
  ['cancelled', false],
  ['on hold', false],
])('a porting order that is %s takes a group: %j', async (status, isOpen) => {
  const { baseUrl } = await serve((response, { url }) => {
    const isList = url.pathname.endsWith('/requirements');
    const meta = { total_pages: 1, total_results: 0 };
    answerJson(response, isList ? { data: [], meta } : { data: { id: '1', status: { value: status } } });
  });
  const client = openReadClient(optionsFor({ baseUrl }));
  expect(await readOrder(client, 'porting_order', asRemoteId('1'))).toMatchObject({ status, isOpen });
  await client.close();
});
