import { expect, test } from 'vitest';
import { changesOfParts, lostValues } from '../../src/apply/read-again.ts';
import { asRemoteId, type ObservedOrder } from '../../src/model/resource.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { observedOrder } from '../support/ordered.ts';

/** `{ requirement: [value, status] }` */
type Held = Readonly<Record<string, readonly [string, string | null]>>;

function part(held: Held, given: Partial<ObservedOrder> = {}): ObservedOrder {
  const [whole] = observedOrder('x').subOrders;
  if (whole === undefined) throw new Error('an order has parts');
  const holding = Object.entries(held).map(([requirementId, [value, status]]) => ({
    requirementId,
    fieldType: 'textual' as const,
    value: new Sensitive(value),
    status,
  }));
  return { ...whole, id: asRemoteId('part'), holdings: [holding], ...given };
}

const PLANNED: Held = { a: ['old', 'declined'], b: ['kept', 'approved'] };

test.each<[string, Held, string[]]>([
  ['nothing', PLANNED, []],
  ['a value', { ...PLANNED, a: ['theirs', 'declined'] }, ['requirement a has another value or status']],
  ['a status', { ...PLANNED, a: ['old', 'approved'] }, ['requirement a has another value or status']],
  [
    'a value that is gone',
    { ...PLANNED, b: ['', 'awaiting-value'] },
    ['requirement b has another value or status'],
  ],
  ['a value to the wanted one', { ...PLANNED, a: ['new', 'pending-approval'] }, []],
  ['requirements that came since', { ...PLANNED, c: ['', 'awaiting-value'] }, []],
  [
    'a value that came since',
    { ...PLANNED, c: ['x', 'pending-approval'] },
    ['requirement c has another value or status'],
  ],
])('Since it was planned, an order changed in %s.', (_, current, expected) => {
  expect(changesOfParts([part(PLANNED)], [part(current)], new Map([['a', 'new']]))).toEqual(expected);
});

test('A part that moved on is a change.', () => {
  const moved = part(PLANNED, { status: 'success', isOpen: false, holdings: [] });
  expect(changesOfParts([part(PLANNED)], [moved], new Map())).toEqual([
    'the status of part part is success, no longer pending',
  ]);
});

test.each<[string, Held, Partial<ObservedOrder>, string[]]>([
  ['keeps all', PLANNED, {}, []],
  ['loses a value that was not written', { a: ['new', 'pending-approval'] }, {}, ['requirement b']],
  ['is approved meanwhile', { ...PLANNED, b: ['kept', 'pending-approval'] }, {}, []],
  ['is closed meanwhile', {}, { isOpen: false }, []],
])('A write to an order that %s says what is lost.', (_, after, given, expected) => {
  const written = [{ requirementId: 'a', value: new Sensitive('new') }];
  expect(lostValues([part(PLANNED)], [part(after, given)], written)).toEqual(expected);
});
