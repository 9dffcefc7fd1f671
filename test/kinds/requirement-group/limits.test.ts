import { describe, expect, it } from 'vitest';
import { checkLimits } from '../../../src/kinds/requirement-group/limits.ts';
import { textOf } from '../../../src/model/text/sentence.ts';

describe('a run that deletes groups', () => {
  const usual = { maxDeletes: 10, maxDeleteFraction: 0.3 };
  const none = { maxDeletes: 0, maxDeleteFraction: 0.3 };
  const any = { maxDeletes: 1000, maxDeleteFraction: 1 };

  it.each([
    { deletes: 0, owned: 0, limits: none, message: null },
    { deletes: 10, owned: 100, limits: usual, message: null },
    {
      deletes: 11,
      owned: 100,
      limits: usual,
      message: '11 groups would be deleted; limits.max_deletes allows 10',
      setting: 'max_deletes: 11',
    },
    {
      deletes: 1,
      owned: 100,
      limits: none,
      message: '1 group would be deleted; limits.max_deletes allows 0',
      setting: 'max_deletes: 1',
    },
    { deletes: 3, owned: 10, limits: usual, message: null },
    {
      deletes: 4,
      owned: 10,
      limits: usual,
      message: '4 of 10 groups would be deleted (0.40); limits.max_delete_fraction allows 0.3',
      setting: 'max_delete_fraction: 0.4',
    },
    {
      deletes: 4,
      owned: 13,
      limits: usual,
      message: '4 of 13 groups would be deleted (0.31); limits.max_delete_fraction allows 0.3',
      setting: 'max_delete_fraction: 0.31',
    },
    { deletes: 9, owned: 9, limits: usual, message: null },
    { deletes: 5, owned: 0, limits: usual, message: null },
    { deletes: 1000, owned: 1000, limits: any, message: null },
    {
      deletes: 11,
      owned: 11,
      limits: usual,
      message: '11 groups would be deleted; limits.max_deletes allows 10',
      setting: 'max_deletes: 11',
    },
  ])(
    'may delete $deletes of $owned where the limits are $limits, or is told why not: $message',
    ({ deletes, owned, limits, message, setting }) => {
      const exceeded = checkLimits(deletes, owned, limits);
      expect(exceeded && { ...exceeded, message: textOf(exceeded.message) }).toEqual(
        message === null ? null : { message, setting },
      );
    },
  );
});
