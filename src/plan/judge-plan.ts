import type { Plan, PlanDiagnostic } from '../model/plan/plan.ts';
import { POLICY_VIOLATED, type Policy, violationMessages } from '../model/plan/policy.ts';

/** The plan as policies see it: without its MAC, and with the time. */
export type JudgedPlan = Omit<Plan, 'mac'> & { readonly now: PlanTime };

/** The time at which Telnyx answered, so that the clock of this machine does not matter. */
export interface PlanTime {
  /** Such as `2026-11-27T14:03:00.000Z`. */
  readonly utc: string;
  /** A day, `YYYY-MM-DD`, in the policy's time zone. */
  readonly date: string;
  /** A word such as `friday`. */
  readonly weekday: string;
  /** A number from 0 to 23. */
  readonly hour: number;
}

/** Returns a diagnostic for each place of the plan that violates a policy. */
export function judgePlan(plan: Plan, policies: readonly Policy[], readAtMs: number): PlanDiagnostic[] {
  const { mac: _, ...shown } = plan;
  return policies
    .filter(({ over }) => over === 'plan')
    .flatMap((policy) => {
      const judged: JudgedPlan = { ...shown, now: timeIn(policy.timeZone, readAtMs) };
      const places = policy.findViolations(judged);
      return violationMessages(policy, places).map(({ path, message }) => ({
        severity: policy.severity,
        code: POLICY_VIOLATED,
        message,
        ...objectAt(plan, path),
      }));
    });
}

/** Returns the change or the attention that the pointer leads into. */
function objectAt(plan: Plan, path: string): Pick<PlanDiagnostic, 'name' | 'source' | 'kind'> {
  const [, part, index] = /^\/(changes|attention)\/(\d+)/.exec(path) ?? [];
  if (part === 'changes') {
    const { kind, name, source } = plan.changes[Number(index)] ?? {};
    return {
      ...(kind === undefined ? {} : { kind }),
      ...(name === undefined ? {} : { name }),
      ...(source == null ? {} : { source }),
    };
  }
  const { name, source } = (part === 'attention' ? plan.attention[Number(index)] : undefined) ?? {};
  return { ...(name === undefined ? {} : { name }), ...(source === undefined ? {} : { source }) };
}

export function timeIn(timeZone: string, atMs: number): PlanTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    weekday: 'long',
    hour: '2-digit',
  });
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    utc: new Date(atMs).toISOString(),
    date: `${part('year')}-${part('month')}-${part('day')}`,
    weekday: part('weekday').toLowerCase(),
    hour: Number(part('hour')),
  };
}
