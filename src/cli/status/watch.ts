import { renderWatch, type Watch } from '../../render/text/watch-text.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';

/** Shows a wait: as one block that is redrawn on a terminal, otherwise as a line for each event. */
export interface Watcher {
  readonly draw: (watch: Watch) => void;
  /** Prints a line that is not redrawn. */
  readonly note: (text: string) => void;
  /** Removes the block, so that the next output begins on an empty line. */
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
