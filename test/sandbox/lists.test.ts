import { describe, expect, test } from 'vitest';
import { fc } from '../support/fast-check.ts';
import { AMERICAN, addAddress, type Connection, codesOf, connect, upload } from './connection.ts';

async function addGroups({ api }: Connection, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { body } = await api('POST', '/requirement_groups', {
      ...AMERICAN,
      customer_reference: `${index}`,
    });
    ids.unshift(body.data.id);
  }
  return ids;
}

describe('paging', () => {
  test.each([
    ['requirement_groups', 25],
    ['requirements', 20],
    ['requirement_types', 20],
    ['documents', 20],
    ['document_links', 20],
    ['addresses', 20],
    ['comments', 20],
  ])('%s has a first page of %i', async (list, size) => {
    const { api } = await connect();
    const { meta } = (await api('GET', `/${list}`)).body;
    expect(meta).toMatchObject({ page_number: 1, page_size: size });
  });

  test('the pages together are the whole list, whatever their size', async () => {
    const connection = await connect();
    const ids = await addGroups(connection, 12);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 250 }), async (size) => {
        const seen: string[] = [];
        let pages = 1;
        for (let number = 1; number <= pages; number += 1) {
          const path = `/requirement_groups?page[number]=${number}&page[size]=${size}`;
          const { data, meta } = (await connection.api('GET', path)).body;
          seen.push(...data.map(({ id }: { id: string }) => id));
          pages = meta.total_pages;
          expect(meta).toEqual({
            total_results: 12,
            total_pages: Math.ceil(12 / size),
            page_number: number,
            page_size: size,
          });
        }
        expect(seen).toEqual(ids);
      }),
      { numRuns: 20 },
    );
  });

  test('beyond the last page there is nothing', async () => {
    const connection = await connect();
    await addGroups(connection, 2);
    const { data, meta } = (await connection.api('GET', '/requirement_groups?page[number]=7')).body;
    expect([data, meta.total_results]).toEqual([[], 2]);
  });

  test.each(['page[size]=251', 'page[size]=0', 'page[size]=many', 'page[number]=0', 'page[number]=-1'])(
    '%s is out of range',
    async (query) => {
      const { api } = await connect();
      const { status, body } = await api('GET', `/documents?${query}`);
      expect([status, body.errors[0].code]).toEqual([422, '10033']);
      expect(query).toContain(body.errors[0].source.parameter);
    },
  );

  test('by quirk a list ignores the page asked for, with or without meta', async () => {
    const connection = await connect();
    const ids = await addGroups(connection, 30);
    await connection.control('PATCH', '/quirks', { ignore_paging: ['requirement_groups'] });
    const path = '/requirement_groups?page[number]=2&page[size]=5';
    const { data, meta } = (await connection.api('GET', path)).body;
    expect(data.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(meta.total_pages).toBe(1);
    await connection.control('PATCH', '/quirks', { no_meta: true });
    expect((await connection.api('GET', path)).body).not.toHaveProperty('meta');
    expect((await connection.api('GET', '/documents')).body).toHaveProperty('meta');
  });
});

describe('lag', () => {
  test('by quirk what is new is missing from lists, but found by id', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { list_lag_ms: 3_600_000 });
    const documentId = await upload(connection);
    const addressId = await addAddress(connection);
    for (const list of ['documents', 'addresses']) {
      expect((await connection.api('GET', `/${list}`)).body.data).toEqual([]);
    }
    expect((await connection.api('GET', `/documents/${documentId}`)).status).toBe(200);
    expect((await connection.api('GET', `/addresses/${addressId}`)).status).toBe(200);
    await connection.control('PATCH', '/quirks', { list_lag_ms: 0 });
    expect((await connection.api('GET', '/addresses')).body.data).toHaveLength(1);
  });
});

describe('unknown filters', () => {
  test('are ignored, or refused by quirk', async () => {
    const { api, control } = await connect();
    const path = '/documents?filter[colour]=red';
    expect((await api('GET', path)).status).toBe(200);
    await control('PATCH', '/quirks', { unknown_filters: 'refuse' });
    expect(await codesOf(api('GET', path))).toEqual([400, '10031']);
  });
});
