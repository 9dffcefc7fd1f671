import { reveal } from '../../model/privacy/sensitive.ts';
import type { Problem, SourcePosition } from '../../model/problem.ts';
import type { DesiredNumberOrder } from '../../model/resource.ts';
import { digitsOf } from '../../telnyx/order-numbers.ts';
import type { NumberOrderRow } from '../../telnyx/types.ts';

/**
 * Compares the numbers of a manifest with those of its order, which are fixed once it is placed (described:
 * no request changes them).
 */
export function checkNumbers(order: DesiredNumberOrder, row: NumberOrderRow): Problem[] {
  const [first] = order.phoneNumbers;
  if (first === undefined) return [];
  const placed = new Set(row.phoneNumbers.map(({ phoneNumber }) => digitsOf(phoneNumber)));
  const stated = new Set(order.phoneNumbers.map(({ number }) => digitsOf(reveal(number))));
  const isWhole = placed.size > 0 && placed.size >= (row.phoneNumbersCount ?? placed.size);
  const added = isWhole
    ? order.phoneNumbers.filter(({ number }) => !placed.has(digitsOf(reveal(number))))
    : [];
  const unnamed = [...placed].filter((number) => !stated.has(number)).length;
  return [
    ...added.map(({ source }) => fixed(row, 'it does not have this one', source)),
    ...(unnamed === 0
      ? []
      : [fixed(row, `it has ${unnamed} that the manifest does not state`, first.source)]),
  ];
}

function fixed({ id }: NumberOrderRow, why: string, source: SourcePosition): Problem {
  return {
    severity: 'error',
    code: 'order-numbers-fixed',
    message: `the numbers of order ${id} cannot change, and ${why}`,
    hint: 'Write the ordered numbers into this manifest. For other numbers, add another NumberOrder.',
    source,
  };
}
