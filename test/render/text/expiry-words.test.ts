import { expect, it } from 'vitest';
import type { Attention } from '../../../src/model/plan/plan.ts';
import { expiryWords } from '../../../src/render/text/expiry-words.ts';

const attention = (code: Attention['code'], name: string): Attention => ({ code, name, message: '' });

it.each([
  ['nothing expires', [attention('declined', 'de')], ''],
  [
    'something does, each name once',
    [attention('expiring', 'de'), attention('expired', 'fr'), attention('expired', 'de')],
    'exit code 6: something has expired, or expires within 30 days, in de, fr\n',
  ],
  [
    'much does',
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => attention('expiring', name)),
    'exit code 6: something has expired, or expires within 30 days, in a, b, c, d, e, 2 more\n',
  ],
])('the line about exit code 6 says why, if %s', (_, found, line) => {
  expect(expiryWords(found, 30)).toBe(line);
});
