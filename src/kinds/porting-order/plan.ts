import type { Observed } from '../../model/observed.ts';
import type { ObservedPortingOrder } from '../../model/orders/observed-order.ts';
import { isDocumentPath, ruleOf, type SettingWrite } from '../../model/orders/porting.ts';
import type { PortingOrderChange, ValueWrite } from '../../model/plan/change.ts';
import type { PlanInput } from '../../model/plan/decisions.ts';
import type { Attention } from '../../model/plan/plan.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import type { BoundPortingOrder, BoundValue } from '../../model/resource.ts';
import { dateOf } from '../../model/text/calendar.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { joined, named, quoted, sentence, typed } from '../../model/text/sentence.ts';
import { joinPlans, type KindPlan, type PlannedOne } from '../kind.ts';
import { about } from '../values/about.ts';
import { actionsNotAllowed, NO_ACTIONS, planActions } from '../values/actions.ts';
import { expiryAttention, statedExpiry } from '../values/expiries.ts';
import { type RejectedDocument, rejectedAttention, rejectedDocuments } from '../values/reuse.ts';
import { commentAttention, wordsBeside } from '../values/reviewers.ts';
import { writeOf } from '../values/writable.ts';
import { differingSettings, maskedSettings } from './differing-settings.ts';
import { exceptionAttention } from './exceptions.ts';

/**
 * Compares the manifests of porting orders with the orders, setting by setting and value by value. Groups are
 * attached elsewhere, as by `attach:`.
 */
export function planPortingOrders(input: PlanInput): KindPlan<'PortingOrder'> {
  const { PortingOrder: portingOrders, observed } = input;
  const plans = [...portingOrders]
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap((order) => {
      const held = observed.PortingOrder.get(order.name);
      return held === undefined ? [] : [planOrder(compareOrder(order, held, input), input)];
    });
  return joinPlans(plans);
}

/** An order and its manifest. */
interface Comparison {
  readonly order: BoundPortingOrder;
  readonly held: ObservedPortingOrder;
  /** The settings that differ. */
  readonly settings: readonly SettingWrite[];
  /** The settings that the order shows as masks. */
  readonly masked: readonly SettingWrite[];
  /** All values that the manifest states. */
  readonly values: readonly ValueWrite[];
}

function compareOrder(
  order: BoundPortingOrder,
  held: ObservedPortingOrder,
  { observed, restated }: PlanInput,
): Comparison {
  const brought = restated?.get(order.name);
  return {
    order,
    held,
    settings: differingSettings(order.settings, held.settings, brought),
    masked: held.isOpen ? maskedSettings(order.settings, held.settings, brought) : [],
    values: order.values.map((value) => compareValue(value, held, observed)),
  };
}

function planOrder(comparison: Comparison, input: PlanInput): PlannedOne<'PortingOrder'> {
  const { order, held } = comparison;
  const { observed, warnDays } = input;
  const differing = comparison.settings.filter((setting) => isWritten(setting, held));
  const settings = [...differing, ...(differing.length === 0 ? [] : comparison.masked)];
  const writes = held.isOpen ? comparison.values.filter(differs) : [];
  const rejected = rejectedIn(order, held, observed);
  const started = held.isOpen ? planActions(order, held.actions ?? [], input) : NO_ACTIONS;
  const { starts } = started;
  const attention = [
    ...rejectedAttention(order, 'order', rejected),
    ...declinedAttention(comparison),
    ...(settings.length === 0 ? maskedAttention(comparison) : []),
    ...conversation(comparison, observed),
    ...started.attention,
    ...(held.isOpen ? expiries(order, dateOf(observed.readAtMs), warnDays) : closedAttention(comparison)),
  ];
  const isSame = settings.length + writes.length === 0;
  if (rejected.length > 0 || (isSame && starts.length === 0))
    return { change: null, attention, diagnostics: [] };
  const change: PortingOrderChange = {
    kind: 'PortingOrder',
    name: order.name,
    source: order.source,
    verb: isSame ? 'unchanged' : 'update',
    actions: [...(isSame ? [] : ['update' as const]), ...(starts.length === 0 ? [] : ['start' as const])],
    desired: order,
    observed: held,
    settings,
    writes,
    ...(starts.length === 0 ? {} : { starts }),
    dependsOn: [],
    consequences: [...writes.flatMap(overwritten), ...started.consequences],
    ...(isSame ? {} : wordsBeside(observed.comments, [held.id])),
  };
  return { change, attention, diagnostics: actionsNotAllowed(order, started, input) };
}

function isWritten({ path }: SettingWrite, held: ObservedPortingOrder): boolean {
  return held.isOpen || ruleOf(path).written === 'always';
}

function compareValue(stated: BoundValue, held: ObservedPortingOrder, observed: Observed): ValueWrite {
  const current = currentOf(stated, held);
  return writeOf({ ...stated, requirement: { ...stated.requirement, ...current } }, observed, current);
}

/** Returns the requirement as the order itself describes it. A document is one of the order's settings. */
function currentOf({ requirement: { id, name, fieldType } }: BoundValue, held: ObservedPortingOrder) {
  if (isDocumentPath(id)) {
    const document = held.settings.get(id);
    const value = document instanceof Sensitive ? document : UNSET;
    return { name, fieldType: 'document', value, status: null } as const;
  }
  const own = held.requirements.find(({ requirementId }) => requirementId === id);
  return {
    name: own?.name ?? name,
    fieldType: own === undefined || own.fieldType === 'unknown' ? fieldType : own.fieldType,
    value: own?.value ?? UNSET,
    status: own?.status ?? null,
  };
}

const UNSET = new Sensitive('');

function differs({ before, after }: ValueWrite): boolean {
  return before === null || !before.equals(after);
}

/** Describes a loss: unlike a number order, a porting order does not keep approved values (documented). */
function overwritten({ requirementName, observedStatus }: ValueWrite): string[] {
  return observedStatus === 'approved'
    ? [`the approved "${requirementName}" is overwritten: expect a new review`]
    : [];
}

/** ---- Attention ---- */

/** What the other carrier and Telnyx's reviewers say of it. */
function conversation({ order, held, settings, values }: Comparison, observed: Observed): Attention[] {
  const declined = values.filter(({ observedStatus }) => observedStatus === 'requirement-info-exception');
  const changed = new Set(settings.filter((setting) => isWritten(setting, held)).map(({ path }) => path));
  return [
    ...exceptionAttention({ manifest: order, order: held, stated: order.settings, changed }),
    ...commentAttention(order, observed.comments.get(held.id), {
      code: 'order-comment',
      isRefused: held.status === 'exception' || declined.length > 0,
      on: sentence`porting order ${named(held.id)}`,
      source: declined[0]?.source,
    }),
  ];
}

/** Says what a comparison cannot see, because a person who changed such a text waits for it to be written. */
function maskedAttention({ order, held, masked }: Comparison): Attention[] {
  return masked.map(({ path, source }) => {
    const key = path.split('.').at(-1);
    const shows = held.settings.get(path)
      ? sentence`shows ${named(path)} as a mask`
      : sentence`does not show ${named(path)}`;
    const message = sentence`porting order ${named(held.id)} ${shows}, so regsync cannot tell whether it is the one in the manifest, and does not write it. If you changed it outside of the manifest, as in a variable, write ${typed(`${key}: null`)}, apply, then write the new one and apply again`;
    return about(order, 'order-masked', message, source);
  });
}

function closedAttention({ order, held, settings, values }: Comparison): Attention[] {
  const left = [
    ...settings
      .filter((setting) => !isWritten(setting, held))
      .map(({ path, source }) => ({ name: path as string, source })),
    ...values.filter(differs).map(({ requirementName, source }) => ({ name: requirementName, source })),
  ];
  const [first] = left;
  if (first === undefined) return [];
  const names = joined(
    left.map(({ name }) => named(name)),
    ', ',
  );
  const message = sentence`porting order ${named(held.id)} is ${named(held.status)}: it keeps its own values for ${names}`;
  return [about(order, 'order-closed', message, first.source)];
}

function declinedAttention({ order, held, values }: Comparison): Attention[] {
  return values
    .filter((value) => value.observedStatus === 'requirement-info-exception' && !differs(value))
    .map(({ requirementName, source }) =>
      about(
        order,
        'order-declined',
        sentence`porting order ${named(held.id)}: a reviewer declined ${quoted(requirementName)}, and the manifest still states the same; change it`,
        source,
      ),
    );
}

/** Returns the expiries that manifests state of the order's documents. Telnyx states none. */
function expiries(order: BoundPortingOrder, today: string, warnDays: number): Attention[] {
  return order.values.flatMap((value) => {
    const { contentSource: source, requirement } = value;
    const expiry = { name: requirement.name, date: statedExpiry(value), source };
    return expiryAttention(order, expiry, { today, warnDays });
  });
}

function rejectedIn(
  order: BoundPortingOrder,
  held: ObservedPortingOrder,
  observed: Observed,
): RejectedDocument[] {
  if (!held.isOpen) return [];
  const requirements = order.values.map((value) => ({
    requirementId: value.requirement.id,
    value: currentOf(value, held).value,
  }));
  return rejectedDocuments(order, { requirements }, observed);
}
