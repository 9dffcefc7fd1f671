/** An action that a person is to fulfil. Telnyx makes a private link for this person. */
export interface PlanStart {
  readonly requirement_id: string;
  readonly name: string;
  /** The sub order, or the action of a porting order. Null if the order is still to be placed. */
  readonly id: string | null;
  /** The status as observed, or null. */
  readonly status: string | null;
  /** The keyed fingerprints of the names that are sent. `before` was sent earlier. */
  readonly fields: readonly {
    readonly name: string;
    readonly before: string | null;
    readonly after: string;
  }[];
}
