import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE } from '../../build.ts';
import type { Terminal } from './terminal.ts';

/** Waits that begin within this time share one line. */
const TOGETHER_MS = 100;
const BETWEEN_LINES_MS = 1000;
/** Shorter waits are not told, because they end before a person has read about them. */
const SHORTEST_MS = 1000;

export interface WaitNotice {
  readonly ms: number;
  readonly cause: string;
}

export interface WaitsTold {
  /** Takes each wait as it begins. */
  readonly tell: (wait: WaitNotice) => void;
  /** Stops telling, so that no line comes after the result of a run. */
  readonly end: () => void;
}

/**
 * Tells of waits in at most one line a second, with the number of requests that wait.
 *
 * @param say takes a line such as `Waiting 2 s: connection refused (8 requests)`.
 */
export function tellWaits(say: (line: string) => void, timeScale: number, pause = pauseQuietly): WaitsTold {
  const begun: WaitNotice[] = [];
  let isTelling = false;
  let isOver = false;
  const tellTogether = async (): Promise<void> => {
    isTelling = true;
    while (begun.length > 0) {
      await pause(TOGETHER_MS * timeScale);
      if (isOver) return;
      say(lineOf(begun.splice(0)));
      await pause(BETWEEN_LINES_MS * timeScale);
    }
    isTelling = false;
  };
  return {
    tell: (wait) => {
      if (isOver || wait.ms < SHORTEST_MS * timeScale) return;
      begun.push(wait);
      if (!isTelling) void tellTogether();
    },
    end: () => {
      isOver = true;
    },
  };
}

/** Waits without keeping the process alive. */
function pauseQuietly(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}

function lineOf(waits: readonly WaitNotice[]): string {
  const seconds = Math.round(Math.max(...waits.map(({ ms }) => ms)) / 1000);
  const causes = [...new Set(waits.map(({ cause }) => cause))].join(', ');
  const requests = waits.length === 1 ? '' : ` (${waits.length} requests)`;
  return `Waiting ${seconds} s: ${causes}${requests}`;
}

/** Returns the pause between two looks at what a write has done. The meter counts it. */
export function pauseBetweenLooks({
  meter,
}: Pick<Terminal, 'meter'>): (milliseconds: number) => Promise<void> {
  return (milliseconds) => {
    meter.addWaitToLook(milliseconds * TIME_SCALE);
    return sleep(milliseconds * TIME_SCALE);
  };
}
