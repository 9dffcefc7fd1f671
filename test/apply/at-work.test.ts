import { expect, it } from 'vitest';
import { changeAtWork, whileAtWork } from '../../src/apply/at-work.ts';
import { groupChange } from '../support/scripted-run.ts';

it('each request is for the change that is at work, though several are', async () => {
  const seen = async () => {
    const before = changeAtWork()?.name;
    await Promise.resolve();
    return [before, changeAtWork()?.name];
  };
  const both = ['a', 'b'].map((name) => whileAtWork(groupChange({ name }), seen));
  expect(await Promise.all(both)).toEqual([
    ['a', 'a'],
    ['b', 'b'],
  ]);
  expect(changeAtWork()).toBeNull();
});
