import { describe, expect, it } from 'vitest';
import { commonChanges } from '../../../src/cli/apply/plan-both-sides.ts';
import { changeIdentity, type Plan, type PlanChange } from '../../../src/model/plan/plan.ts';
import { groupChange } from '../../support/changes.ts';

const GERMAN = groupChange({ digest: 'd1', consequences: [] });
const FRENCH = groupChange({ name: 'acme-fr', id: 'group-2', digest: 'd2', consequences: [] });

function planOf(changes: readonly PlanChange[]): Plan {
  return { changes } as Partial<Plan> as Plan;
}

describe('what existed before a change under review', () => {
  const other = (change: object) => ({ ...GERMAN, ...change }) as PlanChange;
  it.each<[string, readonly PlanChange[], readonly PlanChange[]]>([
    ['the base would do the same', [GERMAN], [GERMAN]],
    ['the base would do more', [FRENCH, GERMAN], [GERMAN]],
    ['the base would do nothing', [], []],
    ['the base would do it to another', [FRENCH], []],
    ['the base comes to another end', [other({ digest: 'd2' })], []],
    ['the base does something else on the way', [other({ actions: ['update'] })], []],
    ['the base starts from other values', [other({ patch: [] })], []],
    ['the base has an order of the same name', [other({ kind: 'NumberOrder' })], []],
  ])('is, where %s, that and nothing else', (_, before, common) => {
    const found = commonChanges(planOf([GERMAN]), planOf(before));
    expect([...found]).toEqual(common.map(changeIdentity));
  });

  it('is nothing where the base keeps nothing of the scope', () => {
    expect(commonChanges(planOf([GERMAN]), null)).toEqual(new Set());
  });
});
