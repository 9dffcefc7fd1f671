import { describe, expect, it } from 'vitest';
import {
  added,
  joined,
  named,
  option,
  quoted,
  type Sentence,
  said,
  sentence,
  typed,
  worded,
} from '../../../src/model/text/sentence.ts';
import { renderClause, renderMessage, renderMessageLines } from '../../../src/render/markdown/message.ts';

describe('a message in Markdown', () => {
  it.each<[string, Sentence, string]>([
    ['our words', sentence`is under review`, 'Is under review.'],
    [
      'a name',
      sentence`${named('Passport')} expires tomorrow (2026-06-02)`,
      '`Passport` expires tomorrow (2026-06-02).',
    ],
    [
      'a name without its quotes',
      sentence`no value for ${quoted('Tax `ID`')}`,
      'No value for `` Tax `ID` ``.',
    ],
    ['a line to type', sentence`remove ${typed('manage: observe')}`, 'Remove `manage: observe`.'],
    ['an option', sentence`${option('prune')} keeps it.`, '`--prune` keeps it.'],
    [
      'an option to add',
      sentence`to delete it, ${added('allow-delete', 'a')}`,
      'To delete it, add `--allow-delete a`.',
    ],
    ['a question', sentence`did you mean ${quoted('a')}?`, 'Did you mean `a`?'],
    ['hostile names', joined([named('@all #1'), named('<b>')], ', '), '`@all #1`, `<b>`.'],
  ])('shows %s as prose and code', (_, parts, expected) => {
    expect(renderMessage(worded(parts))).toBe(expected);
  });

  it('is code as a whole where its parts are not known', () => {
    expect(renderMessage({ message: 'is under review @all' })).toBe('`is under review @all`');
    expect(renderMessageLines({ message: 'is under review' })).toEqual(['`is under review`']);
  });

  it('in the middle of a line stays as it is', () => {
    expect(renderClause(worded(sentence`is ${named('declined')} now`))).toBe('is `declined` now');
  });

  it('has each quotation of a reviewer as a block, and what follows it apart', () => {
    const [first, second] = [
      sentence`Reviewer on 2026-06-02: ${said('Too dark.')}`,
      sentence`Reviewer: ${said('> @all')}`,
    ];
    const parts = sentence`sub number order ${named('id-1')}: ${joined([first, second, sentence`2 earlier comments: see Telnyx`], ' ')}`;
    expect(renderMessageLines(worded(parts))).toEqual([
      'Sub number order `id-1`: Reviewer on 2026-06-02:',
      '> `Too dark.`',
      '',
      'Reviewer:',
      '> `> @all`',
      '',
      '2 earlier comments: see Telnyx.',
    ]);
  });
});
