import { expect, test } from 'vitest';
import { referenceKey, sameReference } from '../../src/model/reference.ts';

test.each([
  ['PO 7', 'PO 7', true],
  ['PO 7 ', 'PO 7', true],
  ['\tPO 7\u00a0', 'PO 7', true],
  ['Zu\u0308rich', 'Z\u00fcrich', true],
  ['PO  7', 'PO 7', false],
  ['po 7', 'PO 7', false],
  ['PO 7', 'PO 71', false],
  ['PO 7', null, false],
  [null, null, false],
  ['', '', false],
  [' ', null, false],
])('The references %j and %j are the same: %j.', (a, b, same) => {
  expect(sameReference(a, b)).toBe(same);
  expect(sameReference(b, a)).toBe(same);
});

test('An index by reference leaves out what has none.', () => {
  expect([' PO 7', '', ' ', null].map(referenceKey)).toEqual(['PO 7', null, null, null]);
});
