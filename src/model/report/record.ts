import type { Change } from '../plan/change.ts';
import type { Operation, OutcomeStatus } from '../plan/outcome.ts';

/**
 * The lines of a record, for auditors: a public format. A line contains names, ids and codes, and never a value.
 * Each ends with the digest of the line before it and a MAC.
 */
export type RecordLine = RunLine | OperationLine | EndLine;

interface CommonFields {
  /** The id of the run that wrote the line. */
  readonly run: string;
  /** The clock of the machine, in UTC. */
  readonly time: string;
}

/** The first line of a run, before its first write. */
export interface RunLine extends CommonFields {
  readonly type: 'run';
  readonly format_version: '1.0';
  readonly regsync_version: string;
  readonly command: string;
  /** The person or the pipeline's user who started the run. */
  readonly actor: string | null;
  /** The commit of the checkout. Null outside of git. */
  readonly commit: string | null;
  /** The pull requests whose reviews count for the run. Empty if none is known. */
  readonly pull_requests: readonly number[];
  readonly scope: string;
  readonly account: string | null;
  /** The address of the API, or `sandbox`. */
  readonly api: string;
  /** The fingerprint of the plan that is carried out. */
  readonly fingerprint: string;
  /** The number of its changes. */
  readonly changes: number;
  /** The name of the key that the MACs are made with. It tells nothing of the key. */
  readonly key: string;
}

/** A write, after its answer. */
export interface OperationLine extends CommonFields {
  readonly type: 'operation';
  readonly kind: Change['kind'];
  readonly name: string;
  readonly operation: Operation;
  /** Such as `PATCH /requirement_groups/{id}`. */
  readonly request: string;
  /** The id of what was written to or made. Null if it is not known. */
  readonly id: string | null;
  /** `unknown`: no usable answer came, so that it may have been carried out. */
  readonly outcome: 'done' | 'refused' | 'unknown';
  readonly status: number | null;
  /** The code of a refusal. Null otherwise. */
  readonly code: string | null;
  readonly request_id: string | null;
}

/** The last line of a run. */
export interface EndLine extends CommonFields {
  readonly type: 'end';
  readonly operations: Readonly<Record<OperationLine['outcome'], number>>;
  readonly outcomes: Readonly<Record<OutcomeStatus, number>>;
  /** The groups and orders that failed, with the codes of their errors. */
  readonly failed: readonly { readonly kind: Change['kind']; readonly name: string; readonly code: string }[];
  readonly interrupted: boolean;
}

/** The seal at the end of each line. */
export interface Seal {
  /** The SHA-256 of the line before, in hex. Null for the first line of the file. */
  readonly previous: string | null;
  /** The HMAC-SHA256 over the line up to here, in hex. */
  readonly mac: string;
}

export type SealedLine = RecordLine & Seal;

/** `regsync audit` */
export interface AuditReport {
  readonly format_version: '1.0';
  readonly lines: number;
  /** Without a key, only digests are checked: they show a change of any line but the last one. */
  readonly checked: 'digests' | 'digests-and-macs';
  readonly runs: readonly AuditedRun[];
  readonly faults: readonly AuditFault[];
  /** The digest of the last line. Null if there is none. */
  readonly last: string | null;
}

export interface AuditedRun {
  /** The number of its first line. */
  readonly line: number;
  readonly start: RunLine;
  readonly operations: readonly (OperationLine & { readonly line: number })[];
  /** Null for a run that was killed. */
  readonly end: EndLine | null;
}

export interface AuditFault {
  /** The number of the line, from 1. */
  readonly line: number;
  readonly code: AuditFaultCode;
  readonly message: string;
}

export type AuditFaultCode =
  | 'empty-record'
  | 'unreadable-line'
  | 'changed-line'
  | 'broken-chain'
  | 'moved-line'
  | 'foreign-line'
  | 'miscounted'
  | 'other-key'
  | 'unfinished-run'
  | 'missing-lines';
