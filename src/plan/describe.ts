import { MANAGED, roomOf } from '../kinds/index.ts';
import type { Managed } from '../kinds/kind.ts';
import { byText } from '../kinds/values/describe-values.ts';
import { digestOf, fingerprintValue, type PlanKeys } from '../kinds/values/fingerprint.ts';
import { MANAGED_KINDS } from '../model/kinds.ts';
import { type Change, type WritingChange, writesValues } from '../model/plan/change.ts';
import type { Decisions } from '../model/plan/decisions.ts';
import {
  closesPlan,
  type Plan,
  type PlanChange,
  type PlanOptions,
  type PlanSummary,
} from '../model/plan/plan.ts';
import { Sensitive } from '../model/privacy/sensitive.ts';
import { redact } from './redact.ts';

/** Turns Decisions, which hold values, into a Plan, which can be shown, stored and reviewed. */
export function describePlan(
  decisions: Decisions,
  context: {
    readonly scope: string;
    readonly version: string;
    readonly options: PlanOptions;
    readonly keys: PlanKeys;
    /** Redacts keys in a text, because Telnyx's texts may contain one. */
    readonly cover: (text: string) => string;
    /** The number of manifests that a change does not touch. Absent if the run is not narrowed to one. */
    readonly notLookedAt?: number;
  },
): Plan {
  const { keys, cover, notLookedAt } = context;
  const users = decisions.users.map((id) => fingerprintValue(keys, 'account', 'user', new Sensitive(id)));
  const described = {
    format_version: '1.0' as const,
    regsync_version: context.version,
    scope: context.scope,
    ...(users.length === 0 ? {} : { users }),
    fingerprint: fingerprintOf(decisions, keys),
    applyable: !decisions.diagnostics.some(closesPlan),
    summary: {
      ...summarise(decisions),
      ...(notLookedAt === undefined ? {} : { not_looked_at: notLookedAt }),
    },
    changes: decisions.changes.map((change) =>
      redact({ ...roomOf(change).describe(change, keys), ...saidOf(change) }, cover),
    ),
    attention: redact(decisions.attention, cover),
    diagnostics: redact(decisions.diagnostics, cover),
    options: redact(context.options, cover),
  };
  return { ...described, mac: macOf(described, keys) };
}

/** Returns the words of reviewers. More of them do not change the plan, unless the same content is submitted again. */
function saidOf(change: Change): Pick<PlanChange, 'said'> {
  return writesValues(change) && change.said !== undefined ? { said: change.said } : {};
}

/** Covers the changes, their start, and the users that own the groups. */
function fingerprintOf({ changes, users }: Decisions, keys: PlanKeys): string {
  return digestOf(keys, [users, changes.map((change) => roomOf(change).startAndEnd(change)).sort(byText)]);
}

/** Covers everything in the plan but the MAC itself. */
export function macOf(plan: Omit<Plan, 'mac'>, keys: PlanKeys): string {
  return digestOf(keys, ['regsync plan', plan]);
}

function summarise({ changes, reused, unchanged, manifests, attention }: Decisions): PlanSummary {
  const groups = { create: 0, update: 0, replace: 0, adopt: 0, delete: 0, unchanged };
  let [upload, create, submit, attach] = [0, 0, 0, 0];
  for (const change of changes) {
    if (change.kind === 'Document') upload++;
    if (change.kind === 'Address') create++;
    if (change.kind !== 'RequirementGroup') continue;
    if (change.verb !== 'unchanged') groups[change.verb]++;
    if (change.actions.includes('submit')) submit++;
    attach += change.attaches.length;
  }
  const start = changes.reduce((sum, change) => sum + countStarts(change), 0);
  return {
    groups,
    documents: { upload, reuse: reused.documents },
    addresses: { create, reuse: reused.addresses },
    submit,
    attach,
    ...(start === 0 ? {} : { start }),
    attention: attention.length,
    ...summariseOthers(changes, manifests),
  };
}

function countStarts(change: Change): number {
  return 'starts' in change ? (change.starts?.length ?? 0) : 0;
}

/** Leaves out each kind that has no manifest in the plan. */
function summariseOthers(
  changes: readonly Change[],
  manifests: Decisions['manifests'],
): Partial<PlanSummary> {
  const parts = MANAGED_KINDS.filter((kind) => manifests[kind] > 0).map((kind) => {
    const room: Managed = MANAGED[kind];
    return room.summarise(
      changes.filter((change): change is WritingChange => change.kind === kind),
      manifests[kind],
    );
  });
  return Object.assign({}, ...parts);
}
