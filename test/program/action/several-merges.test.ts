import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository, push } from '../../support/action-repository.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

/** One push that merges several pull requests: a merge queue, a stack, a batch. */

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({});
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const APPLY = { command: 'apply' };
const names = async () =>
  (await repository.testRepository.state()).groups
    .map(({ customer_reference }) => `${customer_reference}`.slice('regsync/acme/'.length))
    .sort();
const bodyOf = (number: number) => repository.comments(number)[0]?.body ?? '';

async function planned(number: number, files: Readonly<Record<string, string | null>>): Promise<void> {
  expect((await repository.run(await repository.pushToPull(number, files))).code).toBe(0);
}

describe('a push that merges several pull requests', () => {
  it('is applied as what their plans show, and each comment hears of its own', async () => {
    await planned(7, { 'groups/fr.yaml': frenchGroup() });
    await planned(8, { 'groups/de.yaml': germanGroup() });
    const { code, err } = await repository.run(repository.merge(7, 8), APPLY);
    expect(code, err).toBe(0);
    expect(await names()).toEqual(['de-local', 'fr-local']);
    expect(bodyOf(7)).toMatch(/✅ \*\*Applied\*\* on .* Now `fr-local` is `pending-approval`\./);
    expect(bodyOf(8)).toMatch(/✅ \*\*Applied\*\* on .* Now `de-local` is `pending-approval`\./);
  });

  it('is not said to be applied where another one of them took it back', async () => {
    await planned(7, { 'groups/de.yaml': germanGroup() });
    expect((await repository.run(repository.merge(7), APPLY)).code).toBe(0);
    await planned(8, { 'groups/de.yaml': germanGroup({ contact: 'Night desk' }) });
    const { sha } = repository.merge(8);
    await planned(9, { 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
    const merged = repository.merge(9).sha;
    const { code, err } = await repository.run(push(merged, 'refs/heads/main', [sha, merged]), APPLY);
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
    expect((await repository.run(repository.merge(7), APPLY)).code).toBe(0);
    await planned(8, { 'groups/de.yaml': germanGroup({ contact: 'Night desk' }) });
    const { sha } = repository.merge(8);
    await repository.write('groups/de.yaml', germanGroup());
    const last = repository.commit('Take it back');
    expect((await repository.run(push(last, 'refs/heads/main', [sha, last]), APPLY)).code).toBe(0);
    expect(bodyOf(8)).toContain('**Apply failed**');
    expect(bodyOf(8)).toContain('another commit of the same push changed RequirementGroup/de-local');
  });

  it('is refused in all comments where one of their changes was in none of the plans', async () => {
    await planned(7, { 'groups/fr.yaml': frenchGroup() });
    await repository.pushToPull(8, { 'groups/de.yaml': germanGroup() });
    const { code, err } = await repository.run(repository.merge(7, 8), APPLY);
    expect([code, err]).toEqual([
      5,
      expect.stringContaining('RequirementGroup/de-local: create and submit is not in the reviewed plan'),
    ]);
    expect(await names()).toEqual([]);
    for (const number of [7, 8]) expect(bodyOf(number), `${number}`).toContain('**Refused');
  });

  it('is refused where both changed one group, and what comes of it was in neither plan', async () => {
    await planned(7, { 'groups/fr.yaml': frenchGroup() });
    expect((await repository.run(repository.merge(7), APPLY)).code).toBe(0);
    const two = (first: string, second: string) => ({
      'groups/de.yaml': germanGroup({ contact: first }) + second,
    });
    await planned(8, two('Compliance desk', ''));
    expect((await repository.run(repository.merge(8), APPLY)).code).toBe(0);
    await planned(9, { 'groups/de.yaml': germanGroup({ contact: 'Night desk' }) });
    await planned(10, { 'documents/registration.pdf': '%PDF-1.4 another %%EOF' });
    const { code } = await repository.run(repository.merge(9, 10), APPLY);
    expect(code).toBe(5);
    for (const number of [9, 10]) expect(bodyOf(number), `${number}`).toContain('**Refused');
  });
});
