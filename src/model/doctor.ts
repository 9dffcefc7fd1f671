import type { ExitCode } from './exit.ts';

/** What `regsync doctor` shows. No value of the account's is in it: counts, statuses and names of fields at most. */
export interface DoctorReport {
  readonly regsyncVersion: string;
  /** In the order in which they are shown. */
  readonly findings: readonly Finding[];
  /** That of the first finding which is not handled, else 0. */
  readonly exit: ExitCode;
}

/** `setup` and `repository` are about this machine, `telnyx` about the way there, `api` about what comes back. */
export type Section = 'setup' | 'telnyx' | 'repository' | 'api';

export interface Finding extends Verdict {
  readonly id: string;
  readonly section: Section;
  /** Its name, where the configuration has several. */
  readonly account: string | null;
  readonly subject: string;
  /** Of an assumption about the API. */
  readonly assumption: { readonly question: string; readonly basis: Basis } | null;
}

export interface Verdict {
  /** As expected; otherwise, but handled; not handled. */
  readonly standing: 'expected' | 'handled' | 'unhandled';
  /** What holds, and where something has to be done, what. */
  readonly message: string;
  /** How other commands end over this; null unless it is not handled. */
  readonly exit: ExitCode | null;
  /** False where there was nothing to look at. */
  readonly isSeen: boolean;
}

/** What an assumption rests on: the vendor's texts, reports of others, conclusions, texts that contradict each other, or nothing. */
export type Basis = 'documented' | 'measured' | 'inferred' | 'contradictory' | 'unknown';
