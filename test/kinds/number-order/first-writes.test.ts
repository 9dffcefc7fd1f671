import { describe, expect, it } from 'vitest';
import { firstWrites, someStarts, withoutGroup } from '../../../src/kinds/number-order/first-writes.ts';
import type { GroupToOrderWith } from '../../../src/kinds/number-order/group-to-order-with.ts';
import { startsOfNewOrder } from '../../../src/kinds/values/actions.ts';
import { reveal } from '../../../src/model/privacy/sensitive.ts';
import { desiredOrder } from '../../support/ordered.ts';
import {
  ACTION_ID,
  CONTACT,
  DOCUMENT_ID,
  definition,
  desiredGroup,
  observedGroup,
  observedWorld,
  TEXT_ID,
  textValue,
  VERIFICATION,
} from '../../support/plan-inputs.ts';

const LINK = { name: 'de-local', source: { file: 'groups/a.yaml', line: 5, column: 3 } };
const OTHER = definition('55555555-5555-4555-8555-555555555555', 'Other', 'textual');
const bound = desiredGroup({ values: [textValue('Stated')], definitions: [CONTACT, OTHER, VERIFICATION] });

function unfulfilled(actions: readonly string[], group: GroupToOrderWith['bound'] = bound): GroupToOrderWith {
  return { bound: group, state: 'unfulfilled', countryCode: 'AU', missing: actions, actions };
}

const ACTION = unfulfilled(['Identity Check']);
const holding = (values: Readonly<Record<string, string>>) =>
  observedWorld({ matches: { 'de-local': { group: observedGroup(values), superseded: [] } } });

/** What is written: the requirement, the text, and the line that it comes from. */
function written(
  order: Parameters<typeof desiredOrder>[1],
  group: GroupToOrderWith | null,
  observed = holding({}),
) {
  return firstWrites(desiredOrder('berlin', order), group, observed).map((write) => {
    const { requirementName, value, source } = write;
    return [requirementName, value.kind === 'text' ? reveal(value.text) : value.kind, source.line];
  });
}

describe('the values that an order gets right after it is placed', () => {
  const own = { values: [textValue('Own', OTHER)] };

  it.each<[string, GroupToOrderWith | null]>([
    ['without a group', null],
    ['with a group that goes with it', { bound, state: 'fulfilled' }],
    ['with a group that is not there', { bound: null, state: 'absent' }],
    [
      'with a group that lacks only values',
      { ...unfulfilled([]), missing: ['Contact Info'] } as GroupToOrderWith,
    ],
  ])('are those of its manifest alone, %s', (_, group) => {
    const given = group === null ? own : { ...own, group: LINK };
    expect(written(given, group, holding({ [TEXT_ID]: 'Held' }))).toEqual([['Other', 'Own', 1]]);
  });

  it('are also those that the manifest of a group with an action states', () => {
    expect(written({ ...own, group: LINK }, ACTION)).toEqual([
      ['Other', 'Own', 1],
      ['Contact Info', 'Stated', 1],
    ]);
  });

  it('are also those that such a group holds and its manifest does not state, at the line of the link', () => {
    const held = holding({
      [TEXT_ID]: 'Held',
      [OTHER.id]: 'Other held',
      [DOCUMENT_ID]: 'document-1',
      [ACTION_ID]: '',
    });
    expect(written({ group: LINK }, ACTION, held)).toEqual([
      ['Contact Info', 'Stated', 1],
      ['Other', 'Other held', 5],
      [DOCUMENT_ID, 'document-1', 5],
    ]);
  });

  it('leave out what the group cannot have, and its actions', () => {
    const stated = {
      ...bound,
      values: [
        textValue('Not demanded', definition('6', 'Sixth', 'textual')),
        textValue('Person', VERIFICATION),
        textValue('Stated'),
      ],
    };
    expect(written({ group: LINK }, unfulfilled(['Identity Check'], stated))).toEqual([
      ['Contact Info', 'Stated', 1],
    ]);
  });

  it('are those that a group outside of the run holds', () => {
    const held = holding({ [TEXT_ID]: 'Held' });
    expect(written({ group: LINK }, unfulfilled([ACTION_ID], null), held)).toEqual([[TEXT_ID, 'Held', 5]]);
    expect(written({ group: { ...LINK, name: 'gone' } }, unfulfilled([ACTION_ID], null), held)).toEqual([]);
  });

  it('replace nothing, and say from where they come', () => {
    const held = holding({ [OTHER.id]: 'Other held' });
    const writes = firstWrites(desiredOrder('berlin', { group: LINK }), ACTION, held);
    expect(
      writes.map(({ before, observedStatus, fieldType }) => [before, observedStatus, fieldType]),
    ).toEqual([
      [null, null, 'textual'],
      [null, null, 'textual'],
    ]);
    expect(writes.map(({ after }) => reveal(after))).toEqual(['text:Stated', 'held:Other held']);
  });
});

describe('an order that is placed without its group', () => {
  const order = desiredOrder('berlin', { group: LINK });

  it('says so, and names the actions', () => {
    expect(withoutGroup(order, unfulfilled(['Identity Check', 'Other Check']))).toEqual([
      'orders take no group with an action ("Identity Check", "Other Check"): the values of "de-local" are written to the order',
    ]);
  });

  it.each<[string, GroupToOrderWith | null]>([
    ['it has none', null],
    ['its group goes with it', { bound, state: 'fulfilled' }],
    ['its group lacks only values', unfulfilled([])],
  ])('says nothing where %s', (_, group) => {
    expect(withoutGroup(order, group)).toEqual([]);
  });
});

it('starts of no action are left out', () => {
  expect(someStarts({ starts: [] })).toStrictEqual({});
  const source = { file: 'groups/a.yaml', line: 7, column: 5 };
  const action = { requirement: { id: ACTION_ID, name: 'Identity Check' }, names: new Map(), source };
  const { starts } = startsOfNewOrder({ name: 'berlin', source, actions: [action] });
  expect(someStarts({ starts })).toStrictEqual({ starts });
});
