import type { Plan } from '../../src/model/plan.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import type { PlanInput } from '../../src/plan/decisions.ts';
import { describePlan } from '../../src/plan/describe.ts';
import { derivePlanKeys, type PlanKeys } from '../../src/plan/fingerprint.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { SCOPE } from './worlds.ts';

export function planKeys(secret = 'KEYsample', baseUrl = 'https://api.telnyx.com/v2'): PlanKeys {
  return derivePlanKeys(new Sensitive(secret), { scope: SCOPE, baseUrl });
}

export function describedPlan(input: PlanInput, keys = planKeys()): Plan {
  const options = {
    paths: [],
    targets: [],
    prune: input.gates.prune,
    allow_replace: input.gates.allowReplace,
    allow_delete: [...input.gates.allowDelete],
    allow_orders: false,
  };
  return describePlan(planChanges(input), { scope: SCOPE, version: '0.0.0-test', options, keys });
}
