import { describe, expect, it } from 'vitest';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { openWriteClient } from '../../../src/telnyx/client.ts';
import {
  getSubOrderAction,
  initiatePortingAction,
  listPortingActions,
  startSubOrderAction,
} from '../../../src/telnyx/endpoints/actions.ts';
import {
  attachGroupToAdvancedOrder,
  getAdvancedOrder,
  listAdvancedOrders,
} from '../../../src/telnyx/endpoints/advanced-orders.ts';
import { listComments, markCommentRead, postComment } from '../../../src/telnyx/endpoints/comments.ts';
import { listPortingComments, postPortingComment } from '../../../src/telnyx/endpoints/porting-orders.ts';
import { UnknownOutcomeError } from '../../../src/telnyx/failure.ts';
import {
  addFrenchGroup,
  connect,
  IDENTITY_CHECK,
  PARIS_NUMBER,
  placeOrder,
  subOrderOf,
} from '../../sandbox/connection.ts';
import { bare } from '../memory-client.ts';
import { optionsFor } from '../scripted-server.ts';

const NAMES = new Map([
  ['first_name', new Sensitive('Jo')],
  ['last_name', new Sensitive('Example')],
]);
const LINK = expect.stringMatching(/^«https:\/\/verify\.example\.com\//);

/** The real client on the sandbox. */
async function start() {
  const connection = await connect();
  return {
    ...connection,
    connection,
    client: openWriteClient(optionsFor({ baseUrl: connection.sandbox.url })),
  };
}

async function placeFrenchOrder() {
  const repository = await start();
  const group = await addFrenchGroup(repository.connection);
  const orderId = await placeOrder(repository.connection, [{ number: PARIS_NUMBER, group }]);
  const { id } = await subOrderOf(repository.connection, orderId);
  return { ...repository, record: { type: 'sub_number_order', id: asRemoteId(id) } as const };
}

describe('the conversation about an order', () => {
  it('is read, answered and marked as read', async () => {
    const { control, client, record } = await placeFrenchOrder();
    await control('POST', `/sub_number_orders/${record.id}/decline`, { comment: 'Not readable.' });
    const [reason] = await listComments(client, record);
    expect(reason).toMatchObject({
      body: 'Not readable.',
      byReviewer: true,
      commenter: 'reviewer@example.com',
      readAt: null,
    });
    await markCommentRead(client, asRemoteId(reason?.id ?? ''));
    await postComment(client, record, 'Here is a better copy.');
    const comments = await listComments(client, record);
    expect(comments.map(({ body, byReviewer, readAt }) => [body, byReviewer, readAt !== null])).toEqual([
      ['Here is a better copy.', false, false],
      ['Not readable.', true, true],
    ]);
  });

  it('has nothing twice where an answer is lost: the outcome is unknown, and the comment is there', async () => {
    const { control, client, record } = await placeFrenchOrder();
    await control('POST', '/faults', { kind: 'drop_after', match: { method: 'POST', path: '^/comments$' } });
    await expect(postComment(client, record, 'Here.')).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect((await listComments(client, record)).map(({ body }) => body)).toEqual(['Here.']);
  });

  it('is read again after it was turned away', async () => {
    const { control, client, record } = await placeFrenchOrder();
    await postComment(client, record, 'Here.');
    const headers = { 'retry-after': '0' };
    await control('POST', '/faults', {
      kind: 'status',
      status: 429,
      headers,
      match: { path: '^/comments$' },
    });
    expect(await listComments(client, record)).toHaveLength(1);
  });
});

describe('a porting order', () => {
  it('has comments of its own, and codes that the list of exception types explains', async () => {
    const { control, client } = await start();
    const id = asRemoteId((await control('POST', '/porting_orders')).body.data.id);
    await control('POST', `/porting_orders/${id}/ask`, { comment: 'Which name?' });
    await postPortingComment(client, id, 'Example GmbH.');
    const comments = await listPortingComments(client, id);
    expect(comments.map(({ body, userType, byReviewer }) => [body, userType, byReviewer])).toEqual([
      ['Which name?', 'admin', true],
      ['Example GmbH.', 'user', false],
    ]);
  });

  it('has an action initiated once, whose link is in the list', async () => {
    const { control, client } = await start();
    const id = asRemoteId((await control('POST', '/porting_orders')).body.data.id);
    await control('POST', `/porting_orders/${id}/demand-action`);
    const [action] = await listPortingActions(client, id);
    expect(bare(action)).toMatchObject({ requirementId: IDENTITY_CHECK, status: 'created', link: null });
    await initiatePortingAction(client, id, asRemoteId(action?.id ?? ''), NAMES);
    expect(bare(await listPortingActions(client, id))).toMatchObject([{ status: 'pending', link: LINK }]);
  });
});

describe('an action of a sub order', () => {
  it('says what it needs, is started, and then has a link and knows for whom', async () => {
    const { connection, client } = await start();
    const orderId = await placeOrder(connection, [{ number: '+61700000001' }]);
    const id = asRemoteId((await subOrderOf(connection, orderId)).id);
    const before = await getSubOrderAction(client, IDENTITY_CHECK, id);
    expect(before.fields.map(({ name, value }) => [name, value])).toEqual([
      ['first_name', null],
      ['last_name', null],
    ]);
    await startSubOrderAction(client, IDENTITY_CHECK, id, NAMES);
    expect(bare(await getSubOrderAction(client, IDENTITY_CHECK, id))).toMatchObject({
      requirementId: IDENTITY_CHECK,
      fields: [{ value: '«Jo»' }, { value: '«Example»' }],
      link: LINK,
    });
  });
});

describe('an advanced order', () => {
  it.each([
    { advanced_orders_envelope: 'bare', advanced_orders_words: 'text' },
    { advanced_orders_envelope: 'data', advanced_orders_words: 'list' },
  ])('is read and given a group, however it is answered: %o', async (quirks) => {
    const { connection, api, control, client } = await start();
    await control('PATCH', '/quirks', quirks);
    for (let index = 0; index < 3; index += 1) await api('POST', '/advanced_orders', { country_code: 'FR' });
    const orders = await listAdvancedOrders(client);
    expect(orders).toHaveLength(3);
    const id = asRemoteId(orders[1]?.id ?? '');
    const groupId = asRemoteId(await addFrenchGroup(connection));
    await attachGroupToAdvancedOrder(client, id, groupId);
    expect(await getAdvancedOrder(client, id)).toEqual({
      id,
      reference: null,
      countryCode: 'FR',
      phoneNumberTypes: ['local'],
      status: 'pending',
      groupId,
      quantity: 1,
      numberOrderIds: [],
    });
  });
});
