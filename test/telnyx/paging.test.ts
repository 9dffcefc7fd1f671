import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../src/model/errors.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import type { Wait } from '../../src/telnyx/options.ts';
import { type Page, readPage } from '../../src/telnyx/page.ts';
import { beginListing } from '../../src/telnyx/paging.ts';
import { readListing } from '../support/read-listing.ts';
import { answerJson, optionsFor, type Scripted, type Seen, serve } from './scripted-server.ts';

interface Row {
  readonly id: string;
}

/** `a1` … `a600` */
function rowsUpTo(count: number, prefix = 'a'): Row[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${prefix}${index + 1}` }));
}

function missingFrom(rows: readonly unknown[], expected: readonly Row[]): Row[] {
  const ids = new Set(rows.map((row) => (row as Row).id));
  return expected.filter(({ id }) => !ids.has(id));
}

interface Pages {
  readonly rows: readonly unknown[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/** As documented, with pages of at most `most` rows. */
function pageOf(rows: readonly unknown[], request: Seen, most = 250): Pages {
  const number = Number(request.url.searchParams.get('page[number]'));
  const size = Math.min(most, Number(request.url.searchParams.get('page[size]')));
  return {
    rows: rows.slice((number - 1) * size, number * size),
    meta: {
      page_number: number,
      page_size: size,
      total_pages: Math.ceil(rows.length / size),
      total_results: rows.length,
    },
  };
}

async function serveList(body: (request: Seen, number: number) => unknown): Promise<Scripted> {
  return serve((response, request, number) => answerJson(response, body(request, number)));
}

function list(server: Scripted): Promise<readonly unknown[]> {
  return openReadClient(optionsFor(server))
    .list('/things', { 'filter[x]': 'y' })
    .then((listing) => listing.rows);
}

describe('a list with meta', () => {
  it('of 10,000 rows costs 40 requests and keeps its order', async () => {
    const rows = rowsUpTo(10_000);
    const server = await serveList((request) => {
      const page = pageOf(rows, request);
      return { data: page.rows, meta: page.meta };
    });
    expect(await list(server)).toEqual(rows);
    expect(server.seen.length).toBe(40);
    expect(server.seen[0]?.url.search).toBe('?filter%5Bx%5D=y&page%5Bnumber%5D=1&page%5Bsize%5D=250');
  });

  it('is complete after one page when it says so', async () => {
    const server = await serveList((request) => {
      const page = pageOf(rowsUpTo(250), request);
      return { data: page.rows, meta: page.meta };
    });
    expect(await list(server)).toHaveLength(250);
    expect(server.seen.length).toBe(1);
  });

  it('may be empty', async () => {
    const meta = { total_pages: 0, total_results: 0 };
    const server = await serveList(() => ({ data: [], meta }));
    expect(await list(server)).toEqual([]);
    expect(server.seen.length).toBe(1);
  });

  it('is read whole when the server makes smaller pages than asked for', async () => {
    const rows = rowsUpTo(60);
    const server = await serveList((request) => {
      const page = pageOf(rows, request, 25);
      return { data: page.rows, meta: page.meta };
    });
    expect(await list(server)).toEqual(rows);
    expect(server.seen.length).toBe(3);
  });

  it('is read whole when the server makes smaller pages and counts in larger ones', async () => {
    const rows = rowsUpTo(60);
    const server = await serveList((request) => ({
      data: pageOf(rows, request, 25).rows,
      meta: { page_size: 250, total_pages: 1, total_results: 60 },
    }));
    expect(await list(server)).toEqual(rows);
  });

  it.each([
    ['only rows', { total_results: 60 }],
    ['numbers as text', { total_results: '60', total_pages: '3' }],
  ])('may count %s', async (_, meta) => {
    const rows = rowsUpTo(60);
    const server = await serveList((request) => ({ data: pageOf(rows, request, 25).rows, meta }));
    expect(await list(server)).toEqual(rows);
    expect(server.seen.length).toBe(3);
  });

  it('may count only pages, and is read twice then', async () => {
    const rows = rowsUpTo(50);
    const server = await serveList((request) => ({
      data: pageOf(rows, request, 25).rows,
      meta: { total_pages: 2 },
    }));
    expect(await list(server)).toEqual(rows);
    expect(server.seen.length).toBe(4);
  });

  it.each([
    ['gives none', [], 'claims to have rows but gives none'],
    ['gives the same on each', rowsUpTo(25), 'claims to be longer, but every page gives the same rows'],
  ])('is refused when it counts pages and %s', async (_, data, fault) => {
    const server = await serveList(() => ({ data, meta: { total_pages: 3 } }));
    await expect(list(server)).rejects.toThrow(fault);
  });

  it('is complete when the page number is ignored but everything came at once', async () => {
    const rows = rowsUpTo(60);
    const server = await serveList(() => ({ data: rows, meta: { total_pages: 3, total_results: 60 } }));
    expect(await list(server)).toEqual(rows);
    expect(server.seen.length).toBe(1);
  });

  it('is refused when every page gives the first rows of a longer list', async () => {
    const meta = { page_number: 1, page_size: 25, total_pages: 3, total_results: 60 };
    const server = await serveList(() => ({ data: rowsUpTo(25), meta }));
    await expect(list(server)).rejects.toThrow(
      new UnreachableError('GET /things: the list claims to be longer, but every page gives the same rows'),
    );
  });

  it.each([
    ['is far longer', { total_pages: 10_000, total_results: 2_500_000 }],
    ['counts pages alone', { total_pages: 10_000 }],
    ['counts rows alone', { total_results: 251 }],
  ])(
    'that ignores the page number, and %s by its own account, costs no more than five requests',
    async (_, meta) => {
      const server = await serveList(() => ({ data: rowsUpTo(250), meta }));
      const failure = list(server);
      await expect(failure).rejects.toBeInstanceOf(UnreachableError);
      await expect(failure).rejects.toThrow('every page gives the same rows');
      expect(server.seen.length).toBeLessThanOrEqual(5);
    },
  );

  it('is read again when its second page repeats the first by chance', async () => {
    const all = rowsUpTo(500);
    const more = rowsUpTo(250, 'new-');
    const server = await serveList((request, number) => {
      const page = pageOf(number === 1 ? all : [...more, ...all], request);
      return { data: page.rows, meta: page.meta };
    });
    expect(await list(server)).toEqual([...more, ...all]);
  });

  it('is refused when it claims rows and gives none', async () => {
    const server = await serveList(() => ({ data: [], meta: { total_pages: 3, total_results: 60 } }));
    await expect(list(server)).rejects.toThrow('the list claims to have rows but gives none');
  });

  it('gives each row once', async () => {
    const server = await serveList((request) => {
      const page = pageOf([...rowsUpTo(250), ...rowsUpTo(10)], request);
      return { data: page.rows, meta: { total_results: 250, total_pages: 2 } };
    });
    expect(await list(server)).toEqual(rowsUpTo(250));
  });
});

describe('a list that changes while it is read', () => {
  it('is read again when a row has moved out of the pages still to come', async () => {
    const all = rowsUpTo(500);
    const server = await serveList((request, number) => {
      const rows = number === 1 ? all : all.slice(1);
      const page = pageOf(rows, request);
      return { data: page.rows, meta: page.meta };
    });
    expect(await list(server)).toEqual(all.slice(1));
    expect(server.seen.length).toBe(4);
  });

  it('is told with its path when it is waited for', async () => {
    const all = rowsUpTo(500);
    const server = await serveList((request, number) => {
      const page = pageOf(all.slice(Math.min(number - 1, 5)), request);
      return { data: page.rows, meta: page.meta };
    });
    const waits: Wait[] = [];
    const client = openReadClient(optionsFor(server, { onWait: (wait) => void waits.push(wait) }));
    await client.list('/things');
    expect(waits[0]).toMatchObject({
      reason: 'retry',
      request: 'GET /things',
      cause: 'the list changes while it is read',
      attempt: 1,
    });
  });

  it('is read again when a row moved while another came, so that the count is the same', async () => {
    const all = rowsUpTo(500);
    const server = await serveList((request, number) => {
      const rows = number === 1 ? all : [{ id: 'new' }, ...all.slice(0, 499)];
      const page = pageOf(rows, request);
      return { data: page.rows, meta: page.meta };
    });
    const rows = (await list(server)) as Row[];
    expect(rows[0]?.id).toBe('new');
    expect(rows).toHaveLength(500);
  });

  it('is believed when two readings give the same rows, though the count differs', async () => {
    const rows = rowsUpTo(300);
    const server = await serveList((request) => ({
      data: pageOf(rows, request).rows,
      meta: { total_results: 310 },
    }));
    expect(await list(server)).toEqual(rows);
    expect(server.seen.length).toBe(4);
  });

  it('is read to the page that is its last by then', async () => {
    const all = rowsUpTo(500);
    const server = await serveList((request, number) => {
      const rows = number === 1 ? all : [{ id: 'new' }, ...all];
      const page = pageOf(rows, request);
      return { data: page.rows, meta: page.meta };
    });
    expect(await list(server)).toEqual([{ id: 'new' }, ...all]);
    const pages = server.seen.map(({ url }) => url.searchParams.get('page[number]'));
    expect(pages).toEqual(['1', '2', '3', '1', '2', '3']);
  });

  it('is not believed by what came when the page number was ignored', async () => {
    const rows = rowsUpTo(300);
    const server = await serveList((request, number) => ({
      data: number <= 2 ? rows.slice(0, 250) : pageOf(rows, request).rows,
      meta: { total_results: 310 },
    }));
    expect(await list(server)).toEqual(rows);
    expect(server.seen.length).toBe(6);
  });

  it.each([
    ['beginning', (rows: readonly Row[], row: Row) => [row, ...rows]],
    ['middle', (rows: readonly Row[], row: Row) => [...rows.slice(0, 275), row, ...rows.slice(275)]],
    ['end', (rows: readonly Row[], row: Row) => [...rows, row]],
  ])('is read to its end while others add to its %s, with each request', async (_, add) => {
    const all = rowsUpTo(1000);
    let rows: readonly Row[] = all;
    const server = await serveList((request, number) => {
      rows = add(rows, { id: `new-${number}` });
      const page = pageOf(rows, request);
      return { data: page.rows, meta: page.meta };
    });
    expect(missingFrom(await list(server), all)).toEqual([]);
    expect(server.seen.length).toBeLessThan(21);
  });

  it('is not believed when two readings both miss a row, and the later also one that the earlier has', async () => {
    const all = rowsUpTo(501);
    const server = await serveList((request, number) => {
      // Within the second reading, and within the third, a251 moves from page 2 to page 1.
      const kept = all.slice(number < 5 ? 0 : number < 8 ? 1 : 2);
      const page = pageOf(number < 7 ? kept : [{ id: 'new' }, ...kept], request);
      return { data: page.rows, meta: { total_results: 510 } };
    });
    expect(await list(server)).toEqual([{ id: 'new' }, ...all.slice(2)]);
    expect(server.seen.length).toBe(15);
  });

  it('is given up after seven readings', async () => {
    const server = await serveList((request, number) => {
      const page = pageOf(rowsUpTo(400, `${number}-`), request);
      return { data: page.rows, meta: { total_results: 400 + number } };
    });
    await expect(list(server)).rejects.toThrow(
      new UnreachableError('GET /things: the list keeps changing while it is read'),
    );
    expect(server.seen.length).toBe(14);
  });
});

describe('a list without meta', () => {
  it.each([
    ['in an envelope', (rows: readonly unknown[]) => ({ data: rows })],
    ['as a bare array', (rows: readonly unknown[]) => rows],
    ['in an envelope with an empty meta', (rows: readonly unknown[]) => ({ data: rows, meta: null })],
  ])('is read until a page brings nothing new, twice: %s', async (_, wrap) => {
    const rows = rowsUpTo(60);
    const server = await serveList((request) => wrap(pageOf(rows, request, 25).rows));
    expect(await list(server)).toEqual(rows);
    expect(server.seen.length).toBe(8);
  });

  it.each([
    ['one of many pages', 501],
    ['the first of two pages', 251],
  ])('from which others delete is read again when a row moved to %s', async (_, count) => {
    const all = rowsUpTo(count);
    const server = await serveList((request, number) => {
      const rows = number === 1 ? all : all.slice(1);
      return { data: pageOf(rows, request).rows };
    });
    expect(await list(server)).toEqual(all.slice(1));
  });

  it('is read to its end while others add to it, with each request', async () => {
    const all = rowsUpTo(1000);
    let rows = all;
    const server = await serveList((request, number) => {
      rows = [{ id: `new-${number}` }, ...rows];
      return { data: pageOf(rows, request).rows };
    });
    expect(missingFrom(await list(server), all)).toEqual([]);
  });

  it('is given up when rows are deleted from each reading', async () => {
    let rows = rowsUpTo(600);
    const server = await serveList((request) => {
      rows = rows.slice(1);
      return { data: pageOf(rows, request).rows };
    });
    await expect(list(server)).rejects.toThrow('GET /things: the list keeps changing while it is read');
  });

  it('that ignores the page number is complete after two pages', async () => {
    const server = await serveList(() => rowsUpTo(300));
    expect(await list(server)).toEqual(rowsUpTo(300));
    expect(server.seen.length).toBe(2);
  });

  it('that ignores the page number, but not the page size, may be longer: it is refused', async () => {
    const server = await serveList(() => rowsUpTo(250));
    await expect(list(server)).rejects.toThrow(
      new UnreachableError(
        'GET /things: the list gives the same full page, whichever is asked for, and does not say how long it is',
      ),
    );
    expect(server.seen.length).toBe(4);
  });

  it('whose rows have no id ends too', async () => {
    const rows = [
      { country_code: 'DE', type: 'local' },
      { country_code: 'DE', type: 'national' },
    ];
    const server = await serveList(() => ({ data: rows }));
    expect(await list(server)).toEqual(rows);
    expect(server.seen.length).toBe(2);
  });

  it('that is empty costs one request', async () => {
    const server = await serveList(() => []);
    expect(await list(server)).toEqual([]);
    expect(server.seen.length).toBe(1);
  });

  it('that never ends is given up after 10,000 pages', async () => {
    let requests = 0;
    const reading = readListing({
      request: 'GET /things',
      fetchPage: async (number) => {
        requests += 1;
        return { rows: [{ id: number }], totalRows: null, totalPages: null, dateMs: null };
      },
      pause: async () => {},
    });
    await expect(reading).rejects.toEqual(
      new UnreachableError('GET /things: the list does not end after 10000 pages'),
    );
    expect(requests).toBe(10_000);
  });

  it('is not asked for a billion pages that meta announces', async () => {
    const server = await serveList(() => ({ data: rowsUpTo(1), meta: { total_results: 1e9 } }));
    await expect(list(server)).rejects.toThrow('does not end after 10000 pages');
    expect(server.seen.length).toBe(1);
  });
});

describe('what is no list', () => {
  it.each([
    ['null', null],
    ['an object without data', { things: [] }],
    ['data that is null', { data: null }],
    ['data that is one object', { data: { id: 'a' } }],
    ['a text', 'data'],
    ['a number', 7],
  ])('never reads as empty: %s', async (_, body) => {
    const server = await serveList(() => body);
    const failure = list(server);
    await expect(failure).rejects.toBeInstanceOf(UnreachableError);
    await expect(failure).rejects.toThrow('in 5 attempts: an answer that is not a list');
  });

  it('never reads as empty: no body at all', async () => {
    const server = await serve((response) => response.writeHead(200).end());
    await expect(list(server)).rejects.toThrow('an answer that is not a list');
  });
});

/** One row on each of so many pages. */
function pageInMemory(number: number, pages: number): Page {
  return { rows: [{ id: `${number}` }], totalRows: pages, totalPages: pages, dateMs: null };
}

/** A list of which the pages are given, the last again and again. */
function begin(...pages: readonly Partial<Page>[]) {
  const asked: number[] = [];
  const listing = beginListing({
    request: 'GET /things',
    fetchPage: async (number) => {
      asked.push(number);
      const page = pages[Math.min(asked.length, pages.length) - 1];
      return { rows: [], totalRows: null, totalPages: null, dateMs: null, ...page };
    },
    pause: async () => {},
  });
  return { asked, listing };
}

/** A page of one row, or of none where the id is empty. */
function of(id: string, totalRows: number | null = null, totalPages: number | null = null): Partial<Page> {
  return { rows: id === '' ? [] : [{ id }], totalRows, totalPages };
}

describe('a list that is begun', () => {
  const two = [{ id: 'a' }, { id: 'b' }];

  it.each<[string, Partial<Page>, number | null]>([
    ['nothing says how long it is', { rows: two }, null],
    ['nothing came, and nothing says how long it is', {}, 0],
    ['it counts pages', { rows: two, totalPages: 3 }, 2],
    ['it counts no pages', { rows: two, totalPages: 0 }, 0],
    ['it counts rows', { rows: two, totalRows: 5 }, 2],
    ['it counts rows, and gives none', { totalRows: 5 }, 0],
    ['it counts rows that all came', { rows: two, totalRows: 2, totalPages: 3 }, 0],
    ['it counts fewer rows than came', { rows: two, totalRows: 1, totalPages: 3 }, 0],
    ['it counts rows and more pages', { rows: two, totalRows: 5, totalPages: 4 }, 3],
    ['it counts rows and fewer pages', { rows: two, totalRows: 5, totalPages: 1 }, 2],
  ])('knows how many pages are left, as far as the first says: %s', async (_, first, pagesLeft) => {
    const { asked, listing } = begin(first);
    expect((await listing).pagesLeft).toBe(pagesLeft);
    expect(asked).toEqual([1]);
  });

  it.each<[string, Partial<Page>[], readonly number[]]>([
    ['one page that counts its rows', [{ rows: two, totalRows: 2 }], [1]],
    ['one page that counts itself', [{ rows: two, totalPages: 1 }], [1]],
    ['nothing', [{}], [1]],
    ['the same without a count, on each page', [{ rows: two }], [1, 2]],
    ['rows without a count, then nothing, twice', [{ rows: two }, {}, { rows: two }, {}], [1, 2, 1, 2]],
    ['one page of more rows than are counted, twice', [{ rows: two, totalRows: 1 }], [1, 1]],
  ])('is complete with %s', async (_, pages, numbers) => {
    const { asked, listing } = begin(...pages);
    expect((await (await listing).finish()).rows).toEqual(pages[0]?.rows ?? []);
    expect(asked).toEqual(numbers);
  });

  it.each<[string, Partial<Page>[], readonly string[], readonly number[]]>([
    [
      'again where its third page, not its second, repeats what came',
      [of('a'), of('b'), of('b'), of('a'), of('b'), of('b')],
      ['a', 'b'],
      [1, 2, 3, 1, 2, 3],
    ],
    [
      'again where the last of the pages that it counts repeats what came',
      [of('a', 3), of('b', 3), of('b', 3), of('a', 3), of('b', 3), of('b', 3)],
      ['a', 'b'],
      [1, 2, 3, 1, 2, 3],
    ],
    [
      'past an empty page to the last that it counts',
      [
        of('a', null, 3),
        of('', null, 3),
        of('b', null, 3),
        of('a', null, 3),
        of('', null, 3),
        of('b', null, 3),
      ],
      ['a', 'b'],
      [1, 2, 3, 1, 2, 3],
    ],
    [
      'to the last page that was ever counted, though later ones count fewer',
      [
        of('a', null, 3),
        of('b', null, 2),
        of('c', null, 2),
        of('a', null, 3),
        of('b', null, 2),
        of('c', null, 2),
      ],
      ['a', 'b', 'c'],
      [1, 2, 3, 1, 2, 3],
    ],
    [
      'a third time where its total fell in the first reading, as after a deletion',
      [
        of('a', 3),
        of('b', 2),
        of('', 2),
        of('a', 3),
        of('b', 3),
        of('', 3),
        of('a', 3),
        of('b', 3),
        of('', 3),
      ],
      ['a', 'b'],
      [1, 2, 3, 1, 2, 3, 1, 2, 3],
    ],
    [
      'twice where a later page does not say the total',
      [of('a', 3), of('b'), of(''), of('a', 3), of('b'), of('')],
      ['a', 'b'],
      [1, 2, 3, 1, 2, 3],
    ],
    [
      'a third time where pages of the first reading were asked for at once, since a row may have passed between them',
      [1, 2, 3].flatMap(() => [of('a', 5), of('b', 5), of('c', 5), of('', 5), of('', 5)]),
      ['a', 'b', 'c'],
      [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5],
    ],
  ])('is read %s', async (_, pages, ids, numbers) => {
    const { asked, listing } = begin(...pages);
    expect((await (await listing).finish()).rows).toEqual(ids.map((id) => ({ id })));
    expect(asked).toEqual(numbers);
  });

  it('is given up with what the last reading shows, not an earlier one', async () => {
    const changing = (reading: number) => [of(`${reading}`, null, 2), of(`${reading}b`, null, 2)];
    const { asked, listing } = begin(...[1, 2, 3, 4, 5, 6].flatMap(changing), of('', 4));
    const reading = (await listing).finish();
    await expect(reading).rejects.toEqual(
      new UnreachableError('GET /things: the list claims to have rows but gives none'),
    );
    expect(asked).toHaveLength(13);
  });

  it('keeps of a row that came twice what came first', async () => {
    const { listing } = begin({
      rows: [
        { id: 'a', x: 1 },
        { id: 'a', x: 2 },
      ],
      totalRows: 1,
    });
    expect((await (await listing).finish()).rows).toEqual([{ id: 'a', x: 1 }]);
  });

  it('is not believed where a row without an id cannot be told from others', async () => {
    const row: Record<string, unknown> = {};
    row.nested = row;
    await expect(begin({ rows: [row] }).listing).rejects.toThrow(
      expect.objectContaining({
        message:
          'GET /things answered a row that is nested too deeply to be read. regsync concludes nothing from such an answer. ' +
          'Run it again; if this stays, check TELNYX_BASE_URL and show this line to Telnyx support.',
      }),
    );
  });

  it('tells the clock of the last page that tells one', async () => {
    const { listing } = begin(
      { rows: [{ id: 'a' }], totalRows: 2, dateMs: 1 },
      { rows: [{ id: 'b' }], totalRows: 2, dateMs: 2 },
    );
    expect(await (await listing).finish()).toEqual({ rows: [{ id: 'a' }, { id: 'b' }], dateMs: 2 });
    const silent = begin(
      { rows: [{ id: 'a' }], totalRows: 2, dateMs: 1 },
      { rows: [{ id: 'b' }], totalRows: 2 },
    );
    expect((await (await silent.listing).finish()).dateMs).toBe(1);
  });

  it.each([
    [
      'ids that are texts',
      [
        { id: 'a', x: 1 },
        { id: 'a', x: 2 },
      ],
      1,
    ],
    ['ids that are numbers', [{ id: 7, x: 1 }, { id: 7, x: 2 }, { id: '7' }], 1],
    [
      'ids that were rounded',
      [
        { id: 2 ** 60, x: 1 },
        { id: 2 ** 60, x: 2 },
      ],
      2,
    ],
    ['no ids', [{ x: 1 }, { x: 1 }, { x: 2 }], 2],
    [
      'empty ids',
      [
        { id: '', x: 1 },
        { id: '', x: 2 },
      ],
      2,
    ],
    ['texts for rows', ['a', 'a', 'b'], 2],
  ])('has each row once: with %s', async (_, rows, count) => {
    const { listing } = begin({ rows, totalRows: count });
    expect((await (await listing).finish()).rows).toHaveLength(count);
  });
});

describe('a page', () => {
  const answer = (body: unknown) => ({ status: 200, body, dateMs: 7 });

  it.each<[unknown, Partial<Page> | null]>([
    [[1], { rows: [1] }],
    [{ data: [1] }, { rows: [1] }],
    [{ data: [], meta: null }, {}],
    [
      { data: [], meta: { total_results: 3, total_pages: '2' } },
      { totalRows: 3, totalPages: 2 },
    ],
    [{ data: [], meta: { total_results: '', total_pages: null } }, {}],
    [
      { data: [], meta: { total_results: 0, total_pages: '0' } },
      { totalRows: 0, totalPages: 0 },
    ],
    [{ data: {} }, null],
    [null, null],
    ['text', null],
    [7, null],
  ])('is read from %j', (body, page) => {
    expect(readPage(answer(body))).toEqual(
      page === null ? null : { rows: [], totalRows: null, totalPages: null, dateMs: 7, ...page },
    );
  });

  it.each([
    [{ total_results: -1 }, 'meta.total_results', 'a number'],
    [{ total_results: 1.5 }, 'meta.total_results', 'a number'],
    [{ total_results: 2 ** 60 }, 'meta.total_results', 'a number too large to be read exactly'],
    [{ total_pages: 'x' }, 'meta.total_pages', 'a text'],
    [{ total_pages: true }, 'meta.total_pages', 'true or false'],
  ])('is not believed where it counts in %j', (meta, path, type) => {
    expect(() => readPage(answer({ data: [], meta }))).toThrow(
      expect.objectContaining({ message: `a row whose \`${path}\` is ${type}, not a count` }),
    );
  });
});

describe('pages', () => {
  it('are not asked for any more after one has failed', async () => {
    const server = await serve((response, request, number) => {
      const page = pageOf(rowsUpTo(25_000), request);
      answerJson(response, { data: page.rows, meta: page.meta }, number === 2 ? 400 : 200);
    });
    await expect(list(server)).rejects.toThrow('GET /things answered 400');
    expect(server.seen.length).toBeLessThan(60);
  });

  it('that are asked for at once are asked for no more after one of them has failed', async () => {
    const asked: number[] = [];
    const reading = readListing({
      request: 'GET /things',
      fetchPage: async (number) => {
        asked.push(number);
        if (number === 5) throw new Error('enough');
        return pageInMemory(number, 100);
      },
      pause: async () => {},
    });
    await expect(reading).rejects.toThrow('enough');
    // The first, the second, and those that were under way beside the one that failed.
    expect(asked.length).toBeLessThanOrEqual(2 + 16 + 16);
    expect(asked.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(Math.max(...asked)).toBeLessThan(99);
  });

  it('are asked for sixteen at once at most, after the second', async () => {
    let open = 0;
    let most = 0;
    const asked: number[] = [];
    const { rows } = await readListing({
      request: 'GET /things',
      fetchPage: async (number) => {
        asked.push(number);
        open += 1;
        most = Math.max(most, open);
        await Promise.resolve();
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return pageInMemory(number, 40);
      },
      pause: async () => {},
    });
    expect([rows.length, most, asked.length]).toEqual([40, 16, 40]);
    expect(rows).toEqual(Array.from({ length: 40 }, (_, index) => ({ id: `${index + 1}` })));
  });

  it('are read again after pauses, longer each time, from the third reading on, every other time at once', async () => {
    const pauses: number[] = [];
    const open: number[] = [];
    let requests = 0;
    let now = 0;
    const reading = readListing({
      request: 'GET /things',
      fetchPage: async (number) => {
        requests += 1;
        now += 1;
        open.push(now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        // Each reading loses what the one before it had.
        return { rows: [{ id: `${requests} ${number}` }], totalRows: null, totalPages: 9, dateMs: null };
      },
      pause: async (attempt) => {
        pauses.push(attempt);
      },
    });
    await expect(reading).rejects.toThrow('GET /things: the list keeps changing while it is read');
    expect(pauses).toEqual([1, 2, 3, 4, 5]);
    const readings = Array.from({ length: 7 }, (_, index) =>
      Math.max(...open.slice(index * 9, index * 9 + 9)),
    );
    expect(readings).toEqual([7, 1, 7, 1, 7, 1, 7]);
  });

  it('tell the server’s clock', async () => {
    const server = await serve((response) =>
      answerJson(response, [], 200, { date: 'Sat, 01 Aug 2026 10:00:00 GMT' }),
    );
    const listing = await openReadClient(optionsFor(server)).list('/things');
    expect(listing.dateMs).toBe(Date.UTC(2026, 7, 1, 10));
  });
});
