import { renderWatch, type Watch } from '../../render/text/watch-text.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';

/** What a wait shows meanwhile: one block that is drawn anew on a terminal, a line for each event without one. */
export interface Watcher {
  readonly draw: (watch: Watch) => void;
  /** Something that stays to be read. */
  readonly note: (text: string) => void;
  /** Removes the block, so that what is printed next stands alone. */
  readonly clear: () => void;
}

export function startWatcher(terminal: Terminal, options: GlobalOptions): Watcher {
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
