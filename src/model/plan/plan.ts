import type { KIND_WORDS, OtherKind } from '../kinds.ts';
import type { FieldType } from '../requirements.ts';
import type { OrderKind } from '../resource.ts';
import type { Worded } from '../text/sentence.ts';
import type { Change, GroupVerb, OrderVerb, PlanAction } from './change.ts';
import type { ChangedSince } from './changed.ts';
import type { Gates } from './gates.ts';
import type { PlanDocument } from './plan-document.ts';
import type { PlanStart } from './plan-start.ts';

/* ---- Plan: the public document, schemas/plan.schema.json. No plaintext value in it. ---- */

export interface Plan {
  readonly format_version: '1.0';
  readonly regsync_version: string;
  readonly scope: string;
  /**
   * The keyed fingerprints of the users that own the account's groups at Telnyx. Absent if no group names its
   * user.
   */
  readonly users?: readonly string[];
  /** An HMAC-SHA256 of 64 hex digits. */
  readonly fingerprint: string;
  readonly applyable: boolean;
  readonly summary: PlanSummary;
  readonly changes: readonly PlanChange[];
  readonly attention: readonly Attention[];
  readonly diagnostics: readonly PlanDiagnostic[];
  /** The options of the run, which `apply --plan` takes from here. */
  readonly options: PlanOptions;
  /** The HMAC-SHA256 over everything above. A changed plan file is refused. */
  readonly mac: string;
}

/** Absent where no manifest of the kind is in the run. */
type SummaryOfOthers = {
  readonly [Kind in OtherKind as (typeof KIND_WORDS)[Kind]['plural']]?: KindCounts;
};

export interface KindCounts {
  /** Absent where a kind is only edited. */
  readonly create?: number;
  readonly update: number;
  readonly unchanged: number;
}

export interface PlanSummary extends SummaryOfOthers {
  readonly groups: Readonly<Record<GroupVerb, number>>;
  readonly documents: { readonly upload: number; readonly reuse: number };
  readonly addresses: { readonly create: number; readonly reuse: number };
  readonly submit: number;
  readonly attach: number;
  /** The number of actions to start. Absent if there are none. */
  readonly start?: number;
  readonly attention: number;
  /** The number of manifests that a run leaves unread because the change does not touch them. */
  readonly not_looked_at?: number;
}

export interface PlanChange {
  readonly kind: Change['kind'];
  readonly name: string;
  readonly id: string | null;
  readonly actions: readonly PlanAction[];
  readonly source: { readonly file: string; readonly line: number } | null;
  readonly depends_on: readonly string[];
  /** An RFC 6902 patch from observed to desired. Values are keyed fingerprints, references are shown. */
  readonly patch: readonly PatchOperation[];
  readonly consequences: readonly string[];
  /**
   * The words of reviewers about the object whose values are written, newest first. Absent if there are none.
   */
  readonly said?: readonly string[];
  /** The HMAC-SHA256 of the desired end. It stays the same when a change is half done. */
  readonly digest: string;
  /** The parts that the patch touches, by name, for people. Absent for documents and addresses. */
  readonly group?: PlanGroupDetail;
  readonly order?: PlanOrderDetail;
  readonly document?: PlanDocument;
}

export interface PlanGroupDetail {
  readonly verb: GroupVerb;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  /** The status of the group. Null if it does not exist yet. */
  readonly status: string | null;
  /**
   * The `customer_reference` as observed. Present only for a group that its manifest names by id, since
   * others are found by it.
   */
  readonly reference?: string | null;
  readonly values: readonly PlanValue[];
  /**
   * The keyed fingerprint of the values that the group holds and its manifest does not state. Absent if there
   * are none.
   */
  readonly unstated?: string;
  /** The ids of the groups to delete. */
  readonly deletes: readonly string[];
  /** The content of these groups. Absent if none is deleted. */
  readonly deleted?: readonly PlanDeletedGroup[];
  /** The orders that get the group's values. Absent if there are none. */
  readonly attaches?: readonly PlanAttachment[];
}

export interface PlanDeletedGroup {
  readonly id: string;
  /** The status as observed. */
  readonly status: string;
  /** The keyed fingerprint of its reference and of all its values. */
  readonly content: string;
}

/** The detail of an order of either kind. */
export interface PlanOrderDetail {
  readonly verb: OrderVerb;
  /** The status of the order. Null if it is still to be placed. */
  readonly status: string | null;
  /** The count of the phone numbers, which are personal themselves. Null if it is not known. */
  readonly phone_numbers: number | null;
  /** The `customer_reference` of an existing number order, as observed. */
  readonly reference?: string | null;
  /** The group that the manifest names. */
  readonly group: string | null;
  /**
   * The observed status of the group that the order is placed with. Null if that group is still to be
   * created. Absent without one.
   */
  readonly group_status?: string | null;
  /** The keyed fingerprint of the values that this group holds. */
  readonly group_values?: string;
  readonly values: readonly PlanValue[];
  /** The order's own fields that the patch touches. */
  readonly settings: readonly PlanSetting[];
  /** The actions to start. Absent if there are none. */
  readonly starts?: readonly PlanStart[];
}

/** Private values in it are keyed fingerprints. */
export interface PlanSetting {
  /** The name as in the manifest: `connection_id`, `end_user.admin.entity_name`. */
  readonly name: string;
  readonly before: string | null;
  /** The value to write. Null if it is cleared. */
  readonly after: string | null;
}

export interface PlanAttachment {
  readonly kind: OrderKind;
  readonly id: string;
  /** The status of the order, as observed. */
  readonly status: string;
  readonly source: { readonly file: string; readonly line: number };
  /** The id of the group that an advanced order carries, as observed, or null. Absent for other orders. */
  readonly carries?: string | null;
  /** Present if the values are written one by one, because the order takes no group with an action. */
  readonly by?: 'values';
  /** The requirements whose values differ. */
  readonly requirements: readonly {
    readonly requirement_id: string;
    readonly name: string;
    /**
     * The fingerprint of the value that the group will hold. It equals `after` of the same requirement in
     * `values`.
     */
    readonly after: string;
  }[];
  /**
   * The fingerprints of the values that the order loses. A requirement has several if the order's numbers
   * hold several.
   */
  readonly replaces?: readonly {
    readonly requirement_id: string;
    readonly name: string;
    readonly before: string;
  }[];
}

export interface PlanValue {
  readonly requirement_id: string;
  readonly name: string;
  readonly field_type: FieldType;
  readonly before: string | null;
  readonly after: string;
  readonly status: string | null;
  /** The file that provides the value. */
  readonly document?: PlanDocument;
  /** The Address manifest that provides the value. */
  readonly address?: string;
}

export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

export type AttentionCode =
  | 'expiring'
  | 'expired'
  | 'declined'
  | 'reviewer-comment'
  | 'under-review'
  | 'orphaned'
  | 'already-there'
  | 'former-scope'
  | 'no-longer-managed'
  | 'deletion-forbidden'
  | 'observed-differs'
  | 'requirements-changed'
  | 'infected-document'
  | 'denied-document'
  | 'action-required'
  | 'no-pre-approval'
  | 'unfulfilled'
  | 'unknown-status'
  | 'no-longer-eligible'
  | 'reference-taken'
  | 'order-closed'
  | 'order-incomplete'
  | 'order-declined'
  | 'order-comment'
  | 'order-exception'
  | 'order-unreadable'
  | 'order-differs'
  | 'order-failed'
  | 'order-masked'
  | 'order-deadline'
  | 'order-action'
  | 'order-address-mismatch';

/**
 * A fact that a person should know. It is never a change, and only the expiry gate lets it set the exit code.
 */
export interface Attention extends Worded {
  readonly code: AttentionCode;
  readonly name: string;
  readonly source?: { readonly file: string; readonly line: number };
  /** The day of the expiry, `YYYY-MM-DD`. */
  readonly expires?: string;
}

export interface PlanDiagnostic extends Worded {
  readonly severity: 'error' | 'warning' | 'notice';
  readonly code: string;
  /** The kind of the object that `name` names. Absent if the code already says it. */
  readonly kind?: Change['kind'];
  readonly name?: string;
  readonly source?: { readonly file: string; readonly line: number };
}

/** Errors about one object. Only that object is left out of the plan, and an apply has an outcome for it. */
const OF_ONE_OBJECT: ReadonlySet<string> = new Set([
  'duplicate-groups',
  'duplicate-orders',
  'deletion-forbidden',
  'order-waits-for-group',
]);

export function leavesOneOut({ severity, code }: PlanDiagnostic): boolean {
  return severity === 'error' && OF_ONE_OBJECT.has(code);
}

/** Returns true for errors about the plan as a whole: nothing of it is applied. */
export function closesPlan(diagnostic: PlanDiagnostic): boolean {
  return diagnostic.severity === 'error' && !leavesOneOut(diagnostic);
}

export interface PlanOptions extends Gates {
  readonly paths: readonly string[];
  readonly targets: readonly string[];
  /** The names and patterns that the run leaves alone. Absent if there are none. */
  readonly excludes?: readonly string[];
  /** The shard, such as `3/8`. Absent if the run is not one of several. */
  readonly shard?: string;
  /** The change that the run is narrowed to. Absent if it looks at every manifest. */
  readonly changed?: ChangedSince;
}

/**
 * Returns a key that tells one change of a plan from all others. Orphans may share a name, so a delete is
 * identified by the id.
 */
export function changeIdentity(change: PlanChange): string {
  const deleted = change.group?.verb === 'delete' ? change.id : null;
  return JSON.stringify([change.kind, change.name, deleted]);
}

/**
 * Returns the group that an order is placed with. Null if the group will not hold all requirements when the
 * order is placed, or if the order exists.
 */
export function groupOrderedWith({ kind, patch }: PlanChange): string | null {
  if (kind !== 'NumberOrder') return null;
  const placed = patch.find(({ path }) => path === '/requirement_group');
  return typeof placed?.value === 'string' ? placed.value : null;
}
