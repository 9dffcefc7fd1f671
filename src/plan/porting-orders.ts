import { compareText } from '../model/order.ts';
import type { Attention, AttentionCode, PortingOrderChange, ValueWrite } from '../model/plan.ts';
import { isDocumentPath, ruleOf } from '../model/porting.ts';
import type { SourcePosition } from '../model/problem.ts';
import type { BoundPortingOrder, BoundValue, Observed, ObservedPortingOrder } from '../model/resource.ts';
import { Sensitive } from '../model/sensitive.ts';
import { desiredForm, observedForm } from './normal-form.ts';
import type { OrdersPlan } from './orders.ts';
import type { PlanInput } from './plan.ts';
import { differingSettings } from './porting-settings.ts';
import { rejectedDocuments } from './reuse.ts';
import { writable } from './writable.ts';

/**
 * What manifests state of porting orders against what these hold, setting by setting and value by value. Their groups are
 * not looked at here: these are attached as by `attach:`.
 */
export function planPortingOrders({ portingOrders, observed }: PlanInput): OrdersPlan {
  const plans = [...portingOrders]
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap((order) => {
      const held = observed.portingOrders.get(order.name);
      return held === undefined ? [] : [planOrder(order, held, observed)];
    });
  return {
    changes: plans.flatMap(({ change }) => change ?? []),
    attention: plans.flatMap(({ attention }) => attention),
    diagnostics: [],
  };
}

interface PlannedOrder {
  readonly change: PortingOrderChange | null;
  readonly attention: readonly Attention[];
}

function planOrder(order: BoundPortingOrder, held: ObservedPortingOrder, observed: Observed): PlannedOrder {
  const differing = differingSettings(order.settings, held.settings);
  const values = order.values.map((value) => compareValue(value, held, observed));
  const settings = differing.filter(({ path }) => held.isOpen || ruleOf(path).written === 'always');
  const differingValues = values.filter(differs);
  const writes = held.isOpen ? differingValues : [];
  const rejected = rejectedAttention(order, held, observed);
  const attention = [
    ...rejected,
    ...declinedAttention(order, held, values),
    ...closedAttention(order, held, [
      ...differing
        .filter((setting) => !settings.includes(setting))
        .map(({ path, source }) => ({ name: path as string, source })),
      ...(held.isOpen ? [] : differingValues.map(nameValue)),
    ]),
  ];
  if (rejected.length > 0 || settings.length + writes.length === 0) return { change: null, attention };
  const change: PortingOrderChange = {
    kind: 'PortingOrder',
    name: order.name,
    source: order.source,
    verb: 'update',
    actions: ['update'],
    desired: order,
    observed: held,
    settings,
    writes,
    dependsOn: [],
    consequences: writes.flatMap(overwritten),
  };
  return { change, attention };
}

function compareValue(stated: BoundValue, held: ObservedPortingOrder, observed: Observed): ValueWrite {
  const current = currentOf(stated, held);
  const value = { ...stated, requirement: { ...stated.requirement, ...current } };
  return {
    requirementId: stated.requirement.id,
    requirementName: value.requirement.name,
    fieldType: value.requirement.fieldType,
    value: writable(value, observed),
    before: observedForm(current.value, value, observed),
    after: desiredForm(value),
    observedStatus: current.status,
    source: stated.contentSource,
  };
}

/** What the order itself says of a requirement is what it is; a document is one of the order's settings. */
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

/** Unlike a number order, a porting order does not keep what is approved (documented). */
function overwritten({ requirementName, observedStatus }: ValueWrite): string[] {
  return observedStatus === 'approved'
    ? [`the approved "${requirementName}" is overwritten: expect a new review`]
    : [];
}

/* ---- What a person should know ---- */

interface Named {
  readonly name: string;
  readonly source: SourcePosition;
}

function nameValue({ requirementName, source }: ValueWrite): Named {
  return { name: requirementName, source };
}

function closedAttention(
  order: BoundPortingOrder,
  held: ObservedPortingOrder,
  left: readonly Named[],
): Attention[] {
  const [first] = left;
  if (first === undefined) return [];
  const names = left.map(({ name }) => name).join(', ');
  const message = `porting order ${held.id} is ${held.status}: it is left with what it holds for ${names}`;
  return [about(order, 'order-closed', message, first.source)];
}

function declinedAttention(
  order: BoundPortingOrder,
  held: ObservedPortingOrder,
  values: readonly ValueWrite[],
): Attention[] {
  return values
    .filter((value) => value.observedStatus === 'requirement-info-exception' && !differs(value))
    .map(({ requirementName, source }) =>
      about(
        order,
        'order-declined',
        `porting order ${held.id}: a reviewer declined "${requirementName}", and the manifest still states the same; change it`,
        source,
      ),
    );
}

function rejectedAttention(
  order: BoundPortingOrder,
  held: ObservedPortingOrder,
  observed: Observed,
): Attention[] {
  const requirements = order.values.map((value) => ({
    requirementId: value.requirement.id,
    value: currentOf(value, held).value,
  }));
  return rejectedDocuments(order, { requirements }, observed).map(({ rejected, path, requirementName }) =>
    about(
      order,
      rejected === 'infected' ? 'infected-document' : 'denied-document',
      `${requirementName}: Telnyx ${rejected === 'infected' ? 'found a virus in' : 'denied'} ${path}; nothing is done to this order until it is replaced`,
      order.source,
    ),
  );
}

function about(
  order: BoundPortingOrder,
  code: AttentionCode,
  message: string,
  { file, line }: SourcePosition,
): Attention {
  return { code, name: order.name, message, source: { file, line } };
}
