import type { PlanDiagnostic } from '../../model/plan/plan.ts';

/** Says why a run that was to be narrowed to a change looks at everything. */
export function plannedAll(why: string): PlanDiagnostic {
  const message = `This plan shows all that differs at Telnyx, and not only what this change brings: ${why}.`;
  return { severity: 'notice', code: 'changes-all', message };
}
