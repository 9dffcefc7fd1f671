import { describe, expect, it } from 'vitest';
import { findAddressee, findThread, type ThreadPart } from '../../../src/cli/reply/thread.ts';
import type { Observed } from '../../../src/model/observed.ts';
import type { NamedOrder } from '../../../src/model/orders/observed-order.ts';
import { asRemoteId, type Desired } from '../../../src/model/resource.ts';
import { observedOrder } from '../../support/ordered.ts';
import { observedGroup, observedWorld } from '../../support/plan-inputs.ts';
import { observedPort } from '../../support/ported.ts';

const source = { file: 'groups/a.yaml', line: 2, column: 1 };
const named = (name: string) => ({ name, source });
const desired = {
  RequirementGroup: [named('de-local'), named('both')],
  NumberOrder: [named('berlin'), named('both')],
  PortingOrder: [named('porting')],
} as unknown as Desired;

describe('a name on the command line', () => {
  it.each([
    ['de-local', 'RequirementGroup', 'de-local'],
    ['berlin', 'NumberOrder', 'berlin'],
    ['porting', 'PortingOrder', 'porting'],
    ['NumberOrder/both', 'NumberOrder', 'both'],
    ['RequirementGroup/both', 'RequirementGroup', 'both'],
  ])('%s means the %s of this name', (written, kind, name) => {
    expect(findAddressee(desired, written)).toEqual({ kind, name, source });
  });

  it.each([
    ['berln', 'no group or order is named "berln". Did you mean "berlin"?'],
    ['NumberOrder/de-local', 'no group or order is named "NumberOrder/de-local". Did you mean "de-local"?'],
    ['constructor', 'no group or order is named "constructor". See the names with: regsync status'],
    ['both', 'several manifests have the name "both": write RequirementGroup/both or NumberOrder/both'],
  ])('%s is refused', (written, message) => {
    expect(() => findAddressee(desired, written)).toThrow(message);
  });
});

const WHOLE: ThreadPart = { subOrder: undefined, portingOrder: undefined, advancedOrder: undefined };
const order = (id: string, given: Partial<NamedOrder> = {}): NamedOrder => ({
  kind: 'sub_number_order',
  id: asRemoteId(id),
  status: 'pending',
  isOpen: true,
  countryCode: 'DE',
  phoneNumberType: 'local',
  subNumberOrderId: asRemoteId(id),
  holdings: [],
  source,
  ...given,
});
const question = [{ body: 'Who?', byReviewer: true, createdAt: '' }];

const group = (world: Parameters<typeof observedWorld>[0], part = WHOLE) =>
  threadOf('RequirementGroup', 'de-local', observedWorld(world), part);
const numberOrder = (
  subOrders: readonly NamedOrder[],
  part = WHOLE,
  comments: Observed['comments'] = new Map(),
) =>
  threadOf(
    'NumberOrder',
    'berlin',
    observedWorld({ numberOrders: { berlin: observedOrder('berlin', { subOrders }) }, comments }),
    part,
  );

function threadOf(
  kind: 'RequirementGroup' | 'NumberOrder' | 'PortingOrder',
  name: string,
  observed: Observed,
  part: ThreadPart,
) {
  return findThread({ kind, name, source }, observed, part);
}

describe('the comments that a reply joins', () => {
  const matches = { 'de-local': { group: observedGroup({}, { status: 'declined' }), superseded: [] } };
  const attached = [
    order('sub'),
    order('number', { kind: 'phone_number', subNumberOrderId: asRemoteId('of-number') }),
    order('lost', { kind: 'phone_number', subNumberOrderId: null }),
    order('port', { kind: 'porting_order', subNumberOrderId: null }),
    order('wish', { kind: 'advanced_order', subNumberOrderId: null, groupId: null }),
  ];
  const orders = { 'de-local': attached };

  it('are those of the group, of a sub order or of the porting order', () => {
    const { id } = observedGroup({});
    expect(group({ matches, orders })).toEqual({ type: 'requirement_group', id, status: 'declined' });
    expect(numberOrder([order('sub', { status: 'failure' })])).toEqual({
      type: 'sub_number_order',
      id: 'sub',
      status: 'failure',
    });
    const port = observedPort({});
    expect(threadOf('PortingOrder', 'p', observedWorld({ portingOrders: { p: port } }), WHOLE)).toEqual({
      type: 'porting_order',
      id: port.id,
      status: port.status,
    });
  });

  it('are those of an order of the group, if its id is given', () => {
    expect(group({ matches, orders }, { ...WHOLE, subOrder: 'OF-NUMBER' })).toMatchObject({
      type: 'sub_number_order',
      id: 'of-number',
    });
    expect(group({ matches, orders }, { ...WHOLE, portingOrder: 'port' })).toMatchObject({
      type: 'porting_order',
    });
    expect(group({ matches, orders }, { ...WHOLE, advancedOrder: 'WISH' })).toEqual({
      type: 'advanced_number_order',
      id: 'wish',
      status: 'pending',
    });
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a group that is not made', () => group({}), /no such group yet\. To create it, run: regsync apply$/],
    [
      'a group that is only to be replaced',
      () => group({ matches: { 'de-local': { group: null, superseded: [observedGroup({})] } } }),
      /no such group yet/,
    ],
    [
      'one of several groups',
      () => group({ matches: { 'de-local': { group: null, superseded: [], rivals: [observedGroup({})] } } }),
      /Several groups could be meant: .* Add the line id: …/,
    ],
    [
      'an order that is not placed',
      () => threadOf('NumberOrder', 'b', observedWorld({}), WHOLE),
      /--allow-orders$/,
    ],
    ['an order without parts', () => numberOrder([]), /no sub orders yet: try again in a minute/],
    [
      'a porting order that Telnyx lacks',
      () => threadOf('PortingOrder', 'p', observedWorld({}), WHOLE),
      /Telnyx has no porting order/,
    ],
    [
      'an order of several parts',
      () => numberOrder([order('a'), order('b')], WHOLE, new Map([[asRemoteId('b'), question]])),
      /has 2 sub orders.* --sub-order a \(pending\) or --sub-order b \(pending, with a question\)$/,
    ],
    [
      'a part of another order',
      () => numberOrder([order('a')], { ...WHOLE, subOrder: 'x' }),
      /does not name the sub number order x\. It has --sub-order a\.$/,
    ],
    [
      'a sub order of a group without orders',
      () => group({ matches }, { ...WHOLE, subOrder: 'x' }),
      /Drop --sub-order\.$/,
    ],
    [
      'two parts at once',
      () => group({ matches, orders }, { ...WHOLE, subOrder: 'sub', portingOrder: 'port' }),
      /^--sub-order and --porting-order both name an order: drop one of them$/,
    ],
    [
      'a sub order by the id of an advanced order',
      () => group({ matches, orders }, { ...WHOLE, subOrder: 'wish' }),
      /does not name the sub number order wish\. Write --advanced-order wish instead\.$/,
    ],
    [
      'an advanced order by the id of a porting order',
      () => group({ matches, orders }, { ...WHOLE, advancedOrder: 'port' }),
      /Write --porting-order port instead\.$/,
    ],
  ])('cannot be those of %s', (_, find, message) => {
    expect(find).toThrow(message);
  });
});
