import { afterEach, describe, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository } from '../../support/action-repository.ts';
import { numberOrder } from '../../support/number-orders.ts';
import type { Pull } from '../../support/servers/github.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

let repository: ActionRepository;
const APPLY = { command: 'apply' };
const NIGHT = { 'groups/de.yaml': germanGroup({ contact: 'Night desk' }) };
const APPLIED = '✅ **Applied**';
const bodyOf = (number: number) => repository.comments(number)[0]?.body ?? '';
afterEach(async () => {
  await repository.end();
});

async function planPull(
  number: number,
  files: Readonly<Record<string, string | null>>,
  inputs = {},
): Promise<void> {
  const { code, err } = await repository.run(await repository.pushToPull(number, files), inputs);
  expect(code, err).toBe(0);
}

/** Opens a pull request from a branch that begins at another one. */
function openPullFrom(number: number, branch: string): void {
  repository.git('checkout', '--quiet', '--force', '-b', `pull-${number}`, branch);
  const pull: Pull = {
    number,
    head: { sha: 'x' },
    base: { ref: 'main' },
    state: 'open',
    merged_at: null,
    merge_commit_sha: null,
  };
  repository.github.pulls.push(pull);
}

describe('Several reviews in one push', () => {
  it('place no order with values of its group that only another review shows', async () => {
    repository = await openActionRepository({ 'groups/de.yaml': germanGroup() });
    expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
    const gate = { 'allow-orders': 'true' };
    await planPull(
      7,
      { 'groups/orders.yaml': numberOrder({ extra: 'requirement_group: de-local\n' }) },
      gate,
    );
    await planPull(8, NIGHT, gate);
    const { code, err } = await repository.run(repository.merge(7, 8), { ...APPLY, ...gate });
    expect(code, err).toBe(5);
  });

  it('do not call a plan applied if another of them wanted something else of its group', async () => {
    repository = await openActionRepository({
      'groups/de.yaml': germanGroup(),
      'groups/fr.yaml': frenchGroup(),
    });
    expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
    await planPull(7, NIGHT);
    openPullFrom(8, 'pull-7');
    await planPull(8, { 'groups/de.yaml': germanGroup({ contact: 'Day desk' }) });
    await repository.run(repository.merge(7, 8), APPLY);
    expect(bodyOf(7)).not.toContain(APPLIED);
  });
});

describe('A review', () => {
  it('is not called applied if the merged commit is newer than its plan', async () => {
    repository = await openActionRepository({
      'groups/de.yaml': germanGroup(),
      'groups/fr.yaml': frenchGroup(),
    });
    expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
    await planPull(7, NIGHT);
    await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    await repository.run(repository.merge(7), APPLY);
    expect(bodyOf(7)).not.toContain(APPLIED);
  });

  it('does not count for this branch if its pull request was merged into another one', async () => {
    repository = await openActionRepository({ 'groups/de.yaml': germanGroup() });
    expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
    // Pull request 7 goes into the branch of 8, where nobody has to approve it.
    await planPull(7, NIGHT);
    openPullFrom(8, 'main');
    repository.git('merge', '--quiet', '--no-ff', '-m', 'Merge pull request #7 into pull-8', 'pull-7');
    const inner = repository.git('rev-parse', 'HEAD');
    const seven = repository.github.pulls.find(({ number }) => number === 7);
    Object.assign(seven ?? {}, {
      state: 'closed',
      merged_at: '2026-01-01T00:00:00Z',
      merge_commit_sha: inner,
      base: { ref: 'pull-8' },
    });
    // Nobody has planned pull request 8, which brings both into main.
    await repository.pushToPull(8, { 'README.md': 'text' });
    const merged = repository.merge(8);
    (merged.payload as { commits: { id: string }[] }).commits.unshift({ id: inner });
    expect((await repository.run(merged, APPLY)).code).toBe(5);
  });
});
