import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionStage, openActionStage, push } from '../../support/action-stage.ts';
import { frenchGroup, germanGroup } from '../../support/rehearsal.ts';

/** One push that merges several pull requests: a merge queue, a stack, a batch. */

let stage: ActionStage;
beforeEach(async () => {
  stage = await openActionStage({});
});
afterEach(async () => {
  expect(stage.github.violations).toEqual([]);
  await stage.end();
});

const APPLY = { command: 'apply' };
const names = async () =>
  (await stage.rehearsal.state()).groups
    .map(({ customer_reference }) => `${customer_reference}`.slice('regsync/acme/'.length))
    .sort();
const bodyOf = (number: number) => stage.comments(number)[0]?.body ?? '';

async function planned(number: number, files: Readonly<Record<string, string | null>>): Promise<void> {
  expect((await stage.run(await stage.pushToPull(number, files))).code).toBe(0);
}

describe('a push that merges several pull requests', () => {
  it('is applied as what their plans show, and each comment hears of its own', async () => {
    await planned(7, { 'groups/fr.yaml': frenchGroup() });
    await planned(8, { 'groups/de.yaml': germanGroup() });
    const { code, err } = await stage.run(stage.merge(7, 8), APPLY);
    expect(code, err).toBe(0);
    expect(await names()).toEqual(['de-local', 'fr-local']);
    expect(bodyOf(7)).toMatch(/✅ \*\*Applied\*\* on .* Now `fr-local` is `pending-approval`\./);
    expect(bodyOf(8)).toMatch(/✅ \*\*Applied\*\* on .* Now `de-local` is `pending-approval`\./);
  });

  it('is not said to be applied where another one of them took it back', async () => {
    await planned(7, { 'groups/de.yaml': germanGroup() });
    expect((await stage.run(stage.merge(7), APPLY)).code).toBe(0);
    await planned(8, { 'groups/de.yaml': germanGroup({ contact: 'Night desk' }) });
    const { sha } = stage.merge(8);
    await planned(9, { 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
    const merged = stage.merge(9).sha;
    const { code, err } = await stage.run(push(merged, 'refs/heads/main', [sha, merged]), APPLY);
    expect(code, err).toBe(0);
    expect(await names()).toEqual(['de-local', 'fr-local']);
    expect(bodyOf(9)).toContain('✅ **Applied**');
    expect(bodyOf(8)).not.toContain('✅ **Applied**');
    expect(bodyOf(8)).toContain(
      'another commit of the same push changed RequirementGroup/de-local, so apply did something else than this plan shows',
    );
  });

  it('is not said to be applied where a commit without a pull request took it back', async () => {
    await planned(7, { 'groups/de.yaml': germanGroup() });
    expect((await stage.run(stage.merge(7), APPLY)).code).toBe(0);
    await planned(8, { 'groups/de.yaml': germanGroup({ contact: 'Night desk' }) });
    const { sha } = stage.merge(8);
    await stage.write('groups/de.yaml', germanGroup());
    const last = stage.commit('Take it back');
    expect((await stage.run(push(last, 'refs/heads/main', [sha, last]), APPLY)).code).toBe(0);
    expect(bodyOf(8)).toContain('**Apply failed**');
    expect(bodyOf(8)).toContain('another commit of the same push changed RequirementGroup/de-local');
  });

  it('is refused in all comments where one of their changes was in none of the plans', async () => {
    await planned(7, { 'groups/fr.yaml': frenchGroup() });
    await stage.pushToPull(8, { 'groups/de.yaml': germanGroup() });
    const { code, err } = await stage.run(stage.merge(7, 8), APPLY);
    expect([code, err]).toEqual([
      5,
      expect.stringContaining('RequirementGroup/de-local: create and submit is not in the reviewed plan'),
    ]);
    expect(await names()).toEqual([]);
    for (const number of [7, 8]) expect(bodyOf(number), `${number}`).toContain('**Refused');
  });

  it('is refused where both changed one group, and what comes of it was in neither plan', async () => {
    await planned(7, { 'groups/fr.yaml': frenchGroup() });
    expect((await stage.run(stage.merge(7), APPLY)).code).toBe(0);
    const two = (first: string, second: string) => ({
      'groups/de.yaml': germanGroup({ contact: first }) + second,
    });
    await planned(8, two('Compliance desk', ''));
    expect((await stage.run(stage.merge(8), APPLY)).code).toBe(0);
    await planned(9, { 'groups/de.yaml': germanGroup({ contact: 'Night desk' }) });
    await planned(10, { 'documents/registration.pdf': '%PDF-1.4 another %%EOF' });
    const { code } = await stage.run(stage.merge(9, 10), APPLY);
    expect(code).toBe(5);
    for (const number of [9, 10]) expect(bodyOf(number), `${number}`).toContain('**Refused');
  });
});
