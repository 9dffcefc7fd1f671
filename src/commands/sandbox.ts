import { once } from 'node:events';
import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { visible } from '../model/visible.ts';
import { renderJson } from '../render/json.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

export interface SandboxCommandOptions extends GlobalOptions {
  readonly port?: number;
  readonly state?: string;
  readonly latency?: number;
  readonly format: 'text' | 'json';
}

/** Serves the Telnyx stand-in until it is interrupted; its request log goes to stderr. */
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
