import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { monotonicMs, sleep } from '../../src/telnyx/clock.ts';
import { useFakeClock } from './scripted-transport.ts';

useFakeClock('manual');

describe('a clock that nobody sets', () => {
  it('counts milliseconds', async () => {
    const before = monotonicMs();
    await vi.advanceTimersByTimeAsync(61_500);
    expect(monotonicMs() - before).toBeCloseTo(61_500);
  });
});

describe('a wait', () => {
  async function waiting(ms: number, signal: AbortSignal) {
    let how = 'waits';
    sleep(ms, signal).then(
      () => (how = 'is over'),
      (error) => (how = error),
    );
    return async (passedMs: number) => {
      await vi.advanceTimersByTimeAsync(passedMs);
      return [how, getEventListeners(signal, 'abort').length, vi.getTimerCount()];
    };
  }

  it('is over after its time, and leaves nothing behind', async () => {
    const after = await waiting(1_000, new AbortController().signal);
    expect(await after(999)).toEqual(['waits', 1, 1]);
    expect(await after(1)).toEqual(['is over', 0, 0]);
  });

  it('ends as soon as it is to, and leaves nothing behind', async () => {
    const stop = new AbortController();
    const after = await waiting(1_000, stop.signal);
    expect(await after(500)).toEqual(['waits', 1, 1]);
    stop.abort('enough');
    expect(await after(0)).toEqual(['enough', 0, 0]);
  });

  it('does not begin where it is not to', async () => {
    const after = await waiting(1_000, AbortSignal.abort('enough'));
    expect((await after(0)).filter((what) => typeof what === 'string')).toEqual(['enough']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
