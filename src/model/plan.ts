import type { KindName, KindTypes, ManagedKind } from './kinds.ts';
import type { SettingWrite } from './porting.ts';
import type { SourcePosition } from './problem.ts';
import type {
  BoundGroup,
  BoundNumberOrder,
  BoundPortingOrder,
  DesiredAddress,
  DesiredDocument,
  FieldType,
  NamedOrder,
  ObservedGroup,
  ObservedNumberOrder,
  ObservedPortingOrder,
  OrderKind,
  RemoteId,
} from './resource.ts';
import type { Sensitive } from './sensitive.ts';

/* ---- Change: what differs between Desired and Observed, with everything needed to do it ---- */

/** What a reader of the plan sees done to one object. In this order, always. */
export type PlanAction = 'upload' | 'create' | 'update' | 'adopt' | 'submit' | 'attach' | 'delete';

/**
 * The statuses that a group may have because what was planned for it is carried out in part, or because a reviewer approved what the
 * plan leaves as it is: approved is what every group is wanted to be.
 */
export function statusesOnTheWay(actions: readonly PlanAction[]): ReadonlySet<string | null> {
  return new Set([
    'approved',
    ...(actions.includes('create') || actions.includes('update') ? ['unapproved'] : []),
    ...(actions.includes('submit') ? ['pending-approval'] : []),
  ]);
}

export type GroupVerb = 'create' | 'update' | 'replace' | 'adopt' | 'delete' | 'unchanged';

export type OrderVerb = 'create' | 'update' | 'adopt';

export type Change<Kind extends KindName = KindName> = { [Name in Kind]: KindTypes[Name]['change'] }[Kind];

/** A change that writes values, for which documents are uploaded and addresses created. */
export type WritingChange = Change<ManagedKind>;

export interface DocumentChange {
  readonly kind: 'Document';
  /** The manifest's name, or `<group>/<requirement id>` for a file given inline. */
  readonly name: string;
  readonly source: SourcePosition;
  readonly document: DesiredDocument;
}

export interface AddressChange {
  readonly kind: 'Address';
  readonly name: string;
  readonly source: SourcePosition;
  readonly address: DesiredAddress;
}

export interface GroupChange {
  readonly kind: 'RequirementGroup';
  readonly name: string;
  /** Null for an orphan: no manifest names it. */
  readonly source: SourcePosition | null;
  readonly verb: GroupVerb;
  readonly actions: readonly PlanAction[];
  /** Null when the group is only deleted. */
  readonly desired: BoundGroup | null;
  /** The group to write to; null when one is to be created. */
  readonly observed: ObservedGroup | null;
  /** The values to write: all for a create, the differing ones for an update. */
  readonly writes: readonly ValueWrite[];
  /** The `customer_reference` to write, or null to leave it. */
  readonly writesReference: string | null;
  /** Orders that are to get the group's values, after its own writes. */
  readonly attaches: readonly AttachmentChange[];
  readonly deletes: readonly ObservedGroup[];
  readonly dependsOn: readonly string[];
  readonly consequences: readonly string[];
  /** What reviewers wrote, newest first; absent where they wrote nothing, or no value is written. */
  readonly said?: readonly string[];
}

export interface NumberOrderChange {
  readonly kind: 'NumberOrder';
  readonly name: string;
  readonly source: SourcePosition;
  readonly verb: OrderVerb;
  readonly actions: readonly PlanAction[];
  readonly desired: BoundNumberOrder;
  /** The order to write to; null when one is to be placed. */
  readonly observed: ObservedNumberOrder | null;
  /** The values to write, after the order is placed if it has yet to be. */
  readonly writes: readonly ValueWrite[];
  /** The `customer_reference` to write to an order that exists, or null to leave it. */
  readonly writesReference: string | null;
  /** The group that its numbers are ordered with; null for an order that exists, or where the group cannot be used yet. */
  readonly ordersWith: string | null;
  /** That group as it is observed; null where there is none, or where this run is to create it. */
  readonly orderedGroup: ObservedGroup | null;
  readonly dependsOn: readonly string[];
  readonly consequences: readonly string[];
  /** What reviewers wrote, newest first; absent where they wrote nothing, or no value is written. */
  readonly said?: readonly string[];
}

export interface PortingOrderChange {
  readonly kind: 'PortingOrder';
  readonly name: string;
  readonly source: SourcePosition;
  readonly verb: OrderVerb;
  readonly actions: readonly PlanAction[];
  readonly desired: BoundPortingOrder;
  readonly observed: ObservedPortingOrder;
  /** The settings to write, and the values with them. */
  readonly settings: readonly SettingWrite[];
  readonly writes: readonly ValueWrite[];
  readonly dependsOn: readonly string[];
  readonly consequences: readonly string[];
  /** What reviewers wrote, newest first; absent where they wrote nothing, or no value is written. */
  readonly said?: readonly string[];
}

export function writesValues(change: Change): change is WritingChange {
  return change.kind !== 'Document' && change.kind !== 'Address';
}

/** One requirement's value in normal form, on both sides. */
export interface ValueWrite {
  readonly requirementId: string;
  readonly requirementName: string;
  readonly fieldType: FieldType;
  readonly value: WritableValue;
  /** Normal forms: equal means the same content. Sensitive, since a text is its own normal form. Null when unset. */
  readonly before: Sensitive | null;
  readonly after: Sensitive;
  /** Of the observed requirement, or null. */
  readonly observedStatus: string | null;
  readonly source: SourcePosition;
}

/** An order whose values differ from those that the group will hold. */
export interface AttachmentChange {
  readonly order: NamedOrder;
  readonly requirements: readonly {
    readonly requirementId: string;
    readonly requirementName: string;
    /** Normal form of what the group will hold. */
    readonly after: Sensitive;
  }[];
  /** The values that the order loses by it, each once. */
  readonly replaces: readonly ReplacedValue[];
}

/** A value of an order, as the order holds it: empty where it holds none. */
export interface ReplacedValue {
  readonly requirementId: string;
  readonly requirementName: string;
  readonly value: Sensitive;
}

export type WritableValue =
  | { readonly kind: 'text'; readonly text: Sensitive }
  /** `reuse`: the id of an upload with this content that may still be used; null: it must be uploaded. */
  | { readonly kind: 'document'; readonly document: DesiredDocument; readonly reuse: RemoteId | null }
  | { readonly kind: 'address'; readonly address: DesiredAddress; readonly reuse: RemoteId | null }
  | { readonly kind: 'remote'; readonly id: RemoteId };

/* ---- Plan: the public document, schemas/plan.schema.json. No plaintext value in it. ---- */

export interface Plan {
  readonly format_version: '1.0';
  readonly regsync_version: string;
  readonly scope: string;
  /** Keyed fingerprints of the users that own the account's groups at Telnyx; absent where no group says whose it is. */
  readonly users?: readonly string[];
  /** HMAC-SHA256, 64 hex. */
  readonly fingerprint: string;
  readonly applyable: boolean;
  readonly summary: PlanSummary;
  readonly changes: readonly PlanChange[];
  readonly attention: readonly Attention[];
  readonly diagnostics: readonly PlanDiagnostic[];
  /** What the run was told: `apply --plan` takes it from here. */
  readonly options: PlanOptions;
  /** HMAC-SHA256 over everything above: a changed plan file is refused. */
  readonly mac: string;
}

export interface PlanSummary {
  readonly groups: Readonly<Record<GroupVerb, number>>;
  readonly documents: { readonly upload: number; readonly reuse: number };
  readonly addresses: { readonly create: number; readonly reuse: number };
  readonly submit: number;
  readonly attach: number;
  readonly attention: number;
  /** Absent where no manifest of the kind is in the run. */
  readonly number_orders?: { readonly create: number; readonly update: number; readonly unchanged: number };
  readonly porting_orders?: { readonly update: number; readonly unchanged: number };
}

export interface PlanChange {
  readonly kind: Change['kind'];
  readonly name: string;
  readonly id: string | null;
  readonly actions: readonly PlanAction[];
  readonly source: { readonly file: string; readonly line: number } | null;
  readonly depends_on: readonly string[];
  /** RFC 6902, observed → desired. Values are keyed fingerprints, references are shown. */
  readonly patch: readonly PatchOperation[];
  readonly consequences: readonly string[];
  /** What reviewers wrote about the object whose values are written, newest first; absent where they wrote nothing. */
  readonly said?: readonly string[];
  /** HMAC-SHA256 of the desired end: equal for a change that is half done. */
  readonly digest: string;
  /** For people: what the patch touches, by name. Absent for documents and addresses. */
  readonly group?: PlanGroupDetail;
  readonly order?: PlanOrderDetail;
  readonly document?: PlanDocument;
}

/** What of a document may be shown: where it lies in the repository, and its size. */
export interface PlanDocument {
  readonly path: string;
  readonly bytes: number;
}

export interface PlanGroupDetail {
  readonly verb: GroupVerb;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  /** Null for a group that does not exist yet. */
  readonly status: string | null;
  /** The `customer_reference` as observed. Only of a group that its manifest names by id: others are found by it. */
  readonly reference?: string | null;
  readonly values: readonly PlanValue[];
  /** Keyed fingerprint of the values that the group holds and its manifest does not state; absent where there are none. */
  readonly unstated?: string;
  /** Ids of the groups that are deleted. */
  readonly deletes: readonly string[];
  /** What these groups are and hold; absent where none is deleted. */
  readonly deleted?: readonly PlanDeletedGroup[];
  /** The orders that get the group's values; absent where there is none. */
  readonly attaches?: readonly PlanAttachment[];
}

export interface PlanDeletedGroup {
  readonly id: string;
  /** As observed. */
  readonly status: string;
  /** Keyed fingerprint of its reference and of all its values. */
  readonly content: string;
}

/** Of both kinds of orders. */
export interface PlanOrderDetail {
  readonly verb: OrderVerb;
  /** Null for an order that has yet to be placed. */
  readonly status: string | null;
  /** How many; which they are is personal. Null where that is not known. */
  readonly phone_numbers: number | null;
  /** The `customer_reference` of a number order that exists, as observed. */
  readonly reference?: string | null;
  /** The group that the manifest names. */
  readonly group: string | null;
  /** Of the group that the order is placed with, as observed: null where the group is still to be created. Absent without one. */
  readonly group_status?: string | null;
  /** Keyed fingerprint of the values that this group holds. */
  readonly group_values?: string;
  readonly values: readonly PlanValue[];
  /** Fields of the order's own that the patch touches. */
  readonly settings: readonly PlanSetting[];
}

/** What is private in it is a keyed fingerprint. */
export interface PlanSetting {
  /** As in the manifest: `connection_id`, `end_user.admin.entity_name`. */
  readonly name: string;
  readonly before: string | null;
  /** Null where it is cleared. */
  readonly after: string | null;
}

export interface PlanAttachment {
  readonly kind: OrderKind;
  readonly id: string;
  /** The order's, as observed. */
  readonly status: string;
  readonly source: { readonly file: string; readonly line: number };
  /** What differs in it. */
  readonly requirements: readonly {
    readonly requirement_id: string;
    readonly name: string;
    /** The fingerprint of what the group will hold: equal to `after` of the same requirement in `values`. */
    readonly after: string;
  }[];
  /** Fingerprints of the values that the order loses; several of one requirement where its numbers hold several. */
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
  /** The file that stands for the value. */
  readonly document?: PlanDocument;
  /** The Address manifest that stands for the value. */
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
  | 'order-deadline'
  | 'order-address-mismatch';

/** Something a person should know; never a change, never in the exit code (but for the expiry gate). */
export interface Attention {
  readonly code: AttentionCode;
  readonly name: string;
  readonly message: string;
  readonly source?: { readonly file: string; readonly line: number };
  /** `YYYY-MM-DD`, for what expires. */
  readonly expires?: string;
}

export interface PlanDiagnostic {
  readonly severity: 'error' | 'warning' | 'notice';
  readonly code: string;
  readonly message: string;
  /** Of the object that `name` is the name of; absent where the code says what it is about. */
  readonly kind?: Change['kind'];
  readonly name?: string;
  readonly source?: { readonly file: string; readonly line: number };
}

/** Errors about one object. It is left out of the plan, the others are not, and an apply has an outcome for it. */
const OF_ONE_OBJECT: ReadonlySet<string> = new Set([
  'duplicate-groups',
  'duplicate-orders',
  'order-waits-for-group',
]);

export function leavesOneOut({ severity, code }: PlanDiagnostic): boolean {
  return severity === 'error' && OF_ONE_OBJECT.has(code);
}

/** Errors about the plan as a whole: nothing of it is applied. */
export function closesPlan(diagnostic: PlanDiagnostic): boolean {
  return diagnostic.severity === 'error' && !leavesOneOut(diagnostic);
}

export interface PlanOptions {
  readonly paths: readonly string[];
  readonly targets: readonly string[];
  readonly prune: boolean;
  readonly allow_replace: boolean;
  readonly allow_delete: readonly string[];
  readonly allow_orders: boolean;
  /** `3/8`; absent where the run is not one of several. */
  readonly shard?: string;
}

/* ---- Outcome: what an apply did ---- */

/** One step of the applier, in the order in which a group or an order goes through them. */
export type Operation = 'upload' | 'create_address' | 'create' | 'patch' | 'submit' | 'attach' | 'delete';

export type OutcomeStatus = 'applied' | 'failed' | 'skipped' | 'unchanged';

export interface Outcome {
  readonly kind: Change['kind'];
  readonly name: string;
  readonly id: string | null;
  readonly status: OutcomeStatus;
  /** Those that were done, also when a later one failed. */
  readonly operations: readonly Operation[];
  /** The status of the group, or of the order, as last read; or null. */
  readonly group_status: string | null;
  readonly error: OutcomeError | null;
  readonly warnings: readonly string[];
}

export interface OutcomeError {
  readonly code: string;
  readonly message: string;
  readonly status: number | null;
  readonly request_id: string | null;
  readonly errors: readonly {
    readonly code: string | null;
    readonly title: string | null;
    readonly detail: string | null;
    readonly pointer: string | null;
  }[];
  readonly source: { readonly file: string; readonly line: number } | null;
  readonly hint?: string;
}

/** Tells one change of a plan from all others. Orphans may share a name: what is deleted is told apart by its id. */
export function changeIdentity(change: PlanChange): string {
  const deleted = change.group?.verb === 'delete' ? change.id : null;
  return JSON.stringify([change.kind, change.name, deleted]);
}

/**
 * The group that an order is placed with: none unless the group can hold what is demanded by then. An order that exists is placed
 * with none.
 */
export function groupOrderedWith({ kind, patch }: PlanChange): string | null {
  if (kind !== 'NumberOrder') return null;
  const placed = patch.find(({ path }) => path === '/requirement_group');
  return typeof placed?.value === 'string' ? placed.value : null;
}
