import type { Environment } from '../forge/base-tree.ts';
import { isSha } from '../forge/json.ts';
import { InvalidInputError } from '../model/errors.ts';

/** The part of a pipeline of GitLab that its predefined variables tell (documented for each). */
export interface Pipeline {
  /** `https://gitlab.example.com/api/v4` */
  readonly apiUrl: string;
  readonly serverUrl: string;
  /** The id of the project: `42` */
  readonly project: string;
  readonly projectUrl: string;
  readonly jobUrl: string;
  /** The folder of the checkout. */
  readonly workspace: string;
  readonly sha: string;
  /** The commit that the branch had before the push. Null if the pipeline is not of a push. */
  readonly before: string | null;
  /** The branch. Null for a merge request or a tag. */
  readonly branch: string | null;
  readonly defaultBranch: string;
  /** `.gitlab-ci.yml`, unless the project has set another file. */
  readonly file: string;
  /** The merge request. Null for another pipeline. */
  readonly request: PipelineRequest | null;
}

export interface PipelineRequest {
  readonly number: number;
  readonly headSha: string;
  /** The commit that both branches have in common. Null if GitLab does not name it. */
  readonly baseSha: string | null;
  readonly isFork: boolean;
  /** True in a merge train, which runs after the review. */
  readonly isTrain: boolean;
}

/** @throws InvalidInputError if this is not a job of GitLab. */
export function readPipeline(env: Environment): Pipeline {
  const get = (name: string): string => {
    const value = env[name];
    if (value) return value;
    throw new InvalidInputError(
      `${name} is not set. GitLab sets it in its jobs, and --note gitlab works only there. Elsewhere, add --summary FILE instead`,
    );
  };
  const before = env.CI_COMMIT_BEFORE_SHA ?? '';
  return {
    apiUrl: get('CI_API_V4_URL'),
    serverUrl: get('CI_SERVER_URL'),
    project: get('CI_PROJECT_ID'),
    projectUrl: get('CI_PROJECT_URL'),
    jobUrl: get('CI_JOB_URL'),
    workspace: get('CI_PROJECT_DIR'),
    sha: get('CI_COMMIT_SHA'),
    before: isSha(before) && !/^0+$/.test(before) ? before : null,
    branch: env.CI_COMMIT_BRANCH || null,
    defaultBranch: get('CI_DEFAULT_BRANCH'),
    file: env.CI_CONFIG_PATH || '.gitlab-ci.yml',
    request: requestIn(env),
  };
}

/**
 * A pipeline of merged results runs on a merge commit, and names the head. Another one runs on the head
 * itself, and the variable is empty.
 */
function requestIn(env: Environment): PipelineRequest | null {
  const number = Number(env.CI_MERGE_REQUEST_IID || Number.NaN);
  if (!Number.isInteger(number)) return null;
  const baseSha = env.CI_MERGE_REQUEST_DIFF_BASE_SHA ?? '';
  return {
    number,
    headSha: env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || (env.CI_COMMIT_SHA ?? ''),
    baseSha: isSha(baseSha) ? baseSha : null,
    isFork:
      !env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID ||
      env.CI_MERGE_REQUEST_SOURCE_PROJECT_ID !== env.CI_MERGE_REQUEST_PROJECT_ID,
    isTrain: env.CI_MERGE_REQUEST_EVENT_TYPE === 'merge_train',
  };
}
