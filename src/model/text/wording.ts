import type { Plan } from '../plan/plan.ts';
import { PARTS, readParts, type Sentence, type Worded } from './sentence.ts';

/** The parts of a plan's messages, to be kept beside its JSON, which has the messages alone. */
export type Wording = readonly (Sentence | null)[];

/** Returns null if no message has parts. */
export function wordingOf({ attention, diagnostics }: Plan): Wording | null {
  const wording = [...attention, ...diagnostics].map((told) => told[PARTS] ?? null);
  return wording.every((parts) => parts === null) ? null : wording;
}

/** The wordings of a reviewed plan and of the one that replaced it. Absent if neither has any. */
interface Wordings {
  readonly wording?: { readonly plan: Wording | null; readonly fresh: Wording | null };
}

/** Keeps the parts of messages, so that a later run shows them as this one does. */
export function wordingsOf(reviewed: Plan, freshPlan: Plan | undefined): Wordings {
  const plan = wordingOf(reviewed);
  const fresh = freshPlan === undefined ? null : wordingOf(freshPlan);
  return plan === null && fresh === null ? {} : { wording: { plan, fresh } };
}

/**
 * Returns the plan with the parts of its messages.
 *
 * @param wording what was read beside it; messages that it does not fit stay without parts.
 */
export function withWording(plan: Plan, wording: unknown): Plan {
  if (!Array.isArray(wording)) return plan;
  const put = <Told extends Worded>(told: Told, index: number): Told => {
    const parts = readParts(wording[index], told.message);
    return parts === null ? told : { ...told, [PARTS]: parts };
  };
  const { attention, diagnostics } = plan;
  return {
    ...plan,
    attention: attention.map(put),
    diagnostics: diagnostics.map((told, index) => put(told, attention.length + index)),
  };
}
