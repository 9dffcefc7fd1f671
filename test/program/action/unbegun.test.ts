import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository } from '../../support/action-repository.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

const quick = buildWithClocks(0.02);
let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({}, quick);
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const APPLY = { command: 'apply' };
const bodies = () => repository.comments(7).map(({ body }) => body);
const planned = async () =>
  expect(
    (await repository.run(await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() }))).code,
  ).toBe(0);

describe('an apply that ends before it looks for its review', () => {
  it('for want of a key says so beside the plan, which the next run applies', async () => {
    await planned();
    const [plan] = bodies();
    const merged = repository.merge(7);
    for (const _ of [1, 2]) expect((await repository.run(merged, { ...APPLY, 'api-key': '' })).code).toBe(7);
    expect(bodies()).toEqual([plan, expect.stringContaining('### regsync apply · not started')]);
    expect(bodies()[1]).toContain('The API key is missing');
    expect(bodies()[1]).toContain('nothing was applied');

    const { code, err } = await repository.run(merged, APPLY);
    expect(code, err).toBe(0);
    expect(bodies()).toEqual([
      expect.stringContaining('✅ **Applied**'),
      expect.stringContaining('**Outdated.** A newer run has begun.'),
    ]);
    // One that says how it went is left alone.
    expect((await repository.run(merged, { ...APPLY, 'api-key': '' })).code).toBe(7);
    expect(bodies()).toHaveLength(2);
  });

  it('for a broken configuration says so beside the plan', async () => {
    await planned();
    const [plan] = bodies();
    const merged = repository.merge(7);
    await repository.write('regsync.yaml', 'scope: [');
    expect((await repository.run(merged, APPLY)).code).toBe(3);
    expect(bodies()).toEqual([plan, expect.stringContaining('### regsync apply · not started')]);
  });

  it('for an invalid manifest says so in the plan, which the next run applies', async () => {
    await planned();
    const merged = repository.merge(7);
    await repository.write('groups/fr.yaml', frenchGroup().replace('FR', 'XX1'));
    expect((await repository.run(merged, APPLY)).code).toBe(3);
    expect(bodies()).toEqual([expect.stringMatching(/\*\*Apply failed\*\*.*; nothing was applied/)]);
    await repository.write('groups/fr.yaml', '');
    repository.git('clean', '--quiet', '--force', 'groups');
    const { code, err } = await repository.run(merged, APPLY);
    expect(code, err).toBe(0);
    expect(bodies()).toEqual([expect.stringContaining('✅ **Applied**')]);
  });

  it('for a plan file that is not there says so in the plan', async () => {
    await planned();
    const { code } = await repository.run(repository.merge(7), { ...APPLY, 'plan-file': 'none.json' });
    expect(code).toBe(3);
    expect(bodies()).toEqual([expect.stringMatching(/\*\*Apply failed\*\*.*; nothing was applied/)]);
  });

  it('writes nothing where it is told to write no comment', async () => {
    await planned();
    const before = bodies();
    expect(
      (await repository.run(repository.merge(7), { ...APPLY, comment: 'false', 'api-key': '' })).code,
    ).toBe(7);
    expect(bodies()).toEqual(before);
  });
});

describe('a first comment whose write was never answered', () => {
  it('is updated by the same apply, and not written twice', async () => {
    await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    const merged = repository.merge(7);
    repository.github.trouble({ method: 'POST', path: /comments$/, status: 'lost', isDone: true });
    repository.github.trouble({ method: 'GET', path: /comments$/, status: 502, times: 6, after: 1 });
    const { code, err } = await repository.run(merged, { ...APPLY, 'allow-unreviewed': 'true' });
    expect(code, err).toBe(0);
    expect(bodies()).toEqual([expect.stringContaining('✅ **Applied**')]);
  });

  it('is superseded by the next run if it was written twice', async () => {
    await planned();
    const [first] = repository.comments(7);
    if (first === undefined) throw new Error('There is no comment');
    repository.github.comments.set(7, [first, { ...first, id: first.id + 1 }]);
    expect((await repository.run(repository.merge(7), APPLY)).code).toBe(0);
    expect(bodies()).toEqual([
      expect.stringContaining('✅ **Applied**'),
      expect.stringContaining('**Outdated.** It was written twice.'),
    ]);
  });
});
