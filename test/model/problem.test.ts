import { describe, expect, it } from 'vitest';
import {
  countProblems,
  errorsLast,
  foldWarnings,
  type Problem,
  type Severity,
} from '../../src/model/problem.ts';

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

  it('of one code are one line, if they only warn, with the places of the others', () => {
    const at = (severity: Severity, line: number, hint = 'mend it'): Problem => ({
      severity,
      code: 'plain',
      message: `document ${line} is plain`,
      hint,
      source: { file: 'a.yaml', line, column: 3 },
      excerpt: 'document: «…»',
    });
    expect(
      foldWarnings([at('warning', 1), first, at('warning', 2), at('notice', 3), at('warning', 4, '')]),
    ).toEqual([
      {
        severity: 'warning',
        code: 'plain',
        message: 'document 1 is plain (and 1 more: a.yaml:2)',
        hint: 'mend it',
        source: { file: 'a.yaml', line: 1, column: 3 },
      },
      first,
      at('notice', 3),
      at('warning', 4, ''),
    ]);
    const errors = [at('error', 1), at('error', 2)];
    expect(foldWarnings(errors)).toEqual(errors);
    const [folded] = foldWarnings(Array.from({ length: 9 }, (_, index) => at('warning', index + 1)));
    expect(folded?.message).toBe(
      'document 1 is plain (and 8 more: a.yaml:2, a.yaml:3, a.yaml:4, a.yaml:5, a.yaml:6, …)',
    );
  });
});
