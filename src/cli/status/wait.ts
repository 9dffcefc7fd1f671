import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE } from '../../build.ts';
import { InterruptedError, UnreachableError } from '../../model/errors.ts';
import { type GroupStatus, reviewStateOfStatus, type StatusReport } from '../../model/report/status.ts';
import { visible } from '../../model/text/visible.ts';
import { renderWatch, type Watch } from '../../render/text/watch-text.ts';
import { formatDuration } from '../../render/words/wording.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { type Awaited, awaitedIn, describeAwaited, lookAgain } from './awaited.ts';

export interface WaitContext {
  readonly terminal: Terminal;
  readonly options: GlobalOptions;
  readonly client: ReadClient;
  readonly timeoutMs: number;
  /** Reads the full status again. */
  readonly read: () => Promise<StatusReport>;
}

export interface Waited {
  readonly report: StatusReport;
  readonly ended: 'reviewed' | 'timed-out';
}

/** Polls until nothing of the report is pending at Telnyx. Reads only. */
export async function waitForReviews(first: StatusReport, context: WaitContext): Promise<Waited> {
  const { terminal, options, timeoutMs } = context;
  terminal.meter.enter('reviews');
  const watcher = startWatcher(terminal, options);
  const startedMs = performance.now();
  let report = (await isSettled(first, terminal)) ? first : await context.read();
  for (;;) {
    const reviews = new Map(awaitedIn(report).map((one) => [one.key, one]));
    if (reviews.size === 0) return { report, ended: 'reviewed' };
    const all = describeAwaited([...reviews.values()]);
    watcher.note(`Waiting for ${all}, for ${formatDuration(timeoutMs)} at most.`);
    const ended = await followReviews(reviews, startedMs, context, watcher).catch((error: unknown) => {
      if (!terminal.signal.aborted) throw error;
      const left = describeAwaited([...reviews.values()].filter(({ isPending }) => isPending));
      throw new InterruptedError(`interrupted. Telnyx continues with ${left}`);
    });
    watcher.clear();
    // A list may lag behind, so that the result comes from a full read.
    report = await context.read();
    if (ended === 'timed-out') return { report, ended: awaitedIn(report).length > 0 ? ended : 'reviewed' };
  }
}

/**
 * Waits a moment and returns false if a group seems to be missing: a list may lag behind an apply that has
 * just ended.
 */
async function isSettled(report: StatusReport, terminal: Terminal): Promise<boolean> {
  const isOpen = ({ status }: GroupStatus) => reviewStateOfStatus(status) === 'open';
  if (awaitedIn(report).length > 0 || !report.groups.some(isOpen)) return true;
  await pause(SETTLING_MS, terminal.signal, () => {}).catch(() => {
    throw new InterruptedError('interrupted: nothing was under review');
  });
  return false;
}

const SETTLING_MS = 5000 * TIME_SCALE;

/**
 * The polls are frequent at first and after a change, then less frequent: a review takes minutes at best, and
 * usually three days.
 */
const FIRST_INTERVAL_MS = 10_000 * TIME_SCALE;
const MAX_INTERVAL_MS = 120_000 * TIME_SCALE;
const GROWTH = 1.5;
/** The number of consecutive failures, each after the client's own retries: most of an hour in total. */
const MAX_FAILED_LOOKS = 20;

/** Polls until none of the reviews is open or the time is up. Keeps `reviews` up to date. */
async function followReviews(
  reviews: Map<string, Awaited>,
  startedMs: number,
  { terminal, client, timeoutMs }: WaitContext,
  watcher: Watcher,
): Promise<Waited['ended']> {
  let intervalMs = FIRST_INTERVAL_MS;
  let failed = 0;
  let trouble: string | null = null;
  for (;;) {
    const leftMs = startedMs + timeoutMs * TIME_SCALE - performance.now();
    if (leftMs <= 0) return 'timed-out';
    await pause(Math.min(intervalMs, leftMs), terminal.signal, (nextLookMs) => {
      const waitedMs = performance.now() - startedMs;
      watcher.draw({ reviews: [...reviews.values()], waitedMs, nextLookMs, trouble });
    });
    const pending = [...reviews.values()].filter(({ isPending }) => isPending);
    try {
      const changed = takeIn(await lookAgain(client, pending), reviews, watcher);
      [failed, trouble] = [0, null];
      intervalMs = changed ? FIRST_INTERVAL_MS : Math.min(intervalMs * GROWTH, MAX_INTERVAL_MS);
    } catch (error) {
      // An outage of minutes must not end a wait of hours.
      if (!(error instanceof UnreachableError) || ++failed >= MAX_FAILED_LOOKS) throw error;
      if (trouble === null)
        watcher.note(`regsync cannot read Telnyx, and keeps waiting. ${visible(error.message)}`);
      trouble = error.message;
      intervalMs = Math.min(intervalMs * GROWTH, MAX_INTERVAL_MS);
    }
    if (![...reviews.values()].some(({ isPending }) => isPending)) return 'reviewed';
  }
}

/** Updates `reviews` and prints each change. Returns whether there was one. */
function takeIn(seen: readonly Awaited[], reviews: Map<string, Awaited>, watcher: Watcher): boolean {
  let changed = false;
  for (const now of seen) {
    const before = reviews.get(now.key);
    if (before === undefined || before.shown === now.shown) continue;
    reviews.set(now.key, now);
    const time = `${new Date().toISOString().slice(11, 19)} UTC`;
    watcher.note(`${time}  ${visible(`${now.name}  ${before.shown} → ${now.shown}`)}`);
    changed = true;
  }
  return changed;
}

/** @param tick takes the time that is left, at once and every second. */
async function pause(ms: number, signal: AbortSignal, tick: (leftMs: number) => void): Promise<void> {
  const endMs = performance.now() + ms;
  for (let leftMs = ms; leftMs > 0; leftMs = endMs - performance.now()) {
    tick(leftMs);
    await sleep(Math.min(1000, leftMs), undefined, { signal });
  }
}

/** Shows a wait: as one block that is redrawn on a terminal, otherwise as a line for each event. */
interface Watcher {
  readonly draw: (watch: Watch) => void;
  /** Prints a line that is not redrawn. */
  readonly note: (text: string) => void;
  /** Removes the block, so that the next output begins on an empty line. */
  readonly clear: () => void;
}

function startWatcher(terminal: Terminal, options: GlobalOptions): Watcher {
  if (options.quiet) return { draw: () => {}, note: () => {}, clear: () => {} };
  if (!terminal.isLive) return { draw: () => {}, note: (text) => terminal.err(`${text}\n`), clear: () => {} };
  let drawn: readonly string[] = [];
  const over = (lines: readonly string[]) => {
    const up = drawn.length === 0 ? '' : `\u001b[${drawn.length}A`;
    terminal.err(`\r${up}${ERASE_BELOW}${lines.map((line) => `${line}\n`).join('')}`);
  };
  return {
    draw: (watch) => {
      const lines = renderWatch(watch, terminal.errSize(), terminal.errPaint);
      over(lines);
      drawn = lines;
    },
    note: (text) => over([text, ...drawn]),
    clear: () => {
      over([]);
      drawn = [];
    },
  };
}

const ERASE_BELOW = '\u001b[J';
