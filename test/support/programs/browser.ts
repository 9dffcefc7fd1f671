import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { findProgram } from './programs.ts';

/** Chromium without a window, spoken to through two pipes (its DevTools protocol). */
export interface Browser {
  readonly open: (url: string, view: View) => Promise<Page>;
  readonly close: () => Promise<void>;
}

export interface View {
  readonly width: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** As on paper. */
  readonly print?: boolean;
}

export interface Page {
  /** What the browser complained about: console, policy, exceptions, failed loads. */
  readonly complaints: readonly string[];
  /** Every address that the page made the browser ask for, itself included. */
  readonly requests: readonly string[];
  readonly evaluate: <Value>(expression: string) => Promise<Value>;
  /** PNG of the whole page. */
  readonly screenshot: () => Promise<Buffer>;
  readonly print: () => Promise<Buffer>;
}

/** Debian's name, and that of the build that GitHub's machines have. */
export const BROWSERS = ['chromium', 'google-chrome'] as const;

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
];

function browserPath(): string {
  return BROWSERS.map(findProgram).find((path) => path !== null) ?? BROWSERS[0];
}

export async function startBrowser(): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-browser-'));
  const child = spawn(browserPath(), [...FLAGS, `--user-data-dir=${folder}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const wire = connect(child);
  return {
    open: (url, view) => openPage(wire, url, view),
    close: async () => {
      const ended = new Promise((done) => child.on('close', done));
      await wire.send('Browser.close').catch(() => child.kill('SIGKILL'));
      await ended;
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

interface Wire {
  readonly send: <Answer = Fields>(method: string, params?: Fields, session?: string) => Promise<Answer>;
  readonly listen: (session: string, heard: (method: string, params: Fields) => void) => void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** Messages are JSON, each ended by a NUL. */
function connect(child: ChildProcess): Wire {
  const [input, output] = [child.stdio[3] as Writable, child.stdio[4] as Readable];
  const waiting = new Map<number, { done: (value: never) => void; failed: (error: Error) => void }>();
  const listeners = new Map<string, (method: string, params: Fields) => void>();
  let [last, heard] = [0, ''];
  const take = (message: Message) => {
    const call = waiting.get(message.id ?? 0);
    if (message.error !== undefined) call?.failed(new Error(message.error.message));
    else if (message.id !== undefined) call?.done(message.result as never);
    else listeners.get(message.sessionId ?? '')?.(message.method ?? '', message.params ?? {});
    waiting.delete(message.id ?? 0);
  };
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (heard + chunk).split('\0');
    heard = parts.pop() ?? '';
    for (const part of parts) take(JSON.parse(part));
  });
  input.on('error', () => {});
  child.on('close', () => {
    for (const { failed } of waiting.values()) failed(new Error('the browser has ended'));
  });
  return {
    send: (method, params = {}, sessionId) =>
      new Promise((done, failed) => {
        waiting.set(++last, { done, failed });
        input.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
      }),
    listen: (session, listener) => listeners.set(session, listener),
  };
}

async function openPage(wire: Wire, url: string, view: View): Promise<Page> {
  const { targetId } = await wire.send<{ targetId: string }>('Target.createTarget', { url: 'about:blank' });
  const attach = { targetId, flatten: true };
  const { sessionId } = await wire.send<{ sessionId: string }>('Target.attachToTarget', attach);
  const send = <Answer = Fields>(method: string, params?: Fields) =>
    wire.send<Answer>(method, params, sessionId);
  const complaints: string[] = [];
  const requests: string[] = [];
  let loaded = () => {};
  const loading = new Promise<void>((done) => {
    loaded = done;
  });
  wire.listen(sessionId, (method, params) => {
    if (method === 'Page.loadEventFired') loaded();
    if (method === 'Network.requestWillBeSent')
      requests.push((params.request as { readonly url: string }).url);
    if (COMPLAINTS.has(method)) complaints.push(JSON.stringify(params));
  });
  const { width, height = 800, dark = false, print = false } = view;
  await Promise.all(['Page', 'Runtime', 'Log', 'Network'].map((domain) => send(`${domain}.enable`)));
  const features = [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }];
  await send('Emulation.setEmulatedMedia', { features, media: print ? 'print' : 'screen' });
  const metrics = { width, height, deviceScaleFactor: 1, mobile: width < 600 };
  await send('Emulation.setDeviceMetricsOverride', metrics);
  await send('Page.navigate', { url });
  await loading;
  return {
    complaints,
    requests,
    evaluate: async <Value>(expression: string) => {
      const { result, exceptionDetails } = await send<{
        result: { value: Value };
        exceptionDetails?: unknown;
      }>('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    },
    screenshot: async () => {
      const shot = { format: 'png', captureBeyondViewport: true };
      return bytesOf(await send<{ data: string }>('Page.captureScreenshot', shot));
    },
    print: async () => bytesOf(await send<{ data: string }>('Page.printToPDF', { printBackground: true })),
  };
}

const COMPLAINTS: ReadonlySet<string> = new Set([
  'Runtime.consoleAPICalled',
  'Runtime.exceptionThrown',
  'Log.entryAdded',
  'Network.loadingFailed',
]);

function bytesOf({ data }: { readonly data: string }): Buffer {
  return Buffer.from(data, 'base64');
}
