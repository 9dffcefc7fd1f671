/** What a run has cost: counts and times, for people. */
export interface Cost {
  /** Milliseconds by phase, in the order in which they were first left. */
  readonly phases: ReadonlyMap<Phase, number>;
  /** Null where nothing was asked of Telnyx. */
  readonly traffic: Traffic | null;
}

/** What a run does, one after the other; `rest` is all that has no name of its own. */
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
  /** By method, repeated ones too. */
  readonly requests: ReadonlyMap<string, number>;
  readonly retries: number;
  /** Of bodies. */
  readonly bytesSent: number;
  /** Of bodies, as transferred. */
  readonly bytesReceived: number;
  /** While the rate limit was used up. */
  readonly heldMs: number;
  /** Before a request was repeated. */
  readonly retryMs: number;
  /** Before what was written was looked for again. */
  readonly lookMs: number;
}
