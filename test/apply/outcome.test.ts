import { describe, expect, it } from 'vitest';
import { describeError, NotAttemptedError } from '../../src/apply/outcome.ts';
import { ApiError, UnreachableError } from '../../src/model/errors.ts';
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

  it.each([
    ['/regulatory_requirements/0/field_value', 11],
    ['/regulatory_requirements/1/field_value', 12],
    ['regulatory_requirements/2', 13],
    ['/regulatory_requirements/3/field_value', 1],
    ['/customer_reference', 1],
  ])('stands at the line of the requirement that Telnyx points to: %s', (pointer, line) => {
    const at = (where: number) => ({ file: 'groups/de.yaml', line: where, column: 1 });
    const writes = ['a', 'b', 'c'].map((requirementId, index) => ({ requirementId, source: at(11 + index) }));
    const change = { kind: 'RequirementGroup', name: 'berlin', source: at(1), writes };
    const details = [{ code: '10015', title: 'Bad Request', detail: null, pointer }];
    const refusal = new ApiError(422, 'PATCH /requirement_groups/{id}', details, null);
    const progress = { ...PROGRESS, source: at(1) };
    expect(describeError(refusal, change as unknown as WritingChange, progress).source?.line).toBe(line);
  });
});
