import { expect, it } from 'vitest';
import { isSaid, unreadIn } from '../../src/apply/reply.ts';
import type { ThreadComment } from '../../src/kinds/reading/threads.ts';
import { asRemoteId } from '../../src/model/resource.ts';

const comment = (body: string, given: Partial<ThreadComment> = {}): ThreadComment => ({
  id: asRemoteId(body),
  body,
  byReviewer: false,
  createdAt: '',
  ...given,
});
const question = (body: string, readAt: string | null = null) => comment(body, { byReviewer: true, readAt });

it.each<[string, readonly ThreadComment[], string, boolean]>([
  ['is not, where nobody wrote', [], 'Yes.', false],
  ['is, where it is the last word', [question('Well?'), comment('Yes.')], 'Yes.', true],
  [
    'is, with other blanks and marks composed otherwise',
    [comment('Cafe\u0301 \r\n 1 ')],
    ' Caf\u00e9\n1',
    true,
  ],
  ['is, before another word of ours', [comment('Yes.'), comment('And no.')], 'Yes.', true],
  ['is not, where a reviewer wrote after it', [comment('Yes.'), question('Why?')], 'Yes.', false],
  ['is not, where the reviewer wrote the same', [question('Yes.')], 'Yes.', false],
  ['is not, with its blanks gone', [comment('Ye s.')], 'Yes.', false],
  ['is not, in another case', [comment('yes.')], 'Yes.', false],
])('a text is said already: %s', (_, comments, text, expected) => {
  expect(isSaid(comments, text)).toBe(expected);
});

it('only comments of reviewers that have an id and no mark are unread', () => {
  const open = question('Open?');
  const all = [comment('Ours.'), question('Read?', '2026-06-01'), { ...question('Odd?'), id: null }, open];
  expect(unreadIn(all)).toEqual([open]);
});
