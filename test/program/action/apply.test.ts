import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActionRepository,
  dispatch,
  openActionRepository,
  push,
  schedule,
} from '../../support/action-repository.ts';
import { heldOrders, numberOrder } from '../../support/number-orders.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/fr.yaml': frenchGroup() });
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const APPLY = { command: 'apply' };
const telnyxWrites = async () =>
  (await repository.testRepository.requests())
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, '{id}')}`);
const references = async () =>
  (await repository.testRepository.state()).groups
    .map((group) => `${group.customer_reference} ${group.status}`)
    .sort();
const bodyOf = (number: number) => repository.comments(number)[0]?.body ?? '';

/** A pull request that brings the German group, planned. */
async function planned(inputs: Readonly<Record<string, string>> = {}): Promise<void> {
  const { code } = await repository.run(
    await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() }),
    inputs,
  );
  expect(code).toBe(0);
  await repository.testRepository.forgetRequests();
  repository.github.forget();
}

describe('an apply after the merge', () => {
  it('does what the comment showed, notes it there, and leaves nothing to do', async () => {
    await planned();
    const merged = repository.merge(7);
    const { code, out, summary, outputs } = await repository.run(merged, APPLY);
    expect(code).toBe(0);
    expect((await telnyxWrites()).sort()).toEqual([
      'POST /addresses',
      'POST /documents',
      'POST /documents',
      'POST /documents',
      'POST /requirement_groups',
      'POST /requirement_groups',
      'POST /requirement_groups/{id}/submit_for_approval',
      'POST /requirement_groups/{id}/submit_for_approval',
    ]);
    expect(await references()).toEqual([
      'regsync/acme/de-local pending-approval',
      'regsync/acme/fr-local pending-approval',
    ]);
    expect(out).toContain('Apply: 2 applied, 0 failed');
    expect(summary).toContain('### regsync apply · 2 groups done');
    expect(outputs).toMatchObject({ changes: '2', create: '2', 'exit-code': '0' });
    const patches = repository.github.asked.filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ body }) => String(body?.body).match(/\*\*(Applying|Applied)\*\*/)?.[1])).toEqual([
      'Applying',
      'Applied',
    ]);
    expect(bodyOf(7)).toContain('/actions/runs/4002');
    expect(bodyOf(7)).toContain('#### Not from this pull request');
    expect(bodyOf(7)).not.toContain('On merge');
    const again = await repository.run(dispatch(merged.sha), { command: 'plan', 'fail-on': 'changes' });
    expect([again.code, again.outputs.changes]).toEqual([0, '0']);
  });

  it('goes on where an earlier run failed, when it is run again', async () => {
    await planned();
    await repository.testRepository.control('faults', {
      kind: 'status',
      status: 422,
      match: { method: 'POST', path: 'submit_for_approval$' },
    });
    const merged = repository.merge(7);
    const failed = await repository.run(merged, { ...APPLY, parallelism: '1' });
    expect([failed.code, failed.outputs['exit-code']]).toEqual([4, '4']);
    expect(failed.summary).toContain('1 of 2 groups done, 1 failed');
    expect(bodyOf(7)).toContain('**Apply failed**');
    expect(bodyOf(7)).toContain('1 group could not be finished');
    await repository.testRepository.forgetRequests();
    const again = await repository.run({ ...merged, env: { GITHUB_RUN_ATTEMPT: '2' } }, APPLY);
    expect(again.code).toBe(0);
    expect(await telnyxWrites()).toEqual(['POST /requirement_groups/{id}/submit_for_approval']);
    expect(bodyOf(7)).toContain('✅ **Applied**');
  });

  it('refuses when Telnyx has changed since, names the difference, and does it when told to by its fingerprint', async () => {
    await planned();
    await repository.testRepository.run(['apply', '--yes', '--target', 'fr-local']);
    await repository.testRepository.control('approve-all', {});
    await repository.testRepository.run(['apply', '--yes']);
    await repository.testRepository.forgetRequests();
    const merged = repository.merge(7);
    // Another file under the same name: what was shown was the one before.
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Nobody has seen this' }));
    const { code, out, summary, outputs } = await repository.run(merged, APPLY);
    expect([code, outputs['exit-code']]).toEqual([5, '5']);
    expect(await telnyxWrites()).toEqual([]);
    const difference = 'its manifest changed since the plan was reviewed';
    for (const text of [out, summary, bodyOf(7)]) expect(text).toContain(difference);
    for (const text of [summary, bodyOf(7)]) {
      expect(text).toContain('nothing was applied');
      expect(text).toContain('1 value');
      expect(text).toContain(`with the fingerprint \`${outputs.fingerprint?.slice(0, 8)}\``);
    }
    // Running it again changes no minds.
    expect((await repository.run(merged, APPLY)).code).toBe(5);
    expect(await telnyxWrites()).toEqual([]);
    const wrong = await repository.run(dispatch(merged.sha), { ...APPLY, fingerprint: '00000000' });
    expect(wrong.code).toBe(5);
    const right = await repository.run(dispatch(merged.sha), {
      ...APPLY,
      fingerprint: outputs.fingerprint?.slice(0, 8) ?? '',
    });
    expect(right.code).toBe(0);
    expect(await telnyxWrites()).toEqual([
      'PATCH /requirement_groups/{id}',
      'POST /requirement_groups/{id}/submit_for_approval',
    ]);
  });

  it('refuses what another merge would bring along', async () => {
    await planned();
    const other = await repository.pushToPull(8, { 'groups/fr2.yaml': frenchGroup({ name: 'fr-second' }) });
    await repository.run(other);
    repository.merge(8);
    const { code, out } = await repository.run(repository.merge(7), APPLY);
    expect(code).toBe(5);
    expect(out).toContain('RequirementGroup/fr-second: create and submit is not in the reviewed plan');
    expect(await telnyxWrites()).toEqual([]);
  });

  it('refuses a plan of an earlier commit than the one that was merged', async () => {
    await planned();
    await repository.pushToPull(7, { 'groups/fr2.yaml': frenchGroup({ name: 'fr-second' }) });
    const { code, out } = await repository.run(repository.merge(7), APPLY);
    expect(code).toBe(5);
    expect(out).toMatch(/pull request #7 shows no plan for [0-9a-f]{7}, which was merged/);
    expect(await telnyxWrites()).toEqual([]);
  });

  it('refuses a merge that nobody planned, as from a fork, and shows the plan there', async () => {
    await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    const merged = repository.merge(7);
    const { code, out, outputs } = await repository.run(merged, APPLY);
    expect(code).toBe(5);
    expect(out).toContain('pull request #7 has no comment with a plan: nobody has reviewed one');
    expect(bodyOf(7)).toContain('`de-local`');
    expect(bodyOf(7)).toContain(`\`${outputs.fingerprint?.slice(0, 8)}\``);
    expect((await repository.run(merged, APPLY)).code).toBe(5);
    expect((await repository.run(merged, { ...APPLY, 'allow-unreviewed': 'true' })).code).toBe(5);
    expect(await telnyxWrites()).toEqual([]);
    expect(
      (await repository.run(dispatch(merged.sha), { ...APPLY, fingerprint: outputs.fingerprint ?? '' })).code,
    ).toBe(0);
  });

  it('refuses a push without a pull request, unless nothing is to be done or that is allowed', async () => {
    const pushed = push(repository.git('rev-parse', 'HEAD'), 'refs/heads/main');
    const refused = await repository.run(pushed, APPLY);
    expect(refused.code).toBe(5);
    expect(refused.out).toContain('no pull request with a plan was merged by this push');
    expect(repository.github.writes()).toEqual([]);
    expect((await repository.run(pushed, { ...APPLY, 'allow-unreviewed': 'true' })).code).toBe(0);
    expect((await repository.run(pushed, APPLY)).code).toBe(0);
  });

  it('run again for an old merge does not undo a newer one', async () => {
    await planned();
    const first = repository.merge(7);
    expect((await repository.run(first, APPLY)).code).toBe(0);
    const second = await repository.pushToPull(8, {
      'groups/de.yaml': germanGroup({ contact: 'Somebody else' }),
    });
    await repository.run(second);
    expect((await repository.run(repository.merge(8), APPLY)).code).toBe(0);
    await repository.testRepository.forgetRequests();
    repository.git('checkout', '--quiet', first.sha);
    const again = await repository.run({ ...first, env: { GITHUB_RUN_ATTEMPT: '2' } }, APPLY);
    expect(again.code).toBe(5);
    expect(again.out).toContain('the newest commit of main is');
    expect(await telnyxWrites()).toEqual([]);
  });

  it('opens only the gates that were open when the plan was reviewed', async () => {
    await planned();
    const { code, out } = await repository.run(repository.merge(7), { ...APPLY, prune: 'true' });
    expect(code).toBe(3);
    expect(out).toContain(
      'the reviewed plan was made without the input prune. Drop it here, or make a new plan with it',
    );
    expect(await telnyxWrites()).toEqual([]);
  });

  it('refuses while a gate is closed, and says which', async () => {
    await planned();
    expect((await repository.run(repository.merge(7), APPLY)).code).toBe(0);
    const changed = germanGroup().replace('action: ordering', 'action: porting');
    const files = {
      'groups/de.yaml': `${changed.split('requirements:')[0]}partial: true\nrequirements: []\n`,
    };
    await repository.run(await repository.pushToPull(8, files));
    expect(bodyOf(8)).toContain('a gate is closed');
    await repository.testRepository.forgetRequests();
    const { code, out, summary } = await repository.run(repository.merge(8), APPLY);
    expect(code).toBe(5);
    expect(out).toContain('set the input allow-replace: true');
    expect(summary).not.toContain('To apply exactly this plan');
    expect(await telnyxWrites()).toEqual([]);
  });

  it('places an order only where plan and apply are told so', async () => {
    const files = { 'groups/de.yaml': germanGroup(), 'groups/orders.yaml': numberOrder() };
    await repository.run(await repository.pushToPull(7, files));
    expect(bodyOf(7)).toContain('set the input `allow-orders: true`');
    const open = { 'allow-orders': 'true' };
    await repository.run(await repository.pushToPull(7, { 'README.md': 'again' }), open);
    expect(bodyOf(7)).toContain('1 order will be placed, which costs money');
    const { code, out, summary } = await repository.run(repository.merge(7), { ...APPLY, ...open });
    expect(code, out).toBe(0);
    expect(summary).toContain('2 groups and 1 order done');
    expect(await heldOrders(repository.testRepository)).toHaveLength(1);
  });

  it('of a plan too large to travel holds it to its fingerprint', async () => {
    const many = Array.from({ length: 560 }, (_, n) => frenchGroup({ name: `fr-${n}` })).join('---\n');
    const { outputs } = await repository.run(await repository.pushToPull(7, { 'groups/many.yaml': many }));
    expect(outputs.changes).toBe('561');
    expect(bodyOf(7).match(/regsync:reviewed:v1 (\S+)/)?.[1]?.length).toBeLessThan(100);
    expect(bodyOf(7).split('\n')[0]).toContain('"artifact":');
    expect(Buffer.byteLength(bodyOf(7))).toBeLessThanOrEqual(60_000);
    const merged = repository.merge(7);
    await repository.write('groups/one-more.yaml', germanGroup());
    const stale = await repository.run(merged, APPLY);
    expect([stale.code, await references()]).toEqual([5, []]);
    repository.git('clean', '--quiet', '--force', 'groups');
    expect((await repository.run(merged, APPLY)).code).toBe(0);
    expect(await references()).toHaveLength(561);
  });

  it('takes a plan file in place of the comment', async () => {
    await planned({ 'plan-file': 'plan.json', comment: 'false' });
    const merged = repository.merge(7);
    const { code } = await repository.run(merged, { ...APPLY, 'plan-file': 'plan.json', comment: 'false' });
    expect(code).toBe(0);
    expect(await references()).toHaveLength(2);
    expect(repository.github.asked.map(({ path }) => path)).toEqual([
      '/repos/example/telephony/branches/main',
    ]);
  });

  it('with another plan key believes no comment, says why, and applies nothing', async () => {
    await planned();
    const merged = {
      ...repository.merge(7),
      env: { REGSYNC_PLAN_KEY: 'another key of plans than the one before' },
    };
    const { code, out } = await repository.run(merged, APPLY);
    expect(code).toBe(5);
    expect(out).toContain('that was edited, or made with another key');
    expect(await telnyxWrites()).toEqual([]);
  });
});

describe('events that apply does not run on', () => {
  it.each([
    [
      'the deletion of the branch',
      (sha: string) => {
        const pushed = push(sha, 'refs/heads/main');
        return { ...pushed, payload: { ...pushed.payload, deleted: true } };
      },
    ],
    [
      'pull_request_target',
      (sha: string) => ({ ...push(sha, 'refs/heads/main'), name: 'pull_request_target' }),
    ],
  ])('%s', async (_, happening) => {
    const sha = repository.git('rev-parse', 'HEAD');
    const { code, summary } = await repository.run(happening(sha), { ...APPLY, 'allow-unreviewed': 'true' });
    expect(code).toBe(5);
    expect(summary).toContain('[!CAUTION]');
    expect(await repository.testRepository.requests()).toEqual([]);
    expect(repository.github.asked).toEqual([]);
  });

  it.each([
    ['a schedule', (sha: string) => schedule(sha)],
    ['a start by hand', (sha: string) => dispatch(sha)],
  ])('%s applies what was reviewed, or what it is allowed to', async (_, happening) => {
    const started = happening(repository.git('rev-parse', 'HEAD'));
    const refused = await repository.run(started, APPLY);
    expect(refused.code).toBe(5);
    expect(refused.out).toContain('this run has no fingerprint of a reviewed plan');
    expect(await telnyxWrites()).toEqual([]);
    expect((await repository.run(started, { ...APPLY, 'allow-unreviewed': 'true' })).code).toBe(0);
    expect(await references()).toEqual(['regsync/acme/fr-local pending-approval']);
    expect((await repository.run(started, APPLY)).code).toBe(0);
  });
});

describe('an apply with GitHub or Telnyx in trouble', () => {
  it('does nothing when the review could not read the reviewed plan', async () => {
    await planned();
    repository.github.trouble({ method: 'GET', path: /commits/, status: 403, body: '{"message":"No"}' });
    const { code, out, summary } = await repository.run(repository.merge(7), APPLY);
    expect(code).toBe(7);
    expect(out).toContain('regsync could not read the reviewed plan');
    expect(summary).toContain('could not read the reviewed plan');
    expect(await telnyxWrites()).toEqual([]);
  });

  it('applies when the comment can be read and not written, and says so', async () => {
    await planned();
    repository.github.trouble({
      method: 'PATCH',
      path: /comments/,
      status: 403,
      body: '{"message":"No"}',
      times: 9,
    });
    const { code, out, summary } = await repository.run(repository.merge(7), APPLY);
    expect(code).toBe(0);
    expect(out).toMatch(/^::warning .*the comment does not show the result: .*answered 403/m);
    expect(summary).toContain('### regsync apply · 2 groups done');
    expect(await references()).toHaveLength(2);
  });

  it('that is cancelled finishes what it began, and says in the comment how far it came', async () => {
    await planned();
    await repository.testRepository.control('faults', {
      kind: 'slow',
      ms: 1500,
      match: { method: 'POST', nth: 2 },
    });
    const merged = repository.merge(7);
    const { code, summary } = await repository.run(merged, { ...APPLY, parallelism: '1' }, async (child) => {
      while ((await telnyxWrites()).length < 2) await new Promise((again) => setTimeout(again, 20));
      child.kill('SIGINT');
    });
    expect(code).toBe(130);
    expect(bodyOf(7)).toContain('**Apply failed**');
    expect(bodyOf(7)).toContain('interrupted');
    expect(summary).toContain('**Interrupted:**');
    expect((await repository.run(merged, APPLY)).code).toBe(0);
    expect(await references()).toHaveLength(2);
  });

  it('says in the comment that it failed when Telnyx refuses the key', async () => {
    await planned();
    await repository.testRepository.control('faults', {
      kind: 'status',
      status: 401,
      times: 99,
      match: { method: 'POST' },
    });
    const { code } = await repository.run(repository.merge(7), APPLY);
    expect(code).toBe(7);
    expect(bodyOf(7)).toContain('**Apply failed**');
  });
});

describe('files of the runner that cannot be written to', () => {
  // Linux has a disk that is always full; elsewhere there is none to try.
  it.runIf(process.platform === 'linux').each(['GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT'])(
    '%s on a full disk: the apply finishes, says so in the log, and exits 4',
    async (name) => {
      const happening = dispatch(repository.git('rev-parse', 'main'));
      const { code, out, outputs } = await repository.run(
        { ...happening, env: { ...happening.env, [name]: '/dev/full' } },
        { ...APPLY, 'allow-unreviewed': 'true' },
      );
      expect(code).toBe(4);
      expect(out).toContain('Apply: 1 applied, 0 failed');
      expect(out).toMatch(/::error .*the (summary|outputs) of this run cannot be written: the disk is full/);
      if (name === 'GITHUB_STEP_SUMMARY') expect(outputs['exit-code']).toBe('4');
      expect(await references()).toEqual(['regsync/acme/fr-local pending-approval']);
    },
  );
});
