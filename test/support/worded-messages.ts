import { expect } from 'vitest';
import { PARTS } from '../../src/model/text/sentence.ts';

/** For vitest, before every file: `toEqual` compares what is said, as files and digests do. Tests of sentences compare their parts. */
expect.addEqualityTesters([
  function (a: unknown, b: unknown, testers) {
    return hasParts(a) || hasParts(b) ? this.equals(withoutParts(a), withoutParts(b), testers) : undefined;
  },
]);

function hasParts(value: unknown): boolean {
  return typeof value === 'object' && value !== null && PARTS in value;
}

function withoutParts(value: unknown): unknown {
  return hasParts(value) ? Object.fromEntries(Object.entries(Object(value))) : value;
}
