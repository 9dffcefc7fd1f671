import type { OrderKind } from '../resource.ts';

/** The result of `regsync import`, without values. */
export interface ImportReport {
  readonly imported: readonly ImportedGroup[];
  /** The groups with nothing to do. */
  readonly skipped: readonly LeftGroup[];
  readonly failed: readonly LeftGroup[];
  /** The written files in order, relative to the repository's root. */
  readonly files: readonly string[];
  /** The number of all groups of the account. */
  readonly live: number;
}

export interface LiveGroup {
  readonly id: string;
  readonly customer_reference: string | null;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  readonly status: string;
}

export interface ImportedGroup extends LiveGroup {
  readonly name: string;
  /** The file of the manifest. */
  readonly file: string;
  /** The parts that the manifest could not take over as they are. */
  readonly notes: readonly string[];
  /** The orders to which the manifest attaches the group. */
  readonly orders: readonly ImportedOrder[];
}

export interface ImportedOrder {
  readonly kind: OrderKind;
  readonly id: string;
  /** The status as Telnyx states it. */
  readonly status: string;
  /** The number of phone numbers. Null if Telnyx does not say. */
  readonly phone_numbers: number | null;
}

export interface LeftGroup extends LiveGroup {
  readonly code: LeftCode;
  readonly message: string;
}

export type LeftCode =
  | 'covered'
  | 'no-longer-eligible'
  | 'other-scope'
  | 'filtered-out'
  | 'inexpressible'
  | 'document-refused'
  | 'plan-not-empty';
