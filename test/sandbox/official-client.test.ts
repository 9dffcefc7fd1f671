import { Telnyx } from 'telnyx';
import { describe, expect, test } from 'vitest';
import { SANDBOX_KEY } from '../../src/sandbox/server.ts';
import {
  AMERICAN,
  addFrenchGroup,
  BERLIN,
  BERLIN_NUMBER,
  CONTACT_INFO,
  type Connection,
  connect,
  FRENCH,
  IDENTITY_CHECK,
  PARIS_NUMBER,
  PROOF_OF_ADDRESS,
  pdf,
} from './connection.ts';

/** The vendor's own client, which nobody here wrote, finds what it expects. */
async function connectOfficial(): Promise<{ client: Telnyx; connection: Connection }> {
  const connection = await connect();
  const client = new Telnyx({ apiKey: SANDBOX_KEY, baseURL: connection.sandbox.url, maxRetries: 0 });
  return { client, connection };
}

async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const collected: Row[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}

async function uploadWith(client: Telnyx, text: string, customer_reference = ''): Promise<string> {
  const document = { file: pdf(text), filename: `${text}.pdf`, customer_reference };
  const { data } = await client.documents.uploadJson({ document });
  return data?.id ?? '';
}

test('documents', async () => {
  const { client } = await connectOfficial();
  const { data } = await client.documents.upload({ document: { file: pdf('sample'), filename: 'my scan' } });
  expect(data).toMatchObject({ record_type: 'document', filename: 'myscan.pdf', size: { unit: 'bytes' } });
  const id = data?.id ?? '';

  const updated = await client.documents.update(id, { customer_reference: 'MY REF 001' });
  expect(updated.data?.customer_reference).toBe('MY REF 001');
  expect((await client.documents.retrieve(id)).data).toMatchObject({ id, av_scan_status: 'scanned' });

  const download = await client.documents.download(id);
  expect(Buffer.from(await download.arrayBuffer()).toString('base64')).toBe(pdf('sample'));
  const link = await client.documents.generateDownloadLink(id);
  expect((await fetch(link.data.url)).status).toBe(200);

  expect((await client.documents.delete(id)).data?.id).toBe(id);
  await expect(client.documents.retrieve(id)).rejects.toBeInstanceOf(Telnyx.NotFoundError);
});

test('documents: filters, order and pages as the client encodes them', async () => {
  const { client } = await connectOfficial();
  for (const name of ['b', 'a', 'c']) await uploadWith(client, name, `REF ${name}`);
  const listed = await collect(
    client.documents.list({
      filter: { customer_reference: { in: ['REF a', 'REF b'] }, filename: { contains: '.pdf' } },
      sort: ['filename', '-created_at'],
    }),
  );
  expect(listed.map(({ filename }) => filename)).toEqual(['a.pdf', 'b.pdf']);
  const paged = await collect(client.documents.list({ 'page[size]': 2 }));
  expect(paged.map(({ filename }) => filename)).toEqual(['c.pdf', 'a.pdf', 'b.pdf']);
});

test('addresses', async () => {
  const { client } = await connectOfficial();
  const { data } = await client.addresses.create({ ...BERLIN, first_name: 'Jo', last_name: 'Example' });
  const id = data?.id ?? '';
  expect(id).toMatch(/^\d{19}$/);
  expect((await client.addresses.retrieve(id)).data).toMatchObject({ locality: 'Berlin', first_name: 'Jo' });
  const listed = await collect(
    client.addresses.list({ filter: { street_address: { contains: 'beispiel' } } }),
  );
  expect(listed).toMatchObject([{ id }]);
  expect((await client.addresses.delete(id)).data?.id).toBe(id);

  const validation = await client.addresses.actions.validate({
    country_code: 'US',
    street_address: 'Example Avenue',
    postal_code: '00000',
  });
  expect(validation.data).toMatchObject({ result: 'invalid', errors: [{ code: '20207' }] });
  await expect(
    client.addresses.create({ ...BERLIN, first_name: '', last_name: '', locality: '' }),
  ).rejects.toThrow('20202');
});

test('requirements, requirement types and regulatory requirements', async () => {
  const { client } = await connectOfficial();
  const requirements = await collect(client.requirements.list({ filter: { country_code: 'DE' } }));
  expect(requirements.map(({ action }) => action)).toEqual(['ordering', 'porting']);
  const [first] = requirements;
  expect((await client.requirements.retrieve(first?.id ?? '')).data).toEqual(first);

  const types = await client.requirementTypes.list({
    filter: { name: { contains: 'contact' } },
    sort: ['name'],
  });
  expect(types.data).toMatchObject([{ id: CONTACT_INFO, type: 'textual' }]);
  expect((await client.requirementTypes.retrieve(CONTACT_INFO)).data?.name).toBe('Contact Info');

  const { data } = await client.regulatoryRequirements.retrieve({
    filter: { country_code: 'FR', phone_number_type: 'local', action: 'ordering' },
  });
  expect(data).toMatchObject([
    { regulatory_requirements: [{ id: PROOF_OF_ADDRESS, field_type: 'document' }] },
  ]);
});

describe('requirement groups', () => {
  /** The client's types follow the vendor's description, which has no `data`; so does this envelope. */
  async function bare() {
    const official = await connectOfficial();
    await official.connection.control('PATCH', '/quirks', { groups_list_envelope: 'bare' });
    return official;
  }

  test('a whole life', async () => {
    const { client } = await bare();
    const created = await client.requirementGroups.create({
      ...FRENCH,
      action: 'ordering',
      phone_number_type: 'local',
      customer_reference: 'regsync/example/one',
    });
    const id = created.id ?? '';
    expect(created).toMatchObject({ status: 'unapproved', customer_reference: 'regsync/example/one' });

    const documentId = await uploadWith(client, 'proof');
    await client.requirementGroups.update(id, {
      regulatory_requirements: [{ requirement_id: PROOF_OF_ADDRESS, field_value: documentId }],
    });
    const links = await collect(client.documentLinks.list({ filter: { linked_resource_id: id } }));
    expect(links).toMatchObject([{ document_id: documentId, linked_record_type: 'requirement_group' }]);

    expect(await client.requirementGroups.submitForApproval(id)).toMatchObject({
      status: 'pending-approval',
    });
    const listed = await client.requirementGroups.list({
      filter: { status: 'pending-approval', customer_reference: 'regsync/example/one' },
    });
    expect(listed.map((group) => group.id)).toEqual([id]);
    expect((await client.requirementGroups.retrieve(id)).regulatory_requirements).toMatchObject([
      { field_value: documentId, status: 'pending-approval' },
    ]);

    await client.requirementGroups.delete(id);
    await expect(client.requirementGroups.retrieve(id)).rejects.toBeInstanceOf(Telnyx.NotFoundError);
  });

  test('refusals arrive as errors with code and pointer', async () => {
    const { client } = await bare();
    const { id } = await client.requirementGroups.create({
      ...FRENCH,
      action: 'ordering',
      phone_number_type: 'local',
    });
    await expect(client.requirementGroups.submitForApproval(id ?? '')).rejects.toMatchObject({
      status: 422,
      error: { errors: [{ code: '10027', source: { pointer: '/regulatory_requirements/0/field_value' } }] },
    });
  });

  test('with the envelope that is seen in practice, the client finds no id', async () => {
    const { client } = await connectOfficial();
    const created = await client.requirementGroups.create({
      ...AMERICAN,
      action: 'ordering',
      phone_number_type: 'local',
    });
    expect(created.id).toBeUndefined();
    expect(created).toMatchObject({ data: { country_code: 'US' } });
  });
});

test('comments', async () => {
  const { client, connection } = await connectOfficial();
  const { body } = await connection.api('POST', '/requirement_groups', AMERICAN);
  const { data } = await client.comments.create({
    body: 'Is anything missing?',
    comment_record_type: 'requirement_group',
    comment_record_id: body.data.id,
  });
  const id = data?.id ?? '';
  const listed = await client.comments.list({
    filter: { comment_record_type: 'requirement_group', comment_record_id: body.data.id },
  });
  expect(listed.data).toMatchObject([{ id, commenter_type: 'user' }]);
  expect((await client.comments.retrieve(id)).data?.body).toBe('Is anything missing?');
  expect((await client.comments.markAsRead(id)).data?.read_at).toMatch(/Z$/);
});

describe('orders', () => {
  test('a number order, its sub order and its number', async () => {
    const { client, connection } = await connectOfficial();
    const group = await addFrenchGroup(connection);
    const { data: order } = await client.numberOrders.create({
      customer_reference: 'regsync/example/order/paris',
      connection_id: '346789098765567',
      phone_numbers: [{ phone_number: PARIS_NUMBER }, { phone_number: BERLIN_NUMBER }],
    });
    const orderId = order?.id ?? '';
    expect(order).toMatchObject({ status: 'pending', phone_numbers_count: 2, requirements_met: false });

    const subOrders = await client.subNumberOrders.list({
      filter: { order_request_id: orderId, country_code: 'FR', include_phone_numbers: true },
    });
    const [subOrder] = subOrders.data ?? [];
    expect(subOrder).toMatchObject({ phone_numbers: [{ phone_number: PARIS_NUMBER }] });
    const subOrderId = subOrder?.id ?? '';

    const attached = await client.subNumberOrders.updateRequirementGroup(subOrderId, {
      requirement_group_id: group,
    });
    expect(attached.data?.phone_numbers).toMatchObject([
      { requirements_status: 'requirement-info-under-review' },
    ]);
    const read = await client.subNumberOrders.retrieve(subOrderId, {
      filter: { include_phone_numbers: true },
    });
    const requirements = read.data?.phone_numbers?.[0]?.regulatory_requirements;
    expect(requirements).toMatchObject([{ requirement_id: PROOF_OF_ADDRESS, status: 'pending-approval' }]);

    const numbers = await client.numberOrderPhoneNumbers.list({ filter: { country_code: 'FR' } });
    const numberId = numbers.data?.[0]?.id ?? '';
    const { data: number } = await client.numberOrderPhoneNumbers.retrieve(numberId);
    expect(number?.regulatory_requirements?.[0]?.field_value).toBe(requirements?.[0]?.field_value);
    await client.numberOrderPhoneNumbers.updateRequirementGroup(numberId, { requirement_group_id: group });
    const proof = await uploadWith(client, 'proof');
    const values = {
      regulatory_requirements: [{ requirement_id: PROOF_OF_ADDRESS, field_value: proof }],
    };
    await client.numberOrderPhoneNumbers.updateRequirements(numberId, values);
    await client.subNumberOrders.update(subOrderId, values);
    const { data: updated } = await client.numberOrders.update(orderId, {
      customer_reference: 'regsync/example/order/renamed',
    });
    const held = updated?.phone_numbers?.find(({ id }) => id === numberId)?.regulatory_requirements;
    expect(held).toMatchObject([{ field_value: proof }]);

    const found = await collect(
      client.numberOrders.list({ filter: { customer_reference: 'regsync/example/order/renamed' } }),
    );
    expect(found.map(({ id }) => id)).toEqual([orderId]);
    expect((await client.subNumberOrders.cancel(subOrderId)).data?.status).toBe('cancelled');
    expect((await client.numberOrders.retrieve(orderId)).data?.status).toBe('pending');
    await expect(
      client.subNumberOrders.updateRequirementGroup(subOrderId, { requirement_group_id: group }),
    ).rejects.toThrow('85002');
  });

  test('a porting order and its requirements', async () => {
    const { client, connection } = await connectOfficial();
    const control = (body: object) => connection.control('POST', '/porting_orders', body);
    const { body } = await control({ phone_numbers: [BERLIN_NUMBER], customer_reference: 'port 1' });
    await control({ phone_numbers: [PARIS_NUMBER], status: 'ported' });
    const id: string = body.data.id;

    const group = await connection.api('POST', '/requirement_groups', {
      ...FRENCH,
      country_code: 'DE',
      action: 'porting',
    });
    const letter = await uploadWith(client, 'letter');
    const [contact, authorization, account] = group.body.data.regulatory_requirements;
    await connection.api('PATCH', `/requirement_groups/${group.body.data.id}`, {
      regulatory_requirements: [
        { requirement_id: contact.requirement_id, field_value: 'Jo Example' },
        { requirement_id: authorization.requirement_id, field_value: letter },
        { requirement_id: account.requirement_id, field_value: '0000123456' },
      ],
    });
    const { data: updated } = await client.portingOrders.update(id, {
      requirement_group_id: group.body.data.id,
      end_user: { admin: { entity_name: 'Example GmbH' } },
    });
    expect(updated).toMatchObject({ requirements_met: true, documents: { loa: letter } });
    const requirements = await collect(client.portingOrders.retrieveRequirements(id));
    expect(requirements.map(({ requirement_status }) => requirement_status)).toEqual(
      Array(3).fill('requirement-info-under-review'),
    );

    const read = await client.portingOrders.retrieve(id, { include_phone_numbers: false });
    expect(read.data).not.toHaveProperty('phone_numbers');
    const byReference = client.portingOrders.list({ filter: { customer_reference: 'port 1' } });
    expect((await collect(byReference)).map((order) => order.id)).toEqual([id]);
    const oldestFirst = client.portingOrders.list({
      filter: { phone_numbers: { country_code: 'DE' } },
      sort: { value: 'created_at' },
    });
    expect((await collect(oldestFirst)).map((order) => order.status?.value)).toEqual(['draft']);
  });

  test('lists of an account: what is pending, and what every order holds', async () => {
    const { client, connection } = await connectOfficial();
    const group = await addFrenchGroup(connection);
    const numbers = Array.from({ length: 25 }, (_, index) => `+3310000001${String(index).padStart(2, '0')}`);
    for (const phone_number of numbers) {
      await client.numberOrders.create({ phone_numbers: [{ phone_number, requirement_group_id: group }] });
    }
    const { data: lost } = await client.numberOrders.create({
      phone_numbers: [{ phone_number: PARIS_NUMBER }],
    });
    await connection.control('POST', `/number_orders/${lost?.id}/cancel`);

    // No page can be asked for, so that what comes is the first; its meta says how many there are.
    const { data: page = [], meta } = await client.subNumberOrders.list({ filter: { status: 'pending' } });
    expect([page.length, meta?.total_results, meta?.total_pages]).toEqual([20, 25, 2]);
    expect(new Set(page.map(({ status }) => status))).toEqual(new Set(['pending']));
    const cancelled = await client.subNumberOrders.list({ filter: { status: 'cancelled' } });
    expect(cancelled.data).toMatchObject([{ order_request_id: lost?.id, phone_numbers_count: 1 }]);

    const held = await client.numberOrderPhoneNumbers.list();
    expect(held.meta?.total_results).toBe(26);
    for (const { sub_number_order_id, regulatory_requirements = [] } of held.data ?? []) {
      expect(sub_number_order_id).toBeTruthy();
      expect(regulatory_requirements[0]?.requirement_id).toBe(PROOF_OF_ADDRESS);
    }
    const values = held.data?.flatMap(({ regulatory_requirements = [] }) =>
      regulatory_requirements.map(({ field_value }) => field_value),
    );
    expect(new Set(values)).toHaveProperty('size', 1);
  });

  test('a list of porting orders shows their documents, and their phone numbers only to those who want them', async () => {
    const { client, connection } = await connectOfficial();
    const { body } = await connection.control('POST', '/porting_orders', {
      phone_numbers: [BERLIN_NUMBER, PARIS_NUMBER],
    });
    const [letter, invoice] = [await uploadWith(client, 'letter'), await uploadWith(client, 'invoice')];
    await client.portingOrders.update(body.data.id, { documents: { loa: letter, invoice } });
    const [order] = await collect(client.portingOrders.list({ include_phone_numbers: false }));
    expect(order).toMatchObject({
      status: { value: 'draft' },
      documents: { loa: letter, invoice },
      porting_phone_numbers_count: 2,
      requirements: [{ field_type: 'document', field_value: letter }],
    });
    expect(order).not.toHaveProperty('phone_numbers');
    expect((await collect(client.portingOrders.list()))[0]?.phone_numbers).toHaveLength(2);
  });
});

describe('what is said and done about orders', () => {
  const person = { first_name: 'Jo', last_name: 'Example' };

  test('comments are written, listed and marked as read', async () => {
    const { client, connection } = await connectOfficial();
    const comment_record_id = await addFrenchGroup(connection);
    const about = { comment_record_type: 'requirement_group', comment_record_id } as const;
    const { data } = await client.comments.create({ body: 'Is anything missing?', ...about });
    await client.comments.markAsRead(data?.id ?? '');
    const listed = await client.comments.list({ filter: about });
    expect(listed.data).toMatchObject([
      { id: data?.id, commenter_type: 'user', read_at: expect.any(String) },
    ]);
  });

  test('an action requirement is started, and answers its link', async () => {
    const { client } = await connectOfficial();
    await client.numberOrders.create({ phone_numbers: [{ phone_number: '+61700000001' }] });
    const [subOrder] = (await client.subNumberOrders.list()).data ?? [];
    const id = subOrder?.id ?? '';
    const params = { regulatory_requirement_id: IDENTITY_CHECK };
    const { subNumberOrders } = client.externalRequirements;
    const { data: started } = await subNumberOrders.update(id, { ...params, requirement: person });
    expect(started).toMatchObject({ sub_order_id: id, requirement_action: { value: expect.any(String) } });
    const { data: read } = await subNumberOrders.retrieve(id, params);
    expect(read?.requirement_action).toEqual(started?.requirement_action);
    expect(read?.fields_required?.map(({ name, value }) => [name, value])).toEqual(Object.entries(person));
  });

  test('a porting order has comments, exception types and actions', async () => {
    const { client, connection } = await connectOfficial();
    const { id } = (await connection.control('POST', '/porting_orders')).body.data;
    await client.portingOrders.comments.create(id, { body: 'When?' });
    expect(await collect(client.portingOrders.comments.list(id))).toMatchObject([
      { body: 'When?', user_type: 'user', porting_order_id: id },
    ]);
    expect((await client.portingOrders.retrieveExceptionTypes()).data).toHaveLength(21);

    await connection.control('POST', `/porting_orders/${id}/demand-action`);
    const [action] = await collect(client.portingOrders.actionRequirements.list(id));
    const initiated = await client.portingOrders.actionRequirements.initiate(action?.id ?? '', {
      porting_order_id: id,
      params: person,
    });
    expect(initiated.data).toMatchObject({ status: 'pending', action_url: expect.any(String) });
  });

  test('an advanced order is placed, and says which group it was given', async () => {
    const { client, connection } = await connectOfficial();
    const { id = '' } = await client.advancedOrders.create({ country_code: 'FR', quantity: 2 });
    const requirement_group_id = await addFrenchGroup(connection);
    await client.advancedOrders.updateRequirementGroup(id, { requirement_group_id });
    expect(await client.advancedOrders.retrieve(id)).toMatchObject({ id, requirement_group_id, quantity: 2 });
    expect((await client.advancedOrders.list()).data).toMatchObject([{ id, requirement_group_id }]);
  });
});

test('a bad key is an authentication error', async () => {
  const { connection } = await connectOfficial();
  const client = new Telnyx({ apiKey: 'wrong', baseURL: connection.sandbox.url, maxRetries: 0 });
  await expect(client.documents.list()).rejects.toBeInstanceOf(Telnyx.AuthenticationError);
});
