import type { BoundByKind, OtherKind } from '../../model/kinds.ts';
import type { Observed } from '../../model/observed.ts';
import type { ObservedAction } from '../../model/orders/actions.ts';
import type { ObservedOrder, OrderRequirement } from '../../model/orders/observed-order.ts';
import type { Change, PlanAction } from '../../model/plan/change.ts';
import type { OrderReport } from '../../model/report/order-report.ts';
import type { BoundNumberOrder, BoundPortingOrder, BoundValue } from '../../model/resource.ts';
import { dateOf, daysBetween } from '../../model/text/calendar.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { reviewStateOfNumberOrder, reviewStateOfPortingOrder, wantingIn } from './order-review-state.ts';

export interface OrdersInput extends BoundByKind {
  readonly observed: Observed;
  readonly changes: readonly Change[];
}

/** Reports the orders that have manifests, by kind and name, without values and phone numbers. */
export function reportOrders(input: OrdersInput): OrderReport[] {
  const context: Context = {
    observed: input.observed,
    names: namesOfRequirements(input),
    actions: new Map(input.changes.map((change) => [`${change.kind}/${change.name}`, actionsOf(change)])),
    ordersOfGroups: [...input.observed.orders.values()].flat(),
  };
  const byName = (a: { readonly name: string }, b: { readonly name: string }) => compareText(a.name, b.name);
  return [
    ...[...input.NumberOrder].sort(byName).map((order) => reportNumberOrder(order, context)),
    ...[...input.PortingOrder].sort(byName).map((order) => reportPortingOrder(order, context)),
  ];
}

interface Context {
  readonly observed: Observed;
  /** The names of requirements by id, as far as a manifest or a group of the run knows them. */
  readonly names: ReadonlyMap<string, string>;
  readonly actions: ReadonlyMap<string, readonly PlanAction[]>;
  /** The orders that are compared with a group. */
  readonly ordersOfGroups: readonly ObservedOrder[];
}

function actionsOf(change: Change): readonly PlanAction[] {
  return 'actions' in change ? change.actions : [];
}

function namesOfRequirements(input: OrdersInput): ReadonlyMap<string, string> {
  if (input.NumberOrder.length + input.PortingOrder.length === 0) return new Map();
  const stated = ({ values }: { readonly values: readonly BoundValue[] }) =>
    values.map(({ requirement }) => requirement);
  const known = [
    ...input.RequirementGroup.flatMap(({ definitions }) => definitions),
    ...[...input.NumberOrder, ...input.PortingOrder].flatMap(stated),
  ];
  return new Map(known.map(({ id, name }) => [id, name]));
}

function reportNumberOrder(order: BoundNumberOrder, context: Context): OrderReport {
  const { observed, ordersOfGroups } = context;
  const found = observed.NumberOrder.get(order.name) ?? null;
  const common = commonOf('NumberOrder', order, context);
  if (found === null) {
    const phone_numbers = order.phoneNumbers.length;
    return { ...common, ...NOTHING_YET, id: null, status: 'absent', standing: 'open', phone_numbers };
  }
  const ids = new Set<string>(found.subOrderIds ?? []);
  const ofGroup = ordersOfGroups.filter(({ subNumberOrderId }) => ids.has(subNumberOrderId ?? ''));
  const parts = found.subOrders.length > 0 ? found.subOrders : ofGroup;
  const open = parts.filter(({ isOpen }) => isOpen);
  return {
    ...common,
    ...namesOf(wantingIn(open.flatMap(({ holdings }) => holdings)), context, found.actions),
    id: found.id,
    status: found.status,
    standing: reviewStateOfNumberOrder(found.status, parts),
    phone_numbers: found.phoneNumbersCount,
    deadline: firstDeadline(open, dateOf(observed.readAtMs)),
    parts: parts.map(({ id, status, countryCode, phoneNumberType }) => ({
      id,
      status,
      country_code: countryCode,
      phone_number_type: phoneNumberType,
    })),
  };
}

const NOTHING_YET = { deadline: null, missing: [], declined: [], parts: [] } as const;

function reportPortingOrder(order: BoundPortingOrder, context: Context): OrderReport {
  const found = context.observed.PortingOrder.get(order.name) ?? null;
  const common = commonOf('PortingOrder', order, context);
  if (found === null) {
    return {
      ...common,
      ...NOTHING_YET,
      id: order.id.id,
      status: 'absent',
      standing: 'unknown',
      phone_numbers: null,
    };
  }
  const own = found.requirements;
  const ofGroup = context.ordersOfGroups.find(({ id }) => id === found.id)?.holdings ?? [];
  const names = new Map(context.names);
  for (const { requirementId, name } of own) if (name !== null) names.set(requirementId, name);
  const wanting = wantingIn(!found.isOpen ? [] : own.length > 0 ? [own] : ofGroup);
  return {
    ...common,
    ...namesOf(wanting, { names }, found.actions),
    id: found.id,
    status: found.status,
    standing: reviewStateOfPortingOrder(found.status, wanting),
    phone_numbers: found.phoneNumbersCount,
    deadline: null,
    parts: [],
  };
}

function commonOf(
  kind: OtherKind,
  { name, group, source }: BoundNumberOrder | BoundPortingOrder,
  { actions }: Context,
) {
  return {
    kind,
    name,
    group: group?.name ?? null,
    actions: actions.get(`${kind}/${name}`) ?? [],
    source: { file: source.file, line: source.line },
  };
}

function namesOf(
  wanting: { readonly missing: readonly OrderRequirement[]; readonly declined: readonly OrderRequirement[] },
  { names }: Pick<Context, 'names'>,
  actions: readonly ObservedAction[] = [],
): Pick<OrderReport, 'missing' | 'declined' | 'waits_for'> {
  const nameOf = ({ requirementId }: OrderRequirement) => names.get(requirementId) ?? requirementId;
  const waiting = wanting.missing.filter((own) => isStarted(own, actions)).map(nameOf);
  return {
    missing: wanting.missing.map(nameOf),
    declined: wanting.declined.map(nameOf),
    ...(waiting.length === 0 ? {} : { waits_for: waiting }),
  };
}

/** Returns true if each open part of the order that asks for the action has a link for the person. */
function isStarted({ requirementId }: OrderRequirement, actions: readonly ObservedAction[]): boolean {
  const own = actions.filter((action) => action.requirementId === requirementId && action.state !== 'done');
  return own.length > 0 && own.every(({ state }) => state === 'started');
}

function firstDeadline(parts: readonly ObservedOrder[], today: string): OrderReport['deadline'] {
  const deadlines = parts.flatMap(({ sample }) => sample?.deadlineMs ?? []);
  if (deadlines.length === 0) return null;
  const date = dateOf(Math.min(...deadlines));
  return { date, days: daysBetween(today, date) };
}
