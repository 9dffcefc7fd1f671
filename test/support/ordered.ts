import type { ObservedNumberOrder } from '../../src/model/orders/observed-order.ts';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { references } from '../../src/model/reference-names.ts';
import { asReference, asRemoteId, type BoundNumberOrder } from '../../src/model/resource.ts';
import { desiredGroup, observedWorld, planInput, SCOPE, TEXT_ID, textValue } from './plan-inputs.ts';

const SOURCE = { file: 'groups/orders.yaml', line: 1, column: 1 };

export function desiredOrder(name: string, given: Partial<BoundNumberOrder> = {}): BoundNumberOrder {
  return {
    name,
    reference: references.numberOrder(SCOPE, name),
    statesReference: false,
    id: null,
    phoneNumbers: [{ number: new Sensitive('+49300000001'), source: SOURCE }],
    settings: [],
    group: null,
    values: [],
    source: SOURCE,
    ...given,
  };
}

export function observedOrder(name: string, given: Partial<ObservedNumberOrder> = {}): ObservedNumberOrder {
  const part = asRemoteId(`part-${name}`);
  return {
    id: asRemoteId(`id-${name}`),
    reference: references.numberOrder(SCOPE, name),
    status: 'pending',
    phoneNumbersCount: 1,
    settings: { connection_id: null, messaging_profile_id: null, billing_group_id: null },
    subOrders: [
      {
        kind: 'sub_number_order',
        id: part,
        status: 'pending',
        isOpen: true,
        countryCode: 'DE',
        phoneNumberType: 'local',
        subNumberOrderId: part,
        sample: { id: part, deadlineMs: Date.parse('2026-06-08T00:00:00Z'), locality: 'BERLIN' },
        holdings: [
          [
            {
              requirementId: TEXT_ID,
              fieldType: 'textual',
              value: new Sensitive(''),
              status: 'awaiting-value',
            },
          ],
        ],
      },
    ],
    ...given,
  };
}

/** One number order of every kind, and the group that one of them is ordered with. */
export function everyOrder(): PlanInput {
  const statesReference = { statesReference: true, reference: asReference('MY REF 001') };
  return planInput({
    RequirementGroup: [desiredGroup()],
    NumberOrder: [
      desiredOrder('new', {
        group: { name: 'de-local', source: SOURCE },
        settings: [{ key: 'connection_id', value: '0000000000000000000', source: SOURCE }],
      }),
      desiredOrder('edited', { values: [textValue('Jo Example')] }),
      desiredOrder('adopted', statesReference),
      desiredOrder('failed'),
      desiredOrder('strange', { settings: [{ key: 'billing_group_id', value: 'x', source: SOURCE }] }),
    ],
    observed: observedWorld({
      numberOrders: {
        edited: observedOrder('edited'),
        adopted: observedOrder('adopted', { reference: asReference('OLD REF') }),
        failed: observedOrder('failed', { status: 'failure', subOrders: [] }),
        strange: observedOrder('strange', { status: 'paused', subOrders: [] }),
      },
    }),
    gates: CLOSED_GATES,
  });
}
