import type { Paint } from '../../render/text/paint.ts';
import type { Meter } from './meter.ts';

/**
 * Where a command runs. stdout carries the result and nothing else; everything said on the way goes to stderr. Both
 * writers pass a last filter that removes the API key in any form.
 */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What paths are relative to: the current folder, or that of `--chdir`. */
  readonly cwd: string;
  /** From now on, as if started there. */
  readonly enter: (folder: string) => void;
  /** Result. */
  readonly out: (text: string) => void;
  /** Progress, prompts, warnings, diagnostics. */
  readonly err: (text: string) => void;
  readonly outPaint: Paint;
  readonly errPaint: Paint;
  /** A person can answer. */
  readonly isInteractive: boolean;
  /** stdout is a terminal: nobody but the person before it reads the result. */
  readonly isOutTerminal: boolean;
  /** Of the terminal that stdout is, or null. */
  readonly outColumns: number | null;
  /** stderr is a terminal: a line may be rewritten. */
  readonly isLive: boolean;
  /** Of the terminal that stderr is; what it is at this moment. */
  readonly errSize: () => { readonly columns: number; readonly rows: number };
  readonly ask: (question: string) => Promise<string>;
  /** All of standard input. */
  readonly input: () => Promise<Buffer>;
  /** Aborted by SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /**
   * For what has to be undone even if the run is to end at once, with the second signal.
   *
   * @returns what makes it unnecessary.
   */
  readonly beforeExit: (act: () => void) => () => void;
  /** Waits until all that was written so far is out. Codes such as ENOSPC say why some of it was lost; EPIPE: nobody reads it. */
  readonly settle: () => Promise<LostOutput>;
  /** What the run costs. */
  readonly meter: Meter;
  /** Adds a secret to the last filter. */
  readonly hide: (secret: string) => void;
  /** That filter, for what leaves the program by another way than the streams. */
  readonly cover: (text: string) => string;
}

/** Null where nothing was lost. */
export interface LostOutput {
  readonly out: string | null;
  readonly err: string | null;
}

export interface GlobalOptions {
  readonly chdir?: string;
  readonly config?: string;
  /** Of several in the configuration, which one. */
  readonly account?: string;
  readonly apiKeyFile?: string;
  readonly sandbox?: boolean;
  readonly quiet?: boolean;
}
