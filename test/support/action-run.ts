import { createHmac } from 'node:crypto';
import { readInputs } from '../../src/action/inputs.ts';
import { type ActionRun, conversation } from '../../src/action/run.ts';
import { githubWords } from '../../src/action/words.ts';
import { Meter } from '../../src/cli/session/meter.ts';
import type { Project } from '../../src/cli/session/project.ts';
import type { LostOutput, Terminal } from '../../src/cli/session/terminal.ts';
import type { ForgeQuery, PathParams } from '../../src/forge/client.ts';
import { ForgeError } from '../../src/forge/forge-error.ts';
import type { Event, PullRequestEvent, PushEvent, StartedEvent, Workflow } from '../../src/github/events.ts';
import type { GitHub } from '../../src/github/rest.ts';
import { plain } from '../../src/render/text/paint.ts';

/** A run of the action as plain data, with a GitHub in memory: what decides about a write, in milliseconds. */

export const REPOSITORY = 'example/telephony';
export const LOGIN = 'github-actions[bot]';
export const MERGE = 'a'.repeat(40);
export const HEAD = 'b'.repeat(40);
export const BASE = 'c'.repeat(40);
export const TIP = 'd'.repeat(40);
export const ROOT = '/home/runner/work/telephony/telephony';
export const RUN_URL = 'https://github.example.com/example/telephony/actions/runs/4711';

const PLACE = {
  repository: REPOSITORY,
  serverUrl: 'https://github.example.com',
  file: '.github/workflows/apply.yml',
};
export const WORDS = githubWords(PLACE);

export const sign = (value: unknown) =>
  createHmac('sha256', 'key').update(JSON.stringify(value)).digest('hex');

export const PUSH: PushEvent = {
  kind: 'push',
  sha: MERGE,
  commits: [],
  ref: 'refs/heads/main',
  isDefaultBranch: true,
};
export const STARTED: StartedEvent = {
  kind: 'started',
  name: 'workflow_dispatch',
  sha: MERGE,
  ref: 'refs/heads/main',
  isDefaultBranch: true,
};
export const PULL_REQUEST: PullRequestEvent = {
  kind: 'pull-request',
  number: 7,
  headSha: HEAD,
  baseSha: BASE,
  isClosed: false,
  untrustedFork: null,
};

export const PROJECT = {
  desired: { scope: 'acme' },
  repository: { root: ROOT, configFile: 'regsync.yaml', config: { scope: 'acme', account: null } },
  problems: [],
} as unknown as Project;

export interface GivenRun {
  /** As in a workflow: `{ 'allow-replace': 'true' }`. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly event?: Event;
  readonly workflow?: Partial<Workflow>;
  readonly github?: GitHub | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly lost?: LostOutput;
  readonly cover?: (text: string) => string;
}

export interface Said {
  out: string;
  err: string;
  /** Lines that the runner obeys. */
  readonly issuedCommands: string[];
  readonly hidden: string[];
}

export function actionRun(given: GivenRun = {}): ActionRun & { readonly said: Said } {
  const inputs = Object.fromEntries(
    Object.entries(given.inputs ?? {}).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  const said: Said = { out: '', err: '', issuedCommands: [], hidden: [] };
  const cover = given.cover ?? ((text: string) => text);
  const terminal: Partial<Terminal> = {
    env: given.env ?? {},
    cwd: given.cwd ?? ROOT,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    outPaint: plain,
    errPaint: plain,
    signal: given.signal ?? new AbortController().signal,
    settle: async () => given.lost ?? { out: null, err: null },
    hide: (secret) => void said.hidden.push(secret),
    cover,
    meter: new Meter(),
  };
  const workflow: Workflow = {
    event: given.event ?? PUSH,
    apiUrl: 'https://api.github.example.com',
    ...PLACE,
    sha: MERGE,
    workspace: ROOT,
    runUrl: RUN_URL,
    attempt: 1,
    ...given.workflow,
  };
  const settings = readInputs(inputs);
  const github = given.github === undefined ? new MemoryGitHub() : given.github;
  const issueCommand = (lines: readonly string[]) => void said.issuedCommands.push(...lines);
  return {
    terminal: terminal as Terminal,
    inputs: settings,
    workflow,
    token: null,
    outputs: new Map(),
    summary: [],
    cover,
    ...conversation({ inputs: settings, workflow, github, issueCommand }),
    said,
  };
}

export interface Text {
  readonly id: number;
  readonly number: number;
  body: string;
  readonly user: { readonly login: string };
  title?: string;
  state?: string;
  state_reason?: string;
  pull_request?: object;
}

/** The little that a review needs of GitHub, without HTTP. */
export class MemoryGitHub implements GitHub {
  /** Of pull request 7, and the issues. */
  readonly comments: Text[] = [];
  readonly issues: Text[] = [];
  /** What GitHub answers at each look; the last one for good. */
  merged: readonly (readonly unknown[])[] = [[mergedRow()]];
  /** Pull requests that were closed lately. */
  closed: readonly unknown[] = [];
  /** Artifacts as GitHub lists them, and what each of them is. */
  artifacts: readonly unknown[] = [];
  archive: Buffer = Buffer.alloc(0);
  pull: unknown = { head: { sha: HEAD }, state: 'open' };
  tip = MERGE;
  login = LOGIN;
  /** Of the path of a request: fails with this status. */
  failing: { readonly at: RegExp; readonly status: number | null; readonly isPassing?: boolean } | null =
    null;
  readonly asked: string[] = [];

  async get(template: string, params: PathParams = {}): Promise<unknown> {
    const path = this.#ask('GET', template, params);
    if (path === '/user') return { login: this.login };
    if (path === `/repos/${REPOSITORY}/pulls/7`) return this.pull;
    if (path.includes('/actions/artifacts?')) return { artifacts: this.artifacts };
    if (path.startsWith(`/repos/${REPOSITORY}/branches/`)) return { commit: { sha: this.tip } };
    throw new ForgeError(`GET ${template} answered 404`, 404);
  }

  async *list(template: string, params: PathParams = {}, query: ForgeQuery = {}): AsyncGenerator<unknown> {
    const path = this.#ask('GET', template, params, query);
    if (path === `/repos/${REPOSITORY}/issues/7/comments`) yield* this.comments;
    else if (path === `/repos/${REPOSITORY}/issues`) yield* this.issues;
    else if (path === `/repos/${REPOSITORY}/pulls`) yield* this.closed;
    else if (path.startsWith(`/repos/${REPOSITORY}/commits/`)) {
      const [rows = [], ...later] = this.merged;
      if (later.length > 0) this.merged = later;
      yield* rows;
    } else throw new ForgeError(`GET ${template} answered 404`, 404);
  }

  async send(
    method: 'POST' | 'PATCH' | 'PUT',
    template: string,
    params: PathParams,
    body: unknown,
  ): Promise<unknown> {
    const path = this.#ask(method, template, params);
    const texts = path.includes('comments') ? this.comments : this.issues;
    if (method === 'POST') {
      const id = 1001 + texts.length;
      const made = { id, number: id, user: { login: LOGIN }, ...(body as { body: string }) };
      texts.push(made);
      return made;
    }
    const found = texts.find(({ id }) => path.endsWith(`/${id}`));
    if (found === undefined) throw new ForgeError(`PATCH ${template} answered 404`, 404);
    return Object.assign(found, body);
  }

  async download(template: string, params: PathParams): Promise<Buffer> {
    this.#ask('GET', template, params);
    return this.archive;
  }

  async close(): Promise<void> {
    this.asked.push('close');
  }

  #ask(method: string, template: string, params: PathParams, query: ForgeQuery = {}): string {
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => `${params[name]}`);
    const search = new URLSearchParams(query).toString();
    this.asked.push(`${method} ${path}${search === '' ? '' : `?${search}`}`);
    if (this.failing?.at.test(`${method} ${path}`)) {
      const { status, isPassing } = this.failing;
      throw new ForgeError(`${method} ${template} answered ${status}`, status, isPassing);
    }
    return path;
  }
}

/** A row of GitHub's list of the pull requests that a commit belongs to. */
export function mergedRow(given: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    number: 7,
    head: { sha: HEAD },
    base: { ref: 'main' },
    merged_at: '2026-01-01T00:00:00Z',
    merge_commit_sha: MERGE,
    ...given,
  };
}
