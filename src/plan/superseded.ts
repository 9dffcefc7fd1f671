import { changeIdentity, type Plan, type PlanChange } from '../model/plan/plan.ts';

/**
 * Returns the changes of an older commit's plan that the newest commit's plan does not contain. Each would
 * replace a newer value with an older one. Both plans are made against the same state of Telnyx.
 */
export function findSuperseded(older: Plan, newest: Plan): PlanChange[] {
  const wanted = new Map(newest.changes.map((change) => [changeIdentity(change), change]));
  return older.changes.filter((change) => {
    // Content is uploaded and created for the changes that write it, and those changes are compared.
    if (change.kind === 'Document' || change.kind === 'Address') return false;
    const counterpart = wanted.get(changeIdentity(change));
    return counterpart === undefined || !isPartOf(stepsOf(change), stepsOf(counterpart));
  });
}

/**
 * Returns each step of a change in a form that differs from every other step. The newest commit may do more.
 */
function stepsOf({ id, actions, patch, group }: PlanChange): readonly unknown[] {
  return [
    ['id', id],
    ...(group === undefined
      ? []
      : [['combination', group.country_code, group.phone_number_type, group.action]]),
    ...actions.map((action) => ['action', action]),
    ...patch.map((operation) => ['patch', operation]),
    ...(group?.deletes ?? []).map((deleted) => ['delete', deleted]),
    ...(group?.attaches ?? []).flatMap((attach) =>
      attach.requirements.map(({ requirement_id, after }) => [
        'attach',
        attach.kind,
        attach.id,
        requirement_id,
        after,
      ]),
    ),
  ];
}

function isPartOf(steps: readonly unknown[], others: readonly unknown[]): boolean {
  const known = new Set(others.map((step) => JSON.stringify(step)));
  return steps.every((step) => known.has(JSON.stringify(step)));
}
