import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import type { PlanChange } from '../../src/model/plan/plan.ts';
import { endsOf, leadsThere } from '../../src/plan/ends.ts';
import { everyOrder } from '../support/ordered.ts';
import {
  CONTACT,
  desiredGroup,
  observedGroup,
  observedWorld,
  planInput,
  textValue,
} from '../support/plan-inputs.ts';
import { describedPlan, planKeys } from '../support/plans.ts';
import { everyPort } from '../support/ported.ts';

const group = (text: string) => desiredGroup({ values: [textValue(text)], definitions: [CONTACT] });
const wanting = (text: string) => planInput({ RequirementGroup: [group(text)], observed: observedWorld({}) });
const endsIn = (input: PlanInput) => endsOf(input, describedPlan(input), planKeys());

describe('where manifests lead', () => {
  it.each<[string, PlanInput]>([
    ['groups', wanting('Jo')],
    ['number orders', { ...everyOrder(), gates: { ...CLOSED_GATES, allow_orders: true } }],
    ['porting orders', everyPort()],
  ])('is where each change of their plan leads, for %s', (_, input) => {
    const { changes } = describedPlan(input);
    expect(changes.length).toBeGreaterThan(0);
    for (const change of changes) expect(leadsThere(change, endsIn(input)), change.name).toBe(true);
  });

  it.each(['Document', 'Address'] as const)(
    'is where a %s leads, because the changes that write it are compared',
    (kind) => {
      const [change] = describedPlan(wanting('Jo')).changes as [PlanChange];
      expect(leadsThere({ ...change, kind, name: 'other' }, endsIn(wanting('Joe')))).toBe(true);
      expect(leadsThere({ ...change, name: 'other' }, endsIn(wanting('Joe')))).toBe(false);
    },
  );

  it('is not where a change leads that wants another value, or whose manifest is gone', () => {
    const [change] = describedPlan(wanting('Jo')).changes as [PlanChange];
    expect(leadsThere(change, endsIn(wanting('Joe')))).toBe(false);
    const none = planInput({ RequirementGroup: [], observed: observedWorld({}) });
    expect(leadsThere(change, endsIn(none))).toBe(false);
  });

  it('is not where a deletion leads if a manifest means the group again, or the run spares it', () => {
    const orphan = observedGroup({});
    const pruning = planInput({
      RequirementGroup: [],
      observed: observedWorld({ orphans: [orphan] }),
      gates: { ...CLOSED_GATES, prune: true },
    });
    const [change] = describedPlan(pruning).changes as [PlanChange];
    expect(change.actions).toEqual(['delete']);
    expect(leadsThere(change, endsIn(pruning))).toBe(true);
    expect(leadsThere(change, endsIn({ ...pruning, gates: CLOSED_GATES }))).toBe(false);
    const matches = { 'de-local': { group: orphan, superseded: [] } };
    const kept = planInput({ RequirementGroup: [group('Jo')], observed: observedWorld({ matches }) });
    expect(leadsThere(change, endsIn(kept))).toBe(false);
  });
});
