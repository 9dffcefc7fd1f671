import { describe, expect, it } from 'vitest';
import { refuseForeign } from '../../../src/cli/session/read-state.ts';
import { RefusedError } from '../../../src/model/errors.ts';
import type { Problem } from '../../../src/model/problem.ts';

const at = (file: string, line: number): Problem => ({
  severity: 'error',
  code: 'foreign-group',
  message: `group at ${file}:${line} is of another scope`,
  source: { file, line, column: 1 },
});
const [first, second, third] = [at('groups/de.yaml', 1), at('groups/de.yaml', 20), at('groups/fr.yaml', 1)];

describe('manifests that mean what is not theirs', () => {
  it('stop nothing where there are none', () => {
    expect(() => refuseForeign([])).not.toThrow();
  });

  it.each([
    ['one', [second], 'group at groups/de.yaml:20 is of another scope', [second]],
    [
      'several, each told, and listed in the order of their lines',
      [third, second, first],
      'group at groups/fr.yaml:1 is of another scope; group at groups/de.yaml:20 is of another scope; group at groups/de.yaml:1 is of another scope',
      [first, second, third],
    ],
  ])('stop the whole run: %s', (_, refusals, message, problems) => {
    const refusal = (() => {
      try {
        return refuseForeign(refusals);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(RefusedError);
    expect(refusal).toMatchObject({ message, problems });
  });
});
