import { describe, expect, it } from 'vitest';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import type { Write, WriteClient } from '../../../src/telnyx/client.ts';
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
import { stringsOf } from '../../../src/telnyx/request.ts';
import { answering, bare } from '../memory-client.ts';

const ID = asRemoteId('id-1');
const NAMES = new Map([
  ['first_name', new Sensitive('Jo')],
  ['last_name', new Sensitive('Example')],
]);
const OF_SUB_ORDER =
  '/external_requirements/{regulatory_requirement_id}/sub_number_orders/{sub_number_order_id}';

describe('a request that writes', () => {
  it.each<[string, (client: WriteClient) => Promise<void>, Write]>([
    [
      'says something about a sub order',
      (client) => postComment(client, { type: 'sub_number_order', id: ID }, 'It is the second floor.'),
      {
        method: 'POST',
        template: '/comments',
        repeat: 'never',
        body: {
          kind: 'json',
          value: {
            body: 'It is the second floor.',
            comment_record_type: 'sub_number_order',
            comment_record_id: 'id-1',
          },
        },
      },
    ],
    [
      'marks a comment as read',
      (client) => markCommentRead(client, ID),
      { method: 'PATCH', template: '/comments/{id}/read', params: { id: 'id-1' }, repeat: 'safe' },
    ],
    [
      'says something about a porting order',
      (client) => postPortingComment(client, ID, 'It is.'),
      {
        method: 'POST',
        template: '/porting_orders/{id}/comments',
        params: { id: 'id-1' },
        repeat: 'never',
        body: { kind: 'json', value: { body: 'It is.' } },
      },
    ],
    [
      'starts an action of a sub order',
      (client) => startSubOrderAction(client, 'r', ID, NAMES),
      {
        method: 'POST',
        template: OF_SUB_ORDER,
        params: { regulatory_requirement_id: 'r', sub_number_order_id: 'id-1' },
        repeat: 'never',
        body: { kind: 'json', value: { requirement: { first_name: 'Jo', last_name: 'Example' } } },
      },
    ],
    [
      'initiates an action of a porting order',
      (client) => initiatePortingAction(client, ID, asRemoteId('a'), NAMES),
      {
        method: 'POST',
        template: '/porting_orders/{porting_order_id}/action_requirements/{id}/initiate',
        params: { porting_order_id: 'id-1', id: 'a' },
        repeat: 'never',
        body: { kind: 'json', value: { params: { first_name: 'Jo', last_name: 'Example' } } },
      },
    ],
    [
      'gives a group to an advanced order',
      (client) => attachGroupToAdvancedOrder(client, ID, asRemoteId('g')),
      {
        method: 'PATCH',
        template: '/advanced_orders/{advanced_order_id}/requirement_group',
        params: { advanced_order_id: 'id-1' },
        repeat: 'safe',
        body: { kind: 'json', value: { requirement_group_id: 'g' } },
      },
    ],
  ])('%s', async (_, send, expected) => {
    // The answer is not looked at: its caller reads again.
    const client = answering(() => ({ data: 'anything' }));
    await send(client);
    expect(client.sent).toEqual([expected]);
  });
});

describe('what is said', () => {
  it('is private to errors, but not what it is about', () => {
    const value = { body: 'Jo Example', comment_record_type: 'requirement_group' };
    expect(stringsOf({ body: { kind: 'json', value } })).toEqual(['Jo Example']);
  });

  it.each(['requirement_group', 'sub_number_order', 'advanced_number_order'] as const)(
    'about a %s is asked for by type and id, and is about that alone, whatever the server answers',
    async (type) => {
      const client = answering(() =>
        ['id-1', 'id-2', null].map((comment_record_id, index) => ({ id: `c-${index}`, comment_record_id })),
      );
      const comments = await listComments(client, { type, id: ID });
      expect(comments.map(({ id }) => id)).toEqual(['c-0']);
      const query = { 'filter[comment_record_type]': type, 'filter[comment_record_id]': 'id-1' };
      expect(client.asked).toEqual([{ template: '/comments', params: {}, query }]);
    },
  );

  it('about a porting order is asked for at that order, and is not about another', async () => {
    const client = answering(() =>
      ['id-1', 'id-2', null].map((porting_order_id, index) => ({ id: `c-${index}`, porting_order_id })),
    );
    expect((await listPortingComments(client, ID)).map(({ id }) => id)).toEqual(['c-0', 'c-2']);
    expect(client.asked).toEqual([
      { template: '/porting_orders/{id}/comments', params: { id: 'id-1' }, query: {} },
    ]);
  });
});

describe('an action requirement', () => {
  it('of a sub order is believed only if it is about the requirement that was asked for', async () => {
    const client = answering(() => ({ data: { regulatory_requirement_id: 'R-1' } }));
    expect(await getSubOrderAction(client, 'r-1', ID)).toEqual({
      requirementId: 'r-1',
      fields: [],
      link: null,
    });
    const params = { regulatory_requirement_id: 'r-1', sub_number_order_id: 'id-1' };
    expect(client.asked).toEqual([{ template: OF_SUB_ORDER, params, query: {} }]);
    await expect(getSubOrderAction(client, 'r-2', ID)).rejects.toThrow(
      `GET ${OF_SUB_ORDER} answered a row whose \`regulatory_requirement_id\` is not the one that was asked for. `,
    );
  });

  it('of a porting order is asked for at that order, and is not one of another', async () => {
    const client = answering(() =>
      ['id-1', 'id-2', null].map((porting_order_id, index) => ({
        id: `a-${index}`,
        porting_order_id,
        status: 'created',
      })),
    );
    expect((await listPortingActions(client, ID)).map(({ id }) => id)).toEqual(['a-0', 'a-2']);
    const template = '/porting_orders/{porting_order_id}/action_requirements';
    expect(client.asked).toEqual([{ template, params: { porting_order_id: 'id-1' }, query: {} }]);
  });

  it('does not print its link', async () => {
    const client = answering(() => [{ id: 'a', status: 'pending', action_url: 'https://example.com/1' }]);
    const actions = await listPortingActions(client, ID);
    expect(JSON.stringify(actions)).not.toContain('example.com');
    expect(bare(actions)).toMatchObject([{ link: '«https://example.com/1»' }]);
  });
});

describe('an advanced order', () => {
  const row = { id: 'id-1', status: 'pending', requirement_group_id: 'g' };

  it('is read with the group that it carries, with an envelope or without', async () => {
    for (const body of [row, { data: row }]) {
      const client = answering(() => body);
      expect(await getAdvancedOrder(client, ID)).toMatchObject({ id: 'id-1', groupId: 'g' });
      expect(client.asked).toEqual([
        { template: '/advanced_orders/{order_id}', params: { order_id: 'id-1' }, query: {} },
      ]);
    }
  });

  it('is not believed to be another', async () => {
    await expect(
      getAdvancedOrder(
        answering(() => row),
        asRemoteId('id-2'),
      ),
    ).rejects.toThrow(
      'GET /advanced_orders/{order_id} answered a row whose `id` is not the one that was asked for. ',
    );
  });

  it('is listed with all others', async () => {
    const client = answering(() => [row, { ...row, id: 'id-2' }]);
    expect((await listAdvancedOrders(client)).map(({ id }) => id)).toEqual(['id-1', 'id-2']);
    expect(client.asked).toEqual([{ template: '/advanced_orders', params: {}, query: {} }]);
  });
});
