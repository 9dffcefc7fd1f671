import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository } from '../../support/action-repository.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { germanGroup } from '../../support/test-repository.ts';
import { zip } from '../../support/zip.ts';

/** Plans of many groups of five values each, of which an apply finishes a part. */

const quick = buildWithClocks(0.2);
let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({}, quick);
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const APPLY = { command: 'apply' };
const files = (size: number) =>
  Object.fromEntries(
    Array.from({ length: size }, (_, n) => [
      `groups/${n}.yaml`,
      germanGroup({ name: `group-${n}`, contact: `Desk ${n}, Example GmbH` }),
    ]),
  );
const bodyOf = () => repository.comments(7)[0]?.body ?? '';
const failing = () =>
  repository.testRepository.control('faults', {
    kind: 'status',
    status: 422,
    match: { method: 'POST', path: 'requirement_groups$', nth: 20 },
  });

describe('a plan that was applied in part', () => {
  it('of a hundred groups travels in its comment, and its rest is applied by the same run', async () => {
    expect((await repository.run(await repository.pushToPull(7, files(100)))).code).toBe(0);
    expect(bodyOf().match(/regsync:reviewed:v1 (\S+)/)?.[1]?.length).toBeGreaterThan(16_000);
    await failing();
    const merged = repository.merge(7);
    expect((await repository.run(merged, APPLY)).code).toBe(4);
    const { code, err } = await repository.run(merged, APPLY);
    expect(code, err.slice(-500)).toBe(0);
    expect(bodyOf()).toContain('✅ **Applied**');
  });

  it('of more groups than fit comes from the artifact that the workflow keeps', async () => {
    const planned = await repository.run(await repository.pushToPull(7, files(310)));
    expect(planned.code).toBe(0);
    const name = planned.outputs['plan-artifact'] ?? '';
    expect(bodyOf().split('\n')[0]).toContain(`"artifact":{"name":"${name}","sha256":"`);
    expect(bodyOf()).toContain(`upload the output plan-file as the artifact \`${name}\``);
    const file = await readFile(planned.outputs['plan-file'] ?? '');
    await failing();
    const merged = repository.merge(7);
    expect((await repository.run(merged, APPLY)).code).toBe(4);

    // Without it, nothing but the fingerprint is left, and that is of the whole.
    const without = await repository.run(merged, APPLY);
    expect(without.code).toBe(5);
    expect(without.out).toContain(
      `the reviewed plan is too large for its comment, and its artifact ${name} does not exist, so regsync can only compare fingerprints, and cannot name the differences`,
    );
    repository.github.artifacts.push(
      { id: 1, name, archive: zip('regsync-plan.json', Buffer.from('a stranger’s')), expired: false },
      { id: 2, name, archive: zip('regsync-plan.json', file), expired: false },
    );
    const { code, err } = await repository.run(merged, APPLY);
    expect(code, err.slice(-500)).toBe(0);
    expect(bodyOf()).toContain('✅ **Applied**');
  });
});
