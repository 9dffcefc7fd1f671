import { setTimeout as sleep } from 'node:timers/promises';

/** Waits that begin within this time are told together. */
const TOGETHER_MS = 100;
const BETWEEN_LINES_MS = 1000;
/** Shorter ones are over before anybody has read of them. */
const SHORTEST_MS = 1000;

export interface WaitNotice {
  readonly ms: number;
  readonly cause: string;
}

export interface WaitsTold {
  /** To be called for each wait as it begins. */
  readonly tell: (wait: WaitNotice) => void;
  /** Tells nothing more: no line may come behind the result of a run. */
  readonly end: () => void;
}

/**
 * Tells of waits in one line a second at most, with how many requests wait, however many are in flight.
 *
 * @param say gets a line such as `Waiting 2 s: connection refused (8 requests)`.
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

/** It keeps no process alive. */
function pauseQuietly(ms: number): Promise<void> {
  return sleep(ms, undefined, { ref: false });
}

function lineOf(waits: readonly WaitNotice[]): string {
  const seconds = Math.round(Math.max(...waits.map(({ ms }) => ms)) / 1000);
  const causes = [...new Set(waits.map(({ cause }) => cause))].join(', ');
  const requests = waits.length === 1 ? '' : ` (${waits.length} requests)`;
  return `Waiting ${seconds} s: ${causes}${requests}`;
}
