import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { type Result, runHere } from '../support/servers/host.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The bundle with quick clocks; `build.mjs` makes it. */
    quickProgram: string;
  }
}

const SAMPLE_KEY = 'KEY0123456789ABCDEF_sample';

/** A sandbox of its own, restored from a state, and the real program that talks to it. */
export interface FaultRepository {
  /** Up to date whenever a writing request is answered. */
  readonly stateFile: string;
  /** Resolves when a planted fault has struck and, if it commits, the request is carried out. */
  readonly struck: Promise<void>;
  /** As a process of its own, to be killed. */
  readonly start: (...args: readonly string[]) => Running;
  /** From the arguments to the exit code, in this process. */
  readonly run: (...args: readonly string[]) => Promise<Result>;
  /** A request to the API by somebody else. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<{ readonly id: string }>;
  /** `/_sandbox/…` */
  readonly control: <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>;
  readonly requests: () => Promise<readonly LoggedRequest[]>;
  /** Everything that the program said and asked for so far: what a failing point shows. */
  readonly transcript: () => Promise<string>;
  readonly end: () => Promise<void>;
}

export interface Running {
  readonly child: ChildProcess;
  readonly result: Promise<Result>;
}

export interface LoggedRequest {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** What the program saw; 0 where it saw nothing. */
  readonly status: number | null;
  readonly fault: string | null;
}

/** @param saved a sandbox's state file, and where its clock starts; null for an empty sandbox. */
export async function openRepository(
  repository: string,
  saved: { readonly state: string; readonly now: string } | null,
): Promise<FaultRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-faults-'));
  const stateFile = join(folder, 'sandbox.json');
  if (saved !== null) await writeFile(stateFile, saved.state);
  let strike = () => {};
  const struck = new Promise<void>((resolve) => {
    strike = resolve;
  });
  const onRequest = ({ fault }: { readonly fault: string | null }) => {
    if (fault !== null) strike();
  };
  const sandbox = await startSandbox({
    stateFile,
    onRequest,
    ...(saved === null ? {} : { startAtMs: Date.parse(saved.now) }),
  });
  const ask = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${sandbox.origin}${path}`, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${SAMPLE_KEY}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (JSON.parse(text) as { data: Answer }).data;
  };
  const requests = () => ask<readonly LoggedRequest[]>('GET', '/_sandbox/requests');
  const told: { readonly args: readonly string[]; readonly result: Promise<Result> }[] = [];
  const env = { TELNYX_API_KEY: SAMPLE_KEY, TELNYX_BASE_URL: sandbox.url, HOME: folder };
  const start = (...args: readonly string[]): Running => {
    const running = startProgram(args, repository, env);
    told.push({ args, result: running.result });
    return running;
  };
  const run = (...args: readonly string[]): Promise<Result> => {
    const result = runHere(args, { cwd: repository, env });
    told.push({ args, result });
    return result;
  };
  return {
    stateFile,
    struck,
    start,
    run,
    call: (method, path, body) => ask(method, `/v2${path}`, body),
    control: (method, path, body) => ask(method, `/_sandbox/${path}`, body),
    requests,
    transcript: async () => {
      const runs = await Promise.all(told.map(async ({ args, result }) => describeRun(args, await result)));
      return [...runs, 'requests:', ...(await requests()).map(describeRequest)].join('\n');
    },
    end: async () => {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startProgram(args: readonly string[], cwd: string, env: Record<string, string>): Running {
  const child = spawn(process.execPath, [inject('quickProgram'), ...args], { cwd, env, ...WHEN_IT_HANGS });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk) => (err += chunk));
  child.stdin.end();
  const result = new Promise<Result>((done) => {
    child.on('close', (code, signal) => done({ code, signal, out, err }));
  });
  return { child, result };
}

/** Far longer than any run takes, and shorter than a test may. */
const WHEN_IT_HANGS = { timeout: 60_000, killSignal: 'SIGABRT' } as const;

function describeRun(args: readonly string[], { code, signal, out, err }: Result): string {
  return `$ regsync ${args.join(' ')}\n${err}${out}=> ${signal ?? `exit ${code}`}\n`;
}

function describeRequest({ n, method, path, query, status, fault }: LoggedRequest): string {
  const where = query === '' ? path : `${path}?${decodeURIComponent(query)}`;
  return `${n} ${method} ${where} -> ${status || 'no answer'}${fault === null ? '' : `  <== ${fault}`}`;
}
