import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActionRepository,
  dispatch,
  openActionRepository,
  schedule,
} from '../../support/action-repository.ts';
import { BOT } from '../../support/servers/github.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

/** What a pull request says of its plan is what became of it. */

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({});
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const APPLY = { command: 'apply' };
const PLAN_KEYS = [
  'an obviously fictional key of plans, 0123456789',
  'another one of these keys, 0123456789abcd',
];
const bodies = (number = 7) => repository.comments(number).map(({ body }) => body);
const withKey = <Given extends object>(happening: Given, key = PLAN_KEYS[0] ?? '') => ({
  ...happening,
  env: { REGSYNC_PLAN_KEY: key },
});

describe('the comment of a pull request', () => {
  it('shows what became of a stale plan as a difference, and after its start by hand that it was applied', async () => {
    const pushed = await repository.pushToPull(7, {
      'groups/fr.yaml': frenchGroup(),
      'groups/de.yaml': germanGroup(),
    });
    expect((await repository.run(pushed)).code).toBe(0);
    const merged = repository.merge(7);
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Night desk' }));
    const refused = await repository.run(merged, APPLY);
    expect(refused.code).toBe(5);
    const [body = ''] = bodies();
    expect(body).toMatch(
      /> Reviewed plan \(−\) and new plan \(\+\):\n>\n> ```diff\n> {3}de-local {2}DE local ordering {2}new: create, submit\n> - {3}de-local · Contact Info {2}«[0-9a-f]{8}»\n/,
    );
    expect(body).toMatch(/> \+ {3}de-local · Contact Info {2}«[0-9a-f]{8}»\n> ```/);

    const fingerprint = refused.outputs.fingerprint?.slice(0, 8) ?? '';
    expect(body).toContain(`with the fingerprint \`${fingerprint}\``);
    const { code, err } = await repository.run(dispatch(merged.sha), { ...APPLY, fingerprint });
    expect(code, err).toBe(0);
    expect(bodies()).toEqual([
      expect.stringMatching(/✅ \*\*Applied\*\* on \d{4}-\d\d-\d\d at \d\d:\d\d UTC in /),
    ]);
    expect(bodies()[0]).toContain('Now `de-local`, `fr-local` are `pending-approval`.');
    expect(bodies()[0]).not.toContain('Refused');
  });

  /** A plan that was refused, since the manifests changed. */
  async function refused() {
    const files = { 'groups/fr.yaml': frenchGroup(), 'groups/de.yaml': germanGroup() };
    expect((await repository.run(await repository.pushToPull(7, files))).code).toBe(0);
    const merged = repository.merge(7);
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Night desk' }));
    const { outputs } = await repository.run(merged, APPLY);
    const fingerprint = outputs.fingerprint?.slice(0, 8) ?? '';
    return { event: dispatch(merged.sha), byHand: { ...APPLY, fingerprint, parallelism: '1' } };
  }

  it('lets a plan that is started by hand go on where it stopped', async () => {
    const { event, byHand } = await refused();
    await repository.testRepository.control('faults', {
      kind: 'status',
      status: 422,
      match: { method: 'POST', path: 'requirement_groups$', nth: 2 },
    });
    expect((await repository.run(event, byHand)).code).toBe(4);
    const { code, err } = await repository.run(event, byHand);
    expect(code, err).toBe(0);
    expect(bodies()).toEqual([expect.stringContaining('✅ **Applied**')]);
  });

  it('names what differs from a plan that is started by hand', async () => {
    const { event, byHand } = await refused();
    await repository.write('groups/more.yaml', frenchGroup({ name: 'fr-more' }));
    const { code, err } = await repository.run(event, byHand);
    expect([code, err]).toEqual([
      5,
      expect.stringContaining('RequirementGroup/fr-more: create and submit is not in the reviewed plan'),
    ]);
    expect(bodies()[0]).toContain('group `fr-more`: create and submit is not in the reviewed plan\n');
  });

  it('names the group, what the API said and the line of what failed, with a note there', async () => {
    await repository.run(
      await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup(), 'groups/de.yaml': germanGroup() }),
    );
    await repository.testRepository.control('faults', {
      kind: 'status',
      status: 422,
      match: { method: 'POST', path: 'submit_for_approval$', nth: 1 },
    });
    const { code, out } = await repository.run(repository.merge(7), { ...APPLY, parallelism: '1' });
    expect(code).toBe(4);
    expect(bodies()[0]).toMatch(
      /> - group `(de|fr)-local` \(<a href="[^"]+">`groups\/(de|fr)\.yaml:1`<\/a>\): `422 /,
    );
    expect(out).toMatch(
      /^::error file=groups\/(de|fr)\.yaml,line=1,title=regsync%3A [\w-]+::(de|fr)-local: /m,
    );
  });

  it('takes a plan back where a secret is missing, and where the configuration is broken', async () => {
    await repository.run(await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup() }));
    const again = await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    expect((await repository.run(again, { 'api-key': '' })).code).toBe(7);
    expect(bodies()).toEqual([
      expect.stringContaining('**regsync could not plan this commit.** If you merge it'),
    ]);

    expect((await repository.run(again)).code).toBe(0);
    expect(bodies()).toEqual([
      expect.stringContaining('**Outdated.** regsync could not plan its commit.'),
      expect.stringContaining('📋 **Planned**'),
    ]);

    const broken = await repository.pushToPull(7, { 'regsync.yaml': 'scope: [' });
    expect((await repository.run(broken)).code).toBe(3);
    expect(bodies()[1]).toContain('**regsync could not plan this commit.**');
    expect((await repository.run(repository.merge(7), APPLY)).code).toBe(3);
  });

  it('of another key is a plan that exists, and is outdated once there is a new one', async () => {
    const pushed = await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup() });
    expect((await repository.run(withKey(pushed))).code).toBe(0);
    const merged = repository.merge(7);
    const { code, err } = await repository.run(withKey(merged, PLAN_KEYS[1]), APPLY);
    expect([code, err]).toEqual([
      5,
      expect.stringMatching(
        /pull request #7 has a plan in comment \d+ that was edited, or made with another key\. Give plan and apply the same REGSYNC_PLAN_KEY/,
      ),
    ]);
    expect(err).not.toContain('nobody has reviewed');
    // Which key is the right one, an apply cannot know.
    expect((await repository.run(withKey(merged), APPLY)).code).toBe(0);
  });

  it('of another key is outdated once there is a new plan', async () => {
    const pushed = await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup() });
    for (const key of PLAN_KEYS) expect((await repository.run(withKey(pushed, key))).code).toBe(0);
    const [first, second] = repository.comments(7);
    expect(first?.body).toContain('**Outdated.** It was edited, or made with another key.');
    expect(first?.body).toContain(`/pull/7#issuecomment-${second?.id}">The valid one</a> replaces it.`);
    expect(second?.body).toContain('📋 **Planned**');
  });

  it('is one, though two first runs made one each', async () => {
    const pushed = await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup() });
    await repository.run(pushed);
    const [first] = repository.comments(7);
    repository.github.comments.set(7, [first, { ...first, id: 5000, user: { login: BOT } }] as never);
    await repository.run(pushed);
    expect(bodies()).toEqual([
      expect.stringContaining('📋 **Planned**'),
      expect.stringContaining('**Outdated.** Two runs wrote at the same time.'),
    ]);
  });

  describe('of two commits whose first runs made one each', () => {
    /** The older commit's comment stands above the newer one's, as if its run had been the first to write. */
    async function madeTwice() {
      expect(
        (await repository.run(await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup() }))).code,
      ).toBe(0);
      const older = repository.github.comments.get(7) ?? [];
      repository.github.comments.set(7, []);
      const pushed = await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
      expect((await repository.run(pushed)).code).toBe(0);
      repository.github.comments.set(7, [...older, ...(repository.github.comments.get(7) ?? [])]);
      expect(bodies()).toEqual(Array(2).fill(expect.stringContaining('📋 **Planned**')));
      return pushed;
    }

    it('is the newer one for the apply, which applies what it shows', async () => {
      await madeTwice();
      const { code, out, err } = await repository.run(repository.merge(7), APPLY);
      expect(code, out + err).toBe(0);
      expect(bodies()[1]).toContain('✅ **Applied**');
      expect((await repository.run(dispatch(repository.commit('Again')), { command: 'drift' })).code).toBe(0);
    });

    it('is the newer one for the next plan of that commit, and the older one is outdated', async () => {
      expect((await repository.run(await madeTwice())).code).toBe(0);
      expect(bodies()).toEqual([
        expect.stringContaining('**Outdated.** Two runs wrote at the same time.'),
        expect.stringContaining('📋 **Planned**'),
      ]);
    });

    it('is the newer one at once where the older run wrote while the newer one made its plan', async () => {
      expect(
        (await repository.run(await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup() }))).code,
      ).toBe(0);
      const older = repository.github.comments.get(7) ?? [];
      repository.github.comments.set(7, []);
      const pushed = await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
      // GitHub has the older comment by the time that it takes the newer one.
      const { comments } = repository.github;
      const set = comments.set.bind(comments);
      comments.set = (number, list) => {
        comments.set = set;
        return set(number, [...older, ...list]);
      };
      expect((await repository.run(pushed)).code).toBe(0);
      expect(bodies()).toEqual([
        expect.stringContaining('**Outdated.** Two runs wrote at the same time.'),
        expect.stringContaining('📋 **Planned**'),
      ]);
    });
  });

  it('of another number of jobs is outdated', async () => {
    const pushed = await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup() });
    for (const shard of ['1/2', '2/2', '1/1']) expect((await repository.run(pushed, { shard })).code).toBe(0);
    expect(bodies()).toEqual([
      expect.stringContaining('**Outdated.** The number of jobs that share the groups has changed.'),
      expect.stringContaining('**Outdated.** The number of jobs that share the groups has changed.'),
      expect.stringContaining('📋 **Planned**'),
    ]);
  });
});

it('an issue about drift of another key is closed', async () => {
  await repository.write('groups/fr.yaml', frenchGroup());
  const event = schedule(repository.commit('Add one'));
  for (const key of PLAN_KEYS)
    expect((await repository.run(withKey(event, key), { command: 'drift' })).code).toBe(0);
  expect(repository.github.issues.map(({ state, body }) => [state, body.includes('**Outdated.**')])).toEqual([
    ['closed', true],
    ['open', false],
  ]);
});
