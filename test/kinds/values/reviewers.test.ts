import { describe, expect, it } from 'vitest';
import {
  commentAttention,
  isUnanswered,
  wordsBeside,
  wordsOfReviewers,
} from '../../../src/kinds/values/reviewers.ts';
import type { ReviewComment } from '../../../src/model/observed.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { sentence, textOf } from '../../../src/model/text/sentence.ts';

const reviewer = (body: string, createdAt = ''): ReviewComment => ({ body, byReviewer: true, createdAt });
const user = (body: string): ReviewComment => ({
  body,
  byReviewer: false,
  createdAt: '2026-06-03T09:00:00Z',
});
const read = (comment: ReviewComment): ReviewComment => ({ ...comment, readAt: '2026-06-04T09:00:00Z' });

describe('a question', () => {
  it.each<[string, ReviewComment[] | undefined, boolean]>([
    ['is open', [reviewer('Who?')], true],
    ['is open after an earlier answer', [user('She.'), reviewer('Who?')], true],
    ['is open beside one that is read', [reviewer('Who?'), read(reviewer('Where?'))], true],
    ['is answered', [reviewer('Who?'), user('She.')], false],
    ['is read', [read(reviewer('Who?'))], false],
    ['is not asked by a user', [user('Who?')], false],
    ['is not there', undefined, false],
  ])('%s', (_, comments, isOpen) => {
    expect(isUnanswered(comments)).toBe(isOpen);
  });
});

describe('the words of reviewers', () => {
  it.each<[string, ReviewComment[], string[]]>([
    ['are none where nobody wrote', [], []],
    ['are not those of users', [user('Here it is.')], []],
    [
      'have their author and date, the newest first',
      [reviewer('Too dark.', '2026-06-01T23:59:00Z'), reviewer('Still dark.', '2026-06-02T08:00:00Z')],
      ['Reviewer on 2026-06-02: "Still dark."', 'Reviewer on 2026-06-01: "Too dark."'],
    ],
    ['have no date where Telnyx gives none', [reviewer('Too dark.')], ['Reviewer: "Too dark."']],
    ['are on one line', [reviewer(' Too\r\n\tdark. \n')], ['Reviewer: "Too dark."']],
    [
      'are at most three, and one earlier is counted',
      ['a', 'b', 'c', 'd'].map((body) => reviewer(body)),
      ['Reviewer: "d"', 'Reviewer: "c"', 'Reviewer: "b"', '1 earlier comment: see Telnyx'],
    ],
    [
      'are at most three, and earlier ones are counted',
      ['a', 'b', 'c', 'd', 'e'].map((body) => reviewer(body)),
      ['Reviewer: "e"', 'Reviewer: "d"', 'Reviewer: "c"', '2 earlier comments: see Telnyx'],
    ],
    [
      'that are marked as read come after the others',
      [reviewer('a'), read(reviewer('b')), reviewer('c'), read(reviewer('d'))],
      ['Reviewer: "c"', 'Reviewer: "a"', 'Reviewer: "d"', '1 earlier comment: see Telnyx'],
    ],
    ['are whole up to 400 letters', [reviewer('ü'.repeat(400))], [`Reviewer: "${'ü'.repeat(400)}"`]],
    [
      'are cut beyond that, between letters',
      [reviewer('😀'.repeat(401))],
      [`Reviewer: "${'😀'.repeat(399)}…"`],
    ],
  ])('%s', (_, comments, words) => {
    expect(wordsOfReviewers(comments).map(textOf)).toEqual(words);
  });

  it('stand beside new values, each object asked for once', () => {
    const comments = new Map([
      [asRemoteId('g'), [reviewer('of the group')]],
      [asRemoteId('s'), [reviewer('of the order')]],
    ]);
    const ids = ['s', 'g', 's', 'x'].map((id) => asRemoteId(id));
    expect(wordsBeside(comments, ids)).toEqual({
      said: ['Reviewer: "of the order"', 'Reviewer: "of the group"'],
    });
    expect(wordsBeside(comments, [asRemoteId('x')])).toEqual({});
  });
});

describe('attention for comments', () => {
  const manifest = { name: 'berlin', source: { file: 'groups/a.yaml', line: 3, column: 1 } };
  const talk = [reviewer('Which floor?'), user('The second.'), reviewer('And which door?')];
  const code = 'order-comment';
  const item = (message: string, line = 3) => [
    { code, name: 'berlin', message, source: { file: 'groups/a.yaml', line } },
  ];

  it.each([
    [
      'is each reason of what was refused',
      talk,
      true,
      item('Reviewer: "And which door?" Reviewer: "Which floor?"'),
    ],
    ['is what was asked since the last answer', talk, false, item('Reviewer: "And which door?"')],
    ['is nothing where it only asked and was read', talk.map(read), false, []],
    [
      'is each reason of what was refused, read or not',
      [read(reviewer('Why?'))],
      true,
      item('Reviewer: "Why?"'),
    ],
    ['is nothing where all was answered', talk.slice(0, 2), false, []],
    ['is nothing where nobody wrote', undefined, true, []],
  ])('%s', (_, comments, isRefused, expected) => {
    expect(commentAttention(manifest, comments, { code, isRefused })).toEqual(expected);
  });

  it('names the order, and is at the line that is given', () => {
    const source = { ...manifest.source, line: 9 };
    const said = { code, isRefused: true, on: sentence`sub number order s`, source } as const;
    expect(commentAttention(manifest, [reviewer('Why?')], said)).toEqual(
      item('sub number order s: Reviewer: "Why?"', 9),
    );
  });
});
