import { describe, expect, it, vi } from 'vitest';
import { AccountLists } from '../../src/observe/lists.ts';
import { needOfAddresses, needOfDocuments } from '../../src/observe/look-up.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import { answerJson, optionsFor, type Scripted, serve } from '../telnyx/scripted-server.ts';

const PAGES = 4;
const ROWS = 250 * PAGES;

/** An account of four pages of whatever is asked for; the first requests fail. */
async function account(failures = 0): Promise<{ lists: AccountLists; server: Scripted }> {
  const server = await serve((response, { url }, number) => {
    if (number <= failures) return answerJson(response, { errors: [{ code: '10015' }] }, 422);
    const page = Number(url.searchParams.get('page[number]'));
    const data = Array.from({ length: 250 }, (_, index) => ({ id: `row-${(page - 1) * 250 + index}` }));
    answerJson(response, { data, meta: { total_pages: PAGES, total_results: ROWS } });
  });
  return { lists: new AccountLists(openReadClient(optionsFor(server))), server };
}

function pagesAsked({ seen }: Scripted): string[] {
  return seen.map(({ url }) => url.searchParams.get('page[number]') ?? '').sort();
}

describe('a list that is asked for ahead', () => {
  it('is read on as soon as so much is wanted of it that references would not be cheaper', async () => {
    const { lists, server } = await account();
    lists.beginAddresses(needOfAddresses(1));
    lists.beginAddresses(needOfAddresses(2));
    await vi.waitFor(() => expect(server.seen).toHaveLength(1));
    lists.beginAddresses(needOfAddresses(3));
    await vi.waitFor(() => expect(pagesAsked(server)).toEqual(['1', '2', '3', '4']));
    lists.beginAddresses(needOfAddresses(4));
    const { rows } = await (await lists.addresses()).finish();
    expect([rows.length, server.seen.length]).toEqual([ROWS, PAGES]);
  });

  it('is not read on for few, and says how much is left of it', async () => {
    const { lists, server } = await account();
    lists.beginDocuments(needOfDocuments(100));
    const begun = await lists.documents();
    expect([begun.pagesLeft, server.seen.length]).toEqual([PAGES - 1, 1]);
    expect((await begun.finish()).rows).toHaveLength(ROWS);
    expect(pagesAsked(server)).toEqual(['1', '2', '3', '4']);
  });

  it.each([1, 2])('is asked for again, once, where %i of its requests failed', async (failures) => {
    const { lists, server } = await account(failures);
    lists.beginDocuments(needOfDocuments(10_000));
    await vi.waitFor(() => expect(server.seen.length).toBeGreaterThan(0));
    if (failures === 2) await expect(lists.documents()).rejects.toThrow();
    else expect((await (await lists.documents()).finish()).rows).toHaveLength(ROWS);
  });
});
