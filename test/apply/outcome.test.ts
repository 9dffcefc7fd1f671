import { describe, expect, it } from 'vitest';
import { describeError, NotAttemptedError } from '../../src/apply/outcome.ts';
import { UnreachableError } from '../../src/model/errors.ts';
import type { WritingChange } from '../../src/model/plan.ts';
import { UnknownOutcomeError } from '../../src/telnyx/client.ts';

const CHANGE = { kind: 'NumberOrder', name: 'berlin', source: null } as unknown as WritingChange;
const PROGRESS = { id: null, status: null, operations: [], warnings: [], source: null };

describe('what is said of an error', () => {
  it('is its kind and place where it is a fault of ours, which may quote a value', () => {
    const { code, message } = describeError(new TypeError('Jo Example is no date'), CHANGE, PROGRESS);
    expect(code).toBe('unexpected');
    expect(message).toContain('TypeError');
    expect(message).not.toContain('Jo Example');
  });

  it.each([
    new UnreachableError('No usable answer'),
    new NotAttemptedError('not attempted: its group was not finished'),
    new UnknownOutcomeError('POST /documents', 'answered 503', 503),
  ])('is what it says otherwise: $name', (error) => {
    expect(describeError(error, CHANGE, PROGRESS).message).toBe(error.message);
  });
});
