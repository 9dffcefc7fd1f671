import { expect } from 'vitest';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';

/** For vitest, before every file: `toEqual` tells sensitive texts apart. They show nothing of themselves, so that without this all would be equal. */
expect.addEqualityTesters([
  (a: unknown, b: unknown) => (a instanceof Sensitive && b instanceof Sensitive ? a.equals(b) : undefined),
]);
