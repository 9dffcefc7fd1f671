import { describe, expect, it } from 'vitest';
import { isOutlook } from '../../../src/kinds/number-order/plan-activation.ts';
import type { BoundGroup, BoundNumberOrder } from '../../../src/model/resource.ts';
import { planChanges } from '../../../src/plan/plan.ts';
import { desiredOrder } from '../../support/ordered.ts';
import {
  addressValue,
  CONTACT,
  desiredGroup,
  LOCAL_ADDRESS,
  observedGroup,
  observedWorld,
  planInput,
  TEXT_ID,
  textValue,
} from '../../support/plan-inputs.ts';

const SOURCE = { file: 'groups/orders.yaml', line: 4, column: 1 };
const WITH_GROUP = { group: { name: 'de-local', source: SOURCE } };
const COST = 'orders 1 phone number, which costs money';

interface World {
  readonly order?: Partial<BoundNumberOrder>;
  /** The group's manifest. Null leaves it out of the run. */
  readonly group?: Partial<BoundGroup> | null;
  /** The group's status and text at Telnyx. Null for one that does not exist. */
  readonly held?: readonly [status: string, text: string] | null;
}

/** What the plan says of the order beside its cost. */
function outlook({ order = WITH_GROUP, group = {}, held = ['approved', 'Jo'] }: World): string[] {
  const text = { values: [textValue('Jo')], definitions: [CONTACT] };
  const manifest = group === null ? [] : [desiredGroup({ ...text, ...group })];
  const combination = manifest[0]?.combination;
  const found =
    held === null
      ? null
      : observedGroup(
          { [TEXT_ID]: held[1] },
          { status: held[0], ...(combination === undefined ? {} : { combination }) },
        );
  const input = planInput({
    RequirementGroup: manifest,
    NumberOrder: [desiredOrder('berlin', order)],
    observed: observedWorld({ matches: { 'de-local': { group: found, superseded: [] } } }),
  });
  const [placed] = planChanges(input).changes.filter((change) => change.kind === 'NumberOrder');
  expect(placed?.consequences[0]).toBe(COST);
  return placed?.consequences.slice(1) ?? [];
}

const italian = { countryCode: 'IT', phoneNumberType: 'local', action: 'ordering' };
const identical = { ...LOCAL_ADDRESS.criteria, localityLimit: 'Identical locality' };
const seat = { ...addressValue('Beispielweg 1'), requirement: { ...LOCAL_ADDRESS, criteria: identical } };
const seated = { values: [textValue('Jo'), seat], definitions: [CONTACT] };

describe('the line of an order to place', () => {
  it.each<[string, World, string[]]>([
    ['with an approved group', {}, ['can be activated at once: the group "de-local" is approved']],
    [
      'with an approved group that is not in the run',
      { group: null },
      ['can be activated at once: the group "de-local" is approved'],
    ],
    [
      'with an approved group whose address has to be where the numbers are',
      { group: seated },
      [
        'is activated at once only if the address for "Local Address" is where the numbers are, which regsync cannot check in advance',
      ],
    ],
    [
      'with a group under review',
      { held: ['pending-approval', 'Jo'] },
      ['goes to review: the group "de-local" is pending-approval'],
    ],
    [
      'with a group under review, whatever its address',
      { group: seated, held: ['pending-approval', 'Jo'] },
      ['goes to review: the group "de-local" is pending-approval'],
    ],
    [
      'with a group that nobody submits',
      { group: { approval: 'none' }, held: ['unapproved', 'Jo'] },
      ['goes to review: the group "de-local" is unapproved'],
    ],
    [
      'with a declined group',
      { held: ['declined', 'Jo'] },
      ['goes to review: the group "de-local" is declined'],
    ],
    [
      'with an expired group',
      { held: ['expired', 'Jo'] },
      ['goes to review: the group "de-local" is expired'],
    ],
    [
      'with a group of an unknown status',
      { held: ['on-hold', 'Jo'] },
      ['goes to review: the group "de-local" is on-hold'],
    ],
    [
      'with an approved group that the run changes',
      { held: ['approved', 'Jane'] },
      ['goes to review: this run changes the group "de-local"'],
    ],
    [
      'with a group that the run submits',
      { held: ['unapproved', 'Jo'] },
      ['goes to review: this run changes the group "de-local"'],
    ],
    [
      'with a group that the run creates',
      { held: null },
      ['goes to review: this run creates the group "de-local"'],
    ],
    [
      'with an approved group in Italy',
      { group: { combination: italian } },
      ['goes to review: IT has no pre-approval'],
    ],
    [
      'with an unapproved group in Italy',
      { group: { combination: italian }, held: ['unapproved', 'Jo'] },
      ['goes to review: IT has no pre-approval'],
    ],
    [
      'with a group that lacks a value',
      { group: { values: [], partial: true }, held: ['unapproved', ''] },
      ['waits for values: the group "de-local" is incomplete'],
    ],
    [
      'without a group',
      { order: {} },
      ['is activated at once only if its numbers have no requirements: it names no group'],
    ],
    [
      'with values of its own',
      { order: { values: [textValue('Jo')] } },
      ['goes to review: it has values of its own and no group'],
    ],
    ['with a group that does not exist', { group: null, held: null }, []],
  ])('%s says whether it can be activated at once', (_, world, expected) => {
    expect(outlook(world)).toEqual(expected);
    expect(expected.every(isOutlook)).toBe(true);
  });

  it.each([COST, 'restarts the review', 'this group is approved: expect a new review'])(
    'has consequences that are no outlook: %s',
    (consequence) => {
      expect(isOutlook(consequence)).toBe(false);
    },
  );
});
