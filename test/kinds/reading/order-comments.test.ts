import { describe, expect, it } from 'vitest';
import { readOrderComments } from '../../../src/kinds/reading/order-comments.ts';
import type {
  NamedOrder,
  ObservedNumberOrder,
  ObservedPortingOrder,
} from '../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { observedPort } from '../../support/ported.ts';
import { type ClientScript, scriptedClient } from '../../support/scripted-client.ts';
import { GONE, refused } from '../../support/scripted-run.ts';

const SOURCE = { file: 'groups/a.yaml', line: 8, column: 5 };
const onSubOrder = (id: string) =>
  `GET /comments?filter[comment_record_type]=sub_number_order&filter[comment_record_id]=${id}`;
const onPorting = (id: string) => `GET /porting_orders/${id}/comments`;

/** A sub order of one number whose values have these statuses. */
function subOrder(id: string, statuses: readonly string[], given: Partial<NamedOrder> = {}): NamedOrder {
  return {
    kind: 'sub_number_order',
    id: asRemoteId(id),
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: asRemoteId(id),
    holdings: [
      statuses.map((status) => ({
        requirementId: 'r',
        fieldType: 'textual' as const,
        value: new Sensitive('x'),
        status,
      })),
    ],
    source: SOURCE,
    ...given,
  };
}

interface Orders {
  readonly attached?: readonly NamedOrder[];
  readonly placed?: readonly NamedOrder[];
  readonly ported?: readonly ObservedPortingOrder[];
}

async function read({ attached = [], placed = [], ported = [] }: Orders, script: ClientScript) {
  const { client, asked } = scriptedClient(script);
  const order: ObservedNumberOrder = {
    id: asRemoteId('o'),
    reference: null,
    status: 'pending',
    phoneNumbersCount: 1,
    settings: { connection_id: null, messaging_profile_id: null, billing_group_id: null },
    subOrders: placed,
  };
  const comments = await readOrderComments(client, {
    orders: new Map([['de-local', attached]]),
    NumberOrder: new Map([['berlin', order]]),
    PortingOrder: new Map(ported.map((one) => [one.id, one])),
  });
  return { comments, asked };
}

describe('comments on an order', () => {
  it.each<[string, NamedOrder, string[]]>([
    ['a sub order under review', subOrder('s', ['pending-approval']), [onSubOrder('s')]],
    ['a sub order of which a value was declined', subOrder('s', ['approved', 'declined']), [onSubOrder('s')]],
    ['a sub order that demands nothing yet', subOrder('s', []), [onSubOrder('s')]],
    ['a sub order whose values are approved', subOrder('s', ['approved', 'approved']), []],
    ['a sub order that is done', subOrder('s', [], { isOpen: false, status: 'success' }), []],
    ['a sub order that was lost', subOrder('s', [], { isOpen: false, status: 'failure' }), [onSubOrder('s')]],
    [
      'a number, of its sub order',
      subOrder('n', ['declined'], { kind: 'phone_number', subNumberOrderId: asRemoteId('s') }),
      [onSubOrder('s')],
    ],
    [
      'a number of no sub order',
      subOrder('n', ['declined'], { kind: 'phone_number', subNumberOrderId: null }),
      [],
    ],
    [
      'a porting order in exception',
      subOrder('p', [], { kind: 'porting_order', status: 'exception' }),
      [onPorting('p')],
    ],
    [
      'a porting order that is a draft',
      subOrder('p', ['declined'], { kind: 'porting_order', status: 'draft' }),
      [],
    ],
  ])('are asked for only where nobody has approved it: %s', async (_, order, requests) => {
    const script = { [onSubOrder('s')]: [], [onPorting('p')]: [] };
    expect((await read({ attached: [order] }, script)).asked).toEqual(requests);
    const ownOrder = order.kind === 'porting_order' ? {} : { placed: [order] };
    expect((await read({ ...ownOrder }, script)).asked).toEqual(
      order.kind === 'porting_order' ? [] : requests,
    );
  });

  it.each([
    ['draft', []],
    ['in-process', [onPorting('id-port')]],
    ['submitted', [onPorting('id-port')]],
    ['exception', [onPorting('id-port')]],
    ['foc-date-confirmed', []],
    ['ported', []],
    ['cancelled', []],
  ])(
    'that is a porting order with a manifest are asked for while it is looked at: %s',
    async (status, requests) => {
      const { asked } = await read(
        { ported: [observedPort({}, { status })] },
        { [onPorting('id-port')]: [] },
      );
      expect(asked).toEqual(requests);
    },
  );

  it('are asked for once, whatever reaches it, and are told oldest first under its id', async () => {
    const said = (body: string, created_at: string) => ({
      comment_record_id: 's',
      commenter_type: 'admin',
      body,
      created_at,
    });
    const number = subOrder('n', ['declined'], {
      kind: 'phone_number',
      subNumberOrderId: asRemoteId('s'),
    });
    const { comments, asked } = await read(
      { attached: [subOrder('s', ['declined']), number], placed: [subOrder('s', ['declined'])] },
      { [onSubOrder('s')]: [said('second', '2026-06-02'), said('first', '2026-06-01')] },
    );
    expect(asked).toEqual([onSubOrder('s')]);
    expect([...comments].map(([id, all]) => [id, all.map(({ body }) => body)])).toEqual([
      ['s', ['first', 'second']],
    ]);
  });

  it('of an order that is gone by now are none, and a refusal is not hidden', async () => {
    const { comments } = await read({ attached: [subOrder('s', ['declined'])] }, { [onSubOrder('s')]: GONE });
    expect([...comments]).toEqual([['s', []]]);
    const failing = read({ attached: [subOrder('s', ['declined'])] }, { [onSubOrder('s')]: refused(403) });
    await expect(failing).rejects.toThrow('403');
  });
});
