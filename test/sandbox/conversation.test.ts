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

test('a group is declined, asked about, answered, submitted again and approved; its order is declined in turn', async () => {
  const connection = await connect();
  const { api, control } = connection;
  await control('PATCH', '/quirks', { resubmission: 'after-answer', approved_values: 'review' });
  const group = await addFrenchGroup(connection);
  const submit = `/requirement_groups/${group}/submit_for_approval`;
  const bodies = async (type: string, id: string) => {
    const path = `/comments?filter[comment_record_type]=${type}&filter[comment_record_id]=${id}`;
    return (await api('GET', path)).body.data.map(({ body }: { body: string }) => body);
  };
  const answer = (comment_record_type: string, comment_record_id: string, body: string) =>
    api('POST', '/comments', { body, comment_record_type, comment_record_id });

  await api('POST', submit);
  await control('POST', `/groups/${group}/decline`, { comment: 'Is this the present address?' });
  expect(await codesOf(api('POST', submit))).toEqual([422, '10027']);
  await answer('requirement_group', group, 'It is.');
  expect(await codesOf(api('POST', submit))).toEqual([200]);
  await control('POST', `/groups/${group}/approve`);
  expect(await statusesOf(connection, group)).toEqual(['approved', 'approved']);
  expect(await bodies('requirement_group', group)).toEqual(['It is.', 'Is this the present address?']);

  const orderId = await placeOrder(connection, [{ number: PARIS_NUMBER, group }]);
  await control('POST', `/number_orders/${orderId}/decline`, { comment: 'The address is in another town.' });
  const { id } = await subOrderOf(connection, orderId);
  expect(await orderStatusesOf(connection, orderId)).toEqual(['requirement-info-exception', 'declined']);
  expect(await bodies('sub_number_order', id)).toEqual(['The address is in another town.']);
});
