import type { Plan, PlanChange } from '../../src/model/plan/plan.ts';

/** A change with what is compared in it. */
export function groupChange(given: object = {}, group: object = {}): PlanChange {
  return {
    kind: 'RequirementGroup',
    name: 'acme-de',
    id: 'group-1',
    actions: ['update', 'submit'],
    patch: [{ op: 'replace', path: '/requirements/one', value: '«00000001»' }],
    group: {
      verb: 'update',
      status: 'unapproved',
      country_code: 'DE',
      phone_number_type: 'local',
      action: 'ordering',
      values: [],
      deletes: [],
      ...group,
    },
    ...given,
  } as unknown as PlanChange;
}

export const planOf = (...changes: PlanChange[]) => ({ changes }) as unknown as Plan;
