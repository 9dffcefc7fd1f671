import { describe, expect, it } from 'vitest';
import { readPipeline } from '../../src/gitlab/pipeline.ts';
import { InvalidInputError } from '../../src/model/errors.ts';

const [SHA, HEAD, BASE] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string];
const JOB = {
  CI_API_V4_URL: 'https://gitlab.example.com/api/v4',
  CI_SERVER_URL: 'https://gitlab.example.com',
  CI_PROJECT_ID: '42',
  CI_PROJECT_URL: 'https://gitlab.example.com/example/telephony',
  CI_JOB_URL: 'https://gitlab.example.com/example/telephony/-/jobs/1',
  CI_PROJECT_DIR: '/builds/example/telephony',
  CI_COMMIT_SHA: SHA,
  CI_DEFAULT_BRANCH: 'main',
};
const REQUEST = {
  ...JOB,
  CI_MERGE_REQUEST_IID: '7',
  CI_MERGE_REQUEST_PROJECT_ID: '42',
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '42',
  CI_MERGE_REQUEST_DIFF_BASE_SHA: BASE,
};

describe('A pipeline of GitLab', () => {
  it('is read from the variables of its job', () => {
    expect(readPipeline({ ...JOB, CI_COMMIT_BRANCH: 'main', CI_COMMIT_BEFORE_SHA: BASE })).toEqual({
      apiUrl: 'https://gitlab.example.com/api/v4',
      serverUrl: 'https://gitlab.example.com',
      project: '42',
      projectUrl: 'https://gitlab.example.com/example/telephony',
      jobUrl: 'https://gitlab.example.com/example/telephony/-/jobs/1',
      workspace: '/builds/example/telephony',
      sha: SHA,
      before: BASE,
      branch: 'main',
      defaultBranch: 'main',
      file: '.gitlab-ci.yml',
      request: null,
    });
  });

  it.each(Object.keys(JOB))('without %s is none, and the message names it', (name) => {
    expect(() => readPipeline({ ...JOB, [name]: '' })).toThrow(
      new InvalidInputError(
        `${name} is not set. GitLab sets it in its jobs, and --note gitlab works only there. Elsewhere, add --summary FILE instead`,
      ),
    );
  });

  it.each<[string, Readonly<Record<string, string>>, object]>([
    ['has the file that the project names', { CI_CONFIG_PATH: 'ci/telnyx.yml' }, { file: 'ci/telnyx.yml' }],
    ['knows no commit before a first push', { CI_COMMIT_BEFORE_SHA: '0'.repeat(40) }, { before: null }],
    [
      'knows a commit before whose digits end or begin with zeros',
      { CI_COMMIT_BEFORE_SHA: `0${'1'.repeat(38)}0` },
      { before: `0${'1'.repeat(38)}0` },
    ],
    ['knows no commit before one without a push', { CI_COMMIT_BEFORE_SHA: '' }, { before: null }],
    ['of a tag has no branch', { CI_COMMIT_TAG: 'v1' }, { branch: null }],
  ])('%s', (_, given, expected) => {
    expect(readPipeline({ ...JOB, ...given })).toMatchObject(expected);
  });

  it.each<[string, Readonly<Record<string, string>>, object | null]>([
    [
      'is about its own commit',
      {},
      { number: 7, headSha: SHA, baseSha: BASE, isFork: false, isTrain: false },
    ],
    ['of merged results is about its head', { CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: HEAD }, { headSha: HEAD }],
    ['has no base where GitLab names none', { CI_MERGE_REQUEST_DIFF_BASE_SHA: '' }, { baseSha: null }],
    ['of another project is from a fork', { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '43' }, { isFork: true }],
    [
      'of a project that is gone is from a fork',
      { CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '' },
      { isFork: true },
    ],
    ['in a train says so', { CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train' }, { isTrain: true }],
    ['outside of a train does not', { CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result' }, { isTrain: false }],
  ])('of a merge request %s', (_, given, expected) => {
    expect(readPipeline({ ...REQUEST, ...given }).request).toMatchObject(expected ?? {});
  });

  it.each(['', 'seven', '7.5'])('with the number %j is of no merge request', (CI_MERGE_REQUEST_IID) => {
    expect(readPipeline({ ...REQUEST, CI_MERGE_REQUEST_IID }).request).toBeNull();
  });
});
