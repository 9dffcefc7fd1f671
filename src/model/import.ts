import type { OrderKind } from './resource.ts';

/** What `regsync import` made of the groups that it looked at. No value in it. */
export interface ImportReport {
  readonly imported: readonly ImportedGroup[];
  /** Nothing was to be done. */
  readonly skipped: readonly LeftGroup[];
  readonly failed: readonly LeftGroup[];
  /** Written, relative to the repository's root, in this order. */
  readonly files: readonly string[];
  /** Groups of the account, whatever was asked for. */
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
  /** The manifest's. */
  readonly file: string;
  /** What the manifest could not take over as it is. */
  readonly notes: readonly string[];
  /** Those that the manifest attaches it to. */
  readonly orders: readonly ImportedOrder[];
}

export interface ImportedOrder {
  readonly kind: OrderKind;
  readonly id: string;
  /** As Telnyx says it. */
  readonly status: string;
  /** How many; null where Telnyx does not say. */
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
