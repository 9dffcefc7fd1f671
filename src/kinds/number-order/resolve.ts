import { Fault } from '../../manifest/fault.ts';
import type { Manifest, Origin, Path } from '../../manifest/manifest.ts';
import { checkReference, describeFirst, type Resolution, resolveId } from '../../manifest/resolution.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import { references } from '../../model/reference-names.ts';
import {
  asReference,
  type DesiredNumberOrder,
  type DesiredPhoneNumber,
  NUMBER_ORDER_SETTINGS,
} from '../../model/resource.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { resolveOrder } from '../stated/order.ts';
import { KEEP_ONE } from '../stated/requirements.ts';

export function resolveNumberOrder(
  { fields, origin }: Manifest<'NumberOrder'>,
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
  'Write the numbers, or the "id" of an existing order.',
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
