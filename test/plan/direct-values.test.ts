import { describe, expect, it } from 'vitest';
import { asRemoteId, type ObservedOrder } from '../../src/model/resource.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { planDirectValues } from '../../src/plan/direct-values.ts';
import { observedOrder } from '../support/ordered.ts';
import { observedWorld, TEXT_ID, textValue } from '../support/worlds.ts';

const OTHER_ID = '99999999-9999-4999-8999-999999999999';

/** Requirements of each number, all without a value. */
function order(...numbers: readonly (readonly string[])[]): ObservedOrder {
  const [whole] = observedOrder('x').subOrders;
  if (whole === undefined) throw new Error('an order has parts');
  const holdings = numbers.map((ids) =>
    ids.map((requirementId) => ({
      requirementId,
      fieldType: 'textual' as const,
      value: new Sensitive(''),
      status: 'awaiting-value',
    })),
  );
  return { ...whole, id: asRemoteId('part'), holdings };
}

function plan(...orders: readonly ObservedOrder[]) {
  const stated = { values: [textValue('Jo Example')], name: 'number order x', orders };
  const { writes, findings } = planDirectValues(stated, observedWorld({}));
  return [writes.map(({ requirementId }) => requirementId), findings.map(({ code }) => code)];
}

describe('a value that an order does not demand', () => {
  it.each([
    [
      'is something to know where all numbers say what they demand',
      [order([OTHER_ID], [OTHER_ID])],
      [[], ['requirements-changed']],
    ],
    ['is nothing yet where one number is still being filled', [order([OTHER_ID], [])], [[], []]],
    ['is nothing yet where one part is still being filled', [order([OTHER_ID]), order([])], [[], []]],
    ['waits where no number says anything', [order([], [])], [[], ['order-incomplete']]],
    ['is none where one number demands it', [order([OTHER_ID], [TEXT_ID])], [[TEXT_ID], []]],
  ])('%s', (_, orders, expected) => {
    expect(plan(...orders)).toEqual(expected);
  });
});
