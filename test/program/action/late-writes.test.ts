import { afterEach, describe, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository } from '../../support/action-repository.ts';
import { callApi } from '../../support/orders.ts';
import { germanGroup } from '../../support/test-repository.ts';

let repository: ActionRepository;
const APPLY = { command: 'apply' };
const bodyOf = (number: number) => repository.comments(number)[0]?.body ?? '';
afterEach(async () => {
  await repository.end();
});

describe('A comment that is written late', () => {
  it('does not count as reviewed if its pull request was merged between two attempts of the write', async () => {
    repository = await openActionRepository({ 'groups/de.yaml': germanGroup() });
    expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
    // The pull request brings nothing that differs at Telnyx: its reviewed plan is empty.
    const pushed = await repository.pushToPull(7, { 'README.md': 'text' });
    expect((await repository.run(pushed)).code).toBe(0);
    const seen = bodyOf(7);
    // Somebody deletes the group by hand, the plan job runs again, and GitHub refuses its first attempt.
    const [group] = (await repository.testRepository.state()).groups;
    await callApi(repository.testRepository, 'DELETE', `/requirement_groups/${group?.id}`);
    repository.github.forget();
    repository.github.trouble({ method: 'PATCH', path: /comments/, status: 502 });
    const late = repository.run(pushed);
    while (!repository.github.asked.some(({ method }) => method === 'PATCH'))
      await new Promise((done) => setImmediate(done));
    expect(bodyOf(7)).toBe(seen);
    const { code } = await repository.run(repository.merge(7), APPLY);
    await late;
    expect(code).toBe(5);
    expect((await repository.testRepository.state()).groups).toEqual([]);
  });

  it('does not stay at "Applying" if the answer of a write that was done was lost', async () => {
    repository = await openActionRepository({});
    expect(
      (await repository.run(await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() }))).code,
    ).toBe(0);
    const merged = repository.merge(7);
    const match = { method: 'POST', path: 'requirement_groups$', nth: 1 };
    await repository.testRepository.control('faults', { kind: 'status', status: 422, match });
    expect((await repository.run(merged, APPLY)).code).toBe(4);
    await repository.testRepository.control('faults', { kind: 'status', status: 422, match });
    repository.github.trouble({ method: 'PATCH', path: /comments/, status: 502, isDone: true, times: 6 });
    await repository.run(merged, APPLY);
    expect(bodyOf(7)).not.toMatch(/pplying/);
  });
});
