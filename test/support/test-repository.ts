import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { Build } from './programs/builds.ts';
import { ROOT } from './root.ts';
import { type Result, runHere, type Surroundings } from './servers/host.ts';

export { type Result, ROOT };

export const CLI = join(ROOT, 'dist/regsync.js');

export const SAMPLE_KEY = 'KEY0123456789ABCDEF_sample';

/** A repository of a user in a temporary folder, the sandbox on loopback, and the real program between them. */
export interface TestRepository {
  readonly folder: string;
  readonly sandbox: Sandbox;
  /** From the arguments to the exit code, in this process unless it was asked for `processes`. */
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Result>;
  /** As a process of its own: what is to be killed, interrupted, or watched while it runs. */
  readonly start: (args: readonly string[], options?: StartOptions) => Running;
  readonly write: (path: string, content: string | Uint8Array) => Promise<void>;
  /** `/_sandbox/…`: POST when there is a body or `method` says so. */
  readonly control: <Answer = unknown>(path: string, body?: unknown, method?: string) => Promise<Answer>;
  readonly state: () => Promise<SandboxState>;
  readonly requests: () => Promise<readonly LoggedRequest[]>;
  readonly forgetRequests: () => Promise<void>;
  readonly end: () => Promise<void>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly cwd?: string;
  /** Stdout ends at a terminal; not for `processes`. */
  readonly isTerminal?: boolean;
}

export interface StartOptions extends RunOptions {
  /** Another build of the program. */
  readonly program?: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly result: Promise<Result>;
}

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number | null;
  readonly body: unknown;
}

export interface SandboxState {
  readonly groups: readonly SandboxGroup[];
  readonly documents: readonly {
    readonly id: string;
    readonly customer_reference: string | null;
    readonly filename: string;
    readonly sha256: string;
  }[];
  readonly addresses: readonly { readonly id: string; readonly customer_reference: string | null }[];
}

export interface SandboxGroup {
  readonly id: string;
  readonly country_code: string;
  readonly customer_reference: string | null;
  readonly status: string;
  readonly regulatory_requirements: readonly {
    readonly requirement_id: string;
    readonly field_value: string;
    readonly status: string;
  }[];
}

/**
 * @param manifests by path; documents are copied from this repository's own.
 * @param how `processes` where it matters that the process ends, and how.
 * @param stateFile where the sandbox keeps its state; in memory if left out.
 */
export async function openTestRepository(
  manifests: Readonly<Record<string, string>>,
  how: 'here' | 'processes' = 'here',
  build?: Build,
  stateFile?: string,
): Promise<TestRepository> {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-test-'));
  const sandbox = await startSandbox(stateFile === undefined ? {} : { stateFile });
  const write = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  await cp(join(ROOT, 'documents'), join(folder, 'documents'), { recursive: true });
  await write('regsync.yaml', 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
  for (const [path, content] of Object.entries(manifests)) await write(path, content);

  const control = async <Answer>(path: string, body?: unknown, method?: string): Promise<Answer> => {
    const answer = await fetch(`${sandbox.origin}/_sandbox/${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`/_sandbox/${path} answered ${answer.status}: ${text}`);
    return (JSON.parse(text) as { data: Answer }).data;
  };
  const around = <Options extends RunOptions>(options?: Options) => ({
    cwd: folder,
    ...options,
    env: { ...environment(sandbox), ...options?.env },
  });
  const program = build === undefined ? {} : { program: build.file };
  const start = (args: readonly string[], options?: StartOptions) =>
    startProgram(args, { ...program, ...around(options) });
  return {
    folder,
    sandbox,
    write,
    control,
    start,
    run: (args, options) =>
      how === 'here' ? runHere(args, around(options), build?.module) : start(args, options).result,
    state: () => control<SandboxState>('state'),
    requests: () => control<readonly LoggedRequest[]>('requests'),
    forgetRequests: async () => void (await control('requests', undefined, 'DELETE')),
    end: async () => {
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function environment(sandbox: Sandbox): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: tmpdir(),
    TELNYX_API_KEY: SAMPLE_KEY,
    TELNYX_BASE_URL: sandbox.url,
  };
}

/** The bundle as a process of its own, with nothing of this process's environment. */
export function startProgram(
  args: readonly string[],
  options: Surroundings & { readonly program?: string },
): Running {
  const env = Object.fromEntries(Object.entries(options.env).filter(([, value]) => value !== undefined));
  const program = options.program ?? CLI;
  const child = spawn(process.execPath, [program, ...args], {
    cwd: options.cwd,
    env: env as NodeJS.ProcessEnv,
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk) => (err += chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const result = new Promise<Result>((done) => {
    child.on('close', (code, signal) => done({ code, signal, out, err }));
  });
  return { child, result };
}

/* ---- Manifests that many tests use ---- */

export const DE_REQUIREMENTS = {
  contact: '2708e569-696a-4fc7-9305-5fdb3eb9c7dd',
  registration: '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2',
  proof: '95cac7a7-cf24-4d34-81e4-e2d01a35adda',
  form: 'a3a856c0-2811-4eee-9607-ea60df9f5c32',
  address: 'a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b',
} as const;

export function germanGroup(
  given: { readonly name?: string; readonly contact?: string; readonly extra?: string } = {},
): string {
  const { name = 'de-local', contact = 'Compliance desk, Example GmbH', extra = '' } = given;
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
${extra}requirements:
  - requirement: Contact Info
    text: "${contact}"
  - requirement: ${DE_REQUIREMENTS.registration}
    document: { file: ../documents/registration.pdf }
  - requirement: ${DE_REQUIREMENTS.proof}
    document: { file: ../documents/local-address-proof.pdf }
  - requirement: ${DE_REQUIREMENTS.form}
    document: { file: ../documents/registration.pdf }
  - requirement: ${DE_REQUIREMENTS.address}
    address:
      business_name: Example GmbH
      street_address: Musterstraße 1
      locality: Berlin
      postal_code: "10115"
      country_code: DE
`;
}

export function frenchGroup(
  given: { readonly name?: string; readonly file?: string; readonly extra?: string } = {},
): string {
  const { name = 'fr-local', file = '../documents/address-fr.png', extra = '' } = given;
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: FR
phone_number_type: local
action: ordering
${extra}requirements:
  - requirement: Proof of Address
    document: { file: ${file} }
`;
}
