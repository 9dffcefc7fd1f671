import { expect, test } from 'vitest';
import { changesOfParts, lostValues } from '../../../src/kinds/writing/read-again.ts';
import type { ObservedOrder } from '../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { observedOrder } from '../../support/ordered.ts';

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

test('A part that came since is no change by its status.', () => {
  const other = part({}, { id: asRemoteId('other'), status: 'success' });
  expect(changesOfParts([part(PLANNED)], [part(PLANNED), other], new Map())).toEqual([]);
});

test('A requirement that changed at several numbers is named once, after what became of the parts.', () => {
  const [one = [], two = []] = [part({ a: ['x', null] }), part({ a: ['y', null] })].flatMap(
    ({ holdings }) => holdings,
  );
  const current = part({}, { status: 'strange', holdings: [one, two] });
  expect(changesOfParts([part(PLANNED)], [current], new Map())).toEqual([
    'the status of part part is strange, no longer pending',
    'requirement a has another value or status',
  ]);
});

test('A value that is written in another form of its date is none that changed, nor one that is lost.', () => {
  const planned = part({ a: ['2026-06-01', 'approved'] });
  const current = part({ a: ['2026-06-01T00:00:00.000Z', 'approved'] });
  expect(changesOfParts([planned], [current], new Map())).toEqual([]);
  expect(lostValues([planned], [current], [])).toEqual([]);
});

test('A requirement that several numbers lost is named once, and nothing is lost with a part that is gone.', () => {
  const [held = []] = part(PLANNED).holdings;
  const before = part({}, { holdings: [held, held] });
  expect(lostValues([before], [part({ a: ['', null] })], [])).toEqual(['requirement a', 'requirement b']);
  expect(lostValues([before], [part({}, { id: asRemoteId('other') })], [])).toEqual([]);
});

test('A requirement without a value has none to lose.', () => {
  expect(lostValues([part({ a: ['', 'awaiting-value'] })], [part({})], [])).toEqual([]);
});
