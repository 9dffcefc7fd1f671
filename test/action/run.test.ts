import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openActionRun } from '../../src/action/run.ts';
import {
  annotate,
  complain,
  exitUnlessTold,
  type ForgeResult,
  folderIn,
  gatesOf,
  linksOf,
  outputPlan,
  placeOf,
  tryForge,
} from '../../src/cli/review/review-run.ts';
import type { Terminal } from '../../src/cli/session/terminal.ts';
import { ForgeError } from '../../src/forge/forge-error.ts';
import { InvalidInputError } from '../../src/model/errors.ts';
import type { ExitCode } from '../../src/model/exit.ts';
import { CLOSED_GATES, flagsFromGates } from '../../src/model/plan/gates.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { reveal } from '../../src/model/privacy/sensitive.ts';
import { actionRun, ROOT, RUN_URL } from '../support/action-run.ts';
import { everything } from '../support/everything.ts';
import { creates, nothing } from '../support/markdown-plans.ts';
import { describedPlan } from '../support/plans.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regsync-run-'));
  await writeFile(join(folder, 'event.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const KEY = 'KEY0123456789ABCDEF_sample';
const TOKEN = 'ghs_sampleToken0123456789';

/** What the runner starts the action in. */
async function openWith(given: Readonly<Record<string, string>> = {}) {
  const said = { out: '', err: '', hidden: [] as string[] };
  const env = {
    GITHUB_REPOSITORY: 'example/telephony',
    GITHUB_WORKSPACE: folder,
    GITHUB_RUN_ID: '4711',
    GITHUB_EVENT_NAME: 'workflow_run',
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    ...given,
  };
  const shell: Partial<Terminal> = {
    env,
    cwd: '/elsewhere',
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    hide: (secret) => void said.hidden.push(secret),
    cover: (text) => `${text} covered`,
  };
  return { run: await openActionRun(shell as Terminal), said, env };
}

describe('A run of the action', () => {
  it('is opened from its environment', async () => {
    const { run, env } = await openWith({ 'INPUT_WORKING-DIRECTORY': 'telnyx/eu' });
    expect(run.workflow.event).toEqual({ kind: 'other', name: 'workflow_run' });
    expect(run.inputs.command).toBe('plan');
    expect(run.terminal.cwd).toBe(join(folder, 'telnyx/eu'));
    expect(run.terminal.env).toEqual({ ...env, CI: 'true' });
    expect(run.terminal.cover('text')).toBe('text covered');
    expect([run.github, run.token, [...run.outputs], run.summary]).toEqual([null, null, [], []]);
  });

  it('hides keys and tokens, those of all accounts too, before anything is said', async () => {
    const secrets = {
      'INPUT_GITHUB-TOKEN': TOKEN,
      'INPUT_API-KEY': KEY,
      REGSYNC_PLAN_KEY: 'an obviously fictional key of plans',
      TELNYX_API_KEY: 'KEY_of_the_environment',
      TELNYX_API_KEY_EU: ' KEY_of_eu\n',
    };
    const { run, said } = await openWith({
      ...secrets,
      TELNYX_API_KEYS: 'not a key',
      MY_TELNYX_API_KEY: 'not a key',
      INPUT_COMMAND: 'plan',
    });
    const hidden = Object.values(secrets).map((secret) => secret.trim());
    expect(said.hidden.sort()).toEqual(hidden.sort());
    for (const secret of hidden) expect(run.cover(`a ${secret} b`)).toBe('a «sensitive» b');
    expect(run.cover('not a key plan')).toBe('not a key plan');
    run.terminal.hide('another secret');
    expect(run.cover('another secret')).toBe('«sensitive»');
    expect(said.hidden).toContain('another secret');
    await run.github?.close();
  });

  it('takes nothing out of texts for a secret that would spoil them, though the log hides it', async () => {
    const { run, said } = await openWith({ TELNYX_API_KEY_EU: '"' });
    expect([said.hidden, run.cover('{ " : 1 }')]).toEqual([['"'], '{ " : 1 }']);
  });

  it('gives its key to whom it starts, and no other', async () => {
    const { run } = await openWith({ 'INPUT_API-KEY': KEY, TELNYX_API_KEY: 'KEY_of_the_environment' });
    expect(run.terminal.env.TELNYX_API_KEY).toBe(KEY);
  });

  it('speaks to GitHub where it has a token', async () => {
    const { run } = await openWith({ 'INPUT_GITHUB-TOKEN': TOKEN });
    expect(run.token === null ? null : reveal(run.token)).toBe(TOKEN);
    expect(run.github).not.toBeNull();
    await run.github?.close();
  });

  it('lets no line from outside be obeyed, and its own be', async () => {
    const { run, said } = await openWith();
    run.terminal.out('::error::out\n');
    run.terminal.err('::error::err\n');
    run.issueCommand(['::error::ours', '::notice::ours']);
    expect(said).toEqual({
      out: ': :error::out\n::error::ours\n::notice::ours\n',
      err: ': :error::err\n',
      hidden: [],
    });
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'with two keys',
      { INPUT_ACCOUNT: 'eu', 'INPUT_API-KEY': KEY },
      'with the input account, the key comes from the environment: remove the input api-key, and pass in env the variable that key_env of the account names',
    ],
    [
      'with a token that is none',
      { 'INPUT_GITHUB-TOKEN': 'two words' },
      'the GitHub token contains a space or another character that tokens never contain: save the secret again',
    ],
    [
      'with an address that is none',
      { 'INPUT_GITHUB-TOKEN': TOKEN, GITHUB_API_URL: 'http://example.com' },
      'GITHUB_API_URL must be a URL that begins with https://',
    ],
  ])('%s is refused', async (_, env, message) => {
    await expect(openWith(env)).rejects.toEqual(new InvalidInputError(message));
  });

  it('of an account needs no key of its own', async () => {
    await expect(openWith({ INPUT_ACCOUNT: 'eu' })).resolves.toBeDefined();
  });
});

describe('The gates of a run', () => {
  const SHUT = {
    sandbox: false,
    target: [],
    exclude: [],
    ...flagsFromGates(CLOSED_GATES),
  };
  it.each<[string, string, object]>([
    ['prune', 'true', { prune: true }],
    ['allow-replace', 'true', { allowReplace: true }],
    ['allow-delete', 'old', { allowDelete: ['old'] }],
    ['allow-orders', 'true', { allowOrders: true }],
    ['resubmit', 'de-local\nfr-local', { resubmit: ['de-local', 'fr-local'] }],
    ['allow-actions', 'true', { allowActions: true }],
    ['sandbox', 'true', { sandbox: true }],
    ['target', 'de-local', { target: ['de-local'] }],
    ['shard', '2/3', { shard: '2/3' }],
    ['config', 'eu.yaml', { config: 'eu.yaml' }],
    ['account', 'eu', { account: 'eu' }],
    ['allow-unreviewed', 'true', {}],
  ])('are opened by inputs, each by its own: %s: %s', (name, value, expected) => {
    expect(gatesOf(actionRun({ inputs: { [name]: value } }))).toStrictEqual({ ...SHUT, ...expected });
  });

  it('say which configuration is meant, and what of it', () => {
    expect(placeOf(actionRun())).toStrictEqual({});
    expect(placeOf(actionRun({ inputs: { config: 'eu.yaml', account: 'eu', prune: 'true' } }))).toStrictEqual(
      {
        config: 'eu.yaml',
        account: 'eu',
      },
    );
  });
});

describe('Files of a run', () => {
  const note = {
    severity: 'error',
    code: 'odd',
    message: 'is odd',
    source: { file: 'groups/a b.yaml', line: 3 },
  } as const;

  it.each([
    [ROOT, 'groups/a b.yaml'],
    [`${ROOT}/telnyx/eu`, 'telnyx/eu/groups/a b.yaml'],
    [null, 'groups/a b.yaml'],
    ['/elsewhere', 'groups/a b.yaml'],
  ])('of the repository in %s have their notes at %s', (root, file) => {
    const run = actionRun();
    annotate(run, [note], root);
    expect(run.said.issuedCommands).toEqual([`::error file=${file},line=3,title=regsync%3A odd::is odd`]);
  });

  it.each([
    [{}, ROOT, { configuration: '', account: null }],
    [
      { config: 'telnyx/other.yaml' },
      `${ROOT}/telnyx`,
      { configuration: 'telnyx/other.yaml', account: null },
    ],
    [{ config: 'other.yaml', account: 'eu' }, ROOT, { configuration: 'other.yaml', account: 'eu' }],
    [{ config: 'telnyx/regsync.yaml' }, `${ROOT}/telnyx`, { configuration: 'telnyx', account: null }],
  ])('with %j in %s are those of a job that is told by them', (inputs, root, job) => {
    expect(linksOf(actionRun({ inputs }), root, 'f00d').job).toEqual(job);
  });

  it('have links to the commit that they are of', () => {
    const links = linksOf(actionRun(), `${ROOT}/telnyx`, 'f00d');
    expect({ ...links, sourceUrl: links.sourceUrl?.('groups/a b.yaml', 3) }).toEqual({
      request: 'pull request',
      runUrl: RUN_URL,
      headSha: 'f00d',
      job: { configuration: 'telnyx', account: null },
      sourceUrl: 'https://github.example.com/example/telephony/blob/f00d/telnyx/groups/a%20b.yaml#L3',
    });
    expect(linksOf(actionRun(), ROOT, 'f00d').sourceUrl?.('a.yaml', 1)).toBe(
      'https://github.example.com/example/telephony/blob/f00d/a.yaml#L1',
    );
  });

  it('are found though the workspace is a link', async () => {
    await mkdir(join(folder, 'real/telnyx'), { recursive: true });
    const real = await realpath(join(folder, 'real'));
    const { symlink } = await import('node:fs/promises');
    await symlink(real, join(folder, 'link'));
    const run = actionRun({ workflow: { workspace: join(folder, 'link') } });
    expect(linksOf(run, join(real, 'telnyx'), 'f00d').sourceUrl?.('a.yaml', 1)).toContain(
      '/f00d/telnyx/a.yaml#L1',
    );
  });

  it('of another commit lie in the same folder of it', () => {
    const tree = { folder: '/tmp/tree', remove: async () => {} };
    expect(folderIn(actionRun({ cwd: `${ROOT}/telnyx/eu` }), tree)).toBe('/tmp/tree/telnyx/eu');
    expect(folderIn(actionRun(), tree)).toBe('/tmp/tree');
  });
});

describe('What GitHub does not let us', () => {
  it('is said in the log and on the page of the run, and nothing else comes of it', async () => {
    const run = actionRun();
    const result = await tryForge(run, 'there is no comment', () => {
      throw new ForgeError('GET /x answered 403: `No`', 403);
    });
    expect(result).toBe('refused');
    expect(run.said.issuedCommands).toEqual([
      '::warning title=regsync%3A github::there is no comment: GET /x answered 403: `No`',
    ]);
    expect(run.summary).toEqual(['> [!WARNING]\n> `` there is no comment: GET /x answered 403: `No` ``']);
  });

  it('is said where there is no token', async () => {
    const run = actionRun({ github: null });
    expect(await tryForge(run, 'there is no comment', async () => 1)).toBe('refused');
    expect(run.said.issuedCommands).toEqual([
      '::warning title=regsync%3A github::there is no comment: the input github-token is empty',
    ]);
  });

  it('is not said where it does let us', async () => {
    const run = actionRun();
    const given: unknown[] = [];
    expect(await tryForge(run, 'there is no comment', async (forge) => given.push(forge))).toBe('done');
    expect(given).toEqual([run.forge]);
    expect([run.said.issuedCommands, run.summary]).toEqual([[], []]);
  });

  it('is not what any other error is', async () => {
    const error = new TypeError('no such thing');
    await expect(tryForge(actionRun(), 'there is no comment', () => Promise.reject(error))).rejects.toBe(
      error,
    );
  });

  it('is told apart from a GitHub that stays out of reach', async () => {
    const error = new ForgeError('GET /x answered 502', 502, true);
    const result = tryForge(actionRun(), 'there is no comment', () => Promise.reject(error));
    expect(await result).toBe('unreachable');
  });

  it.each<[ForgeResult, ExitCode, ExitCode, boolean]>([
    ['done', 0, 0, false],
    ['refused', 0, 0, false],
    ['refused', 4, 4, false],
    ['unreachable', 0, 8, true],
    ['unreachable', 2, 8, true],
    ['unreachable', 4, 4, true],
    ['unreachable', 130, 130, true],
  ])('%s leads a run that would end with %i to %i', (result, exit, end, isSaid) => {
    const run = actionRun();
    expect(exitUnlessTold(run, { result, advice: 'See here.', lost: 8, exit })).toBe(end);
    expect(run.said.issuedCommands).toEqual(isSaid ? ['::error title=regsync%3A github::See here.'] : []);
    expect(run.summary).toEqual(isSaid ? ['> [!CAUTION]\n> **See here.**'] : []);
  });

  it('is a warning', () => {
    const run = actionRun();
    complain(run, 'ours');
    expect(run.summary).toEqual(['> [!WARNING]\n> `ours`']);
  });
});

describe('The outputs of a plan', () => {
  const outputsOf = (plan: Plan) => {
    const run = actionRun();
    outputPlan(run, plan);
    return Object.fromEntries(run.outputs);
  };

  it('count what it does to groups and orders, and what needs attention', () => {
    const plan = describedPlan(everything());
    expect(outputsOf(plan)).toEqual({
      changes: 6,
      create: 1,
      update: 1,
      delete: 2,
      submit: plan.summary.submit,
      attention: plan.attention.length,
      fingerprint: plan.fingerprint,
    });
    expect(plan.changes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Document', 'Address']));
    expect(plan.summary.submit).toBeGreaterThan(0);
    expect(plan.attention.length).toBeGreaterThan(0);
  });

  it.each<[Plan, object]>([
    [creates(['a', 'b']), { changes: 2, create: 2, update: 0, delete: 0, submit: 2, attention: 0 }],
    [nothing(), { changes: 0, create: 0, update: 0, delete: 0, submit: 0, attention: 0 }],
  ])('are numbers, none of them left out', (plan, expected) => {
    expect(outputsOf(plan)).toEqual({ ...expected, fingerprint: plan.fingerprint });
  });
});
