import { describe, expect, it } from 'vitest';
import { followApply } from '../../../src/cli/apply/progress.ts';
import type { Outcome } from '../../../src/model/plan/outcome.ts';

function follow(total: number, isLive: boolean) {
  const said: string[] = [];
  let time = 0;
  const line = { step: (text: string) => void said.push(text), clear: () => void said.push('(cleared)') };
  const followed = followApply(line, { total, isLive, now: () => time });
  const finish = (name: string, message?: string) =>
    followed.onOutcome({
      kind: 'RequirementGroup',
      name,
      status: message === undefined ? 'applied' : 'failed',
      error: message === undefined ? null : { code: 'x', message },
    } as Outcome);
  return {
    said,
    finish,
    begin: (name: string) => followed.onProgress({ name, operation: 'create_address' }),
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
  };
}

describe('While an apply runs', () => {
  it('a terminal shows the change at work, and how many are done', () => {
    const { said, begin, finish } = follow(40, true);
    begin('de');
    finish('de');
    begin('fr\u001b');
    expect(said).toEqual(['0 of 40 · de: create address', '1 of 40 · fr\\u001b: create address']);
  });

  it('the time that is left is estimated once there is something to go by', () => {
    const { said, begin, finish, pass } = follow(40, true);
    for (const name of ['a', 'b', 'c', 'd']) finish(name);
    pass(60);
    begin('e');
    finish('e');
    begin('f');
    for (let done = 5; done < 38; done++) finish('g');
    begin('h');
    finish('i');
    finish('j');
    begin('k');
    expect(said).toEqual([
      '4 of 40 · e: create address',
      '5 of 40, about 7 min left · f: create address',
      '38 of 40, less than a minute left · h: create address',
      '40 of 40 · k: create address',
    ]);
  });

  it('a log gets a line a minute, not one for each operation', () => {
    const { said, begin, finish, pass } = follow(20, false);
    for (let minute = 0; minute < 3; minute++) {
      for (let change = 0; change < 5; change++) {
        begin('a');
        finish('a');
        pass(15);
      }
    }
    expect(said).toEqual([
      'Applied 4 of 20',
      'Applied 8 of 20, about 3 min left',
      'Applied 12 of 20, about 2 min left',
    ]);
  });

  it.each([
    [true, ['(cleared)', 'de failed: no such number\n']],
    [false, ['(cleared)', 'de failed: no such number']],
  ])('a failure is told at once, on a terminal: %s', (isLive, lines) => {
    const { said, finish } = follow(2, isLive);
    finish('fr');
    finish('de', 'no such number');
    expect(said).toEqual(lines);
  });
});
