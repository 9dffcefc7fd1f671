import { describe, expect, it } from 'vitest';
import {
  type GroupToOrderWith,
  groupToOrderWith,
  indexGroups,
} from '../../../src/kinds/number-order/group-to-order-with.ts';
import type { ObservedGroup, ObservedMatch } from '../../../src/model/observed.ts';
import { CLOSED_GATES } from '../../../src/model/plan/gates.ts';
import type { BoundGroup } from '../../../src/model/resource.ts';
import { planChanges } from '../../../src/plan/plan.ts';
import {
  ACTION_ID,
  CONTACT,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  REGISTRATION,
  TEXT_ID,
  textValue,
  VERIFICATION,
} from '../../support/plan-inputs.ts';

const EQUAL = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
const REJECTED = observedDocument('doc-1', 'registration', { rejected: 'denied' });

/** What the group will be when an order is placed, with the changes that this run makes of it. */
function stateOf(
  match: ObservedMatch | null,
  groups: readonly BoundGroup[],
  documents = [observedDocument('doc-1', 'registration')],
): GroupToOrderWith {
  const observed = observedWorld({ matches: match === null ? {} : { 'de-local': match }, documents });
  const input = planInput({ RequirementGroup: groups, observed });
  const changes = planChanges(input).changes.filter((change) => change.kind === 'RequirementGroup');
  return groupToOrderWith('de-local', input, indexGroups(input, changes));
}

const found = (group: ObservedGroup | null) => ({ group, superseded: [] });
const held = (values: Record<string, string>) => found(observedGroup(values, { status: 'approved' }));

describe('the group that an order is to be placed with', () => {
  const whole = desiredGroup();
  const partial = desiredGroup({ partial: true, values: [textValue('Compliance desk')] });
  const withAction = desiredGroup({ definitions: [CONTACT, REGISTRATION, VERIFICATION] });
  const missing = (...names: readonly string[]) => ({
    state: 'unfulfilled',
    countryCode: 'DE',
    missing: names,
    actions: names.filter((name) => ['Identity Check', ACTION_ID].includes(name)),
  });

  it.each<[string, ObservedMatch | null, BoundGroup | null, object]>([
    ['is nowhere', null, null, { state: 'absent' }],
    ['is nowhere at Telnyx, and this run leaves it alone', found(null), null, { state: 'absent' }],
    ['could be several', { ...found(null), rivals: [observedGroup({})] }, whole, { state: 'undecided' }],
    ['is made by this run', found(null), whole, { state: 'fulfilled' }],
    ['is made by this run without a value', found(null), partial, missing('Registration')],
    ['is made by this run, and an action is left', found(null), withAction, missing('Identity Check')],
    ['holds all', held(EQUAL), whole, { state: 'fulfilled' }],
    ['holds what its manifest does not state', held(EQUAL), partial, { state: 'fulfilled' }],
    [
      'gets by this run what it lacks',
      held({ [TEXT_ID]: 'x', [DOCUMENT_ID]: '' }),
      whole,
      { state: 'fulfilled' },
    ],
    ['lacks what nobody states', held({ ...EQUAL, [DOCUMENT_ID]: '' }), partial, missing('Registration')],
    ['is left alone and holds all', held(EQUAL), null, { state: 'fulfilled' }],
    [
      'is left alone and lacks something',
      held({ ...EQUAL, [DOCUMENT_ID]: '', [ACTION_ID]: '' }),
      null,
      missing(DOCUMENT_ID, ACTION_ID),
    ],
  ])('%s', (_, match, group, expected) => {
    const groups = group === null ? [] : [group];
    expect(stateOf(match, groups)).toEqual({ bound: group, ...expected });
  });

  it('gets nothing by this run while its document is rejected', () => {
    const group = desiredGroup({ values: [textValue('Jo'), documentValue('registration')] });
    expect(stateOf(found(null), [group], [REJECTED])).toEqual({ bound: group, state: 'absent' });
    const empty = held({ [TEXT_ID]: 'x', [DOCUMENT_ID]: '' });
    expect(stateOf(empty, [group], [REJECTED])).toEqual({ bound: group, ...missing('Registration') });
  });

  it('is not an orphan of its name that this run deletes', () => {
    const orphan = observedGroup(EQUAL);
    const observed = observedWorld({ orphans: [orphan] });
    const gates = { ...CLOSED_GATES, prune: true };
    const input = planInput({ RequirementGroup: [], observed, gates });
    const changes = planChanges(input).changes.filter((change) => change.kind === 'RequirementGroup');
    const index = indexGroups(input, changes);
    expect([changes.length, index.changes.size]).toEqual([1, 0]);
    expect(groupToOrderWith('de-local', input, index)).toEqual({ bound: null, state: 'absent' });
  });
});
