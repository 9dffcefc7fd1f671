import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionStage, openActionStage } from '../../support/action-stage.ts';
import { buildWithClocks } from '../../support/builds.ts';
import { frenchGroup, germanGroup } from '../../support/rehearsal.ts';

const quick = buildWithClocks(0.02);
let stage: ActionStage;
beforeEach(async () => {
  stage = await openActionStage({}, quick);
});
afterEach(async () => {
  expect(stage.github.violations).toEqual([]);
  await stage.end();
});

const APPLY = { command: 'apply' };
const bodies = () => stage.comments(7).map(({ body }) => body);
const planned = async () =>
  expect((await stage.run(await stage.pushToPull(7, { 'groups/de.yaml': germanGroup() }))).code).toBe(0);

describe('an apply that ends before it looks for its review', () => {
  it('for want of a key says so beside the plan, which the next run applies', async () => {
    await planned();
    const [plan] = bodies();
    const merged = stage.merge(7);
    for (const _ of [1, 2]) expect((await stage.run(merged, { ...APPLY, 'api-key': '' })).code).toBe(7);
    expect(bodies()).toEqual([plan, expect.stringContaining('### regsync apply · not started')]);
    expect(bodies()[1]).toContain('The API key is missing');
    expect(bodies()[1]).toContain('nothing was applied');

    const { code, err } = await stage.run(merged, APPLY);
    expect(code, err).toBe(0);
    expect(bodies()).toEqual([
      expect.stringContaining('✅ **Applied**'),
      expect.stringContaining('**Outdated.** A newer run has begun.'),
    ]);
    // One that says how it went is left alone.
    expect((await stage.run(merged, { ...APPLY, 'api-key': '' })).code).toBe(7);
    expect(bodies()).toHaveLength(2);
  });

  it('for a broken configuration says so beside the plan', async () => {
    await planned();
    const [plan] = bodies();
    const merged = stage.merge(7);
    await stage.write('regsync.yaml', 'scope: [');
    expect((await stage.run(merged, APPLY)).code).toBe(3);
    expect(bodies()).toEqual([plan, expect.stringContaining('### regsync apply · not started')]);
  });

  it('for an invalid manifest says so in the plan, which the next run applies', async () => {
    await planned();
    const merged = stage.merge(7);
    await stage.write('groups/fr.yaml', frenchGroup().replace('FR', 'XX1'));
    expect((await stage.run(merged, APPLY)).code).toBe(3);
    expect(bodies()).toEqual([expect.stringMatching(/\*\*Apply failed\*\*.*; nothing was applied/)]);
    await stage.write('groups/fr.yaml', '');
    stage.git('clean', '--quiet', '--force', 'groups');
    const { code, err } = await stage.run(merged, APPLY);
    expect(code, err).toBe(0);
    expect(bodies()).toEqual([expect.stringContaining('✅ **Applied**')]);
  });

  it('for a plan file that is not there says so in the plan', async () => {
    await planned();
    const { code } = await stage.run(stage.merge(7), { ...APPLY, 'plan-file': 'none.json' });
    expect(code).toBe(3);
    expect(bodies()).toEqual([expect.stringMatching(/\*\*Apply failed\*\*.*; nothing was applied/)]);
  });

  it('writes nothing where it is told to write no comment', async () => {
    await planned();
    const before = bodies();
    expect((await stage.run(stage.merge(7), { ...APPLY, comment: 'false', 'api-key': '' })).code).toBe(7);
    expect(bodies()).toEqual(before);
  });
});

describe('a first comment whose write was never answered', () => {
  it('is updated by the same apply, and not written twice', async () => {
    await stage.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    const merged = stage.merge(7);
    stage.github.trouble({ method: 'POST', path: /comments$/, status: 'lost', isDone: true });
    stage.github.trouble({ method: 'GET', path: /comments$/, status: 502, times: 6, after: 1 });
    const { code, err } = await stage.run(merged, { ...APPLY, 'allow-unreviewed': 'true' });
    expect(code, err).toBe(0);
    expect(bodies()).toEqual([expect.stringContaining('✅ **Applied**')]);
  });

  it('is superseded by the next run if it was written twice', async () => {
    await planned();
    const [first] = stage.comments(7);
    if (first === undefined) throw new Error('There is no comment');
    stage.github.comments.set(7, [first, { ...first, id: first.id + 1 }]);
    expect((await stage.run(stage.merge(7), APPLY)).code).toBe(0);
    expect(bodies()).toEqual([
      expect.stringContaining('✅ **Applied**'),
      expect.stringContaining('**Outdated.** It was written twice.'),
    ]);
  });
});
