import { describe, expect, it } from 'vitest';
import {
  added,
  joined,
  type MessagePart,
  named,
  option,
  plain,
  quoted,
  readParts,
  said,
  sentence,
  textOf,
  typed,
} from '../../../src/model/text/sentence.ts';

const WORDS = { yes: 'is', no: 'is not' } as const;

describe('a sentence', () => {
  it.each([
    ['prose alone', sentence`is under review`, 'is under review', ['is under review']],
    [
      'a name',
      sentence`group ${named('id-1')} is deleted`,
      'group id-1 is deleted',
      ['group ', named('id-1'), ' is deleted'],
    ],
    ['a name in quotes', sentence`${quoted('a')} waits`, '"a" waits', [quoted('a'), ' waits']],
    ['something to type', sentence`see ${typed('a: b')}`, 'see `a: b`', ['see ', typed('a: b')]],
    ['an option', sentence`use ${option('prune')}`, 'use --prune', ['use ', option('prune')]],
    [
      'an option to add',
      sentence`to delete it, ${added('allow-delete', 'a')}`,
      'to delete it, add --allow-delete a',
      ['to delete it, ', added('allow-delete', 'a')],
    ],
    [
      'the words of a reviewer',
      sentence`Reviewer: ${said('No.')}`,
      'Reviewer: "No."',
      ['Reviewer: ', said('No.')],
    ],
    ['a number, which is prose', sentence`${2} of ${3}`, '2 of 3', ['2 of 3']],
    ['words from a table, which are prose', sentence`it ${WORDS.yes} so`, 'it is so', ['it is so']],
    [
      'another sentence',
      sentence`it ${sentence`is ${named('declined')}`} now`,
      'it is declined now',
      ['it is ', named('declined'), ' now'],
    ],
    [
      'a day and a country',
      sentence`${plain('2027-01-01')} in ${plain('DE')}`,
      '2027-01-01 in DE',
      ['2027-01-01 in DE'],
    ],
    ['another text than a day', sentence`on ${plain('@all')}`, 'on @all', ['on ', named('@all')]],
    [
      'a list',
      joined(['a', 'b', 'c'].map(quoted), ', '),
      '"a", "b", "c"',
      [quoted('a'), ', ', quoted('b'), ', ', quoted('c')],
    ],
    ['nothing', joined([], ', '), '', []],
  ])('of %s has one text and its parts', (_, made, text, parts) => {
    expect(textOf(made)).toBe(text);
    expect(made).toEqual(parts);
  });

  it('takes no text that may come from outside as prose', () => {
    const outside: string = 'x';
    // @ts-expect-error: the type of a literal is ours, and `string` may be anything.
    expect(textOf(sentence`so ${outside}`)).toBe('so x');
    // @ts-expect-error
    expect(textOf(joined([named('a'), named('b')], outside))).toBe('axb');
    // @ts-expect-error
    const part: MessagePart = outside;
    expect(part).toBe('x');
  });
});

describe('parts that were read', () => {
  const parts = sentence`group ${named('id-1')}: ${said('No.')}`;
  const message = 'group id-1: "No."';

  it('are those that were written', () => {
    expect(readParts(JSON.parse(JSON.stringify(parts)), message)).toEqual(parts);
  });

  it.each<[string, unknown]>([
    ['of another message', sentence`group ${named('id-2')}: ${said('No.')}`],
    ['in an unknown form', [{ as: 'html', text: message }]],
    ['without a text', [{ as: 'name' }]],
    ['that are a text', message],
    ['that are nothing', null],
    ['that are numbers', [1]],
  ])('%s are none', (_, value) => {
    expect(readParts(value, message)).toBe(null);
  });
});
