import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Json } from '../../src/forge/json.ts';
import { type Event, readWorkflow } from '../../src/github/events.ts';
import { InvalidInputError } from '../../src/model/errors.ts';

const SHA = '1'.repeat(40);
const HEAD = '2'.repeat(40);
const BASE = '3'.repeat(40);
const REPOSITORY = { full_name: 'example/telephony', default_branch: 'main' };
const MAIN = 'refs/heads/main';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regsync-event-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What GitHub promises for each run, and no more. */
const NEEDED = {
  GITHUB_REPOSITORY: 'example/telephony',
  GITHUB_WORKSPACE: '/home/runner/work/telephony/telephony',
  GITHUB_RUN_ID: '4711',
  GITHUB_EVENT_NAME: 'push',
};

async function read(payload: unknown, env: Readonly<Record<string, string | undefined>> = {}) {
  const file = join(folder, 'event.json');
  await writeFile(file, typeof payload === 'string' ? payload : JSON.stringify(payload));
  return readWorkflow({ ...NEEDED, GITHUB_EVENT_PATH: file, ...env });
}

async function eventOf(name: string, payload: unknown, env: Readonly<Record<string, string>> = {}) {
  return (await read(payload, { GITHUB_EVENT_NAME: name, ...env })).event;
}

describe('A workflow', () => {
  it('is read from its environment and its event', async () => {
    expect(
      await read(
        { after: SHA, deleted: false, repository: REPOSITORY },
        {
          GITHUB_REF: MAIN,
          GITHUB_SHA: HEAD,
          GITHUB_API_URL: 'https://git.example.com/api/v3',
          GITHUB_SERVER_URL: 'https://git.example.com',
          GITHUB_RUN_ATTEMPT: '3',
          GITHUB_WORKFLOW_REF: 'example/telephony/.github/workflows/apply.yml@refs/heads/main',
        },
      ),
    ).toEqual({
      event: { kind: 'push', sha: SHA, commits: [], ref: MAIN, isDefaultBranch: true },
      repository: 'example/telephony',
      apiUrl: 'https://git.example.com/api/v3',
      serverUrl: 'https://git.example.com',
      sha: HEAD,
      workspace: '/home/runner/work/telephony/telephony',
      runUrl: 'https://git.example.com/example/telephony/actions/runs/4711',
      attempt: 3,
      file: '.github/workflows/apply.yml',
    });
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['not told', {}],
    ['told nothing', { GITHUB_API_URL: '', GITHUB_SERVER_URL: '', GITHUB_RUN_ATTEMPT: '' }],
  ])('is of github.com, and run for the first time, where the runner has %s', async (_, env) => {
    expect(await read({}, env)).toEqual({
      event: { kind: 'push', sha: '', commits: [], ref: '', isDefaultBranch: false },
      repository: 'example/telephony',
      apiUrl: 'https://api.github.com',
      serverUrl: 'https://github.com',
      sha: '',
      workspace: '/home/runner/work/telephony/telephony',
      runUrl: 'https://github.com/example/telephony/actions/runs/4711',
      attempt: 1,
      file: null,
    });
  });

  it.each([
    ['example/telephony/.github/workflows/a b@c.yml@refs/heads/main', '.github/workflows/a b'],
    ['example/telephony/one.yml@v1', 'one.yml'],
    ['/telephony/one.yml@v1', null],
    ['/example/telephony/one.yml@v1', null],
    ['example//one.yml@v1', null],
    ['example/telephony/@v1', null],
    ['example/telephony/one.yml', null],
    ['telephony/one.yml@v1', null],
  ])('of the reference %j has the file %j', async (ref, file) => {
    expect((await read({}, { GITHUB_WORKFLOW_REF: ref })).file).toBe(file);
  });

  it.each([...Object.keys(NEEDED), 'GITHUB_EVENT_PATH'])('is none without %s', async (name) => {
    const expected = new InvalidInputError(
      `${name} is not set. The action runs only in a GitHub workflow. Elsewhere, run \`regsync ci\``,
    );
    await expect(read({}, { [name]: undefined })).rejects.toEqual(expected);
    await expect(read({}, { [name]: '' })).rejects.toEqual(expected);
  });

  it('has an event that is JSON', async () => {
    const expected = new InvalidInputError(
      'the file in GITHUB_EVENT_PATH is not an event of GitHub: run the action in a GitHub workflow',
    );
    await expect(read('{')).rejects.toEqual(expected);
    await expect(read({}, { GITHUB_EVENT_PATH: join(folder, 'nowhere.json') })).rejects.toEqual(expected);
  });

  it('has an event of a size that GitHub sends', async () => {
    const pad = (bytes: number) => `{"after":"${SHA}"${' '.repeat(bytes - 52)}}`;
    const most = 32 * 1024 * 1024;
    await expect(read(pad(most))).resolves.toMatchObject({ event: { sha: SHA } });
    await expect(read(pad(most + 1))).rejects.toThrow('not an event of GitHub');
  });
});

describe('A push', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['the commits that it added', [{ id: SHA }, { id: 'e'.repeat(40) }], [SHA, 'e'.repeat(40)]],
    ['none where it says nothing that is one', [{ id: 'x' }, null, {}, { id: 4 }], []],
    ['none where there is no list', { id: SHA }, []],
  ])('has %s', async (_, commits, expected) => {
    const env = { GITHUB_EVENT_NAME: 'push', GITHUB_REF: MAIN };
    const { event } = await read({ after: SHA, commits, repository: REPOSITORY }, env);
    expect(event).toMatchObject({ commits: expected });
  });

  const pushed = { after: SHA, deleted: false, repository: REPOSITORY };
  const push = (sha: string, ref: string, isDefaultBranch: boolean): Event => ({
    kind: 'push',
    sha,
    commits: [],
    ref,
    isDefaultBranch,
  });

  it.each<[string, unknown, string, Event]>([
    ['to the default branch is one', pushed, MAIN, push(SHA, MAIN, true)],
    ['to another branch is none to it', pushed, 'refs/heads/other', push(SHA, 'refs/heads/other', false)],
    ['of a tag named like it is none to it', pushed, 'refs/tags/main', push(SHA, 'refs/tags/main', false)],
    [
      'that deletes the default branch is none to it',
      { ...pushed, deleted: true },
      MAIN,
      push(SHA, MAIN, false),
    ],
    [
      'whose event does not know the default branch is none to it',
      { after: SHA },
      MAIN,
      push(SHA, MAIN, false),
    ],
    [
      'whose default branch has another name is one',
      { ...pushed, repository: { default_branch: 'trunk' } },
      'refs/heads/trunk',
      push(SHA, 'refs/heads/trunk', true),
    ],
    [
      'without its commit is of that of the run',
      { ...pushed, after: undefined },
      MAIN,
      push(HEAD, MAIN, true),
    ],
  ])('%s', async (_, payload, ref, expected) => {
    expect(await eventOf('push', payload, { GITHUB_REF: ref, GITHUB_SHA: HEAD })).toEqual(expected);
  });
});

describe('A start', () => {
  const started = (name: string, ref: string, isDefaultBranch: boolean, sha = SHA): Event => ({
    kind: 'started',
    name,
    sha,
    ref,
    isDefaultBranch,
  });

  it.each<[string, string, Event]>([
    ['workflow_dispatch', MAIN, started('workflow_dispatch', MAIN, true)],
    ['workflow_dispatch', 'refs/heads/other', started('workflow_dispatch', 'refs/heads/other', false)],
    ['schedule', MAIN, started('schedule', MAIN, true)],
    ['schedule', 'refs/heads/trunk', started('schedule', 'refs/heads/trunk', true)],
  ])('by %s at %s is of the commit of the run', async (name, ref, expected) => {
    expect(await eventOf(name, { repository: REPOSITORY }, { GITHUB_REF: ref, GITHUB_SHA: SHA })).toEqual(
      expected,
    );
  });

  it.each<[string, Event]>([
    ['workflow_dispatch', started('workflow_dispatch', '', false, '')],
    ['schedule', started('schedule', '', true, '')],
  ])('by %s without a commit and a branch has none', async (name, expected) => {
    expect(await eventOf(name, { repository: REPOSITORY })).toEqual(expected);
  });

  it.each(['pull_request_target', 'workflow_run', 'merge_group', 'issue_comment'])(
    'by %s is another event, and nothing in it is believed',
    async (name) => {
      const payload = { after: SHA, repository: REPOSITORY };
      expect(await eventOf(name, payload, { GITHUB_REF: MAIN, GITHUB_SHA: SHA })).toEqual({
        kind: 'other',
        name,
      });
    },
  );
});

describe('A pull request', () => {
  const pull = {
    number: 7,
    user: { login: 'somebody' },
    head: { sha: HEAD, repo: { full_name: 'example/telephony' } },
    base: { sha: BASE, repo: { full_name: 'example/telephony' } },
  };
  const opened = { action: 'opened', repository: REPOSITORY, pull_request: pull };
  const expected: Event = {
    kind: 'pull-request',
    number: 7,
    headSha: HEAD,
    baseSha: BASE,
    isClosed: false,
    untrustedFork: null,
  };
  const FORK = 'a pull request from a fork';
  const DEPENDABOT = 'a pull request from Dependabot';
  const bot = 'dependabot[bot]';

  it.each<[string, unknown, Readonly<Record<string, string>>, Event]>([
    ['of the repository itself may write', opened, {}, expected],
    ['that is closed says so', { ...opened, action: 'closed' }, {}, { ...expected, isClosed: true }],
    [
      'with commits of SHA-256 is one',
      { ...opened, pull_request: { ...pull, head: { ...pull.head, sha: '2'.repeat(64) } } },
      {},
      { ...expected, headSha: '2'.repeat(64) },
    ],
    [
      'from a fork is an outsider’s',
      {
        ...opened,
        pull_request: { ...pull, head: { ...pull.head, repo: { full_name: 'stranger/telephony' } } },
      },
      {},
      { ...expected, untrustedFork: FORK },
    ],
    [
      'from a fork that is gone is an outsider’s',
      { ...opened, pull_request: { ...pull, head: { ...pull.head, repo: null } } },
      {},
      { ...expected, untrustedFork: FORK },
    ],
    [
      'of no known repository at either side is an outsider’s',
      { ...opened, pull_request: { ...pull, head: { sha: HEAD }, base: { sha: BASE } } },
      {},
      { ...expected, untrustedFork: FORK },
    ],
    [
      'that Dependabot opened is an outsider’s',
      { ...opened, pull_request: { ...pull, user: { login: bot } } },
      { GITHUB_ACTOR: 'somebody', GITHUB_TRIGGERING_ACTOR: 'somebody' },
      { ...expected, untrustedFork: DEPENDABOT },
    ],
    [
      'that Dependabot pushed to is an outsider’s',
      opened,
      { GITHUB_ACTOR: bot },
      { ...expected, untrustedFork: DEPENDABOT },
    ],
    [
      'that Dependabot triggered is an outsider’s',
      opened,
      { GITHUB_TRIGGERING_ACTOR: bot },
      { ...expected, untrustedFork: DEPENDABOT },
    ],
  ])('%s', async (_, payload, env, event) => {
    expect(await eventOf('pull_request', payload, env)).toEqual(event);
  });

  it.each<[string, unknown]>([
    ['without any of it', {}],
    ['with a text for a number', { ...opened, pull_request: { ...pull, number: '7' } }],
    [
      'with a short head',
      { ...opened, pull_request: { ...pull, head: { ...pull.head, sha: '2'.repeat(39) } } },
    ],
    [
      'with a head that is too long',
      { ...opened, pull_request: { ...pull, head: { ...pull.head, sha: '2'.repeat(41) } } },
    ],
    [
      'with a head that only ends like one',
      { ...opened, pull_request: { ...pull, head: { ...pull.head, sha: `-${HEAD}` } } },
    ],
    [
      'with a branch for a base',
      { ...opened, pull_request: { ...pull, base: { ...pull.base, sha: 'main' } } },
    ],
  ])('%s is none', async (_, payload) => {
    await expect(eventOf('pull_request', payload)).rejects.toEqual(
      new InvalidInputError(
        'the event pull_request lacks its number or its commits: run the action in a GitHub workflow',
      ),
    );
  });
});

describe('Something parsed, looked into', () => {
  it.each<[unknown, readonly string[], unknown]>([
    [{ a: { b: 1 } }, ['a', 'b'], 1],
    [{ a: { b: 1 } }, [], { a: { b: 1 } }],
    [{ a: null }, ['a', 'b'], undefined],
    [null, ['a'], undefined],
    ['text', ['length'], undefined],
    [{}, ['constructor'], undefined],
    [[], ['length'], 0],
  ])('in %j at %j is %j', (value, path, expected) => {
    expect(new Json(value).at(...path).value).toEqual(expected);
  });

  it.each<[unknown, string]>([
    ['a', 'a'],
    [1, ''],
    [null, ''],
    [{}, ''],
  ])('%j is the text %j', (value, text) => expect(new Json(value).text).toBe(text));
});
