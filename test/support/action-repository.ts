import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckout } from './checkout.ts';
import type { Build } from './programs/builds.ts';
import { type Comment, type GitHubServer, REPOSITORY, startGitHub, TOKEN } from './servers/github.ts';
import { runActionHere } from './servers/host.ts';
import { openTestRepository, ROOT, SAMPLE_KEY, type TestRepository } from './test-repository.ts';

const BUNDLE = join(ROOT, 'action/index.js');

export interface ActionResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The file that GitHub reads, as it is. */
  readonly outputFile: string;
  readonly summary: string;
}

export interface Happening {
  readonly name: string;
  readonly payload: object;
  readonly ref: string;
  readonly sha: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A repository on GitHub: a real git repository with a default branch and pull requests, a checkout of it as actions/checkout
 * makes one, the sandbox in Telnyx's place, and a server in GitHub's. The bundle between them is what GitHub starts.
 */
export interface ActionRepository {
  readonly testRepository: TestRepository;
  readonly github: GitHubServer;
  readonly workspace: string;
  /** Writes into the checkout; nothing is committed. */
  readonly write: (path: string, text: string) => Promise<void>;
  readonly git: (...args: string[]) => string;
  /** Commits what lies in the checkout to the default branch, and returns the commit. */
  readonly commit: (message: string) => string;
  /** What a push to a pull request leads to: the head, the merge of both sides checked out, the event. */
  readonly pushToPull: (number: number, files: Readonly<Record<string, string | null>>) => Promise<Happening>;
  /** What the merge of the pull requests leads to: one push, as of a merge queue. */
  readonly merge: (...numbers: readonly number[]) => Happening;
  /**
   * In this process unless the stage was opened for `processes`, or somebody watches.
   *
   * @param watch gets the process as soon as it runs.
   */
  readonly run: (
    happening: Happening,
    inputs?: Readonly<Record<string, string>>,
    watch?: (child: ChildProcess) => void,
  ) => Promise<ActionResult>;
  readonly comments: (number: number) => readonly Comment[];
  readonly end: () => Promise<void>;
}

/** @param how `processes` to start the committed bundle each time, as GitHub does; another build of the program runs here. */
export async function openActionRepository(
  manifests: Readonly<Record<string, string>>,
  how: 'here' | 'processes' | Build = 'here',
): Promise<ActionRepository> {
  const testRepository = await openTestRepository(manifests);
  const github = await startGitHub();
  const workspace = testRepository.folder;
  const runner = await mkdtemp(join(tmpdir(), 'regsync-runner-'));
  let runs = 0;

  const { git, script, write, change, ...checkout } = await openCheckout(workspace, runner);
  const commit = (message: string): string => {
    const { sha, branch } = checkout.commit(message);
    if (branch === 'main') github.branches.set('main', sha);
    return sha;
  };
  git('init', '--quiet', '--initial-branch=main');
  commit('Begin');

  const pushToPull = async (number: number, files: Readonly<Record<string, string | null>>) => {
    const branch = `pull-${number}`;
    const known = github.pulls.find((pull) => pull.number === number);
    git('checkout', '--quiet', '--force', ...(known === undefined ? ['-b', branch, 'main'] : [branch]));
    await change(files);
    const head = commit(`Change ${Object.keys(files).join(', ')}`);
    if (known !== undefined) known.head = { sha: head };
    else {
      github.pulls.push({
        number,
        head: { sha: head },
        base: { ref: 'main' },
        state: 'open',
        merged_at: null,
        merge_commit_sha: null,
      });
    }
    const [base = '', merged = ''] = script(
      'git checkout --quiet --detach main; git merge --quiet --no-ff -m "$1" "$2"; git rev-parse main HEAD',
      `Merge ${head} into main`,
      branch,
    );
    return pullRequest(number, head, base, merged);
  };

  const merge = (...numbers: readonly number[]): Happening => {
    const commits: string[] = [];
    for (const number of numbers) {
      const [sha = ''] = script(
        'git checkout --quiet --force main; git merge --quiet --no-ff -m "$1" "$2"; git rev-parse HEAD',
        `Merge pull request #${number}`,
        `pull-${number}`,
      );
      const pull = github.pulls.find((one) => one.number === number);
      if (pull !== undefined) {
        commits.push(pull.head.sha);
        Object.assign(pull, { state: 'closed', merged_at: '2026-01-01T00:00:00Z', merge_commit_sha: sha });
      }
      commits.push(sha);
      github.branches.set('main', sha);
    }
    return push(commits.at(-1) ?? '', 'refs/heads/main', commits);
  };

  const run = async (
    happening: Happening,
    inputs: Readonly<Record<string, string>> = {},
    watch?: (child: ChildProcess) => void,
  ): Promise<ActionResult> => {
    const folder = join(runner, `run-${++runs}`);
    await mkdir(folder);
    const [event, output, summary] = ['event.json', 'output', 'summary.md'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    await writeFile(event, JSON.stringify(happening.payload));
    await writeFile(output, '');
    await writeFile(summary, '');
    // Most rehearsals begin with manifests that nobody has applied, and look at all that differs.
    const given = { 'github-token': TOKEN, 'api-key': SAMPLE_KEY, changes: 'all', ...inputs };
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: runner,
      TELNYX_BASE_URL: testRepository.sandbox.url,
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: github.url,
      GITHUB_SERVER_URL: 'https://github.example.com',
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_RUN_ID: `${4000 + runs}`,
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_ACTOR: 'somebody',
      GITHUB_EVENT_NAME: happening.name,
      GITHUB_EVENT_PATH: event,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_REF: happening.ref,
      GITHUB_SHA: happening.sha,
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: folder,
      ...happening.env,
      ...Object.fromEntries(
        Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
    };
    const cwd = env.GITHUB_WORKSPACE;
    const result =
      how !== 'processes' && watch === undefined
        ? await runActionHere({ cwd, env }, how === 'here' ? undefined : how.module)
        : await spawnBundle(cwd, env, watch);
    const outputFile = await readFile(output, 'utf8');
    return {
      ...result,
      outputFile,
      outputs: parseOutputs(outputFile),
      summary: await readFile(summary, 'utf8'),
    };
  };

  return {
    testRepository,
    github,
    workspace,
    write,
    git,
    commit,
    pushToPull,
    merge,
    run,
    comments: (number) => github.comments.get(number) ?? [],
    end: async () => {
      await testRepository.end();
      await github.close();
      await rm(runner, { recursive: true, force: true });
    },
  };
}

function spawnBundle(
  cwd: string,
  env: Readonly<Record<string, string>>,
  watch: (child: ChildProcess) => void = () => {},
): Promise<Pick<ActionResult, 'code' | 'out' | 'err'>> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [BUNDLE], { cwd, env });
    watch(child);
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk) => (out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (err += chunk));
    child.stdin.end();
    child.on('close', (code) => done({ code, out, err }));
  });
}

/** As the runner reads the file: `name<<delimiter`, lines, the delimiter. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length - 1; at++) {
    const [, name = '', delimiter = ''] = lines[at]?.match(/^([\w-]+)<<(.+)$/) ?? [];
    const end = lines.indexOf(delimiter, at + 1);
    if (name === '' || end < 0) throw new Error(`GITHUB_OUTPUT is malformed at line ${at + 1}: ${lines[at]}`);
    outputs[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return outputs;
}

/* ---- Events ---- */

const REPOSITORY_FIELDS = { full_name: REPOSITORY, default_branch: 'main' };

export function pullRequest(
  number: number,
  head: string,
  base: string,
  sha: string,
  given: { readonly action?: string; readonly from?: string | null; readonly user?: string } = {},
): Happening {
  const { action = 'synchronize', from = REPOSITORY, user = 'somebody' } = given;
  return {
    name: 'pull_request',
    ref: `refs/pull/${number}/merge`,
    sha,
    payload: {
      action,
      number,
      repository: REPOSITORY_FIELDS,
      pull_request: {
        number,
        user: { login: user },
        head: { sha: head, ref: `pull-${number}`, repo: from === null ? null : { full_name: from } },
        base: { sha: base, ref: 'main', repo: { full_name: REPOSITORY } },
      },
    },
  };
}

export function push(sha: string, ref: string, commits: readonly string[] = []): Happening {
  return {
    name: 'push',
    ref,
    sha,
    payload: {
      ref,
      after: sha,
      commits: commits.map((id) => ({ id })),
      deleted: false,
      repository: REPOSITORY_FIELDS,
    },
  };
}

export function dispatch(sha: string, ref = 'refs/heads/main'): Happening {
  return { name: 'workflow_dispatch', ref, sha, payload: { ref, inputs: {}, repository: REPOSITORY_FIELDS } };
}

export function schedule(sha: string): Happening {
  return {
    name: 'schedule',
    ref: 'refs/heads/main',
    sha,
    payload: { schedule: '23 5 * * *', repository: REPOSITORY_FIELDS },
  };
}
