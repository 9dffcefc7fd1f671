import { describe, expect, it } from 'vitest';
import type { PlanChange } from '../../src/model/plan/plan.ts';
import { findSuperseded } from '../../src/plan/superseded.ts';
import { groupChange, planOf } from '../support/changes.ts';

const ONE = { op: 'replace', path: '/requirements/one', value: '«00000001»' };
const TWO = { op: 'replace', path: '/requirements/two', value: '«00000002»' };
const OTHER = { ...ONE, value: '«0000000f»' };
const attaches = (after: string) => ({
  attaches: [{ kind: 'number_order', id: 'order-1', requirements: [{ requirement_id: 'one', after }] }],
});

const order: PlanChange = {
  ...groupChange({ kind: 'NumberOrder', name: 'berlin', id: 'order-1', actions: ['update'] }),
};
delete (order as { group?: unknown }).group;

describe('what an older commit would do', () => {
  it.each<[string, PlanChange, readonly PlanChange[]]>([
    ['the newest does the same', groupChange(), [groupChange()]],
    ['the newest does more to the group', groupChange(), [groupChange({ patch: [ONE, TWO] })]],
    ['the newest does more to others', groupChange(), [groupChange(), groupChange({ name: 'acme-fr' })]],
    ['it uploads a document alone', groupChange({ kind: 'Document' }), []],
    ['it creates an address alone', groupChange({ kind: 'Address' }), []],
    [
      'the newest does more to its orders',
      groupChange({}, attaches('«1»')),
      [
        groupChange(
          {},
          {
            attaches: [
              ...attaches('«1»').attaches,
              ...attaches('«1»').attaches.map((one) => ({ ...one, id: 'order-2' })),
            ],
          },
        ),
      ],
    ],
    ['an order is edited alike', order, [order]],
  ])('is left to it where %s', (_, older, newest) => {
    expect(findSuperseded(planOf(older), planOf(...newest))).toEqual([]);
  });

  it.each<[string, PlanChange, readonly PlanChange[]]>([
    ['the newest leaves the group as it is', groupChange(), []],
    ['the newest wants another value', groupChange(), [groupChange({ patch: [OTHER] })]],
    ['the newest wants one of two values', groupChange({ patch: [ONE, TWO] }), [groupChange()]],
    ['the newest does not submit', groupChange(), [groupChange({ actions: ['update'] })]],
    ['the newest means another group', groupChange(), [groupChange({ id: 'group-2' })]],
    ['the newest wants another country', groupChange(), [groupChange({}, { country_code: 'FR' })]],
    ['the newest wants another type', groupChange(), [groupChange({}, { phone_number_type: 'mobile' })]],
    ['the newest wants another action', groupChange(), [groupChange({}, { action: 'porting' })]],
    [
      'the newest attaches to another order',
      groupChange({}, attaches('«1»')),
      [groupChange({}, { attaches: attaches('«1»').attaches.map((one) => ({ ...one, id: 'order-2' })) })],
    ],
    [
      'the newest attaches to an order of another kind',
      groupChange({}, attaches('«1»')),
      [
        groupChange(
          {},
          { attaches: attaches('«1»').attaches.map((one) => ({ ...one, kind: 'porting_order' })) },
        ),
      ],
    ],
    [
      'the newest attaches another requirement',
      groupChange({}, attaches('«1»')),
      [
        groupChange(
          {},
          {
            attaches: attaches('«1»').attaches.map((one) => ({
              ...one,
              requirements: [{ requirement_id: 'two', after: '«1»' }],
            })),
          },
        ),
      ],
    ],
    [
      'the newest deletes another group',
      groupChange({}, { deletes: ['group-0'] }),
      [groupChange({}, { deletes: ['group-9'] })],
    ],
    ['the newest leaves the order as it is', order, []],
    ['the newest means another order', order, [{ ...order, id: 'order-9' }]],
    ['the newest does something of the same name and another kind', order, [groupChange({ name: 'berlin' })]],
    ['the newest deletes nothing', groupChange({}, { deletes: ['group-0'] }), [groupChange()]],
    ['the newest attaches to no order', groupChange({}, attaches('«1»')), [groupChange()]],
    [
      'the newest attaches another value',
      groupChange({}, attaches('«1»')),
      [groupChange({}, attaches('«2»'))],
    ],
    ['the newest keeps an orphan', groupChange({ actions: ['delete'] }, { verb: 'delete' }), []],
  ])('is superseded where %s', (_, older, newest) => {
    expect(findSuperseded(planOf(older), planOf(...newest))).toEqual([older]);
  });
});
