import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { inject } from 'vitest';
import type { runAction } from '../../../src/action/run-action.ts';
import type { run } from '../../../src/cli/program.ts';
import type { Host, openTerminal } from '../../../src/cli/shell.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of the program as a module; `program.mjs` makes it. */
    program: string;
  }
}

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** Stdout ends at a terminal. */
  readonly isTerminal?: boolean;
  /** Stderr goes where stdout goes, as on a screen: `out` of the result has both, in their order. */
  readonly isOneScreen?: boolean;
}

/**
 * The whole program from its arguments to its exit code, in this process: it is given a folder, an environment and streams of
 * its own, and no others. A tenth of what a process of its own takes; processes.test.ts holds the one against the other.
 *
 * @param module another build of it, as `program.mjs` makes them.
 */
export function runHere(
  args: readonly string[],
  surroundings: Surroundings,
  module = inject('program'),
): Promise<Result> {
  return runIn(surroundings, (host) => load(module).run(args, host));
}

/** The GitHub action in the same way, begun as src/action/main.ts does. */
export function runActionHere(surroundings: Surroundings, module = inject('program')): Promise<Result> {
  const { runAction, openTerminal } = load(module);
  return runIn(surroundings, (host) => runAction(openTerminal(['--no-color'], host)));
}

/** Begins with a host of its own: a folder, an environment, streams that are kept. */
export async function runIn(
  surroundings: Surroundings,
  begin: (host: Host) => Promise<number>,
): Promise<Result> {
  const [out, err] = [new Written(surroundings.isTerminal), new Written()];
  const { isOneScreen = false } = surroundings;
  const code = await begin(openHost(surroundings, out, isOneScreen ? out : err));
  return { code, signal: null, out: out.text, err: err.text };
}

interface Program {
  readonly run: typeof run;
  readonly runAction: typeof runAction;
  readonly openTerminal: typeof openTerminal;
}

function load(module: string): Program {
  return createRequire(import.meta.url)(module) as Program;
}

/** What a stream has got so far. */
class Written {
  text = '';
  readonly isTTY: boolean;
  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }
  write(text: string, done?: () => void): boolean {
    this.text += text;
    done?.();
    return true;
  }
  on(): this {
    return this;
  }
}

function openHost({ cwd, env, input = '' }: Surroundings, out: Written, err: Written): Host {
  return {
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    cwd: () => cwd,
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]) as NodeJS.ReadStream & { fd: 0 },
    stdout: out as unknown as Host['stdout'],
    stderr: err as unknown as Host['stderr'],
    exit: (code) => {
      throw new Error(`The program wanted to exit at once with ${code}`);
    },
    // No signal comes: what is to be interrupted is a process of its own.
    on: () => undefined,
  };
}
