/**
 * The rows of endpoints, as their decoders return them: names in camelCase, missing fields null, values
 * wrapped. The decoders tell the meaning of each field. The vendor's description and its answers disagree in
 * places (envelopes, nullability); these types fit both.
 */

import type { ObservedGroup } from '../model/observed.ts';
import type { SettingToWrite } from '../model/orders/porting.ts';
import type { Sensitive } from '../model/privacy/sensitive.ts';
import type { NumberOrderSetting, Reference, RemoteId } from '../model/resource.ts';
import type { decodePortingAction, decodeSubOrderAction } from './decode/actions.ts';
import type { decodeAdvancedOrder } from './decode/advanced-orders.ts';
import type { decodeRegulatory, decodeRequirementSet } from './decode/catalogue.ts';
import type { decodeNumberOrder, decodeOrderedNumber, decodeSubNumberOrder } from './decode/number-orders.ts';
import type {
  decodePortingComment,
  decodePortingOrder,
  decodePortingRequirement,
} from './decode/porting-orders.ts';
import type { decodeAddress, decodeComment, decodeDocument, decodeDocumentLink } from './decode/resources.ts';

type RowOf<Decode extends (value: unknown) => object> = {
  readonly [Field in keyof ReturnType<Decode>]: Unchanging<ReturnType<Decode>[Field]>;
};
type Unchanging<Value> = Value extends (infer Entry)[] ? readonly Entry[] : Value;

export type GroupRow = ObservedGroup;
export type DocumentRow = RowOf<typeof decodeDocument>;
export type AddressRow = RowOf<typeof decodeAddress>;
export type DocumentLinkRow = RowOf<typeof decodeDocumentLink>;
export type CommentRow = RowOf<typeof decodeComment>;
export type RequirementSetRow = RowOf<typeof decodeRequirementSet>;
export type RegulatoryRow = RowOf<typeof decodeRegulatory>;
export type NumberOrderRow = RowOf<typeof decodeNumberOrder>;
export type SubNumberOrderRow = RowOf<typeof decodeSubNumberOrder>;
export type OrderedNumberRow = RowOf<typeof decodeOrderedNumber>;
export type PortingOrderRow = RowOf<typeof decodePortingOrder>;
export type PortingRequirementRow = RowOf<typeof decodePortingRequirement>;
export type PortingCommentRow = RowOf<typeof decodePortingComment>;
export type SubOrderActionRow = RowOf<typeof decodeSubOrderAction>;
export type PortingActionRow = RowOf<typeof decodePortingAction>;
export type AdvancedOrderRow = RowOf<typeof decodeAdvancedOrder>;

/* ---- What requests write ---- */

/** The record that a comment is about. The third type is in the vendor's guides only. */
export interface CommentedRecord {
  readonly type: 'requirement_group' | 'sub_number_order' | 'advanced_number_order';
  readonly id: RemoteId;
}

export interface ValueToWrite {
  readonly requirementId: string;
  readonly value: Sensitive;
}

/** A patch of a porting order. A key that is left out keeps its value (documented). */
export interface PortingOrderPatch {
  readonly groupId?: RemoteId;
  readonly settings?: readonly SettingToWrite[];
  readonly requirements?: readonly ValueToWrite[];
}

/** The values of an action's fields, by the names of the fields. */
export type ActionFields = ReadonlyMap<string, Sensitive>;

export interface NumberOrderToPlace {
  readonly reference: Reference;
  readonly phoneNumbers: readonly {
    /** The number in E.164. */
    readonly phoneNumber: string;
    readonly groupId: RemoteId | null;
  }[];
  readonly settings?: Readonly<Partial<Record<NumberOrderSetting, string>>>;
}
