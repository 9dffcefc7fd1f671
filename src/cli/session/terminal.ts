import { RefusedError } from '../../model/errors.ts';
import { EXIT, type ExitCode, unlessFailed } from '../../model/exit.ts';
import type { Paint } from '../../render/text/paint.ts';
import type { Meter } from './meter.ts';

/**
 * The place in which a command runs. stdout carries only the result, stderr everything else. The last filter
 * of both writers removes the API key in any form.
 */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that paths are relative to: the current folder, or that of `--chdir`. */
  readonly cwd: string;
  /** Sets `cwd`, as if regsync had started in this folder. */
  readonly enter: (folder: string) => void;
  /** Writes a part of the result. */
  readonly out: (text: string) => void;
  /** Writes progress, prompts, warnings or diagnostics. */
  readonly err: (text: string) => void;
  readonly outPaint: Paint;
  readonly errPaint: Paint;
  /** True if a person can answer. */
  readonly isInteractive: boolean;
  /** True if stdout is a terminal: only the person in front of it reads the result. */
  readonly isOutTerminal: boolean;
  /** The width of the terminal that stdout is, or null. */
  readonly outColumns: number | null;
  /** True if stderr is a terminal, on which a line can be rewritten. */
  readonly isLive: boolean;
  /** Returns the current size of the terminal that stderr is. */
  readonly errSize: () => { readonly columns: number; readonly rows: number };
  readonly ask: (question: string) => Promise<string>;
  /** Reads all of standard input. */
  readonly input: () => Promise<Buffer>;
  /** The signal that SIGINT, SIGTERM and SIGHUP abort. */
  readonly signal: AbortSignal;
  /**
   * Registers an act to run before a second signal ends the process at once.
   *
   * @returns a function that unregisters the act.
   */
  readonly beforeExit: (act: () => void) => () => void;
  /**
   * Waits until all output is written. Returns the code of the error if some of it was lost, such as ENOSPC,
   * or EPIPE if its reader has ended.
   */
  readonly settle: () => Promise<LostOutput>;
  /** The counts and times of the run. */
  readonly meter: Meter;
  /** Adds a secret to the last filter. */
  readonly hide: (secret: string) => void;
  /** Applies that filter to text that does not go to stdout or stderr. */
  readonly cover: (text: string) => string;
}

/** The error code of each stream. Null if nothing was lost. */
export interface LostOutput {
  readonly out: string | null;
  readonly err: string | null;
}

export interface GlobalOptions {
  readonly chdir?: string;
  readonly config?: string;
  /** The name of one of several accounts in the configuration. */
  readonly account?: string;
  readonly apiKeyFile?: string;
  readonly sandbox?: boolean;
  readonly quiet?: boolean;
}

/**
 * Returns the exit code, which is an error if output was lost. A reader that ends early, such as `head -1`,
 * is not an error.
 */
export function endingAfterLoss(exit: ExitCode, { out, err }: LostOutput): ExitCode {
  const isLost = [out, err].some((code) => code !== null && code !== 'EPIPE');
  return isLost ? unlessFailed(exit, EXIT.unexpected) : exit;
}

/**
 * Asks a person for a yes. Anything else than the whole word is a no.
 *
 * @param question such as `Apply this plan?`.
 * @throws RefusedError with `otherwise` if the answer is a no.
 */
export async function confirm(
  terminal: Pick<Terminal, 'ask'>,
  question: string,
  otherwise: string,
): Promise<void> {
  const answer = await terminal.ask(`\n${question} Type "yes" to continue: `);
  if (answer.trim() !== 'yes') throw new RefusedError(otherwise);
}
