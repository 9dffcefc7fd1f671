import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckout } from './checkout.ts';
import type { Build } from './programs/builds.ts';
import {
  GITLAB_TOKEN,
  type GitLabNote,
  type GitLabServer,
  PROJECT,
  PROJECT_URL,
  startGitLab,
} from './servers/gitlab.ts';
import { openTestRepository, type Result, type TestRepository } from './test-repository.ts';

/** The variables of a job that one test says otherwise than GitLab would. Undefined leaves one out. */
export type JobVariables = Readonly<Record<string, string | undefined>>;

export interface JobResult extends Result {
  /** What the job added to the file of `--summary`. */
  readonly summary: string;
}

/** How a merge request gets into the branch. */
export type MergeMethod = 'merge commit' | 'squash' | 'fast-forward';

/**
 * A project on GitLab: a real git repository with a default branch and merge requests, a checkout of it as GitLab's runner
 * makes one, the sandbox in Telnyx's place, a server in GitLab's, and the real program between them.
 */
export interface GitLabRepository {
  readonly repository: TestRepository;
  readonly gitlab: GitLabServer;
  readonly write: (path: string, text: string) => Promise<void>;
  /** Pushes to the merge request, and returns the variables of its pipeline. */
  readonly pushToRequest: (
    iid: number,
    files: Readonly<Record<string, string | null>>,
  ) => Promise<JobVariables>;
  /** Merges the requests, and returns the variables of the one pipeline of the push. */
  readonly merge: (iids: readonly number[], method?: MergeMethod) => JobVariables;
  /** `ci STEP --note gitlab --summary FILE` and what else is given. */
  readonly job: (step: 'plan' | 'apply', variables: JobVariables, ...args: string[]) => Promise<JobResult>;
  readonly notes: (iid: number) => readonly GitLabNote[];
  readonly end: () => Promise<void>;
}

/** @param how `processes` to start the program each time, as a runner does; another build of it runs here. */
export async function openGitLabRepository(
  manifests: Readonly<Record<string, string>>,
  how: 'here' | 'processes' | Build = 'here',
): Promise<GitLabRepository> {
  const repository =
    typeof how === 'string'
      ? await openTestRepository(manifests, how)
      : await openTestRepository(manifests, 'here', how);
  const gitlab = await startGitLab();
  const home = await mkdtemp(join(tmpdir(), 'regsync-runner-'));
  const { git, script, change, write, commit } = await openCheckout(repository.folder, home);
  let jobs = 100;
  git('init', '--quiet', '--initial-branch=main');
  gitlab.branches.set('main', commit('Begin').sha);

  const always = { CI_PROJECT_DIR: repository.folder, CI_API_V4_URL: gitlab.url, HOME: home };
  return {
    repository,
    gitlab,
    write,
    pushToRequest: async (iid, files) => {
      const branch = `request-${iid}`;
      const known = gitlab.requests.find((request) => request.iid === iid);
      git('checkout', '--quiet', '--force', ...(known === undefined ? ['-b', branch, 'main'] : [branch]));
      await change(files);
      const { sha } = commit(`Change ${Object.keys(files).join(', ')}`);
      if (known !== undefined) known.sha = sha;
      else
        gitlab.requests.push({
          iid,
          sha,
          state: 'opened',
          target_branch: 'main',
          target_project_id: PROJECT,
          merge_commit_sha: null,
          squash_commit_sha: null,
        });
      return {
        ...always,
        CI_PIPELINE_SOURCE: 'merge_request_event',
        CI_COMMIT_SHA: sha,
        CI_MERGE_REQUEST_IID: `${iid}`,
        CI_MERGE_REQUEST_PROJECT_ID: `${PROJECT}`,
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: `${PROJECT}`,
        CI_MERGE_REQUEST_DIFF_BASE_SHA: git('merge-base', 'main', branch),
        CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
      };
    },
    merge: (iids, method = 'merge commit') => {
      const before = git('rev-parse', 'main');
      const commits: string[] = [];
      let sha = before;
      for (const iid of iids) {
        [sha = ''] = script(
          `git checkout --quiet --force main; ${MERGES[method]}; git rev-parse HEAD`,
          `Merge request !${iid}`,
          `request-${iid}`,
        );
        const request = gitlab.requests.find((one) => one.iid === iid);
        if (request === undefined) throw new Error(`There is no request ${iid}`);
        Object.assign(request, {
          state: 'merged',
          merge_commit_sha: method === 'merge commit' ? sha : null,
          squash_commit_sha: method === 'squash' ? sha : null,
        });
        commits.push(...(method === 'squash' ? [] : [request.sha]), sha);
      }
      gitlab.branches.set('main', sha);
      gitlab.comparisons.set(`${before}..${sha}`, commits);
      return {
        ...always,
        CI_PIPELINE_SOURCE: 'push',
        CI_COMMIT_SHA: sha,
        CI_COMMIT_BEFORE_SHA: before,
        CI_COMMIT_BRANCH: 'main',
      };
    },
    job: async (step, variables, ...args) => {
      const file = join(home, `summary-${++jobs}.md`);
      await writeFile(file, '');
      // Most rehearsals begin with manifests that nobody has applied, and look at all that differs.
      const changes = step === 'plan' ? ['--changes', 'all'] : [];
      const command = ['ci', step, '--note', 'gitlab', '--summary', file, ...changes, ...args];
      const result = await repository.run(command, {
        env: {
          GITLAB_CI: 'true',
          CI: 'true',
          CI_SERVER_URL: 'https://gitlab.example.com',
          CI_PROJECT_ID: `${PROJECT}`,
          CI_PROJECT_URL: PROJECT_URL,
          CI_DEFAULT_BRANCH: 'main',
          CI_JOB_URL: `${PROJECT_URL}/-/jobs/${jobs}`,
          REGSYNC_GITLAB_TOKEN: GITLAB_TOKEN,
          ...variables,
        },
      });
      return { ...result, summary: await readFile(file, 'utf8') };
    },
    notes: (iid) => (gitlab.notes.get(iid) ?? []).filter(({ system }) => !system),
    end: async () => {
      await repository.end();
      await gitlab.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

const MERGES: Readonly<Record<MergeMethod, string>> = {
  'merge commit': 'git merge --quiet --no-ff -m "$1" "$2"',
  squash: 'git merge --quiet --squash "$2" >/dev/null; git commit --quiet -m "$1"',
  'fast-forward': 'git merge --quiet --ff-only "$2"',
};
