import { expect, test } from 'vitest';
import {
  addFrenchGroup,
  codesOf,
  connect,
  orderStatusesOf,
  PARIS_NUMBER,
  placeOrder,
  statusesOf,
  subOrderOf,
} from './connection.ts';

test('a comment is written to a group, listed with it, and marked as read', async () => {
  const connection = await connect();
  const { api } = connection;
  const groupId = await addFrenchGroup(connection);
  const other = await addFrenchGroup(connection);
  const written = await api('POST', '/comments', {
    body: 'Is anything missing?',
    comment_record_type: 'requirement_group',
    comment_record_id: groupId,
  });
  expect(written.body.data).toMatchObject({ body: 'Is anything missing?', commenter_type: 'user' });
  const { id } = written.body.data;

  const path = '/comments?filter[comment_record_type]=requirement_group&filter[comment_record_id]=';
  expect((await api('GET', path + groupId)).body.data).toHaveLength(1);
  expect((await api('GET', path + other)).body.data).toHaveLength(0);

  expect((await api('GET', `/comments/${id}`)).body.data).not.toHaveProperty('read_at');
  await api('PATCH', `/comments/${id}/read`);
  expect((await api('GET', `/comments/${id}`)).body.data.read_at).toMatch(/Z$/);
});

test('a comment needs a record that exists', async () => {
  const { api } = await connect();
  const body = { body: 'Hello?', comment_record_type: 'requirement_group', comment_record_id: 'none' };
  expect(await codesOf(api('POST', '/comments', body))).toEqual([422, '10017']);
  expect(await codesOf(api('GET', '/comments/none'))).toEqual([404, '10005']);
});

test('a reviewer asks about a pending group, which stays pending', async () => {
  const connection = await connect();
  const { api, control } = connection;
  const groupId = await addFrenchGroup(connection, 'regsync/example/one');
  await api('POST', `/requirement_groups/${groupId}/submit_for_approval`);
  await control('POST', '/groups/ask?reference=regsync/example/one', { comment: 'Which floor?' });
  const path = `/comments?filter[comment_record_type]=requirement_group&filter[comment_record_id]=${groupId}`;
  expect((await api('GET', path)).body.data).toMatchObject([
    { body: 'Which floor?', commenter_type: 'admin', comment_record_type: 'requirement_group' },
  ]);
  expect((await statusesOf(connection, groupId))[0]).toBe('pending-approval');
});

test('why an order was declined is a comment on its sub order, and so is a question about it', async () => {
  const connection = await connect();
  const { api, control } = connection;
  const group = await addFrenchGroup(connection);
  const orderId = await placeOrder(connection, [{ number: PARIS_NUMBER, group }]);
  const { id } = await subOrderOf(connection, orderId);
  await control('POST', `/number_orders/${orderId}/decline`, { comment: 'Not readable.' });
  await control('POST', `/sub_number_orders/${id}/ask`, { comment: 'Is there a better copy?' });
  const path = `/comments?filter[comment_record_type]=sub_number_order&filter[comment_record_id]=${id}`;
  const { data } = (await api('GET', path)).body;
  expect(data.map(({ body }: { body: string }) => body)).toEqual([
    'Is there a better copy?',
    'Not readable.',
  ]);
  expect(await orderStatusesOf(connection, orderId)).toEqual(['requirement-info-exception', 'declined']);
});

test('an advanced order is commented on by a record type that is not described', async () => {
  const { api, control } = await connect();
  const { id } = (await api('POST', '/advanced_orders', { country_code: 'FR' })).body;
  await control('POST', `/advanced_orders/${id}/ask`, { comment: 'In which town?' });
  const answer = {
    body: 'In any.',
    comment_record_type: 'advanced_number_order',
    comment_record_id: id,
  };
  await api('POST', '/comments', answer);
  const path = `/comments?filter[comment_record_type]=advanced_number_order&filter[comment_record_id]=${id}`;
  expect((await api('GET', path)).body.data).toMatchObject([
    { body: 'In any.', commenter_type: 'user' },
    { body: 'In which town?', commenter_type: 'admin' },
  ]);
});

test('a comment that was just written is missing from a list that lags', async () => {
  const connection = await connect();
  const { api, control } = connection;
  const groupId = await addFrenchGroup(connection);
  await control('PATCH', '/quirks', { list_lag_ms: 60_000 });
  await control('POST', `/groups/${groupId}/ask`, { comment: 'Which floor?' });
  expect((await api('GET', '/comments')).body.data).toEqual([]);
});

test('control writes comments as no API should answer them', async () => {
  const connection = await connect();
  const { api, control } = connection;
  const groupId = await addFrenchGroup(connection);
  await control('POST', `/groups/${groupId}/ask`, { comment: 'Which floor?' });
  const [{ id }] = (await api('GET', '/comments')).body.data;
  await control('PATCH', `/comments/${id}`, { body: ['Which floor?'], created_at: 0 });
  expect((await api('GET', `/comments/${id}`)).body.data).toMatchObject({
    body: ['Which floor?'],
    created_at: 0,
  });
  expect(await codesOf(control('PATCH', `/comments/${id}`, { text: '' }))).toEqual([422, '10027']);
  expect(await codesOf(control('PATCH', '/comments/none', {}))).toEqual([404, '10005']);
});
