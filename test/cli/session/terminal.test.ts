import { describe, expect, it } from 'vitest';
import { endingAfterLoss } from '../../../src/cli/session/terminal.ts';
import { EXIT } from '../../../src/model/exit.ts';

const NOTHING = { out: null, err: null };
const UNREAD = { out: 'EPIPE', err: 'EPIPE' };

describe('the exit code of a run whose output', () => {
  it.each(Object.values(EXIT))('was read, or that nobody wanted to read any more, stays %i', (exit) => {
    const endings = [NOTHING, UNREAD, { ...NOTHING, out: 'EPIPE' }, { ...NOTHING, err: 'EPIPE' }].map(
      (lost) => endingAfterLoss(exit, lost),
    );
    expect(new Set(endings)).toEqual(new Set([exit]));
  });

  it.each([
    ['stdout', { ...NOTHING, out: 'ENOSPC' }],
    ['stderr', { ...NOTHING, err: 'ENOSPC' }],
    ['stdout, with a reader of the rest who went away', { out: 'EIO', err: 'EPIPE' }],
    ['stderr, with a reader of the result who went away', { out: 'EPIPE', err: 'EIO' }],
  ])('was lost on %s is 1 in place of 0 and 2, and any other as it was', (_, lost) => {
    const endings = Object.values(EXIT).map((exit) => [exit, endingAfterLoss(exit, lost)]);
    const kept = Object.values(EXIT).filter((exit) => exit !== 0 && exit !== 2);
    expect(Object.fromEntries(endings)).toEqual({
      0: 1,
      2: 1,
      ...Object.fromEntries(kept.map((exit) => [exit, exit])),
    });
  });
});
