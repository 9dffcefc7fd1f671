import type { GlobalOptions, Terminal } from './terminal.ts';

/** Shows the current step: as one live line on a terminal, otherwise as plain lines. */
export interface ProgressLine {
  readonly step: (text: string) => void;
  /** Removes the live line, so that the next output begins on an empty line. */
  readonly clear: () => void;
}

const SILENT: ProgressLine = { step: () => {}, clear: () => {} };

export function startProgress(terminal: Terminal, options: GlobalOptions): ProgressLine {
  if (options.quiet) return SILENT;
  if (!terminal.isLive) return { step: (text) => terminal.err(`${text}\n`), clear: () => {} };
  return {
    step: (text) => terminal.err(`${ERASE_LINE}${terminal.errPaint('dim', text)}`),
    clear: () => terminal.err(ERASE_LINE),
  };
}

const ERASE_LINE = '\r\u001b[2K';
