import { expect, test } from 'vitest';
import { addFrenchGroup, codesOf, connect } from './connection.ts';

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

test('those on advanced orders can be asked for, although nobody has any', async () => {
  const { api } = await connect();
  const { status, body } = await api('GET', '/comments?filter[comment_record_type]=advanced_number_order');
  expect([status, body.data]).toEqual([200, []]);
});
