import type { Attention } from './plan.ts';
import type { FieldType } from './resource.ts';

/** What `regsync status` shows: the groups of the manifests as Telnyx has them. No values in it. */
export interface StatusReport {
  readonly scope: string;
  readonly groups: readonly GroupStatus[];
  readonly attention: readonly Attention[];
}

export interface GroupStatus {
  readonly name: string;
  readonly id: string | null;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  /** `absent` for a group that is still to be created. */
  readonly status: string;
  readonly requirements: readonly RequirementStatus[];
  readonly comments: readonly {
    readonly body: string;
    readonly created_at: string;
    readonly by: 'reviewer' | 'user';
  }[];
  readonly source: { readonly file: string; readonly line: number };
}

export interface RequirementStatus {
  readonly requirement_id: string;
  readonly name: string;
  readonly field_type: FieldType;
  readonly has_value: boolean;
  /** Null where Telnyx gives none. */
  readonly status: string | null;
  readonly expires_at: string | null;
}
