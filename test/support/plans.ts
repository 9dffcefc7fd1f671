import { derivePlanKeys, type PlanKeys, type PlanPlace } from '../../src/kinds/values/fingerprint.ts';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { describePlan } from '../../src/plan/describe.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { SCOPE } from './plan-inputs.ts';

export function planKeys(secret = 'KEYsample', place: Partial<PlanPlace> = {}): PlanKeys {
  const usual = { scope: SCOPE, account: null, baseUrl: 'https://api.telnyx.com/v2' };
  return derivePlanKeys(new Sensitive(secret), { ...usual, ...place });
}

export function describedPlan(input: PlanInput, keys = planKeys()): Plan {
  const options = {
    paths: [],
    targets: [],
    ...input.gates,
  };
  const cover = (text: string) => text;
  return describePlan(planChanges(input), { scope: SCOPE, version: '0.0.0-test', options, keys, cover });
}
