import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { Policy } from '../../src/model/plan/policy.ts';
import { judgePlan, timeIn } from '../../src/plan/judge-plan.ts';
import { desiredGroup, observedWorld, planInput } from '../support/plan-inputs.ts';
import { describedPlan } from '../support/plans.ts';

const plan = describedPlan(planInput({ RequirementGroup: [desiredGroup()], observed: observedWorld({}) }));
const group = plan.changes.findIndex(({ kind }) => kind === 'RequirementGroup');

function policy(findViolations: Policy['findViolations'], given: Partial<Policy> = {}): Policy {
  return {
    title: 'Four eyes',
    description: 'Ask somebody.',
    severity: 'error',
    file: 'policies/a.json',
    over: 'plan',
    timeZone: 'UTC',
    findViolations,
    ...given,
  };
}

describe('the time that a policy sees', () => {
  it.each([
    ['UTC', '2026-11-27T23:30:00Z', 'friday', '2026-11-27', 23],
    ['Europe/Berlin', '2026-11-27T23:30:00Z', 'saturday', '2026-11-28', 0],
    ['America/New_York', '2026-11-28T02:00:00Z', 'friday', '2026-11-27', 21],
    ['Europe/Berlin', '2026-06-01T22:00:00Z', 'tuesday', '2026-06-02', 0],
  ])('in %s at %s is a %s', (timeZone, utc, weekday, date, hour) => {
    const at = Date.parse(utc);
    expect(timeIn(timeZone, at)).toEqual({ utc: new Date(at).toISOString(), weekday, date, hour });
  });
});

describe('a plan under policies', () => {
  it('is seen whole and with the time, but without its MAC', () => {
    let seen: Record<string, unknown> = {};
    const look = policy((value) => {
      seen = value as Record<string, unknown>;
      return [];
    });
    expect(judgePlan(plan, [look], 0)).toEqual([]);
    const { mac: _, ...shown } = plan;
    expect(seen).toEqual({ ...shown, now: timeIn('UTC', 0) });
  });

  it.each<[string, string, object]>([
    [
      `/changes/${group}/actions`,
      `at /changes/${group}/actions`,
      { kind: 'RequirementGroup', name: 'de-local' },
    ],
    ['/summary/submit', 'at /summary/submit', {}],
    ['', 'as a whole', {}],
  ])('that violates one at %j says where, in the words of the policy', (path, where, object) => {
    const [found, ...others] = judgePlan(plan, [policy(() => [path])], 0);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ severity: 'error', code: 'policy-violated', ...object });
    expect(found?.message).toBe(`policy "Four eyes" (policies/a.json) is violated ${where}: Ask somebody.`);
  });

  /** A plan whose places have what they need, and no more. */
  const made = (parts: { readonly changes?: readonly object[]; readonly attention?: readonly object[] }) =>
    ({ ...plan, changes: [], attention: [], ...parts }) as unknown as Plan;
  const source = { file: 'groups/de.yaml', line: 3 };
  const order = { kind: 'NumberOrder', name: 'berlin', source };
  const twelve = [...Array.from({ length: 11 }, () => ({ kind: 'Document', name: 'a', source })), order];

  it.each<[string, Plan, object]>([
    ['/changes/0/order/values/1', made({ changes: [order] }), order],
    ['/changes/11', made({ changes: twelve }), order],
    [
      '/changes/0',
      made({ changes: [{ kind: 'RequirementGroup', name: 'old', source: null }] }),
      { kind: 'RequirementGroup', name: 'old' },
    ],
    [
      '/attention/1',
      made({ attention: [{}, { code: 'expiring', name: 'de-local', source }] }),
      { name: 'de-local', source },
    ],
    ['/attention/0', made({ attention: [{ code: 'orphaned', name: 'old' }] }), { name: 'old' }],
    ['/attention/0', made({ attention: [{ code: 'regulation', source }] }), { source }],
    ['/changes/7', made({ changes: [order] }), {}],
    ['/options/changes/0', made({ changes: [order] }), {}],
    ['/summary/0', made({ changes: [order], attention: [{ name: 'old', source }] }), {}],
  ])('that violates one at %s names what stands there', (path, of, object) => {
    const [found] = judgePlan(of, [policy(() => [path])], 0);
    const { severity: _, code: __, message: ___, ...named } = found ?? {};
    expect(named).toStrictEqual(object);
  });

  it('names ten places and counts the others', () => {
    const found = judgePlan(plan, [policy(() => Array.from({ length: 14 }, (_, index) => `/${index}`))], 0);
    expect(found).toHaveLength(10);
    expect(found[9]?.message).toContain('at /9 and at 4 more places');
  });

  it('is not judged by policies over manifests, and is only warned by a warning', () => {
    const all = () => [''];
    expect(judgePlan(plan, [policy(all, { over: 'manifest' })], 0)).toEqual([]);
    expect(judgePlan(plan, [policy(all, { severity: 'warning' })], 0)[0]?.severity).toBe('warning');
  });
});
