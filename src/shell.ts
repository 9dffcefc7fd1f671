import { Account } from './commands/account.ts';
import type { Terminal } from './commands/terminal.ts';
import { InterruptedError, RefusedError } from './model/errors.ts';
import { EXIT } from './model/exit.ts';
import { Mask } from './model/mask.ts';
import { Sensitive } from './model/sensitive.ts';
import { coloured, plain } from './render/paint.ts';

/** The process as a Terminal: the one place that touches streams, signals and the environment. */
export function openTerminal(args: readonly string[]): Terminal {
  const secrets = new Mask();
  const account = new Account();
  const interrupt = listenForSignals();
  const colours = !args.includes('--no-color') && !process.env.NO_COLOR;
  // A stream is opened when it is first asked for: that takes Node longer than reading a manifest, and stdin is for few.
  return {
    env: process.env,
    cwd: process.cwd(),
    out: openWriter(() => process.stdout, secrets),
    err: openWriter(() => process.stderr, secrets),
    get outPaint() {
      return colours && process.stdout.isTTY ? coloured : plain;
    },
    get errPaint() {
      return colours && process.stderr.isTTY ? coloured : plain;
    },
    get isInteractive() {
      return Boolean(process.stderr.isTTY && process.stdin.isTTY);
    },
    get isOutTerminal() {
      return Boolean(process.stdout.isTTY);
    },
    get isLive() {
      return Boolean(process.stderr.isTTY);
    },
    get outColumns() {
      return (process.stdout.isTTY && process.stdout.columns) || null;
    },
    errSize: () => ({ columns: process.stderr.columns || 80, rows: process.stderr.rows || 24 }),
    ask: async (question) => {
      account.enter('answer');
      return ask(question, interrupt).finally(() => account.enter('rest'));
    },
    input: () => readInput(interrupt),
    signal: interrupt.signal,
    account,
    hide: (secret) => secrets.add(new Sensitive(secret)),
  };
}

/** The first signal asks for an orderly end, the second one is obeyed at once. */
function listenForSignals(): AbortController {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
      interrupt.abort();
    });
  }
  return interrupt;
}

/**
 * A writer that outlives its reader: `regsync plan | head -1` is no error, and an apply whose log nobody reads any more
 * still finishes what it began. A full disk is an error.
 */
function openWriter(open: () => NodeJS.WriteStream, secrets: Mask): (text: string) => void {
  let stream: NodeJS.WriteStream | null = null;
  let isOpen = true;
  const fail = (error: NodeJS.ErrnoException) => {
    isOpen = false;
    if (error.code === 'EPIPE') return;
    if (stream !== process.stderr)
      process.stderr.write(`error: the result cannot be written (${error.code})\n`);
    process.exit(EXIT.unexpected);
  };
  return (text) => {
    stream ??= open().on('error', fail);
    if (isOpen) stream.write(secrets.cover(text));
  };
}

async function readInput({ signal }: AbortController): Promise<Buffer> {
  // Loaded for the few runs that read it.
  const { addAbortSignal } = await import('node:stream');
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(signal, process.stdin)) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    if (signal.aborted) throw new InterruptedError('interrupted: nothing was read');
    throw error;
  }
}

async function ask(question: string, interrupt: AbortController): Promise<string> {
  // Loaded for the few runs that ask.
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  lines.on('SIGINT', () => interrupt.abort());
  const closed = new Promise<never>((_, reject) => {
    lines.on('close', () => reject(new RefusedError('no answer: nothing was done')));
  });
  try {
    return await Promise.race([lines.question(question, { signal: interrupt.signal }), closed]);
  } catch (error) {
    process.stderr.write('\n');
    if (interrupt.signal.aborted) throw new InterruptedError('interrupted: nothing was done');
    throw error;
  } finally {
    closed.catch(() => {});
    lines.close();
  }
}
