/** The cost of a run in counts and times, for people. */
export interface Cost {
  /** The milliseconds of each phase, in the order in which the phases first ended. */
  readonly phases: ReadonlyMap<Phase, number>;
  /** The requests to Telnyx. Null if there were none. */
  readonly traffic: Traffic | null;
  /** The files of manifests that a plan of a change parsed. Null for a run that reads all of them. */
  readonly files: { readonly parsed: number; readonly all: number } | null;
}

/** The phases of a run, in order. `rest` is time that belongs to no other phase. */
export type Phase =
  | 'start'
  | 'manifests'
  | 'Telnyx'
  | 'plan'
  | 'answer'
  | 'apply'
  | 'reviews'
  | 'documents'
  | 'rest';

export interface Traffic {
  /** The requests by method, retries included. */
  readonly requests: ReadonlyMap<string, number>;
  readonly retries: number;
  /** The size of the bodies. */
  readonly bytesSent: number;
  /** The size of the bodies as transferred. */
  readonly bytesReceived: number;
  /** The wait while the rate limit was used up. */
  readonly heldMs: number;
  /** The wait before retries. */
  readonly retryMs: number;
  /** The wait before a write was looked for again. */
  readonly lookMs: number;
}
