import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './support/root.ts';
import { runHere } from './support/servers/host.ts';

const FOLDER = join(ROOT, 'examples/gitlab');
const text = readFileSync(join(FOLDER, '.gitlab-ci.yml'), 'utf8');

interface Job {
  readonly extends: string;
  readonly rules: readonly { readonly if: string; readonly when?: string }[];
  readonly script: readonly string[];
  readonly resource_group?: string;
  readonly interruptible?: boolean;
  readonly artifacts: { readonly when: string; readonly paths: readonly string[] };
}

interface Common {
  readonly image: { readonly name: string; readonly entrypoint: readonly string[] };
  readonly variables: Readonly<Record<string, string>>;
}

const { '.regsync': common, ...jobs } = parse(text) as Readonly<Record<string, Job>> & {
  readonly '.regsync': Common;
};

/** The words that a script runs a program with, as the shell of the runner splits them. */
function wordsOf(line: string, env: Readonly<Record<string, string>> = {}): string[] {
  const shown = `regsync() { for word in regsync "$@"; do printf '%s\\n' "$word"; done; }\n${line}`;
  return execFileSync('sh', ['-euc', shown], { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8' })
    .trimEnd()
    .split('\n');
}

/** Which jobs a pipeline has, by the rules that this file uses. */
function jobsIn(pipeline: Readonly<Record<string, string>>): string[] {
  const holds = (condition: string): boolean => {
    const sides = condition.match(/^\$(\w+) == (?:"(\w+)"|\$(\w+))$/);
    if (sides === null) throw new Error(`The test cannot read the rule ${condition}`);
    const [, left = '', word, right = ''] = sides;
    return (pipeline[left] ?? '') === (word ?? pipeline[right] ?? '');
  };
  return Object.entries(jobs)
    .filter(([, { rules }]) => {
      const rule = rules.find((one) => holds(one.if));
      return rule !== undefined && rule.when !== 'never';
    })
    .map(([name]) => name);
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regsync-gitlab-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the file for GitLab', () => {
  it('is the only one there, with a job for each step', () => {
    expect(readdirSync(FOLDER)).toEqual(['.gitlab-ci.yml']);
    expect(Object.keys(jobs)).toEqual(['regsync-plan', 'regsync-apply', 'regsync-drift']);
    expect(common).toEqual({
      image: { name: 'ghcr.io/regsync/regsync:1', entrypoint: [''] },
      variables: { GIT_DEPTH: '0' },
    });
    for (const job of Object.values(jobs)) expect(job.extends).toBe('.regsync');
  });

  it.each<[string, Readonly<Record<string, string>>, string[]]>([
    ['of a merge request plans', { CI_PIPELINE_SOURCE: 'merge_request_event' }, ['regsync-plan']],
    ['of a merge applies', { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'main' }, ['regsync-apply']],
    [
      'started by hand there applies',
      { CI_PIPELINE_SOURCE: 'web', CI_COMMIT_BRANCH: 'main' },
      ['regsync-apply'],
    ],
    ['of a push elsewhere does nothing', { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'feature' }, []],
    ['of a tag does nothing', { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_TAG: 'v1' }, []],
    [
      'of a schedule looks for drift',
      { CI_PIPELINE_SOURCE: 'schedule', CI_COMMIT_BRANCH: 'main' },
      ['regsync-drift'],
    ],
  ])('makes a pipeline that %s', (_, pipeline, expected) => {
    expect(jobsIn({ CI_DEFAULT_BRANCH: 'main', ...pipeline })).toEqual(expected);
  });

  it('lets one apply run at a time, and interrupts none', () => {
    expect(jobs['regsync-apply']).toMatchObject({ resource_group: 'regsync', interruptible: false });
  });

  it.each(Object.entries(jobs))(
    'keeps the summary of %s and the record of an apply, also of a run that fails',
    (_, { script, artifacts }) => {
      const words = wordsOf(script[0] ?? '', { FINGERPRINT: '' });
      const outputs = ['--summary', '--record'].filter((option) => words.includes(option));
      expect(outputs.includes('--record')).toBe(words.includes('apply'));
      const paths = outputs.map((option) => words[words.indexOf(option) + 1]);
      expect(artifacts).toMatchObject({ when: 'always', paths });
    },
  );

  it('applies by a fingerprint where one is given, as one word', () => {
    const [line = ''] = jobs['regsync-apply']?.script ?? [];
    const outputs = ['--summary', 'regsync-apply.md', '--record', 'regsync-record.jsonl'];
    const command = ['regsync', 'ci', 'apply', '--note', 'gitlab', ...outputs];
    expect(wordsOf(line)).toEqual(command);
    expect(wordsOf(line, { FINGERPRINT: '' })).toEqual(command);
    expect(wordsOf(line, { FINGERPRINT: '9d3f0a61' })).toEqual([...command, '--fingerprint', '9d3f0a61']);
    expect(wordsOf(line, { FINGERPRINT: '9d3f0a61; rm -rf x' })).toEqual([
      ...command,
      '--fingerprint',
      '9d3f0a61; rm -rf x',
    ]);
  });

  it.each(Object.entries(jobs))('runs commands of the program in %s', async (_, { script }) => {
    expect(script).toHaveLength(1);
    const [program, ...args] = wordsOf(script[0] ?? '', { FINGERPRINT: '9d3f0a61' });
    expect(program).toBe('regsync');
    // What the program knows it takes as far as to the configuration, which is not there.
    const { code, err } = await runHere([...args, '--config', 'nowhere.yaml'], {
      cwd: folder,
      env: { ...JOB, CI_PROJECT_DIR: folder },
    });
    expect([code, err]).toEqual([3, expect.stringContaining('nowhere.yaml')]);
  });
});

const JOB = {
  CI_API_V4_URL: 'https://gitlab.example.com/api/v4',
  CI_SERVER_URL: 'https://gitlab.example.com',
  CI_PROJECT_ID: '42',
  CI_PROJECT_URL: 'https://gitlab.example.com/example/telephony',
  CI_JOB_URL: 'https://gitlab.example.com/example/telephony/-/jobs/1',
  CI_COMMIT_SHA: '1'.repeat(40),
  CI_COMMIT_BRANCH: 'main',
  CI_DEFAULT_BRANCH: 'main',
  CI_MERGE_REQUEST_IID: '7',
  CI_MERGE_REQUEST_PROJECT_ID: '42',
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '42',
};
