import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActionRepository,
  dispatch,
  type Happening,
  openActionRepository,
  pullRequest,
  push,
  schedule,
} from '../../support/action-repository.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/fr.yaml': frenchGroup() });
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const POST_COMMENT = 'POST /repos/example/telephony/issues/7/comments';
const telnyxRequests = async () => (await repository.testRepository.requests()).length;
const pushGerman = () => repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
const headOf = ({ payload }: Happening) =>
  (payload as { pull_request: { head: { sha: string } } }).pull_request.head.sha;

describe('a plan on a pull request', () => {
  it('is one comment, a summary, and outputs', async () => {
    const pushed = await pushGerman();
    const { code, outputs, summary } = await repository.run(pushed);
    expect(code).toBe(0);
    expect(repository.github.writes()).toEqual([POST_COMMENT]);
    const [comment] = repository.comments(7);
    expect(comment?.body.split('\n')[0]).toMatch(
      /^<!-- regsync:plan:v2 \{"scope":"acme","fingerprint":"[0-9a-f]{64}","head":"[0-9a-f]{40}","mac":"[0-9a-f]{64}","text":"[0-9a-f]{64}"\} -->$/,
    );
    expect(comment?.body).toContain(`"head":"${headOf(pushed)}"`);
    for (const text of [comment?.body ?? '', summary]) {
      expect(text).toContain('### regsync plan · `acme` · 1 group changes · 1 existed before');
      expect(text).toContain(`/blob/${headOf(pushed)}/groups/de.yaml#L1`);
    }
    expect(summary).not.toContain('<!--');
    const planFile = JSON.parse(await readFile(outputs['plan-file'] ?? '', 'utf8'));
    expect(outputs).toMatchObject({
      changes: '2',
      create: '2',
      update: '0',
      delete: '0',
      submit: '2',
      attention: '0',
      fingerprint: planFile.fingerprint,
      'comment-id': String(comment?.id),
      'exit-code': '0',
    });
  });

  it('is shown again without a request that writes, while nothing changes', async () => {
    const pushed = await pushGerman();
    await repository.run(pushed);
    repository.github.forget();
    const again = await repository.run(pushed);
    expect(again.err).toContain('unchanged');
    expect(repository.github.writes()).toEqual([]);
    expect(again.outputs['comment-id']).toBe(String(repository.comments(7)[0]?.id));
  });

  it('is brought up to date in place when the pull request moves on', async () => {
    await repository.run(await pushGerman());
    const [{ id, body: before } = { id: 0, body: '' }] = repository.comments(7);
    const moved = await repository.pushToPull(7, {
      'groups/de.yaml': germanGroup({ contact: 'Somebody else' }),
    });
    await repository.run(moved);
    expect(repository.github.writes().at(-1)).toBe(`PATCH /repos/example/telephony/issues/comments/${id}`);
    expect(repository.comments(7)).toHaveLength(1);
    expect(repository.comments(7)[0]?.body).not.toBe(before);
    expect(repository.comments(7)[0]?.body).toContain(`"head":"${headOf(moved)}"`);
  });

  it('finds its comment behind hundreds of others', async () => {
    const pushed = await pushGerman();
    await repository.run(pushed);
    const ours = repository.comments(7);
    const others = Array.from({ length: 250 }, (_, n) => ({
      id: n + 1,
      body: `${n}`,
      user: { login: 'somebody' },
    }));
    repository.github.comments.set(7, [...others, ...ours]);
    repository.github.forget();
    await repository.run(pushed);
    expect(repository.github.writes()).toEqual([]);
    const pages = repository.github.asked.filter(({ path }) => path.includes('/comments?'));
    expect(pages.map(({ path }) => path.replace(/.*\?/, ''))).toEqual([
      'per_page=100&page=1',
      'per_page=100&page=2',
      'per_page=100&page=3',
    ]);
  });

  it('is left alone by a run that is late: the head has moved, or the pull request is closed', async () => {
    const late = await pushGerman();
    const newer = await repository.pushToPull(7, {
      'groups/de.yaml': germanGroup({ contact: 'Somebody else' }),
    });
    await repository.run(newer);
    repository.github.forget();
    const { code, out, summary } = await repository.run(late);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^::warning .*this run leaves the comment to a newer one: the pull request has the newer commit/m,
    );
    expect(summary).toContain('**Outdated:**');
    expect(repository.github.writes()).toEqual([]);
    const [pull] = repository.github.pulls;
    if (pull) pull.state = 'closed';
    expect((await repository.run(newer)).out).toContain('the pull request was closed during this run');
    expect(repository.github.writes()).toEqual([]);
  });

  it('is withdrawn when a newer commit cannot be planned; problems stand at their lines', async () => {
    await repository.run(await pushGerman());
    const broken = await repository.pushToPull(7, {
      'groups/de.yaml': germanGroup().replace('country_code', 'cuntry'),
    });
    const { code, out, summary, outputs } = await repository.run(broken);
    expect(code).toBe(3);
    expect(outputs).toEqual({ 'comment-id': outputs['comment-id'], 'exit-code': '3' });
    expect(out).toMatch(/^::error file=groups\/de\.yaml,line=4,col=1,title=regsync%3A unknown-key::/m);
    expect(summary).toContain('groups/de.yaml:4:1');
    const [comment] = repository.comments(7);
    expect(comment?.body).toContain('regsync could not plan this commit');
    expect(comment?.body).toContain('groups/de.yaml:4:1');
    expect(comment?.body).not.toContain('"fingerprint"');
    // And shown again when all is well.
    await repository.run(await pushGerman());
    expect(repository.comments(7)[0]?.body).toContain(
      '### regsync plan · `acme` · 1 group changes · 1 existed before',
    );
  });

  it('of a repository in a folder has its notes, links and base there', async () => {
    await mkdir(join(repository.workspace, 'telnyx/eu'), { recursive: true });
    for (const path of ['groups', 'documents', 'regsync.yaml']) repository.git('mv', path, 'telnyx/eu');
    repository.commit('Move');
    const pushed = await repository.pushToPull(7, { 'telnyx/eu/groups/de.yaml': germanGroup() });
    const inputs = { 'working-directory': 'telnyx/eu', manifests: 'groups', 'plan-file': 'plan.json' };
    const { code, outputs, summary } = await repository.run(pushed, inputs);
    expect(code).toBe(0);
    expect(outputs['plan-file']).toBe(join(repository.workspace, 'telnyx/eu/plan.json'));
    expect(summary).toContain('/telnyx/eu/groups/de.yaml#L1');
    expect(summary).toContain('Not from this pull request');
    const broken = await repository.pushToPull(7, { 'telnyx/eu/groups/de.yaml': 'kind: Nothing\n' });
    expect((await repository.run(broken, inputs)).out).toMatch(
      /^::error file=telnyx\/eu\/groups\/de\.yaml,line=1/m,
    );
  });

  it('tells by its exit code what it was asked to', async () => {
    const pushed = await pushGerman();
    const changes = await repository.run(pushed, { 'fail-on': 'changes' });
    expect([changes.code, changes.outputs['exit-code']]).toEqual([2, '2']);
    const dated = germanGroup().replace('registration.pdf }', 'registration.pdf, expires: 2027-01-31 }');
    const expiring = await repository.pushToPull(7, { 'groups/de.yaml': dated });
    expect((await repository.run(expiring, { 'fail-on-expiry': '36500' })).code).toBe(6);
    expect((await repository.run(expiring, { 'fail-on-expiry': '0' })).code).toBe(0);
  });

  it.each([
    ['fingerprint', 'abc', 'the input fingerprint must be 8 to 64 hex digits'],
    ['working-directory', 'nowhere', 'does not exist'],
  ])('an input that is wrong is said to be: %s', async (name, value, message) => {
    const { code, out, summary } = await repository.run(await pushGerman(), { [name]: value });
    expect(code).toBe(3);
    expect(out).toMatch(/^::error title=/m);
    expect(out).toContain(message);
    expect(summary).toContain(message);
    expect(repository.github.writes()).toEqual([]);
  });
});

describe('what a pull request did not bring', () => {
  it('is shown apart from what it brings, read from Telnyx once', async () => {
    const pushed = await pushGerman();
    await repository.run(pushed);
    const body = repository.comments(7)[0]?.body ?? '';
    const [ours = '', before = ''] = body.split('#### Not from this pull request');
    expect(ours).toContain('`de-local`');
    expect(ours).not.toContain('`fr-local`');
    expect(before).toContain('`fr-local`');
    const asked = (await repository.testRepository.requests()).map(({ path, query }) => `${path}?${query}`);
    expect(asked.length).toBe(new Set(asked).size);
  });

  it('is told apart in a clone of one commit, by fetching the other', async () => {
    const pushed = await pushGerman();
    repository.git('checkout', '--quiet', '-b', 'merged');
    const clone = await mkdtemp(join(tmpdir(), 'regsync-clone-'));
    repository.git(
      'clone',
      '--quiet',
      '--depth=1',
      '--branch=merged',
      `file://${repository.workspace}`,
      clone,
    );
    await repository.run({ ...pushed, env: { GITHUB_WORKSPACE: clone } });
    expect(repository.comments(7)[0]?.body).toContain('#### Not from this pull request');
    expect(repository.git('-C', clone, 'status', '--porcelain')).toBe('');
    await rm(clone, { recursive: true });
  });

  it('is not what an earlier commit of it did, where its head is a merge of its own', async () => {
    await pushGerman();
    await repository.write('README.md', 'Meanwhile\n');
    repository.git('checkout', '--quiet', 'main');
    repository.commit('Meanwhile');
    repository.git('checkout', '--quiet', 'pull-7');
    repository.git('merge', '--quiet', '--no-ff', '-m', 'Merge main into pull-7', 'main');
    const head = repository.git('rev-parse', 'HEAD');
    for (const pull of repository.github.pulls) pull.head = { sha: head };
    expect((await repository.run(pullRequest(7, head, repository.git('rev-parse', 'main'), head))).code).toBe(
      0,
    );
    const [ours = '', before = ''] = (repository.comments(7)[0]?.body ?? '').split(
      '#### Not from this pull request',
    );
    expect([ours.includes('`de-local`'), before.includes('`de-local`')]).toEqual([true, false]);
    expect(before).toContain('`fr-local`');
  });

  it('cannot be told apart without the base: the comment says so, and shows everything', async () => {
    await pushGerman();
    repository.git('checkout', '--quiet', 'pull-7');
    const head = repository.git('rev-parse', 'HEAD');
    const { code } = await repository.run(pullRequest(7, head, 'f'.repeat(40), head));
    expect(code).toBe(0);
    const body = repository.comments(7)[0]?.body ?? '';
    expect(body).not.toContain('Not from this pull request');
    expect(body).toContain('`fr-local`');
    expect(body).toContain('regsync could not plan the base branch');
  });

  it('is nothing where the base has no configuration yet', async () => {
    repository.git('rm', '--quiet', 'regsync.yaml');
    repository.commit('Without');
    const config = 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n';
    await repository.run(await repository.pushToPull(7, { 'regsync.yaml': config }));
    expect(repository.comments(7)[0]?.body).not.toContain('Not from this pull request');
    expect(repository.comments(7)[0]?.body).not.toContain('regsync could not plan the base branch');
  });

  it('a change of the pull request to a group that existed before is its own', async () => {
    await repository.run(
      await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup({ extra: 'approval: none\n' }) }),
    );
    expect(repository.comments(7)[0]?.body).not.toContain('Not from this pull request');
  });
});

describe('GitHub in trouble', () => {
  it('a comment that it refuses costs neither the summary nor the job', async () => {
    const body = '{"message":"Resource not accessible by integration"}';
    repository.github.trouble({ method: 'POST', path: /comments$/, status: 403, body, times: 9 });
    const { code, out, summary, outputs } = await repository.run(await pushGerman());
    expect(code).toBe(0);
    expect(out).toMatch(/^::warning title=regsync%3A github::the plan is not in a comment: /m);
    expect(out).toContain('Resource not accessible by integration');
    expect(summary).toContain('### regsync plan · `acme` · 1 group changes · 1 existed before');
    expect(summary).toContain('the plan is not in a comment');
    expect(outputs['comment-id']).toBeUndefined();
    expect(repository.github.writes()).toEqual([POST_COMMENT]);
  });

  it('a token that it does not know, or none, leaves the summary', async () => {
    repository.github.trouble({ path: /./, status: 401, body: '{"message":"Bad credentials"}', times: 9 });
    const pushed = await pushGerman();
    expect((await repository.run(pushed)).summary).toContain('Bad credentials');
    const without = await repository.run(pushed, { 'github-token': '' });
    expect([without.code, without.out.includes('the input github-token is empty')]).toEqual([0, true]);
  });
});

describe('whose comments these are', () => {
  it('a user’s token knows its own login', async () => {
    repository.github.login = { asks: 'example-robot', writes: 'example-robot' };
    const pushed = await pushGerman();
    await repository.run(pushed);
    repository.github.forget();
    await repository.run(pushed);
    expect(repository.github.writes()).toEqual([]);
  });

  it('an app that is not expected is named, and known by the input from then on', async () => {
    repository.github.login = { asks: null, writes: 'example-app[bot]' };
    const pushed = await pushGerman();
    expect((await repository.run(pushed)).out).toContain('this token writes as example-app[bot]');
    repository.github.forget();
    // A second comment beside it would help nobody.
    expect((await repository.run(pushed)).out).toContain(
      'example-app[bot] has written what this action writes',
    );
    expect(repository.github.writes()).toEqual([]);
    repository.github.forget();
    await repository.run(pushed, { 'comment-author': 'example-app[bot]' });
    expect(repository.github.asked.map(({ path }) => path)).not.toContain('/user');
    expect(repository.github.writes()).toEqual([]);
  });
});

describe('outsiders', () => {
  const forked = (happening: Happening, from: string | null) =>
    pullRequest(7, headOf(happening), repository.git('rev-parse', 'main'), happening.sha, { from });

  it.each([
    ['a fork', 'stranger/telephony'],
    ['a fork that is gone', null],
  ])('a pull request from %s is validated: nobody is asked, neither Telnyx nor GitHub', async (_, from) => {
    const { code, out, summary } = await repository.run(forked(await pushGerman(), from));
    expect(code).toBe(0);
    expect(out).toMatch(/^::notice .*This is a pull request from a fork/m);
    expect(summary).toContain('valid: 2 manifest files, 2 groups');
    expect(repository.github.asked).toEqual([]);
    expect(await telnyxRequests()).toBe(0);
  });

  it('with a lock, the values in a fork are checked too: offline, at their lines', async () => {
    expect((await repository.testRepository.run(['lock', '--add', 'DE/local/ordering'])).code).toBe(0);
    repository.commit('Lock');
    await repository.testRepository.forgetRequests();
    const incomplete = germanGroup().split(/(?= {2}- requirement: 95cac7a7)/)[0] ?? '';
    const pushed = await repository.pushToPull(7, { 'groups/de.yaml': incomplete });
    const { code, out } = await repository.run(forked(pushed, 'stranger/telephony'), { 'api-key': '' });
    expect(code).toBe(3);
    expect(out).toMatch(/^::error file=groups\/de\.yaml,line=\d+.*missing-requirement/m);
    expect(await telnyxRequests()).toBe(0);
    const whole = await repository.pushToPull(8, { 'groups/de.yaml': germanGroup() });
    expect((await repository.run(forked(whole, 'stranger/telephony'), { 'api-key': '' })).code).toBe(0);
  });

  it('what is wrong in a fork fails its check, with notes beside the lines', async () => {
    const pushed = await repository.pushToPull(7, { 'groups/de.yaml': 'kind: Nothing\n' });
    const { code, out, outputs } = await repository.run(forked(pushed, 'stranger/telephony'));
    expect([code, outputs['exit-code']]).toEqual([3, '3']);
    expect(out).toMatch(/^::error file=groups\/de\.yaml,line=1/m);
  });
});

describe('other events', () => {
  it.each([
    ['pull_request_target', 5],
    ['merge_group', 0],
  ])('plan on %s ends with %i', async (name, exit) => {
    const pushed = await pushGerman();
    const { code, out } = await repository.run({ ...pushed, name, ref: 'refs/heads/main' });
    expect(code).toBe(exit);
    if (exit === 5) expect(out).toMatch(/^::error .*(never runs|does not run) on/m);
    if (exit === 5) expect(await telnyxRequests()).toBe(0);
    expect(repository.github.asked).toEqual([]);
  });

  it.each([
    ['a push', push],
    ['a start by hand', (sha: string) => dispatch(sha)],
    ['a schedule', (sha: string) => schedule(sha)],
  ])('plan on %s writes the summary alone', async (_, happening) => {
    const { code, summary } = await repository.run(
      happening(repository.git('rev-parse', 'HEAD'), 'refs/heads/main'),
    );
    expect(code).toBe(0);
    expect(summary).toContain('### regsync plan · `acme` · 1 group changes');
    expect(repository.github.asked).toEqual([]);
  });

  it('validate needs no key and no token', async () => {
    const { code, summary } = await repository.run(
      push(repository.git('rev-parse', 'HEAD'), 'refs/heads/main'),
      {
        command: 'validate',
        'api-key': '',
        'github-token': '',
      },
    );
    expect(code).toBe(0);
    expect(summary).toContain('valid: 1 manifest file, 1 group');
    const target = { ...push(repository.git('rev-parse', 'HEAD'), ''), name: 'pull_request_target' };
    expect((await repository.run(target, { command: 'validate' })).code).toBe(5);
  });

  it('plan against the sandbox needs no key', async () => {
    const { code } = await repository.run(await pushGerman(), { sandbox: 'true', 'api-key': '' });
    expect(code).toBe(0);
    expect(repository.comments(7)).toHaveLength(1);
  });

  it.each(['"', 'acme2026'])(
    'with a plan key that is %j it is refused, and says how to make one',
    async (key) => {
      const pushed = await pushGerman();
      const { code, out, outputs } = await repository.run({ ...pushed, env: { REGSYNC_PLAN_KEY: key } });
      expect([code, out]).toEqual([3, expect.stringContaining('openssl rand -hex 32')]);
      expect(outputs['exit-code']).toBe('3');
      expect(await telnyxRequests()).toBe(0);
    },
  );

  it.each(['"', ':', 'KEY', '{"'])(
    'a secret that is %j spoils nothing that is read by programs',
    async (key) => {
      const env = { REGSYNC_PLAN_KEY: key, TELNYX_API_KEY_EU: key };
      const at = push(repository.git('rev-parse', 'HEAD'), 'refs/heads/main');
      const { code, out, outputs } = await repository.run({ ...at, env }, { command: 'matrix', shards: '2' });
      expect([code, outputs.matrix]).toEqual([0, '{"include":[{"shard":"1/2"},{"shard":"2/2"}]}']);
      expect(out).toContain(outputs.matrix);
    },
  );
});
