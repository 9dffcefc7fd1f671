import { expect } from 'vitest';
import { Sensitive } from '../../src/model/sensitive.ts';

/** With this imported, `toEqual` tells sensitive texts apart. They show nothing of themselves, so that all are equal without it. */
expect.addEqualityTesters([
  (a: unknown, b: unknown) => (a instanceof Sensitive && b instanceof Sensitive ? a.equals(b) : undefined),
]);
