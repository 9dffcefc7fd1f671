import { addAbortSignal } from 'node:stream';
import type { Terminal } from './commands/terminal.ts';
import { InterruptedError, RefusedError } from './model/errors.ts';
import { EXIT } from './model/exit.ts';
import { Mask } from './model/mask.ts';
import { Sensitive } from './model/sensitive.ts';
import { coloured, plain } from './render/paint.ts';

/** The process as a Terminal: the one place that touches streams, signals and the environment. */
export function openTerminal(args: readonly string[]): Terminal {
  const secrets = new Mask();
  const interrupt = listenForSignals();
  const colours = !args.includes('--no-color') && !process.env.NO_COLOR;
  return {
    env: process.env,
    cwd: process.cwd(),
    out: openWriter(process.stdout, secrets),
    err: openWriter(process.stderr, secrets),
    outPaint: colours && process.stdout.isTTY ? coloured : plain,
    errPaint: colours && process.stderr.isTTY ? coloured : plain,
    isInteractive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    isOutTerminal: Boolean(process.stdout.isTTY),
    isLive: Boolean(process.stderr.isTTY),
    ask: (question) => ask(question, interrupt),
    input: () => readInput(interrupt),
    signal: interrupt.signal,
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
function openWriter(stream: NodeJS.WriteStream, secrets: Mask): (text: string) => void {
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false;
    if (error.code === 'EPIPE') return;
    if (stream !== process.stderr)
      process.stderr.write(`error: the result cannot be written (${error.code})\n`);
    process.exit(EXIT.unexpected);
  });
  return (text) => {
    if (isOpen) stream.write(secrets.cover(text));
  };
}

async function readInput({ signal }: AbortController): Promise<Buffer> {
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
    lines.on('close', () => reject(new RefusedError('not confirmed: nothing was applied')));
  });
  try {
    return await Promise.race([lines.question(question, { signal: interrupt.signal }), closed]);
  } catch (error) {
    process.stderr.write('\n');
    if (interrupt.signal.aborted) throw new InterruptedError('interrupted: nothing was applied');
    throw error;
  } finally {
    closed.catch(() => {});
    lines.close();
  }
}
