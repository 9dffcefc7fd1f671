import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionCommand } from '../../src/action/inputs.ts';
import { endingWithoutFile, runAction } from '../../src/action/run-action.ts';
import type { LostOutput } from '../../src/cli/session/terminal.ts';
import { openTerminal } from '../../src/cli/shell.ts';
import type { ExitCode } from '../../src/model/exit.ts';
import { runIn } from '../support/servers/host.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regsync-action-'));
  await writeFile(join(folder, 'event.json'), '{}');
  await writeFile(join(folder, 'summary.md'), '');
  await writeFile(join(folder, 'output'), '');
  await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const NOTHING_LOST: LostOutput = { out: null, err: null };

/** One run of the action, as a runner starts it. */
async function act(
  given: Readonly<Record<string, string | undefined>>,
  lost: LostOutput = NOTHING_LOST,
): Promise<{ code: number | null; out: string; err: string; summary: string; outputs: string }> {
  const env = {
    GITHUB_REPOSITORY: 'example/telephony',
    GITHUB_WORKSPACE: folder,
    GITHUB_RUN_ID: '4711',
    GITHUB_EVENT_NAME: 'workflow_run',
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_OUTPUT: join(folder, 'output'),
    ...given,
  };
  const { code, out, err } = await runIn({ cwd: folder, env }, (host) =>
    runAction({ ...openTerminal(['--no-color'], host), settle: async () => lost }),
  );
  const summary = await readFile(join(folder, 'summary.md'), 'utf8');
  const outputs = (await readFile(join(folder, 'output'), 'utf8')).replace(/regsync-[0-9a-f-]{36}/g, '%');
  return { code, out, err, summary, outputs };
}

const exitCode = (code: number) => `exit-code<<%\n${code}\n%\n`;
const caution = (message: string) => `> [!CAUTION]\n> \`${message}\`\n\n`;

describe('The action', () => {
  it('says which jobs share a run, in its output and in the log', async () => {
    const matrix = '{"include":[{"shard":"1/2"},{"shard":"2/2"}]}';
    expect(await act({ INPUT_COMMAND: 'matrix', INPUT_SHARDS: '2' })).toEqual({
      code: 0,
      out: `${matrix}\n`,
      err: '',
      summary: '\n\n',
      outputs: `matrix<<%\n${matrix}\n%\n${exitCode(0)}`,
    });
  });

  it('checks manifests', async () => {
    await mkdir(join(folder, 'groups'));
    const { code, summary, outputs } = await act({ INPUT_COMMAND: 'validate' });
    expect({ code, outputs }).toEqual({ code: 3, outputs: exitCode(3) });
    expect(summary).toContain('### regsync validate · 1 problem');
  });

  it.each<[string, string]>([
    [
      'plan',
      'plan does not run on workflow_run: use pull_request, merge_group, push, workflow_dispatch or schedule',
    ],
    [
      'apply',
      'nothing was applied: this is workflow_run, and apply runs on the default branch: on a push, by hand or on a schedule. In the workflow file, write on: push',
    ],
    [
      'drift',
      'drift compares the default branch with Telnyx: run it there on a schedule, by hand, or on a push',
    ],
  ])(
    'runs %s, and where that is refused says why in the log, in a note, and on its page',
    async (command, message) => {
      expect(await act({ INPUT_COMMAND: command })).toEqual({
        code: 5,
        out: `::error title=regsync%3A ${command}::${message}\n`,
        err: `error: ${message}\n`,
        summary: caution(message),
        outputs: exitCode(5),
      });
    },
  );

  it.each(['plan', 'apply', 'validate', 'drift', 'matrix'])(
    'never runs on pull_request_target, not even %s',
    async (command) => {
      const message =
        'regsync never runs on pull_request_target. In the workflow file, write on: pull_request';
      expect(await act({ INPUT_COMMAND: command, GITHUB_EVENT_NAME: 'pull_request_target' })).toEqual({
        code: 5,
        out: `::error title=regsync%3A ${command}::${message}\n`,
        err: `error: ${message}\n`,
        summary: caution(message),
        outputs: exitCode(5),
      });
    },
  );

  it('has a page of blocks, one below the other', async () => {
    const side = (sha: string, full_name: string) => ({ sha: sha.repeat(40), repo: { full_name } });
    const pull = { number: 7, head: side('1', 'stranger/telephony'), base: side('2', 'example/telephony') };
    await writeFile(join(folder, 'event.json'), JSON.stringify({ action: 'opened', pull_request: pull }));
    await mkdir(join(folder, 'groups'));
    const { code, summary } = await act({ GITHUB_EVENT_NAME: 'pull_request' });
    expect(code).toBe(3);
    expect(summary).toMatch(
      /^> \[!NOTE\]\n> This is a pull request from a fork.*\n\n### regsync validate · 1 problem/,
    );
  });

  it('says what is wrong before it knows what it is to do', async () => {
    const message = 'the input command must be one of plan, apply, validate, drift, matrix';
    expect(await act({ INPUT_COMMAND: 'destroy' })).toEqual({
      code: 3,
      out: `::error title=regsync%3A inputs::${message}\n`,
      err: `error: ${message}\n`,
      summary: caution(message),
      outputs: exitCode(3),
    });
  });

  it('shows problems at their lines, in the folder that they are in, and lets them speak for themselves', async () => {
    await mkdir(join(folder, 'telnyx'));
    await writeFile(
      join(folder, 'telnyx/regsync.yaml'),
      'apiVersion: regsync/v1\nkind: Config\nscoop: acme\n',
    );
    const { code, out, err, summary, outputs } = await act({
      INPUT_COMMAND: 'matrix',
      'INPUT_WORKING-DIRECTORY': 'telnyx',
    });
    expect({ code, outputs }).toEqual({ code: 3, outputs: exitCode(3) });
    expect(out).toMatch(/^::error file=telnyx\/regsync\.yaml,line=\d,col=1,title=regsync%3A /);
    expect(out).not.toContain('regsync%3A matrix');
    expect(err).toMatch(/regsync\.yaml:\d:1[\s\S]*\nerror: /);
    expect(summary).toMatch(/^### regsync validate · \d problems?\n/);
    expect(summary).not.toContain('[!CAUTION]');
  });

  it('shows problems of a configuration that is named at their lines, too', async () => {
    await mkdir(join(folder, 'telnyx/groups'), { recursive: true });
    await writeFile(join(folder, 'telnyx/eu.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
    await writeFile(join(folder, 'telnyx/groups/a.yaml'), 'kind: Nothing\n');
    const { code, out } = await act({
      INPUT_COMMAND: 'plan',
      GITHUB_EVENT_NAME: 'push',
      INPUT_CONFIG: 'telnyx/eu.yaml',
      'INPUT_API-KEY': 'KEY0123456789ABCDEF_sample',
    });
    expect(code).toBe(3);
    expect(out).toMatch(/^::error file=telnyx\/groups\/a\.yaml,line=1,/);
  });

  it('lets no secret into its page', async () => {
    const secret = 'KEY0123456789ABCDEF_eu';
    const { summary } = await act({
      INPUT_COMMAND: 'drift',
      TELNYX_API_KEY_EU: secret,
      GITHUB_EVENT_NAME: secret,
      INPUT_CONFIG: secret,
    });
    expect(summary).toContain('[!CAUTION]');
    const plan = await act({ TELNYX_API_KEY_EU: secret, GITHUB_EVENT_NAME: secret });
    expect(plan.summary).toContain('plan does not run on «sensitive»');
    expect(plan.summary + plan.out + plan.err).not.toContain(secret);
  });

  it('lets no line of others be obeyed', async () => {
    const { err } = await act({ GITHUB_EVENT_NAME: '::error::x' });
    expect(err).toBe(
      'error: plan does not run on ::error::x: use pull_request, merge_group, push, workflow_dispatch or schedule\n',
    );
    const { err: lines } = await act({ GITHUB_EVENT_NAME: '\n::error::x' });
    expect(lines.split('\n').filter((line) => line.startsWith('::'))).toEqual([]);
  });
});

describe('Files of the runner that cannot be written to', () => {
  it('are said in the log and in notes, and a run that went well fails', async () => {
    const files = { GITHUB_STEP_SUMMARY: folder, GITHUB_OUTPUT: join(folder, 'nowhere/output') };
    const { code, out, err } = await act({ INPUT_COMMAND: 'matrix', INPUT_SHARDS: '1', ...files });
    expect(code).toBe(1);
    expect(err).toBe(
      'error: the summary of this run cannot be written: it is a folder\nerror: the outputs of this run cannot be written: its folder does not exist\n',
    );
    expect(out).toBe(
      '{"include":[{"shard":"1/1"}]}\n' +
        '::error title=regsync%3A summary::the summary of this run cannot be written: it is a folder\n' +
        '::error title=regsync%3A outputs::the outputs of this run cannot be written: its folder does not exist\n',
    );
  });

  it('change nothing about how a run failed, even before it knew what it was to do', async () => {
    const { code, err } = await act({ INPUT_COMMAND: 'destroy', GITHUB_STEP_SUMMARY: folder });
    expect(code).toBe(3);
    expect(err).toContain('error: the summary of this run cannot be written: it is a folder\n');
  });

  it.each<[ExitCode, ActionCommand | null, ExitCode]>([
    [0, 'plan', 1],
    [2, 'plan', 1],
    [0, 'apply', 4],
    [2, 'apply', 4],
    [0, null, 1],
    [4, 'apply', 4],
    [5, 'apply', 5],
    [6, 'plan', 6],
    [130, 'apply', 130],
  ])('let a run that ended with %i, of %s, end with %i', (exit, command, expected) => {
    expect(endingWithoutFile(exit, command)).toBe(expected);
  });

  it('are named where the path is none', async () => {
    const { err } = await act({ INPUT_COMMAND: 'matrix', GITHUB_STEP_SUMMARY: '\0' });
    expect(err).toContain(
      'the summary of this run cannot be written: its path has a character that no path may have',
    );
  });
});

describe('A log that is lost', () => {
  it('makes a run fail that went well', async () => {
    const { code } = await act({ INPUT_COMMAND: 'matrix' }, { out: 'ENOSPC', err: null });
    expect(code).toBe(1);
  });
});
