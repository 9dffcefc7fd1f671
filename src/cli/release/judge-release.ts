import { VERSION } from '../../build.ts';
import type { PlanKeys } from '../../kinds/values/fingerprint.ts';
import { RefusedError } from '../../model/errors.ts';
import { byKind } from '../../model/kinds.ts';
import type { GroupChange } from '../../model/plan/change.ts';
import { CLOSED_GATES } from '../../model/plan/gates.ts';
import type { PlanDiagnostic } from '../../model/plan/plan.ts';
import type { Policy } from '../../model/plan/policy.ts';
import { describePlan } from '../../plan/describe.ts';
import { judgePlan } from '../../plan/judge-plan.ts';

/**
 * Judges the change of a release by the policies over plans, as a plan of that change alone.
 *
 * @returns the violations that only warn.
 * @throws RefusedError for a violation of severity error.
 */
export function judgeRelease(
  change: GroupChange,
  context: {
    readonly scope: string;
    readonly keys: PlanKeys;
    readonly cover: (text: string) => string;
    readonly policies: readonly Policy[];
    /** The time at which Telnyx answered. */
    readonly readAtMs: number;
  },
): readonly PlanDiagnostic[] {
  const decisions = {
    users: [],
    changes: [change],
    reused: { documents: 0, addresses: 0 },
    unchanged: 0,
    manifests: byKind((kind) => (kind === 'RequirementGroup' ? 1 : 0)),
    attention: [],
    diagnostics: [],
  };
  const options = { paths: [], targets: [change.name], ...CLOSED_GATES };
  const plan = describePlan(decisions, { ...context, version: VERSION, options });
  const found = judgePlan(plan, context.policies, context.readAtMs);
  const errors = found.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new RefusedError(`nothing was released: ${errors.map(({ message }) => message).join('; ')}`);
  return found;
}
