import type { ExitCode } from './exit.ts';
import type { KIND_WORDS, OtherKind } from './kinds.ts';
import type { Outcome, OutcomeStatus } from './plan/outcome.ts';
import type { Problem } from './problem.ts';
import type { Basis, Section, Verdict } from './report/doctor.ts';

/*
 * What the commands print with `--format json`. The package exports these types, so that a script that reads an output can be
 * checked: `import type { Plan } from 'regsync'`. docs/compatibility.md says what of them is frozen.
 */

export type { Outcome, OutcomeError } from './plan/outcome.ts';
export type { Attention, Plan, PlanChange } from './plan/plan.ts';
export type { Problem } from './problem.ts';
export type { ImportReport } from './report/import.ts';
export type { AuditReport, RecordLine, SealedLine } from './report/record.ts';
export type { GroupStatus, StatusReport } from './report/status.ts';

/** `regsync apply` and `regsync ci apply`. */
export interface ApplyReport {
  readonly format_version: '1.0';
  readonly outcomes: readonly Outcome[];
  readonly summary: Readonly<Record<OutcomeStatus, number>>;
}

/** `regsync reply` */
export interface ReplyReport {
  readonly format_version: '1.0';
  readonly kind: 'RequirementGroup' | 'NumberOrder' | 'PortingOrder';
  readonly name: string;
  /** The object at Telnyx whose comments it joins. */
  readonly record: {
    readonly type: 'requirement_group' | 'sub_number_order' | 'porting_order' | 'advanced_number_order';
    readonly id: string;
    readonly status: string;
  };
  /** The comments of reviewers that it answers, redacted, oldest first. */
  readonly answers: readonly { readonly body: string; readonly created_at: string }[];
  /**
   * `unchanged`: the same text stands there as the last word, so it was not sent again. `none`: no text was given.
   */
  readonly reply: {
    readonly status: 'sent' | 'unchanged' | 'failed' | 'none';
    readonly id: string | null;
    /** The text as it was given. */
    readonly text: string | null;
  };
  /** The ids of the comments that were marked as read. */
  readonly marked_read: readonly string[];
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly status: number | null;
    readonly request_id: string | null;
  } | null;
  readonly warnings: readonly string[];
}

/** The names of a kind's manifests. Absent where there are none. */
type NamesOfOthers = {
  readonly [Kind in OtherKind as (typeof KIND_WORDS)[Kind]['plural']]?: readonly string[];
};

/** `regsync validate` where nothing is wrong. */
export interface ValidReport extends NamesOfOthers {
  readonly format_version: '1.0';
  readonly valid: true;
  readonly files: number;
  readonly groups: readonly string[];
  readonly diagnostics: readonly Problem[];
}

/** Every command that fails before it has a result. */
export interface ErrorReport {
  readonly format_version: '1.0';
  readonly error: { readonly code: string; readonly message: string };
  readonly diagnostics: readonly Problem[];
}

/** `regsync doctor` */
export interface DoctorOutput {
  readonly format_version: '1.0';
  readonly regsync_version: string;
  readonly exit_code: ExitCode;
  readonly summary: Readonly<Record<'expected' | 'handled' | 'unhandled' | 'unseen', number>>;
  readonly findings: readonly DoctorOutputFinding[];
}

export interface DoctorOutputFinding {
  readonly id: string;
  readonly section: Section;
  readonly account?: string;
  readonly subject: string;
  readonly status: Verdict['status'];
  readonly seen: boolean;
  readonly message: string;
  readonly exit_code?: ExitCode;
  readonly question?: string;
  readonly basis?: Basis;
}
