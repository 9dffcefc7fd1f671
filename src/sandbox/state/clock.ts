import type { State } from './state.ts';

/** Returns the time of the sandbox's clock: the real one plus the offset that control sets. */
export function nowMs(state: State): number {
  return Date.now() + state.clockOffsetMs;
}

/** Returns a unique time for a new or changed record, as the API writes it: `2026-01-02T03:04:05.123456Z`. */
export function stamp(state: State): string {
  state.lastStampMicros = Math.max(nowMs(state) * 1000, state.lastStampMicros + 1);
  return timeText(Math.floor(state.lastStampMicros / 1000), state.lastStampMicros % 1000);
}

export function timeText(ms: number, micros = 0): string {
  return new Date(ms).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
}

export function setClock(state: State, toMs: number): void {
  state.clockOffsetMs = toMs - Date.now();
  state.lastStampMicros = 0;
}
