import { expect, it } from 'vitest';
import { tellWaits } from '../../../src/cli/session/waits.ts';

/** Pauses that end when the test says so. */
function open() {
  const lines: string[] = [];
  const pauses: { readonly ms: number; readonly end: () => void }[] = [];
  const { tell: note, end } = tellWaits(
    (line) => lines.push(line),
    1,
    (ms) => new Promise((end) => pauses.push({ ms, end })),
  );
  const endPause = async () => {
    const pause = pauses.shift();
    pause?.end();
    await new Promise(setImmediate);
    return pause?.ms;
  };
  return { lines, note, end, endPause, isWaiting: () => pauses.length > 0 };
}

it('waits that begin together are one line, which counts them and names each cause once', async () => {
  const { lines, note, endPause } = open();
  for (const ms of [1000, 2400, 1000]) note({ ms, cause: 'connection refused' });
  note({ ms: 1000, cause: 'answered 502' });
  expect(lines).toEqual([]);
  await endPause();
  expect(lines).toEqual(['Waiting 2 s: connection refused, answered 502 (4 requests)']);
});

it('the next line comes a second later, whatever begins in between', async () => {
  const { lines, note, endPause, isWaiting } = open();
  note({ ms: 1000, cause: 'connection refused' });
  await endPause();
  for (let count = 0; count < 20; count++) note({ ms: 1000, cause: 'connection refused' });
  expect(lines).toEqual(['Waiting 1 s: connection refused']);
  expect(await endPause()).toBe(1000);
  await endPause();
  expect(lines[1]).toBe('Waiting 1 s: connection refused (20 requests)');
  await endPause();
  expect([lines.length, isWaiting()]).toEqual([2, false]);
});

it('a wait of less than a second is not told', async () => {
  const { lines, note, isWaiting } = open();
  note({ ms: 999, cause: 'answered 502' });
  expect([lines, isWaiting()]).toEqual([[], false]);
});

it('a wait is not told once the run has ended, whether it began before or after', async () => {
  const { lines, note, end, endPause, isWaiting } = open();
  note({ ms: 1000, cause: 'connection refused' });
  end();
  note({ ms: 1000, cause: 'connection refused' });
  await endPause();
  note({ ms: 1000, cause: 'connection refused' });
  expect([lines, isWaiting()]).toEqual([[], false]);
});
