import type { KindName, KindTypes, ManagedKind } from '../kinds.ts';
import type { ObservedGroup } from '../observed.ts';
import type { ActionStart } from '../orders/actions.ts';
import type { NamedOrder, ObservedNumberOrder, ObservedPortingOrder } from '../orders/observed-order.ts';
import type { SettingWrite } from '../orders/porting.ts';
import type { Sensitive } from '../privacy/sensitive.ts';
import type { SourcePosition } from '../problem.ts';
import type { FieldType } from '../requirements.ts';
import type {
  BoundGroup,
  BoundNumberOrder,
  BoundPortingOrder,
  DesiredAddress,
  DesiredDocument,
  RemoteId,
} from '../resource.ts';

/** ---- Change: the difference between Desired and Observed, with everything needed to apply it ---- */

/** An action on one object as a plan shows it. Actions are always in this order. */
export type PlanAction = 'upload' | 'create' | 'update' | 'adopt' | 'submit' | 'start' | 'attach' | 'delete';

/**
 * Returns the statuses that a group may have after a part of its plan was applied, or after a reviewer
 * approved what the plan leaves as it is. Every group is meant to become approved.
 */
export function statusesOnTheWay(actions: readonly PlanAction[]): ReadonlySet<string | null> {
  return new Set([
    'approved',
    ...(actions.includes('create') || actions.includes('update') ? ['unapproved'] : []),
    ...(actions.includes('submit') ? ['pending-approval'] : []),
  ]);
}

export type GroupVerb = 'create' | 'update' | 'replace' | 'adopt' | 'delete' | 'unchanged';

/** An order whose actions are only started is otherwise unchanged. */
export type OrderVerb = 'create' | 'update' | 'adopt' | 'unchanged';

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

/** The parts that every change which writes values has. */
interface WritingChangeParts {
  readonly name: string;
  readonly actions: readonly PlanAction[];
  /** The values to write: all for a new object, the differing ones for an update. */
  readonly writes: readonly ValueWrite[];
  readonly dependsOn: readonly string[];
  readonly consequences: readonly string[];
  /** The words of reviewers, newest first. Absent if there are none, or if no value is written. */
  readonly said?: readonly string[];
}

interface OrderChangeParts extends WritingChangeParts {
  readonly source: SourcePosition;
  readonly verb: OrderVerb;
  /** The actions to start, after everything is written. Absent if there are none. */
  readonly starts?: readonly ActionStart[];
}

export interface GroupChange extends WritingChangeParts {
  readonly kind: 'RequirementGroup';
  /** Is null for an orphan, which no manifest names. */
  readonly source: SourcePosition | null;
  readonly verb: GroupVerb;
  /** The manifest. Null if the group is only deleted. */
  readonly desired: BoundGroup | null;
  /** The group to write to. Null if one is to be created. */
  readonly observed: ObservedGroup | null;
  /** The `customer_reference` to write, or null to leave it. */
  readonly writesReference: string | null;
  /** The orders that get the group's values, after the group's own writes. */
  readonly attaches: readonly AttachmentChange[];
  readonly deletes: readonly ObservedGroup[];
}

export interface NumberOrderChange extends OrderChangeParts {
  readonly kind: 'NumberOrder';
  readonly desired: BoundNumberOrder;
  /** The order to write to. Null if one is to be placed. */
  readonly observed: ObservedNumberOrder | null;
  /** The `customer_reference` to write to an existing order, or null to leave it. */
  readonly writesReference: string | null;
  /**
   * The group that its numbers are ordered with. Null for an existing order, or if the group cannot be used
   * yet.
   */
  readonly ordersWith: string | null;
  /** That group as observed. Null if there is none, or if this run creates it. */
  readonly orderedGroup: ObservedGroup | null;
}

export interface PortingOrderChange extends OrderChangeParts {
  readonly kind: 'PortingOrder';
  readonly desired: BoundPortingOrder;
  readonly observed: ObservedPortingOrder;
  /** The settings to write. `writes` are written with them. */
  readonly settings: readonly SettingWrite[];
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
  /**
   * Equal normal forms mean the same content. They are sensitive, since a text is its own normal form.
   * `before` is null when unset.
   */
  readonly before: Sensitive | null;
  readonly after: Sensitive;
  /** The status of the observed requirement, or null. */
  readonly observedStatus: string | null;
  readonly source: SourcePosition;
}

/** An order whose values differ from those that the group will hold, or an advanced order to carry the group. */
export interface AttachmentChange {
  readonly order: NamedOrder;
  /** Present if each value is written to the order, because it takes no group that has an action. */
  readonly by?: 'values';
  readonly requirements: readonly {
    readonly requirementId: string;
    readonly requirementName: string;
    /** The normal form of the value that the group will hold. */
    readonly after: Sensitive;
  }[];
  /** The values that the order loses, each once. */
  readonly replaces: readonly ReplacedValue[];
}

/** A value as the order holds it. Empty if the order holds none. */
export interface ReplacedValue {
  readonly requirementId: string;
  readonly requirementName: string;
  readonly value: Sensitive;
}

export type WritableValue =
  | { readonly kind: 'text'; readonly text: Sensitive }
  /**
   * `reuse` is the id of an upload with this content that may still be used. Null means that it must be
   * uploaded.
   */
  | { readonly kind: 'document'; readonly document: DesiredDocument; readonly reuse: RemoteId | null }
  | { readonly kind: 'address'; readonly address: DesiredAddress; readonly reuse: RemoteId | null }
  | { readonly kind: 'remote'; readonly id: RemoteId };
