import { beforeEach, describe, expect, it } from 'vitest';
import { numberOrder, useOrders } from '../../support/number-orders.ts';
import { callApi } from '../../support/orders.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const here = useOrders();

describe('orders of several manifests', () => {
  beforeEach(async () => {
    const manifests = NAMES.map((name, index) => numberOrder({ name, numbers: [`+4930000001${index}`] }));
    await here.repository.write('groups/orders.yaml', manifests.join('---\n'));
  });

  it('are found in the list of all, where that takes fewer requests', async () => {
    await here.apply();
    expect(await here.placements()).toBe(NAMES.length);
    await here.repository.forgetRequests();
    await here.expectNothingLeft();
    expect(await queriesOfLists()).toEqual([expect.not.stringContaining('filter')]);
  });

  it('are asked for one by one in an account of many others, and are the same orders', async () => {
    await here.apply();
    const others = Array.from({ length: 1_800 }, (_, index) => index);
    for (let next = 0; next < others.length; next += 10) {
      await Promise.all(others.slice(next, next + 10).map(placeElsewhere));
    }
    await here.repository.forgetRequests();
    await here.expectNothingLeft();
    const [first, ...filtered] = await queriesOfLists();
    expect(first).not.toContain('filter');
    const references = filtered.map((query) => query.match(/filter\[customer_reference\]=([^&]*)/)?.[1]);
    expect(references.sort()).toEqual(NAMES.map((name) => `regsync/acme/order/${name}`));
  });
});

async function placeElsewhere(index: number): Promise<void> {
  const phone_number = `+49300000${20_000 + index}`;
  await callApi(here.repository, 'POST', '/number_orders', {
    phone_numbers: [{ phone_number }],
    customer_reference: `elsewhere ${index}`,
  });
}

async function queriesOfLists(): Promise<string[]> {
  const requests = await here.repository.requests();
  return requests
    .filter(({ method, path }) => method === 'GET' && path === '/number_orders')
    .map(({ query }) => decodeURIComponent(query));
}
