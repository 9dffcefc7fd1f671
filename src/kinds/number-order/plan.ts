import {
  isLostOrder,
  type ObservedNumberOrder,
  orderInWords,
  type RivalOrders,
} from '../../model/orders/observed-order.ts';
import type { NumberOrderChange, PlanAction, ValueWrite, WritingChange } from '../../model/plan/change.ts';
import type { PlanInput } from '../../model/plan/decisions.ts';
import type { Attention, PlanDiagnostic } from '../../model/plan/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { sameReference } from '../../model/reference.ts';
import { isOfFormerScope } from '../../model/reference-names.ts';
import type { BoundNumberOrder } from '../../model/resource.ts';
import { compareText } from '../../model/text/compare-text.ts';
import {
  added,
  joined,
  named,
  PARTS,
  plain,
  quoted,
  type Sentence,
  sentence,
  textOf,
  typed,
  worded,
} from '../../model/text/sentence.ts';
import { joinPlans, type KindPlan, type PlannedOne } from '../kind.ts';
import { FULFILLED_TO_ORDER } from '../requirement-group/approval.ts';
import { about } from '../values/about.ts';
import { actionsNotAllowed, NO_ACTIONS, planActions, startsOfNewOrder } from '../values/actions.ts';
import { deadlineAttention } from '../values/deadlines.ts';
import { wordsBeside } from '../values/reviewers.ts';
import { conversation, differingSettings, fate, lost } from './attention.ts';
import { closedValues, type DirectValues, planDirectValues } from './direct-values.ts';
import { firstWrites, someStarts, withoutGroup } from './first-writes.ts';
import {
  type GroupsOfRun,
  type GroupToOrderWith,
  groupToOrderWith,
  indexGroups,
} from './group-to-order-with.ts';
import { activationOutlook } from './plan-activation.ts';

/**
 * Plans number orders. A missing one is placed, once: that spends money, and nothing takes it back. Of an
 * existing one, regsync can write the reference and the values that its manifest states, and reports every
 * other difference.
 */
export function planNumberOrders(
  input: PlanInput,
  earlier: readonly WritingChange[],
): KindPlan<'NumberOrder'> {
  const groupsOfRun = indexGroups(
    input,
    earlier.filter((change) => change.kind === 'RequirementGroup'),
  );
  const plans = [...input.NumberOrder]
    .sort((a, b) => compareText(a.name, b.name))
    .map((order) => {
      const rivals = input.observed.rivalOrders?.get(order.name);
      if (rivals !== undefined)
        return { change: null, attention: [], diagnostics: [duplicateOrders(order, rivals)] };
      const found = input.observed.NumberOrder.get(order.name);
      return found === undefined ? planPlacing(order, input, groupsOfRun) : planUpdate(order, found, input);
    });
  return joinPlans(plans);
}

type PlannedOrder = PlannedOne<'NumberOrder'>;

/** Reports orders among which regsync does not guess, as with groups. No other order waits for it. */
function duplicateOrders(order: BoundNumberOrder, { ids, inCommon }: RivalOrders): PlanDiagnostic {
  const { name, reference, source } = order;
  const same =
    inCommon === 'reference'
      ? sentence`the reference ${named(JSON.stringify(reference))}`
      : 'exactly its numbers';
  const message = sentence`${quoted(name)} could mean any of ${ids.length} number orders with ${same}, so none of them is touched: ${joined(ids.map(named), ', ')}. To say which one it means, add its line to the manifest at ${named(`${source.file}:${source.line}`)}, for example ${quoted(`id: ${ids[0]}`)}. If another was placed by mistake, cancel it at Telnyx.`;
  return { ...diagnose(order, 'duplicate-orders', message, source), kind: 'NumberOrder' };
}

/** ---- An order to place ---- */

function planPlacing(order: BoundNumberOrder, input: PlanInput, groups: GroupsOfRun): PlannedOrder {
  const group = order.group === null ? null : groupToOrderWith(order.group.name, input, groups);
  if (group?.state === 'undecided')
    return { change: null, attention: [], diagnostics: [waitsForGroup(order)] };
  const isFulfilled = group?.state === 'fulfilled';
  const writes = firstWrites(order, group, input.observed);
  const started = startsOfNewOrder(order);
  const without = withoutGroup(order, group);
  const actions: PlanAction[] = [
    'create',
    ...(writes.length === 0 ? [] : ['update' as const]),
    ...(started.starts.length === 0 ? [] : ['start' as const]),
  ];
  const change: NumberOrderChange = {
    kind: 'NumberOrder',
    name: order.name,
    source: order.source,
    verb: 'create',
    actions,
    desired: order,
    observed: null,
    writes: sortWrites(writes),
    writesReference: null,
    ordersWith: isFulfilled ? (order.group?.name ?? null) : null,
    orderedGroup: isFulfilled
      ? (input.observed.RequirementGroup.get(order.group?.name ?? '')?.group ?? null)
      : null,
    dependsOn:
      order.group !== null && groups.changes.has(order.group.name)
        ? [`RequirementGroup/${order.group.name}`]
        : [],
    ...someStarts(started),
    consequences: [
      textOf(sentence`orders ${numbersInWords(order)}, which costs money`),
      ...(without.length > 0
        ? without
        : activationOutlook(order, group, {
            observed: input.observed,
            change: groups.changes.get(order.group?.name ?? ''),
          })),
      ...started.consequences,
    ],
  };
  const diagnostics = [
    ...(input.gates.allow_orders ? [] : [notAllowed(order)]),
    ...actionsNotAllowed(order, started, input),
    ...(group === null ? [] : refusedGroup(order, group)),
  ];
  const attention = [
    ...earlierOrders(order, input),
    ...(group === null ? [] : waitingForGroup(order, group)),
  ];
  return { change, attention, diagnostics };
}

/**
 * Reports lost orders of the same numbers, because a person who cancelled them may not expect a new order.
 */
function earlierOrders(order: BoundNumberOrder, { observed }: PlanInput): Attention[] {
  const earlier = observed.lostOrders?.get(order.name) ?? [];
  return earlier.map(({ id, status }) => {
    const message = sentence`number order ${named(id)} of exactly these numbers: ${named(status)}; it holds none of them any more, so they are ordered anew`;
    return about(order, 'order-failed', message);
  });
}

function sortWrites(writes: readonly ValueWrite[]): ValueWrite[] {
  return [...writes].sort((a, b) => compareText(a.requirementId, b.requirementId));
}

function numbersInWords({ phoneNumbers }: BoundNumberOrder): Sentence {
  return sentence`${phoneNumbers.length} phone ${phoneNumbers.length === 1 ? 'number' : 'numbers'}`;
}

function notAllowed(order: BoundNumberOrder): PlanDiagnostic {
  return diagnose(
    order,
    'orders-not-allowed',
    sentence`${quoted(order.name)} orders ${numbersInWords(order)}, which costs money. To allow it, ${added('allow-orders')}`,
    order.source,
  );
}

/** Refuses an order that Telnyx would refuse (documented), and one whose group does not exist. */
function refusedGroup(order: BoundNumberOrder, group: GroupToOrderWith): PlanDiagnostic[] {
  const { name, source = order.source } = order.group ?? {};
  if (group.state === 'absent') {
    const message = sentence`${quoted(order.name)} is to be ordered with the group ${quoted(`${name}`)}, which does not exist and which this run does not create`;
    return [diagnose(order, 'order-needs-group', message, source)];
  }
  if (group.state !== 'unfulfilled' || !FULFILLED_TO_ORDER.has(group.countryCode)) return [];
  const message = sentence`numbers in ${plain(group.countryCode)} cannot be ordered without a fulfilled group, and ${quoted(`${name}`)} has no value for ${joined(group.missing.map(quoted), ', ')}`;
  return [diagnose(order, 'order-needs-fulfilled-group', message, source)];
}

/** Leaves the order out together with its group. Otherwise it would be placed without the group. */
function waitsForGroup(order: BoundNumberOrder): PlanDiagnostic {
  const { name, source = order.source } = order.group ?? {};
  const message = sentence`${quoted(order.name)} is not placed: several groups could be ${quoted(`${name}`)}. Add the ${typed('id:')} of the right one to the manifest of that group.`;
  return { ...diagnose(order, 'order-waits-for-group', message, source), kind: 'NumberOrder' };
}

function waitingForGroup(order: BoundNumberOrder, group: GroupToOrderWith): Attention[] {
  if (group.state !== 'unfulfilled' || FULFILLED_TO_ORDER.has(group.countryCode)) return [];
  const { name, source = order.source } = order.group ?? {};
  const missing = group.missing.filter((one) => !group.actions.includes(one));
  if (missing.length === 0) return [];
  const message = sentence`is ordered without the group ${quoted(`${name}`)}, which has no value for ${joined(missing.map(quoted), ', ')}: the order will wait for them until its deadline`;
  return [about(order, 'unfulfilled', message, source)];
}

/** ---- An existing order ---- */

function planUpdate(order: BoundNumberOrder, found: ObservedNumberOrder, input: PlanInput): PlannedOrder {
  const direct = planDirectValues(
    {
      values: order.values,
      name: orderInWords({ kind: 'number_order', id: found.id }),
      orders: found.subOrders,
    },
    input.observed,
  );
  const isLost = isLostOrder(found.status);
  const writes = isLost ? [] : direct.writes;
  const writesReference = differingReference(order, found, input.observed);
  const started = isLost ? NO_ACTIONS : planActions(order, found.actions ?? [], input);
  const attention = [
    ...(isLost ? [lost(order, found)] : fate(order, found)),
    ...differingSettings(order, found),
    ...findings(order, direct.findings),
    ...findings(order, closedValues({ values: order.values, orders: found.subOrders }, input.observed)),
    ...conversation(order, found, input.observed),
    ...started.attention,
    ...found.subOrders.flatMap((subOrder) =>
      deadlineAttention({ name: order.name, order: subOrder, source: order.source }, input),
    ),
  ];
  const isSame = writes.length === 0 && writesReference === null;
  if (isSame && started.starts.length === 0) return { change: null, attention, diagnostics: [] };
  const verb = isSame ? 'unchanged' : writes.length === 0 ? 'adopt' : 'update';
  const change: NumberOrderChange = {
    kind: 'NumberOrder',
    name: order.name,
    source: order.source,
    verb,
    actions: [
      ...(verb === 'unchanged' ? [] : ([verb] as const)),
      ...(started.starts.length === 0 ? [] : ['start' as const]),
    ],
    desired: order,
    observed: found,
    writes: sortWrites(writes),
    writesReference,
    ordersWith: null,
    orderedGroup: null,
    dependsOn: [],
    ...someStarts(started),
    consequences: [
      ...(isFoundByNumbers(order, found)
        ? [`number order ${found.id} has exactly these numbers: nothing is ordered`]
        : []),
      ...started.consequences,
    ],
    ...(writes.length === 0
      ? {}
      : wordsBeside(
          input.observed.comments,
          found.subOrders.map(({ id }) => id),
        )),
  };
  return { change, attention, diagnostics: actionsNotAllowed(order, started, input) };
}

/**
 * An order that is named by its id keeps its reference, unless the manifest states one or the reference is of
 * the former scope.
 */
function differingReference(
  order: BoundNumberOrder,
  { reference }: ObservedNumberOrder,
  observed: PlanInput['observed'],
): string | null {
  const isWritten = order.id === null || order.statesReference || isOfFormerScope(observed, reference);
  return isWritten && !sameReference(reference, order.reference) ? order.reference : null;
}

function isFoundByNumbers(order: BoundNumberOrder, { reference }: ObservedNumberOrder): boolean {
  return order.id === null && !sameReference(reference, order.reference);
}

function findings(order: BoundNumberOrder, findings: DirectValues['findings']): Attention[] {
  return findings.map(({ code, [PARTS]: parts, source }) =>
    about(order, code, parts, source ?? order.source),
  );
}

function diagnose(
  { name }: BoundNumberOrder,
  code: string,
  message: Sentence,
  { file, line }: SourcePosition,
): PlanDiagnostic {
  return { severity: 'error', code, ...worded(message), name, source: { file, line } };
}
