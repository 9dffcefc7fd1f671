import { describe, expect, it } from 'vitest';
import { deadlineAttention } from '../../../src/kinds/values/deadlines.ts';
import type { ObservedOrder } from '../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { observedWorld, TEXT_ID } from '../../support/plan-inputs.ts';

const SOURCE = { file: 'groups/a.yaml', line: 7, column: 3 };

function order(deadline: string | null, statuses: readonly (string | null)[], given = {}): ObservedOrder {
  const id = asRemoteId('order-1');
  const holdings = statuses.map((status) => [
    { requirementId: TEXT_ID, fieldType: 'textual' as const, value: new Sensitive(''), status },
  ]);
  const deadlineMs = deadline === null ? null : Date.parse(deadline);
  return {
    kind: 'sub_number_order',
    id,
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: id,
    sample: { id, deadlineMs, locality: null },
    holdings,
    ...given,
  };
}

function said(one: ObservedOrder, warnDays = 30) {
  return deadlineAttention(
    { name: 'de', order: one, source: SOURCE },
    { observed: observedWorld({}), warnDays },
  );
}

const WANTED = ['awaiting-value'];

describe('an order that wants values is given a deadline', () => {
  it.each([
    ['2026-05-30T23:00:00Z', 'until 2026-05-30, which was 2 days ago'],
    ['2026-05-31T23:00:00Z', 'until 2026-05-31, which was yesterday'],
    ['2026-06-01T00:00:00Z', 'until 2026-06-01, which is today'],
    ['2026-06-02T00:00:00Z', 'until 2026-06-02, which is tomorrow'],
    ['2026-06-03T23:00:00Z', 'until 2026-06-03, in 2 days'],
    ['2026-07-01T23:00:00Z', 'until 2026-07-01, in 30 days'],
  ])('%s: %s', (deadline, when) => {
    expect(said(order(deadline, WANTED))).toEqual([
      {
        code: 'order-deadline',
        name: 'de',
        message: `sub number order order-1: needs values ${when}; without them its numbers are lost`,
        source: { file: 'groups/a.yaml', line: 7 },
      },
    ]);
  });

  it.each<[string, boolean, ObservedOrder]>([
    ['on the last day that is warned of', true, order('2026-07-01T00:00:00Z', WANTED)],
    ['on the first day that is not', false, order('2026-07-02T00:00:00Z', WANTED)],
    ['on no day that Telnyx names', false, order(null, WANTED)],
    ['where no number is known', false, order('2026-06-02T00:00:00Z', WANTED, { sample: undefined })],
    ['where it is closed', false, order('2026-06-02T00:00:00Z', WANTED, { isOpen: false })],
    ['where one value was declined', true, order('2026-06-02T00:00:00Z', ['approved', 'declined'])],
    [
      'where all values are there',
      false,
      order('2026-06-02T00:00:00Z', ['approved', 'pending-approval', null]),
    ],
    ['where it says nothing yet', false, order('2026-06-02T00:00:00Z', [])],
  ])('%s: %s', (_, isSaid, one) => {
    expect(said(one)).toHaveLength(isSaid ? 1 : 0);
  });
});
