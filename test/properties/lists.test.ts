import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../src/model/errors.ts';
import type { Page } from '../../src/telnyx/page.ts';
import type { Listing, PagedList } from '../../src/telnyx/paging.ts';
import { fc } from '../support/fast-check.ts';
import { readListing } from '../support/read-listing.ts';
import { runs, Tally, UNHURRIED } from './runs.ts';

interface Row {
  readonly id: string;
}

/** What others do to a list just before a page of it is cut. */
type Event =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'add'; readonly at: number }
  | { readonly kind: 'delete'; readonly at: number };

/** How much of `meta` there is; `more` counts rows that are never shown. */
type Meta = 'right' | 'more' | 'pages' | 'none';

interface World {
  readonly count: number;
  readonly meta: Meta;
  /** One for each request, and whatever comes after them finds a list that stays as it is. */
  readonly events: readonly Event[];
  /** By how many turns of the others a request is late. */
  readonly delays: readonly number[];
}

const PAGE = 10;

const nothing = fc.constant<Event>({ kind: 'nothing' });
const deletion = fc.record({ kind: fc.constant('delete' as const), at: fc.nat(60) });
const additionAt = (at: fc.Arbitrary<number>) => fc.record({ kind: fc.constant('add' as const), at });
const events = (...kinds: fc.Arbitrary<Event>[]) =>
  fc.array(fc.oneof({ weight: 2, arbitrary: nothing }, ...kinds), { maxLength: 60 });

const worldsOf = (meta: fc.Arbitrary<Meta>, happening: fc.Arbitrary<Event[]>): fc.Arbitrary<World> =>
  fc.record({
    count: fc.nat(48),
    meta,
    events: happening,
    delays: fc.array(fc.nat(12), { minLength: 1, maxLength: 20 }),
  });

describe('a list that others write while it is read', () => {
  const newestFirst = worldsOf(
    fc.constantFrom<Meta>('right', 'more', 'pages', 'none'),
    events(additionAt(fc.constant(0)), deletion),
  );
  const inAnyOrder = worldsOf(
    fc.constantFrom<Meta>('pages', 'none'),
    events(additionAt(fc.nat(60)), deletion),
  );

  it('is believed only if it has all that was there from beginning to end', UNHURRIED, async () => {
    const tally = new Tally();
    const property = fc.asyncProperty(fc.oneof(newestFirst, inAnyOrder), async (world) => {
      const { listing, lasting, requests } = await read(world);
      const isAtOnce = requests <= Math.max(1, Math.ceil(world.count / PAGE));
      tally.count(listing === null ? 'given up' : isAtOnce ? 'at once' : 'later');
      if (listing !== null) expect(missingFrom(listing, lasting)).toEqual([]);
    });
    await fc.assert(property, runs(3000));
    tally.expectAll('given up', 'at once', 'later');
  });

  it('is read to its end where they only add to it, wherever they do', UNHURRIED, async () => {
    const worlds = worldsOf(
      fc.constantFrom<Meta>('right', 'more', 'pages', 'none'),
      events(additionAt(fc.nat(60))),
    );
    const property = fc.asyncProperty(worlds, async (world) => {
      const { listing, lasting } = await read(world);
      expect(listing === null ? lasting : missingFrom(listing, lasting)).toEqual([]);
    });
    await fc.assert(property, runs(2000));
  });
});

/** `lasting`: the rows that were there before the first request and are after the last. */
async function read(world: World): Promise<{
  readonly listing: Listing<Row> | null;
  readonly lasting: readonly Row[];
  readonly requests: number;
}> {
  const before: Row[] = Array.from({ length: world.count }, (_, index) => ({ id: `old-${index}` }));
  let rows: readonly Row[] = before;
  let requests = 0;
  const fetchPage = async (number: number): Promise<Page> => {
    const request = requests;
    requests += 1;
    const turns = world.delays[request % world.delays.length] ?? 0;
    for (let turn = 0; turn < turns; turn += 1) await null;
    const event = world.events[request];
    if (event !== undefined && !isBeyondNotice(event, rows, world)) rows = rowsAfter(event, rows, request);
    return cutPage(rows, number, world.meta);
  };
  const list: PagedList = { request: 'GET /things', fetchPage, pause: async () => {} };
  const listing = await readListing<Row>(list).catch((error: unknown) => {
    if (error instanceof UnreachableError) return null;
    throw error;
  });
  const after = new Set(rows);
  return { listing, lasting: before.filter((row) => after.has(row)), requests };
}

/** What comes and goes within one reading leaves no trace where there is no total. */
function isBeyondNotice(event: Event, rows: readonly Row[], { meta }: World): boolean {
  if (event.kind !== 'delete' || meta === 'right' || meta === 'more') return false;
  return rows[event.at]?.id.startsWith('new-') ?? false;
}

function rowsAfter(event: Event, rows: readonly Row[], request: number): readonly Row[] {
  if (event.kind === 'nothing') return rows;
  if (event.kind === 'add') return rows.toSpliced(event.at, 0, { id: `new-${request}` });
  return rows.toSpliced(event.at, 1);
}

function cutPage(rows: readonly Row[], number: number, meta: Meta): Page {
  return {
    rows: rows.slice((number - 1) * PAGE, number * PAGE),
    totalRows: meta === 'right' ? rows.length : meta === 'more' ? rows.length + 2 : null,
    totalPages: meta === 'none' ? null : Math.ceil(rows.length / PAGE),
    dateMs: null,
  };
}

function missingFrom({ rows }: Listing<Row>, expected: readonly Row[]): Row[] {
  const ids = new Set(rows.map(({ id }) => id));
  return expected.filter(({ id }) => !ids.has(id));
}
