import type { ExitCode } from '../exit.ts';

/**
 * The report that `regsync doctor` shows. It contains no value of the account, only counts, statuses and
 * names of fields.
 */
export interface DoctorReport {
  readonly regsyncVersion: string;
  /** The findings, in the order in which they are shown. */
  readonly findings: readonly Finding[];
  /** The exit code of the first finding that is not handled, else 0. */
  readonly exit: ExitCode;
}

/**
 * `setup` and `repository` are about this machine, `telnyx` about the connection, `api` about the answers.
 */
export type Section = 'setup' | 'telnyx' | 'repository' | 'api';

export interface Finding extends Verdict {
  readonly id: string;
  readonly section: Section;
  /** The name of the account, if the configuration has several. */
  readonly account: string | null;
  readonly subject: string;
  /** The assumption that the finding checks, or null. */
  readonly assumption: { readonly question: string; readonly basis: Basis } | null;
}

export interface Verdict {
  /** `handled` is not as expected, but regsync copes with it. */
  readonly status: 'expected' | 'handled' | 'unhandled';
  /** The finding and, if something has to be done, the next step. */
  readonly message: string;
  /** The exit code with which other commands end over this. Null unless it is `unhandled`. */
  readonly exit: ExitCode | null;
  /** Is false if there was nothing to look at. */
  readonly isSeen: boolean;
}

/**
 * The basis of an assumption: the vendor's texts, reports of others, conclusions, texts that contradict each
 * other, or nothing.
 */
export type Basis = 'documented' | 'measured' | 'inferred' | 'contradictory' | 'unknown';
