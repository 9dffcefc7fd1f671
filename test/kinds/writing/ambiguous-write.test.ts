import { describe, expect, it } from 'vitest';
import { afterLoss, sendOnce } from '../../../src/kinds/writing/ambiguous-write.ts';
import {
  AuthenticationError,
  InterruptedError,
  MalformedAnswerError,
  UnreachableError,
} from '../../../src/model/errors.ts';
import { endOf, LOST, refused } from '../../support/scripted-run.ts';

type Step = string | null | Error;

/** One step after the other; what is thrown is thrown. */
function steps(name: string, given: readonly Step[], done: string[]): () => Promise<string> {
  const waiting = [...given];
  return async () => {
    done.push(name);
    const next = waiting.shift();
    if (next instanceof Error) throw next;
    return next as string;
  };
}

const WORDS = 'It is not known whether POST /something was processed: answered 503';

describe('what must not be done twice', () => {
  it.each<[string, readonly Step[], readonly Step[], unknown, string[]]>([
    ['is sent once', ['made'], [], 'made', ['send']],
    [
      'is looked for where the answer was lost, and not sent again',
      [LOST()],
      ['found'],
      'found',
      ['send', 'find'],
    ],
    ['is sent again where it is not found', [LOST(), 'made'], [null], 'made', ['send', 'find', 'send']],
    [
      'is sent three times at most',
      [LOST(), LOST(), LOST()],
      [null, null, null],
      LOST(),
      ['send', 'find', 'send', 'find', 'send', 'find'],
    ],
    [
      'is looked for after the last time, too',
      [LOST(), LOST(), LOST()],
      [null, null, 'found'],
      'found',
      ['send', 'find', 'send', 'find', 'send', 'find'],
    ],
    ['and is refused is not looked for', [refused()], [], refused(), ['send']],
    [
      'and cannot be sent is not looked for',
      [new UnreachableError('down')],
      [],
      new UnreachableError('down'),
      ['send'],
    ],
    [
      'and cannot be looked for, as it is interrupted, may have been done',
      [LOST()],
      [new InterruptedError('stop')],
      LOST(),
      ['send', 'find'],
    ],
    [
      'and cannot be sent again, as it is interrupted, may have been done',
      [LOST(), new InterruptedError('stop')],
      [null],
      LOST(),
      ['send', 'find', 'send'],
    ],
    [
      'and cannot be looked for, as nothing answers, may have been done',
      [LOST()],
      [new UnreachableError('down')],
      new UnreachableError(`${WORDS}; then: down`, { cause: new UnreachableError('down') }),
      ['send', 'find'],
    ],
    [
      'and is refused when it is sent again says so',
      [LOST(), refused()],
      [null],
      refused(),
      ['send', 'find', 'send'],
    ],
  ])('%s', async (_, send, find, expected, order) => {
    const done: string[] = [];
    const end = await endOf(sendOnce({ send: steps('send', send, done), find: steps('find', find, done) }));
    expect([end, done]).toEqual([expected, order]);
  });
});

describe('what follows a lost answer', () => {
  it.each([new AuthenticationError('no'), new MalformedAnswerError('no'), new UnreachableError('no')])(
    'ends in both, where there is no going on: $constructor.name',
    async (error) => {
      const end = (await endOf(afterLoss(LOST(), () => Promise.reject(error)))) as Error;
      expect(end.message).toBe(`${WORDS}; then: no`);
      expect(end.constructor).toBe(error.constructor);
      expect(end.cause).toBe(error);
    },
  );

  it('ends in the refusal where it was refused', async () => {
    expect(await endOf(afterLoss(LOST(), () => Promise.reject(refused())))).toEqual(refused());
  });

  it('ends as it does where none was lost', async () => {
    const stop = new InterruptedError('stop');
    expect(await endOf(afterLoss(null, () => Promise.reject(stop)))).toBe(stop);
    expect(await endOf(afterLoss(null, async () => 'done'))).toBe('done');
  });
});
