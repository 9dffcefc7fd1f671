import { resolve } from 'node:path';
import { Meter } from './commands/meter.ts';
import type { Terminal } from './commands/terminal.ts';
import { InterruptedError, RefusedError } from './model/errors.ts';
import { EXIT } from './model/exit.ts';
import { Mask } from './model/mask.ts';
import { isMaskable } from './model/maskable.ts';
import { Sensitive } from './model/sensitive.ts';
import { coloured, plain } from './render/paint.ts';

/** What is asked of a process. */
export type Host = Pick<NodeJS.Process, 'env' | 'cwd' | 'stdin' | 'stdout' | 'stderr' | 'exit'> & {
  readonly on: (signal: 'SIGINT' | 'SIGTERM', listener: () => void) => unknown;
};

/** A process as a Terminal: the one place that touches streams, signals and the environment. */
export function openTerminal(args: readonly string[], host: Host = process): Terminal {
  const secrets = new Mask();
  const meter = new Meter();
  const interrupt = listenForSignals(host);
  let cwd = host.cwd();
  const colours = !args.includes('--no-color') && !host.env.NO_COLOR;
  // A stream is opened when it is first asked for: that takes Node longer than reading a manifest, and stdin is for few.
  return {
    env: host.env,
    get cwd() {
      return cwd;
    },
    enter: (folder) => {
      cwd = resolve(cwd, folder);
    },
    out: openWriter(host, 'stdout', secrets),
    err: openWriter(host, 'stderr', secrets),
    get outPaint() {
      return colours && host.stdout.isTTY ? coloured : plain;
    },
    get errPaint() {
      return colours && host.stderr.isTTY ? coloured : plain;
    },
    get isInteractive() {
      return Boolean(host.stderr.isTTY && host.stdin.isTTY);
    },
    get isOutTerminal() {
      return Boolean(host.stdout.isTTY);
    },
    get isLive() {
      return Boolean(host.stderr.isTTY);
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
      if (isMaskable(secret)) secrets.add(new Sensitive(secret));
    },
    cover: (text) => secrets.cover(text),
  };
}

/** The first signal asks for an orderly end, the second one is obeyed at once. */
function listenForSignals(host: Host): AbortController {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    host.on(signal, () => {
      if (interrupt.signal.aborted) host.exit(EXIT.interrupted);
      interrupt.abort();
    });
  }
  return interrupt;
}

/**
 * A writer that outlives its reader: `regsync plan | head -1` is no error, and an apply whose log nobody reads any more
 * still finishes what it began. A full disk is an error.
 */
function openWriter(host: Host, name: 'stdout' | 'stderr', secrets: Mask): (text: string) => void {
  let stream: NodeJS.WriteStream | null = null;
  let isOpen = true;
  const fail = (error: NodeJS.ErrnoException) => {
    isOpen = false;
    if (error.code === 'EPIPE') return;
    if (name !== 'stderr') host.stderr.write(`error: the result cannot be written (${error.code})\n`);
    host.exit(EXIT.unexpected);
  };
  return (text) => {
    stream ??= host[name].on('error', fail);
    if (isOpen) stream.write(secrets.cover(text));
  };
}

async function readInput({ stdin }: Host, { signal }: AbortController): Promise<Buffer> {
  // Loaded for the few runs that read it.
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
  // Loaded for the few runs that ask.
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
