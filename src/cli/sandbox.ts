import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { visible } from '../model/text/visible.ts';
import { renderJson } from '../render/json.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { addCommand, examples, type Finish, formatOption, runs, wholeNumber } from './command.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'sandbox', 'serve a simulator of Telnyx on loopback, for rehearsals and tests')
    .option('--port <n>', 'port to listen on (default: a free one)', wholeNumber(0, 65_535))
    .option('--state <file>', 'keep the state in this file')
    .option('--latency <ms>', 'delay before each answer', wholeNumber(0, 60_000))
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync sandbox --port 8700 --state sandbox.json'))
    .action(runs(sandbox, terminal, finish));
}

export interface SandboxCommandOptions extends GlobalOptions {
  readonly port?: number;
  readonly state?: string;
  readonly latency?: number;
  readonly format: 'text' | 'json';
}

/** Serves the Telnyx stand-in until it is interrupted. Its request log goes to stderr. */
export async function sandbox(terminal: Terminal, options: SandboxCommandOptions): Promise<ExitCode> {
  const server = await start(terminal, options);
  terminal.out(
    options.format === 'json'
      ? renderJson({ listening: server.url })
      : `regsync sandbox listening on ${server.url}\n`,
  );
  if (!options.quiet && options.format === 'text') terminal.err(howToUse(server.url));
  if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
  await server.close();
  return EXIT.ok;
}

function howToUse(url: string): string {
  return `To use it, in another shell:  export TELNYX_BASE_URL=${url} TELNYX_API_KEY=KEY_sample\n`;
}

function start(terminal: Terminal, options: SandboxCommandOptions): Promise<Sandbox> {
  return startSandbox({
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.state === undefined ? {} : { stateFile: resolve(terminal.cwd, options.state) }),
    ...(options.latency === undefined ? {} : { latencyMs: options.latency }),
    onRequest: ({ method, path, query, status, fault }) => {
      if (options.quiet) return;
      const where = visible(query === '' ? path : `${path}?${query}`);
      terminal.err(`${method} ${where} ${status}${fault === null ? '' : ` (fault: ${fault})`}\n`);
    },
  });
}
