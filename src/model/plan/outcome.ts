import type { Change } from './change.ts';

/** ---- Outcome: the result of an apply ---- */

/** One step of the applier, in the order in which a group or an order goes through them. */
export type Operation =
  | 'upload'
  | 'create_address'
  | 'create'
  | 'patch'
  | 'submit'
  | 'start'
  | 'attach'
  | 'delete';

export type OutcomeStatus = 'applied' | 'failed' | 'skipped' | 'unchanged';

export interface Outcome {
  readonly kind: Change['kind'];
  readonly name: string;
  readonly id: string | null;
  readonly status: OutcomeStatus;
  /** The operations that were done, also if a later one failed. */
  readonly operations: readonly Operation[];
  /** The status of the group or order as last read, or null. */
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
