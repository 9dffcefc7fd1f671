import {
  ACTION_FIELDS,
  type ActionStart,
  type BoundAction,
  type ObservedAction,
} from '../../model/orders/actions.ts';
import { type NamedOrder, orderInWords } from '../../model/orders/observed-order.ts';
import type { PlanInput } from '../../model/plan/decisions.ts';
import type { Attention, PlanDiagnostic } from '../../model/plan/plan.ts';
import { reveal, type Sensitive } from '../../model/privacy/sensitive.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { BoundGroup } from '../../model/resource.ts';
import { dateOf, daysBetween } from '../../model/text/calendar.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { normaliseText } from '../../model/text/normal-text.ts';
import {
  added,
  joined,
  named,
  type Outside,
  plain,
  quoted,
  type Sentence,
  sentence,
  typed,
  worded,
} from '../../model/text/sentence.ts';
import { about } from './about.ts';
import { daysInWords } from './deadlines.ts';
import { isAction } from './fulfilment.ts';

/** An order with the actions that its manifest states. */
interface StatingOrder {
  readonly name: string;
  readonly source: SourcePosition;
  readonly actions?: readonly BoundAction[];
}

export interface ActionPlan {
  readonly starts: readonly ActionStart[];
  readonly attention: readonly Attention[];
  readonly consequences: readonly string[];
}

/**
 * Plans the actions of an existing order. An action is started once: again only if the manifest names another
 * person than the one whose names Telnyx has. A refused one is never started again with the same names.
 *
 * @param found the actions of the order. Empty if it asks for none, or does not say yet.
 */
export function planActions(
  order: StatingOrder,
  found: readonly ObservedAction[],
  { observed }: Pick<PlanInput, 'observed'>,
): ActionPlan {
  const stated = new Map((order.actions ?? []).map((action) => [action.requirement.id, action]));
  const judged = found.map((action) => {
    const own = stated.get(action.requirementId);
    return { action, start: own !== undefined && isToStart(action, own) ? startOf(own, action) : null };
  });
  const asked = new Set(found.map(({ requirementId }) => requirementId));
  const unasked = [...stated.values()].filter(({ requirement }) => !asked.has(requirement.id));
  const starts = judged.flatMap(({ start }) => start ?? []).sort(byRequirement);
  return {
    starts,
    attention: [
      ...judged.flatMap(({ action, start }) => describe(order, action, { start, stated, observed })),
      ...unasked.map(({ requirement, source }) =>
        about(
          order,
          'order-action',
          sentence`no open part of the order asks for ${quoted(requirement.name)}: nothing is started`,
          source,
        ),
      ),
    ],
    consequences: starts.map(consequenceOf),
  };
}

/** Returns the starts of an order that is still to be placed. Telnyx then says which of its parts asks for them. */
export function startsOfNewOrder({ actions = [] }: StatingOrder): ActionPlan {
  const starts = actions.map((action) => startOf(action, null)).sort(byRequirement);
  return { starts, attention: [], consequences: starts.map(consequenceOf) };
}

export const NO_ACTIONS: ActionPlan = { starts: [], attention: [], consequences: [] };

/** Refuses to send the names of people without the gate. */
export function actionsNotAllowed(
  { name, source }: StatingOrder,
  { starts }: ActionPlan,
  { gates }: Pick<PlanInput, 'gates'>,
): PlanDiagnostic[] {
  if (starts.length === 0 || gates.allow_actions) return [];
  const actions = [...new Set(starts.map(({ requirementName }) => requirementName))].map(quoted);
  const message = sentence`${quoted(name)} starts ${joined(actions, ', ')}, for which Telnyx gets the names of a person. To allow it, ${added('allow-actions')}`;
  const { file, line } = source;
  return [
    { severity: 'error', code: 'actions-not-allowed', ...worded(message), name, source: { file, line } },
  ];
}

/** Returns true if Telnyx has other names than these. It need not say which it has. */
export function isForAnother(
  action: Pick<ObservedAction, 'sent'>,
  names: ReadonlyMap<string, Sensitive>,
): boolean {
  return ACTION_FIELDS.some((field) => {
    const [sent, wanted] = [action.sent.get(field), names.get(field)];
    return sent !== undefined && wanted !== undefined && !sameName(sent, wanted);
  });
}

function sameName(a: Sensitive, b: Sensitive): boolean {
  return normaliseText(reveal(a)) === normaliseText(reveal(b));
}

function startOf(
  { requirement: { id, name }, names, source }: BoundAction,
  observed: ObservedAction | null,
): ActionStart {
  return { requirementId: id, requirementName: name, names, observed, source };
}

function isToStart(action: ObservedAction, { names }: BoundAction): boolean {
  switch (action.state) {
    case 'open':
      return true;
    case 'started':
    case 'refused':
      // Telnyx gives no second action of a porting order to start (described).
      return action.order.kind === 'sub_number_order' && isForAnother(action, names);
    case 'done':
    case 'unknown':
      return false;
    default:
      return action.state satisfies never;
  }
}

function byRequirement(a: ActionStart, b: ActionStart): number {
  return (
    compareText(a.requirementId, b.requirementId) || compareText(a.observed?.id ?? '', b.observed?.id ?? '')
  );
}

function consequenceOf({ requirementName, observed }: ActionStart): string {
  const again = observed !== null && observed.state !== 'open' ? ': an earlier link ends' : '';
  return `sends the names of a person to Telnyx to start "${requirementName}"${again}`;
}

/** ---- Attention: what a person has to do, and until when ---- */

function describe(
  order: StatingOrder,
  action: ObservedAction,
  context: {
    readonly start: ActionStart | null;
    readonly stated: ReadonlyMap<string, BoundAction>;
    readonly observed: PlanInput['observed'];
  },
): Attention[] {
  const { start, stated, observed } = context;
  if (action.state === 'done') return [];
  const own = stated.get(action.requirementId);
  const name = own?.requirement.name ?? action.requirementId;
  const { what, next } =
    start === null
      ? whatIsLeft(action, own !== undefined)
      : { what: sentence`a person does it once this plan has started it`, next: [] };
  const message = sentence`${orderInWords(action.order)}: ${quoted(name)} is an action: ${what}${deadline(action, observed)}${next}`;
  return [about(order, 'order-action', message, own?.source)];
}

interface Left {
  readonly what: Sentence;
  /** The next step: a sentence after a full stop, or nothing. */
  readonly next: Sentence;
}

function whatIsLeft({ state, status, cancelReason }: ObservedAction, isStated: boolean): Left {
  const reason = cancelReason === null ? [] : sentence` (${named(cancelReason)})`;
  switch (state) {
    case 'open':
      return { what: sentence`a person has to do it`, next: STATE_IT };
    case 'started':
      return {
        what: sentence`the person has a link and has yet to do it`,
        next: sentence`. To see the link: ${named('regsync status --show-values')}`,
      };
    case 'refused':
      return isStated
        ? {
            what: sentence`it is ${statusInWords(status)}${reason}, and is not started again with the same names`,
            next: sentence`. Correct the names, or start it at Telnyx`,
          }
        : { what: sentence`it is ${statusInWords(status)}${reason}`, next: sentence`. Start it at Telnyx` };
    case 'done':
      return { what: sentence`it is done`, next: [] };
    case 'unknown':
      return {
        what: sentence`regsync does not know its state${status === null ? '' : sentence` ${quoted(status)}`}, and leaves it alone`,
        next: [],
      };
    default:
      return state satisfies never;
  }
}

/** `null`, as the text has it, for an action whose status is not known. */
function statusInWords(status: string | null): Outside {
  return named(`${status}`);
}

const STATE_IT = sentence`. State it among ${typed('requirements:')}, with ${typed('action: { first_name: …, last_name: … }')}`;

function deadline(
  { deadlineMs }: Pick<ObservedAction, 'deadlineMs'>,
  { readAtMs }: PlanInput['observed'],
): Sentence {
  if (deadlineMs === null) return [];
  const date = dateOf(deadlineMs);
  return sentence`; without it the numbers are lost on ${plain(date)}, ${daysInWords(daysBetween(dateOf(readAtMs), date))}`;
}

/**
 * Reports the actions of an order of a group, which nobody starts. An order whose manifest states actions
 * reports them itself.
 *
 * @param group the manifest of the group.
 */
export function actionsOfGroupOrder(
  group: BoundGroup,
  order: NamedOrder,
  { observed }: Pick<PlanInput, 'observed'>,
): Attention[] {
  const reported = [...observed.NumberOrder.values(), ...observed.PortingOrder.values()];
  const isReported = reported.some(({ actions = [] }) =>
    actions.some((action) => action.order.id === order.id),
  );
  if (!order.isOpen || isReported) return [];
  const left = order.holdings.flat().filter((own) => isAction(own) && own.status !== 'approved');
  const names = new Map(group.definitions.map(({ id, name }) => [id, name]));
  const until = deadline({ deadlineMs: order.sample?.deadlineMs ?? null }, observed);
  return [...new Set(left.map(({ requirementId }) => requirementId))].map((id) =>
    about(
      group,
      'order-action',
      sentence`${orderInWords(order)}: ${quoted(names.get(id) ?? id)} is an action: a person has to do it${until}. State it in ${MANIFEST_OF[order.kind]} of this order`,
      order.source,
    ),
  );
}

const MANIFEST_OF = {
  sub_number_order: 'a NumberOrder manifest',
  phone_number: 'a NumberOrder manifest',
  porting_order: 'a PortingOrder manifest',
  advanced_order: 'the manifest',
} as const satisfies Readonly<Record<NamedOrder['kind'], string>>;
