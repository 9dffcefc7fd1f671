import { expect, test } from 'vitest';
import {
  addFrenchGroup,
  codesOf,
  connect,
  PROOF_OF_ADDRESS,
  statusesOf,
  upload,
  value,
} from './connection.ts';

const REFUSED = [422, '10027'];

/** Submits the same again, then after the customer's answer, then after another value. */
test.each([
  ['declined', 'accept', [[200], [200], [200]]],
  ['declined', 'after-answer', [REFUSED, [200], [200]]],
  ['declined', 'refuse', [REFUSED, REFUSED, [200]]],
  ['expired', 'accept', [[200], [200], [200]]],
  ['expired', 'after-answer', [[200], [200], [200]]],
  ['expired', 'refuse', [REFUSED, REFUSED, [200]]],
])('a group that is %s is submitted again as a quirk has it: %s', async (status, resubmission, expected) => {
  const connection = await connect();
  const { api, control } = connection;
  await control('PATCH', '/quirks', { resubmission });
  const groupId = await addFrenchGroup(connection);
  const submit = `/requirement_groups/${groupId}/submit_for_approval`;
  await api('POST', submit);
  const end = () => control('POST', `/groups/${groupId}/${status === 'declined' ? 'decline' : 'expire'}`, {});
  const answers = [
    async () => {},
    () =>
      api('POST', '/comments', {
        body: 'It is the second floor.',
        comment_record_type: 'requirement_group',
        comment_record_id: groupId,
      }),
    async () => {
      const values = [value(PROOF_OF_ADDRESS, await upload(connection, 'another'))];
      await api('PATCH', `/requirement_groups/${groupId}`, { regulatory_requirements: values });
    },
  ];
  for (const [index, answer] of answers.entries()) {
    await end();
    await answer();
    expect(await codesOf(api('POST', submit))).toEqual(expected[index]);
  }
  expect(await statusesOf(connection, groupId)).toEqual(['pending-approval', 'pending-approval']);
});

test("a reviewer's word and an answer before the decline are no answer to it", async () => {
  const connection = await connect();
  const { api, control } = connection;
  await control('PATCH', '/quirks', { resubmission: 'after-answer' });
  const groupId = await addFrenchGroup(connection);
  const submit = `/requirement_groups/${groupId}/submit_for_approval`;
  await api('POST', submit);
  const answer = {
    body: 'Hello?',
    comment_record_type: 'requirement_group',
    comment_record_id: groupId,
  };
  await api('POST', '/comments', answer);
  await control('POST', `/groups/${groupId}/decline`, { comment: 'Not readable.' });
  await control('POST', `/groups/${groupId}/ask`, { comment: 'Is there a better copy?' });
  expect(await codesOf(api('POST', submit))).toEqual(REFUSED);
});
