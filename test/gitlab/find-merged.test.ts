import { describe, expect, it } from 'vitest';
import type { ForgeClient, ForgeQuery, PathParams } from '../../src/forge/client.ts';
import { ForgeError } from '../../src/forge/forge-error.ts';
import { findLatelyMerged, findMerged } from '../../src/gitlab/find-merged.ts';

const [MERGE, HEAD, BEFORE, OTHER] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const HERE = { project: '42', sha: MERGE, before: null };

const row = (given: Readonly<Record<string, unknown>> = {}) => ({
  iid: 7,
  sha: HEAD,
  state: 'merged',
  target_branch: 'main',
  target_project_id: 42,
  merge_commit_sha: MERGE,
  squash_commit_sha: null,
  ...given,
});

interface Lists {
  readonly ofCommit?: readonly (readonly unknown[])[];
  readonly lately?: readonly unknown[];
  readonly compared?: unknown;
}

function pathOf(template: string, params: PathParams): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => `${params[name]}`);
}

/** The little that a search needs of GitLab, without HTTP. */
function clientWith({ ofCommit = [], lately = [], compared }: Lists) {
  const asked: string[] = [];
  const looks = [...ofCommit];
  const client: Partial<ForgeClient> = {
    get: async (template: string, params: PathParams = {}) => {
      asked.push(pathOf(template, params));
      if (compared instanceof Error) throw compared;
      return compared;
    },
    list: async function* (template: string, params: PathParams = {}, query: ForgeQuery = {}) {
      asked.push([pathOf(template, params), ...Object.values(query)].join(' '));
      yield* template.includes('/commits/') ? (looks.shift() ?? []) : lately;
    },
  };
  return { client: client as ForgeClient, asked };
}

async function found(lists: Lists, here: Parameters<typeof findMerged>[1] = HERE) {
  const { client, asked } = clientWith(lists);
  const waits: number[] = [];
  const merged = await findMerged(client, here, 'main', async (ms) => void waits.push(ms));
  return { merged, asked, waits };
}

describe('The merge request of a commit', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['a merge commit', {}],
    ['a squash, without a merge commit', { merge_commit_sha: null, squash_commit_sha: MERGE }],
    ['a squash, with a merge commit on it', { merge_commit_sha: OTHER, squash_commit_sha: MERGE }],
    ['a fast-forward', { sha: MERGE, merge_commit_sha: null }],
  ])('is found by %s', async (_, given) => {
    const { sha: head } = row(given);
    expect((await found({ ofCommit: [[row(given)]] })).merged).toEqual([{ pull: 7, head }]);
  });

  it.each<[string, unknown]>([
    ['it is open', row({ state: 'opened' })],
    ['it was closed without a merge', row({ state: 'closed' })],
    ['it was merged into another branch', row({ target_branch: 'elsewhere' })],
    ['it was merged in another project', row({ target_project_id: 43 })],
    ['another commit merged it', row({ merge_commit_sha: OTHER })],
    ['the commit is only the last one of it', row({ sha: MERGE, merge_commit_sha: OTHER })],
    ['it has no number', row({ iid: '7' })],
    ['it has no last commit', row({ sha: null })],
    ['it is nothing', null],
  ])('is not there where %s', async (_, one) => {
    const { merged, waits } = await found({ ofCommit: [[one], [one], [one]], lately: [one] });
    expect([merged, waits.length]).toEqual([[], 2]);
  });

  const OF_COMMIT = `/projects/42/repository/commits/${MERGE}/merge_requests`;

  it('is asked for by the commit alone where the push had no other', async () => {
    for (const before of [null, MERGE]) {
      const { merged, asked } = await found({ ofCommit: [[row()]] }, { ...HERE, before });
      expect([merged, asked]).toEqual([[{ pull: 7, head: HEAD }], [OF_COMMIT]]);
    }
  });

  it('is asked for by all commits since the one before', async () => {
    const compared = { commits: [{ id: OTHER }] };
    const { asked } = await found({ ofCommit: [[row()]], compared }, { ...HERE, before: BEFORE });
    expect(asked).toEqual([
      `/projects/42/repository/compare?from=${BEFORE}&to=${MERGE}`,
      OF_COMMIT,
      '/projects/42/merge_requests merged main updated_at desc',
    ]);
  });

  it('is asked for by its own alone where GitLab tells of no commits', async () => {
    for (const compared of [
      {},
      { commits: 'many' },
      { commits: [{ id: 'no commit' }] },
      { commits: [{ id: MERGE }] },
    ]) {
      const { asked } = await found({ ofCommit: [[row()]], compared }, { ...HERE, before: BEFORE });
      expect(asked.slice(1)).toEqual([OF_COMMIT]);
    }
  });

  it('is not found beyond the hundred that were updated last', async () => {
    const late = (place: number) =>
      Array.from({ length: place }, (_, index) => (index === place - 1 ? row() : row({ state: 'closed' })));
    expect((await found({ lately: late(100) })).merged).toHaveLength(1);
    expect((await found({ lately: late(101) })).merged).toEqual([]);
  });

  it('is looked for again, because GitLab may learn of the merge late', async () => {
    const { merged, waits } = await found({ ofCommit: [[], [row()]] });
    expect([merged, waits.length]).toEqual([[{ pull: 7, head: HEAD }], 1]);
  });

  it('is found among those merged lately where the list of the commit leaves it out', async () => {
    const { merged, waits, asked } = await found({
      lately: [row({ iid: 9, merge_commit_sha: OTHER }), row()],
    });
    expect([merged, waits]).toEqual([[{ pull: 7, head: HEAD }], []]);
    expect(asked.at(-1)).toBe('/projects/42/merge_requests merged main updated_at desc');
  });

  it('is one of several that one push merged, none of them twice', async () => {
    const compared = { commits: [{ id: OTHER }, { id: 'no commit' }, { id: MERGE }] };
    const { merged } = await found(
      { ofCommit: [[row()]], lately: [row({ iid: 3, merge_commit_sha: OTHER }), row()], compared },
      { ...HERE, before: BEFORE },
    );
    expect(merged.map(({ pull }) => pull)).toEqual([3, 7]);
  });

  it('is found by its commit alone where GitLab does not know the commit before', async () => {
    const compared = new ForgeError('GET answered 404', 404);
    const { merged } = await found({ ofCommit: [[row()]], compared }, { ...HERE, before: BEFORE });
    expect(merged).toEqual([{ pull: 7, head: HEAD }]);
  });

  it('is not known where GitLab fails', async () => {
    const compared = new ForgeError('GET answered 502', 502, true);
    await expect(found({ compared }, { ...HERE, before: BEFORE })).rejects.toBe(compared);
  });
});

describe('The merge requests of a start by hand', () => {
  it('are the ten that were updated last', async () => {
    const lately = Array.from({ length: 12 }, (_, index) =>
      row({ iid: 20 - index, merge_commit_sha: OTHER }),
    );
    const { client } = clientWith({ lately: [row({ state: 'closed' }), ...lately] });
    const merged = await findLatelyMerged(client, HERE, 'main');
    expect(merged.map(({ pull }) => pull)).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 12, 11]);
  });
});
