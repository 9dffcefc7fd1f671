import { isAbsolute, resolve } from 'node:path';
import { InterruptedError, InvalidInputError, RefusedError } from '../model/errors.ts';
import { EXIT } from '../model/exit.ts';
import { isRedactable } from '../model/privacy/redactable.ts';
import { Redactor } from '../model/privacy/redactor.ts';
import { Sensitive } from '../model/privacy/sensitive.ts';
import { whyUnusable } from '../model/text/file-error.ts';
import { coloured, plain } from '../render/text/paint.ts';
import { Meter } from './session/meter.ts';
import type { Terminal } from './session/terminal.ts';

/** The parts of a process that a terminal needs. */
export type Host = Pick<NodeJS.Process, 'env' | 'cwd' | 'stdin' | 'stdout' | 'stderr' | 'exit'> & {
  readonly on: (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void) => unknown;
};

/** Returns a process as a Terminal. Only this file touches streams, signals and the environment. */
export function openTerminal(args: readonly string[], host: Host = process): Terminal {
  const secrets = new Redactor();
  const meter = new Meter();
  const farewells = new Set<() => void>();
  const interrupt = listenForSignals(host, farewells);
  const stderr = openWriter(host, 'stderr', secrets);
  const stdout = openWriter(host, 'stdout', secrets, (error) => {
    if (error.code !== 'EPIPE') stderr.write(`error: the result cannot be written: ${whyUnusable(error)}\n`);
  });
  let cwd: string | null = null;
  const colours = colourRule(args, host.env);
  // Each stream is opened at its first use: opening one takes Node longer than reading a manifest, and few
  // runs use stdin.
  return {
    env: host.env,
    get cwd() {
      cwd ??= currentFolder(host);
      return cwd;
    },
    enter: (folder) => {
      cwd = isAbsolute(folder) ? resolve(folder) : resolve(cwd ?? currentFolder(host), folder);
    },
    out: stdout.write,
    err: stderr.write,
    settle: async () => ({ out: await stdout.settle(), err: await stderr.settle() }),
    beforeExit: (act) => {
      farewells.add(act);
      return () => farewells.delete(act);
    },
    get outPaint() {
      return (colours ?? host.stdout.isTTY) ? coloured : plain;
    },
    get errPaint() {
      return (colours ?? host.stderr.isTTY) ? coloured : plain;
    },
    get isInteractive() {
      return Boolean(host.stderr.isTTY && host.stdin.isTTY);
    },
    get isOutTerminal() {
      return Boolean(host.stdout.isTTY);
    },
    get isLive() {
      return Boolean(host.stderr.isTTY) && !isDumb(host.env);
    },
    get outColumns() {
      return (host.stdout.isTTY && host.stdout.columns) || null;
    },
    errSize: () => ({ columns: host.stderr.columns || 80, rows: host.stderr.rows || 24 }),
    ask: async (question) => {
      meter.enter('answer');
      return ask(host, question, interrupt).finally(() => meter.enter('rest'));
    },
    input: () => readInput(host, interrupt),
    signal: interrupt.signal,
    meter,
    hide: (secret) => {
      if (isRedactable(secret)) secrets.addSecret(new Sensitive(secret));
    },
    cover: (text) => secrets.cover(text),
  };
}

/**
 * Returns whether output has colours, or undefined if that depends on the stream. Options come first, then
 * `FORCE_COLOR`, then `NO_COLOR`, as in Node.
 */
function colourRule(args: readonly string[], env: Host['env']): boolean | undefined {
  if (args.includes('--no-color')) return false;
  if (args.includes('--color')) return true;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return env.NO_COLOR || isDumb(env) ? false : undefined;
}

/** A terminal that can neither colour text nor rewrite a line, such as that of an editor. */
function isDumb(env: Host['env']): boolean {
  return env.TERM === 'dumb';
}

/** @throws InvalidInputError if the folder was deleted after the shell entered it. */
function currentFolder(host: Host): string {
  try {
    return host.cwd();
  } catch {
    throw new InvalidInputError('somebody deleted the current folder. cd to another one, or add --chdir DIR');
  }
}

/** Aborts the run in an orderly way at the first signal, and exits at once at the second. */
function listenForSignals(host: Host, farewells: ReadonlySet<() => void>): AbortController {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    host.on(signal, () => {
      if (!interrupt.signal.aborted) return interrupt.abort();
      for (const act of farewells) act();
      host.exit(EXIT.interrupted);
    });
  }
  return interrupt;
}

interface Writer {
  readonly write: (text: string) => void;
  /** Waits until all output is written. Returns the reason if some of it was lost, otherwise null. */
  readonly settle: () => Promise<string | null>;
}

/**
 * Opens a writer that survives a reader that ends or a full disk, so that an apply finishes although nobody
 * can read its log. `endingAfterLoss` and the commands decide on the exit code.
 */
function openWriter(
  host: Host,
  name: 'stdout' | 'stderr',
  secrets: Redactor,
  onLoss: (error: NodeJS.ErrnoException) => void = () => {},
): Writer {
  let stream: NodeJS.WriteStream | null = null;
  let lost: string | null = null;
  const fail = (error: NodeJS.ErrnoException) => {
    if (lost !== null) return;
    lost = error.code ?? 'unknown reason';
    onLoss(error);
  };
  return {
    write: (text) => {
      stream ??= host[name].on('error', fail);
      if (lost === null) stream.write(secrets.cover(text));
    },
    settle: async () => {
      if (stream !== null && lost === null) {
        await new Promise<void>((done) => {
          stream?.write('', (error) => {
            if (error) fail(error);
            done();
          });
        });
      }
      return lost;
    },
  };
}

async function readInput({ stdin }: Host, { signal }: AbortController): Promise<Buffer> {
  // Imported here, because few runs read stdin.
  const { addAbortSignal } = await import('node:stream');
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(signal, stdin)) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError('interrupted: nothing was read');
    throw error;
  }
}

async function ask(host: Host, question: string, interrupt: AbortController): Promise<string> {
  // Imported here, because few runs ask.
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: host.stdin, output: host.stderr });
  lines.on('SIGINT', () => interrupt.abort());
  const closed = new Promise<never>((_, reject) => {
    lines.on('close', () => reject(new RefusedError('no answer: nothing was done')));
  });
  try {
    return await Promise.race([lines.question(question, { signal: interrupt.signal }), closed]);
  } catch (error) {
    host.stderr.write('\n');
    if (interrupt.signal.aborted) throw new InterruptedError('interrupted: nothing was done');
    throw error;
  } finally {
    closed.catch(() => {});
    lines.close();
  }
}
