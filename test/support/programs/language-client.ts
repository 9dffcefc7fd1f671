import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../test-repository.ts';

interface Position {
  readonly line: number;
  readonly character: number;
}

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: Position };
}

/** An editor, which has any number of files open. */
export interface Editor {
  readonly open: (path: string) => OpenFile;
  readonly close: () => Promise<void>;
}

/** `|` in its text is the cursor, and no part of it. */
export interface OpenFile {
  /** Opens the file with this text, or changes it. */
  readonly write: (text: string) => void;
  readonly complete: () => Promise<readonly string[]>;
  readonly hover: () => Promise<string>;
  /** `line: message`, lines from 1. */
  readonly diagnose: () => Promise<readonly string[]>;
}

const SERVER = join(ROOT, 'node_modules/yaml-language-server/bin/yaml-language-server');

/** The server that VS Code, Neovim and others use for YAML, as a process of its own, without network. */
export async function startEditor(): Promise<Editor> {
  const child = spawn(process.execPath, [SERVER, '--stdio'], { env: { PATH: process.env.PATH ?? '' } });
  const connection = connect(child);
  await connection.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      textDocument: { hover: { contentFormat: ['markdown'] } },
      workspace: { configuration: false },
    },
  });
  connection.notify('initialized', {});
  const yaml = { validate: true, hover: true, completion: true, schemaStore: { enable: false } };
  connection.notify('workspace/didChangeConfiguration', { settings: { yaml } });
  return {
    open: (path) => openFile(connection, pathToFileURL(path).href),
    close: async () => {
      await connection.request('shutdown', null);
      connection.notify('exit', null);
      await new Promise((done) => child.on('close', done));
    },
  };
}

function openFile(connection: Connection, uri: string): OpenFile {
  let version = 0;
  let position: Position = { line: 0, character: 0 };
  return {
    write: (marked) => {
      const [before = '', ...after] = marked.split('|');
      const lines = before.split('\n');
      position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
      const text = before + after.join('|');
      if (++version === 1) {
        connection.notify('textDocument/didOpen', {
          textDocument: { uri, languageId: 'yaml', version, text },
        });
      } else {
        connection.notify('textDocument/didChange', {
          textDocument: { uri, version },
          contentChanges: [{ text }],
        });
      }
    },
    complete: async () => {
      const found = await connection.request('textDocument/completion', { textDocument: { uri }, position });
      return (found as { items: { label: string }[] }).items.map(({ label }) => label);
    },
    hover: async () => {
      const found = await connection.request('textDocument/hover', { textDocument: { uri }, position });
      return (found as { contents: { value: string } } | null)?.contents.value ?? '';
    },
    diagnose: async () => {
      const wanted = version;
      const { diagnostics } = await connection.published(
        (params) => params.uri === uri && (params.version === undefined || params.version === wanted),
      );
      return diagnostics.map(({ message, range }) => `${range.start.line + 1}: ${message}`);
    },
  };
}

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

interface Connection {
  readonly request: (method: string, params: unknown) => Promise<unknown>;
  readonly notify: (method: string, params: unknown) => void;
  /** The next diagnostics that are published and wanted. */
  readonly published: (isWanted: (params: Published) => boolean) => Promise<Published>;
}

/** JSON-RPC with a header before each message. */
function connect(child: ChildProcessWithoutNullStreams): Connection {
  const answers = new Map<number, { done: (result: unknown) => void; failed: (error: Error) => void }>();
  const listeners = new Set<(params: Published) => void>();
  let nextId = 0;
  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const receive = (message: {
    id?: number;
    method?: string;
    params?: never;
    result?: unknown;
    error?: object;
  }): void => {
    if (message.method === 'textDocument/publishDiagnostics') {
      for (const listener of listeners) listener(message.params as unknown as Published);
    } else if (message.method !== undefined) {
      // What the server asks an editor for: there is nothing to say.
      if (message.id !== undefined) send({ id: message.id, result: null });
    } else if (message.id !== undefined) {
      const waiting = answers.get(message.id);
      answers.delete(message.id);
      if (message.error === undefined) waiting?.done(message.result);
      else waiting?.failed(new Error(JSON.stringify(message.error)));
    }
  };
  let heard = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    for (;;) {
      const end = heard.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/.exec(heard.subarray(0, Math.max(0, end)).toString())?.[1],
      );
      if (end === -1 || heard.length < end + 4 + length) return;
      const body = heard.subarray(end + 4, end + 4 + length).toString('utf8');
      heard = heard.subarray(end + 4 + length);
      receive(JSON.parse(body));
    }
  });
  return {
    request: (method, params) => {
      const id = ++nextId;
      send({ id, method, params });
      return new Promise((done, failed) => answers.set(id, { done, failed }));
    },
    notify: (method, params) => send({ method, params }),
    published: (isWanted) =>
      new Promise((done) => {
        const listener = (params: Published): void => {
          if (!isWanted(params)) return;
          listeners.delete(listener);
          done(params);
        };
        listeners.add(listener);
      }),
  };
}
