import type { Sensitive } from '../privacy/sensitive.ts';
import type { SourcePosition } from '../problem.ts';
import type { RemoteId } from '../resource.ts';

/** An action is a requirement that a person fulfils on an order, through a private link. No value fulfils it. */

/** The fields that start an action, under the API's names. */
export const ACTION_FIELDS = ['first_name', 'last_name'] as const;

/** The names of the person, by field. */
export type ActionNames = ReadonlyMap<string, Sensitive>;

/** An action as a manifest states it. */
export interface DesiredAction {
  /** The id of the requirement. */
  readonly requirement: string;
  /** The names. Null if one of them is not read, as in `validate`. */
  readonly names: ActionNames | null;
  readonly source: SourcePosition;
}

export interface BoundAction {
  readonly requirement: { readonly id: string; readonly name: string };
  readonly names: ActionNames;
  readonly source: SourcePosition;
}

/**
 * `open`: nobody has started it. `started`: Telnyx has the names, and the person has yet to act. `refused`:
 * the person failed, or it was cancelled. `unknown`: a state that regsync does not know.
 */
export type ActionState = 'open' | 'started' | 'done' | 'refused' | 'unknown';

/** An action of an open order, as Telnyx has it. */
export interface ObservedAction {
  readonly requirementId: string;
  /** The sub order, or the porting order. */
  readonly order: { readonly kind: 'sub_number_order' | 'porting_order'; readonly id: RemoteId };
  /** The id that the request to start it names: of the sub order, or of the porting order's action. */
  readonly id: RemoteId;
  readonly state: ActionState;
  /** The status of the requirement or of the porting order's action, as Telnyx states it. */
  readonly status: string | null;
  /** The names that were sent before. Empty if there are none, or if Telnyx does not say. */
  readonly sent: ActionNames;
  /** The private link for the person. Null if there is none yet, or none any more. */
  readonly link: Sensitive | null;
  readonly cancelReason: string | null;
  /** The deadline of the order. Null if Telnyx does not say. */
  readonly deadlineMs: number | null;
}

/** The start of an action. */
export interface ActionStart {
  readonly requirementId: string;
  readonly requirementName: string;
  readonly names: ActionNames;
  /** The action to start. Null if its order is still to be placed. */
  readonly observed: ObservedAction | null;
  readonly source: SourcePosition;
}

/** A link that lets the person act, and anybody who has it. */
export interface ActionLink {
  /** The manifest of the order. */
  readonly kind: 'NumberOrder' | 'PortingOrder';
  readonly name: string;
  readonly orderId: RemoteId;
  readonly requirementId: string;
  readonly requirementName: string;
  readonly link: Sensitive;
}
