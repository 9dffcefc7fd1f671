import { describe, expect, it } from 'vitest';
import { countProblems, errorsLast, type Problem, type Severity } from '../../src/model/problem.ts';

const problem = (severity: Severity, code: string): Problem => ({ severity, code, message: code });
const [first, second] = [problem('error', 'first'), problem('error', 'second')];
const [warning, notice] = [problem('warning', 'warning'), problem('notice', 'notice')];

describe('Problems', () => {
  it('are shown with the errors last, and otherwise in their order', () => {
    expect(errorsLast([first, warning, second, notice])).toEqual([warning, notice, first, second]);
  });

  it.each([
    [[first], '1 problem'],
    [[first, second], '2 problems'],
    [[first, notice], '1 problem'],
    [[first, warning], '1 problem and 1 warning'],
    [[warning, first, warning], '1 problem and 2 warnings'],
  ])('are counted with the warnings beside them: case %#', (problems, words) => {
    expect(countProblems(problems)).toBe(words);
  });
});
