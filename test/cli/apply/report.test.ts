import { describe, expect, it } from 'vitest';
import { exitAfterApply } from '../../../src/cli/apply/report.ts';

const DONE = { isInterrupted: false, isLost: false };
const INTERRUPTED = { ...DONE, isInterrupted: true };
const LOST = { ...DONE, isLost: true };

describe('the exit code of an apply', () => {
  it.each([
    ['nothing was to be done', [], DONE, 0],
    ['all is as it was', ['unchanged', 'unchanged'], DONE, 0],
    ['all was done', ['applied', 'unchanged'], DONE, 0],
    ['one of them failed', ['applied', 'failed', 'unchanged'], DONE, 4],
    ['one of them was not attempted', ['applied', 'skipped'], DONE, 4],
    ['all failed', ['failed', 'failed'], DONE, 4],
    ['it was interrupted before anything was done', ['skipped', 'skipped'], INTERRUPTED, 130],
    ['it was interrupted and nothing was left to do', ['applied'], INTERRUPTED, 130],
    ['it was interrupted after a failure', ['failed', 'skipped'], INTERRUPTED, 130],
    ['all was done, and that could not be said', ['applied'], LOST, 4],
    ['nothing was to be done, and that could not be said', [], LOST, 4],
    [
      'it was interrupted, and that could not be said',
      ['applied'],
      { isInterrupted: true, isLost: true },
      130,
    ],
  ] as const)('where %s: after %j, %j, it is %i', (_, statuses, ending, code) => {
    const outcomes = statuses.map((status) => ({ status }));
    expect(exitAfterApply(outcomes, ending)).toBe(code);
  });
});
