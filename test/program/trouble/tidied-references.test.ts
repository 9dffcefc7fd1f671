import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heldOrders, numberOrder } from '../../support/number-orders.ts';
import { callApi } from '../../support/orders.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { germanGroup, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

/** What Telnyx does to a `customer_reference` is documented nowhere. */

const TIDYINGS = ['trim', 'compose', 'fold', 'cut', 'drop'] as const;
const STATED = `customer_reference: "Zürich ${'7'.repeat(240)}"\n`;
const APPLY = ['apply', '--yes', '--allow-orders'];

const quick = buildWithClocks(0.1);
let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({}, 'here', quick);
});
afterEach(() => repository.end());

async function posts(path: string): Promise<number> {
  const requests = await repository.requests();
  return requests.filter((request) => request.method === 'POST' && request.path === path).length;
}

describe.each(TIDYINGS)('an API that does this to references: %s', (references) => {
  beforeEach(() => repository.control('quirks', { references }, 'PATCH'));

  const code = references === 'drop' ? 4 : 0;

  it('gets one order in three runs', async () => {
    await repository.write('groups/orders.yaml', numberOrder({ extra: STATED }));
    const results = [await repository.run(APPLY), await repository.run(APPLY), await repository.run(APPLY)];
    expect(results.map((result) => result.code)).toEqual([code, code, code]);
    expect(await posts('/number_orders')).toBe(1);
    if (references !== 'drop') return;
    const [order] = await heldOrders(repository);
    for (const { out } of results) {
      expect(out).toContain('reference-not-kept');
      expect(out).toContain(`write \`id: ${order?.id}\` into its manifest, and leave customer_reference out`);
      expect(out).not.toContain('what is done is recognised');
      expect(out).toContain('write each `id:` line above into its manifest');
    }
    await repository.write('groups/orders.yaml', numberOrder({ extra: `id: ${order?.id}\n` }));
    expect((await repository.run(APPLY)).code).toBe(0);
    const pending = await repository.run(['plan', '--detailed-exitcode']);
    expect([pending.code, pending.out]).toEqual([0, expect.stringContaining('No changes.')]);
  });

  it('gets one group in three runs', async () => {
    await repository.write('groups/de.yaml', germanGroup({ extra: STATED }));
    const results = [await repository.run(APPLY), await repository.run(APPLY), await repository.run(APPLY)];
    expect(results.map((result) => result.code)).toEqual([code, code, code]);
    expect(await posts('/requirement_groups')).toBe(1);
    if (references !== 'drop') return;
    const [group] = await callApi<{ id: string; status: string }[]>(repository, 'GET', '/requirement_groups');
    expect(group?.status).toBe('unapproved');
    for (const { out } of results) {
      expect(out).toContain(`\`id: ${group?.id}\``);
      expect(out).not.toContain('what is done is recognised');
    }
    await repository.write('groups/de.yaml', germanGroup({ extra: `id: ${group?.id}\n` }));
    expect((await repository.run(APPLY)).code).toBe(0);
    const pending = await repository.run(['plan', '--detailed-exitcode']);
    expect([pending.code, pending.out]).toEqual([0, expect.stringContaining('No changes.')]);
  });
});

it('A reference that such an API would change is a problem before anything is ordered.', async () => {
  await repository.write('groups/orders.yaml', numberOrder({ extra: 'customer_reference: "PO 7 "\n' }));
  for (const args of [['validate'], APPLY]) {
    const { code, err } = await repository.run(args);
    expect([code, err]).toEqual([3, expect.stringContaining('Write customer_reference: "PO 7"')]);
  }
  expect(await repository.requests()).toEqual([]);
});
