import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import type { Gates } from '../../model/plan/gates.ts';
import { changeIdentity, closesPlan, groupOrderedWith, type Plan } from '../../model/plan/plan.ts';
import { named, sentence, worded } from '../../model/text/sentence.ts';
import { compareChanges, type Deviation, findOtherAccount } from '../../plan/exact.ts';
import { closedGates } from '../../plan/gates.ts';
import { findSuperseded } from '../../plan/superseded.ts';
import type { ApplySteps } from './apply-reviewed.ts';

/** Returns the reason not to carry out a new plan after this review, or null if it may be carried out. */
export function judge(reviewed: Reviewed, plan: Plan): ApplyRefusal | null {
  const closed = plan.diagnostics.filter(closesPlan).map(({ message }) => message);
  if (closed.length > 0) return { cause: 'gate', message: closed.join('; '), differences: [] };
  if (plan.changes.length === 0) return null;
  switch (reviewed.kind) {
    case 'waived':
      return null;
    case 'none':
      return { cause: 'review', message: reviewed.why, differences: [] };
    case 'fingerprint':
      return plan.fingerprint.startsWith(reviewed.fingerprint)
        ? null
        : { cause: 'review', message: otherFingerprint(reviewed.fingerprint, plan), differences: [] };
    case 'plan': {
      const plans = plansIn(reviewed);
      const [otherAccount] = plans.flatMap((one) => findOtherAccount(one, plan) ?? []);
      if (otherAccount !== undefined) return { cause: 'review', message: otherAccount, differences: [] };
      const differences = findDeviationsFrom(plans, plan);
      return differences.length === 0 ? null : { cause: 'review', message: STALE, differences };
    }
    default:
      return reviewed satisfies never;
  }
}

/**
 * Refuses gates that this run does not open, although the reviewed plan was made with them: the person who
 * applies must be able to keep a gate closed.
 */
export function judgeGates(
  plan: Plan,
  stated: Gates,
  { sayShut }: Pick<ApplySteps, 'sayShut'>,
): ApplyRefusal | null {
  const shut = closedGates(plan, stated);
  return shut.length === 0 ? null : { cause: 'gate', message: sayShut(shut), differences: [] };
}

/**
 * Refuses changes that the newest commit does not want. A run of an older commit may come before or after one
 * of a newer commit, and so the order makes no difference. This needs no record of earlier applies, only the
 * manifests.
 */
export function judgeAge(plan: Plan, newest: NewestPlan | null): ApplyRefusal | null {
  if (newest === null) return null;
  const refusal = (why: string): ApplyRefusal => ({
    cause: 'outrun',
    message: `${newest.what}, ${why}. Wait for the run of that commit, or start it again`,
    differences: [],
  });
  if (newest.unknown !== null) return refusal(newest.unknown);
  const superseded = newest.plan === null ? plan.changes : findSuperseded(plan, newest.plan);
  if (superseded.length === 0) return null;
  const names = superseded.slice(0, MAX_NAMES).map(({ kind, name }) => `${kind}/${name}`);
  const more = superseded.length - names.length;
  const these = [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return refusal(`which changes otherwise: ${these}`);
}

/** The review of a plan, as far as it is known. */
export type Reviewed =
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      /** The plans of further reviews. Each change of the new plan must be in one of all these plans. */
      readonly others?: readonly Plan[];
      /**
       * The change requests of this apply that have no known plan, in words. What they change is in none of these
       * plans, and must not go unnoticed. Absent if there are none.
       */
      readonly unknown?: readonly string[];
    }
  /**
   * The first eight or more hex digits of the reviewed plan's fingerprint, which the new plan must have too.
   */
  | { readonly kind: 'fingerprint'; readonly fingerprint: string }
  /** A missing review that is allowed. */
  | { readonly kind: 'waived' }
  | { readonly kind: 'none'; readonly why: string };

export interface ApplyRefusal {
  /**
   * The cause. `outrun` means that a newer commit wants something else, `gate` that one is closed, and
   * `review` that there is none or that it is about another plan.
   */
  readonly cause: 'outrun' | 'gate' | 'review';
  readonly message: string;
  readonly differences: readonly Deviation[];
}

export interface NewestPlan {
  readonly what: string;
  /** The plan. Null if the newest commit has nothing of this scope, or if `unknown` is set. */
  readonly plan: Plan | null;
  /** The reason why the plan of the newest commit is unknown. Null if it is known. */
  readonly unknown: string | null;
}

export function plansIn(reviewed: Reviewed): readonly Plan[] {
  return reviewed.kind === 'plan' ? [reviewed.plan, ...(reviewed.others ?? [])] : [];
}

/**
 * Returns the deviations of the changes that no reviewed plan shows exactly. If a change differs from each
 * plan, the deviation comes from a plan that shows the change at all. An order that is placed copies the values of
 * its group, so one plan must show both.
 */
export function findDeviationsFrom(plans: readonly Plan[], fresh: Plan): readonly Deviation[] {
  const compared = plans.map((plan) => ({
    shown: new Set(plan.changes.map(changeIdentity)),
    found: compareChanges(plan, fresh),
  }));
  const placeOfGroup = new Map(
    fresh.changes.flatMap(({ kind, name, group }, index) =>
      kind === 'RequirementGroup' && group?.verb !== 'delete' ? [[name, index] as const] : [],
    ),
  );
  return fresh.changes.flatMap((change, index) => {
    const group = change.actions.includes('create') ? groupOrderedWith(change) : null;
    const groupIndex = group === null ? undefined : placeOfGroup.get(group);
    const isExact = ({ found }: (typeof compared)[number]) =>
      found[index] === null && (groupIndex === undefined || found[groupIndex] === null);
    if (compared.some(isExact)) return [];
    const closest = compared.findLast(({ shown }) => shown.has(changeIdentity(change))) ?? compared[0];
    const why =
      closest?.found[index] ??
      sentence`no reviewed plan shows it with the change of group ${named(`${group}`)}`;
    return [{ kind: change.kind, name: change.name, ...worded(why) }];
  });
}

/** Turns a refusal into an error, for a run that has no other place to report it. */
export function refusalError({
  message,
  differences,
}: Pick<ApplyRefusal, 'message' | 'differences'>): RefusedError {
  const lines = differences.map(({ kind, name, message: why }) => `${kind}/${name}: ${why}`);
  return new RefusedError(`nothing was applied: ${[message, ...lines].join('; ')}`);
}

const STALE = 'the manifests or Telnyx changed since that review';

/** Lists all possible causes, because a fingerprint alone does not tell which one it is. */
function otherFingerprint(reviewed: string, { fingerprint }: Plan): string {
  return `the plan is now ${fingerprint.slice(0, 8)}, not ${reviewed.slice(0, 8)}: ${STALE}, that plan had other gates, paths or targets, or the fingerprint is mistyped`;
}

const MAX_NAMES = 5;

/**
 * Returns the fingerprint of a plan as people copy it: the short form from a comment, or the whole.
 *
 * @param what names the flag or the input in the error.
 * @throws InvalidInputError if the text is not 8 to 64 hex digits.
 */
export function checkFingerprint(text: string | null, what: string): string | null {
  if (text === null || /^[0-9a-f]{8,64}$/.test(text)) return text;
  throw new InvalidInputError(`${what} must be 8 to 64 hex digits, as a plan shows them`);
}
