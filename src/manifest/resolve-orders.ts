import { compareText } from '../model/order.ts';
import {
  asReference,
  type DesiredNumberOrder,
  type DesiredPhoneNumber,
  type DesiredPortingOrder,
  type DesiredRequirement,
  NUMBER_ORDER_SETTINGS,
  references,
} from '../model/resource.ts';
import { Sensitive } from '../model/sensitive.ts';
import { Fault } from './fault.ts';
import {
  type NumberOrderManifest,
  type OrderManifest,
  type Origin,
  type Path,
  PORTING_DOCUMENTS,
  type PortingOrderManifest,
} from './manifest.ts';
import { resolveSettings } from './porting-settings.ts';
import { checkReference, describeFirst, type Resolution, resolveId } from './resolution.ts';
import { KEEP_ONE, resolveContent, resolveRequirements, resolveTextSource } from './resolve-requirements.ts';

export function resolveNumberOrder(
  { fields, origin }: NumberOrderManifest,
  resolution: Resolution,
): DesiredNumberOrder {
  const { scope } = resolution.options;
  const ownReference = references.numberOrder(scope, fields.name);
  const reference = asReference(fields.customer_reference ?? ownReference);
  const reserved = checkReference(reference, ownReference);
  if (reserved !== null) resolution.problems.push(origin.problem(['customer_reference'], reserved));
  if (fields.phone_numbers === undefined && fields.id === undefined) {
    resolution.problems.push(origin.problem([], WITHOUT_NUMBERS));
  }
  return {
    ...resolveOrder({ kind: 'NumberOrder', fields, origin }, resolution),
    reference,
    statesReference: fields.customer_reference !== undefined,
    id: resolveId(fields.id, origin),
    phoneNumbers: resolvePhoneNumbers(fields.phone_numbers ?? [], origin, resolution),
    settings: NUMBER_ORDER_SETTINGS.flatMap((key) => {
      const value = fields[key];
      return value === undefined ? [] : [{ key, value, source: origin.position([key]) }];
    }),
  };
}

const WITHOUT_NUMBERS = new Fault(
  'missing-key',
  'an order needs "phone_numbers"',
  'Only one that exists, named by "id", may leave them out.',
);

function resolvePhoneNumbers(
  written: readonly string[],
  origin: Origin,
  { problems }: Resolution,
): DesiredPhoneNumber[] {
  const pathTo = (index: number): Path => ['phone_numbers', index];
  const firstIndexes = new Map<string, number>();
  for (const [index, number] of written.entries()) {
    const firstIndex = firstIndexes.get(number);
    if (firstIndex === undefined) firstIndexes.set(number, index);
    else {
      const message = `this phone number is already given ${describeFirst(origin, pathTo, firstIndex, index)}`;
      problems.push(origin.problem(pathTo(index), new Fault('duplicate-number', message, KEEP_ONE)));
    }
  }
  return written
    .map((number, index) => ({ number, source: origin.position(pathTo(index)) }))
    .sort((a, b) => compareText(a.number, b.number))
    .map(({ number, source }) => ({ number: new Sensitive(number), source }));
}

export function resolvePortingOrder(
  { fields, origin }: PortingOrderManifest,
  resolution: Resolution,
): DesiredPortingOrder {
  const { requirements, ...order } = resolveOrder({ kind: 'PortingOrder', fields, origin }, resolution);
  return {
    ...order,
    id: resolveId(fields.id, origin),
    requirements: [...resolvePortingDocuments({ fields, origin }, resolution), ...requirements],
    settings: resolveSettings(
      { fields, origin },
      {
        readText: (source, path) => resolveTextSource(source, { origin, path, name: null }, resolution),
        report: (path, fault) => void resolution.problems.push(origin.problem(path, fault)),
      },
    ),
  };
}

/** Requirements with names of their own instead of ids: from here on they are values like others. */
function resolvePortingDocuments(
  { fields, origin }: Pick<PortingOrderManifest, 'fields' | 'origin'>,
  resolution: Resolution,
): DesiredRequirement[] {
  return PORTING_DOCUMENTS.flatMap((name): DesiredRequirement[] => {
    const document = fields.documents?.[name];
    if (document === undefined || document === null) return [];
    const path = ['documents', name];
    const content = resolveContent({ requirement: name, document }, { origin, path, name: null }, resolution);
    if (content === null) return [];
    const source = origin.position(path);
    return [{ requirement: `documents.${name}`, content, source, contentSource: source }];
  });
}

/** What both kinds of orders have in common. */
function resolveOrder({ fields, origin }: OrderManifest, resolution: Resolution) {
  const { name, requirement_group: group, requirements } = fields;
  if (group !== undefined && requirements?.length) {
    resolution.problems.push(origin.problem(['requirements'], TWO_OWNERS));
  }
  return {
    name,
    group: group === undefined ? null : { name: group, source: origin.position(['requirement_group']) },
    requirements: resolveRequirements(requirements ?? [], origin, resolution),
    source: origin.position([]),
  };
}

const TWO_OWNERS = new Fault(
  'conflicting-values',
  '"requirement_group" and "requirements" exclude one another: a value with two owners would take turns',
  'Keep the one that is to give the order its values.',
);
