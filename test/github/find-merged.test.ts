import { describe, expect, it } from 'vitest';
import type { PushEvent } from '../../src/github/events.ts';
import { commitsOf, findLatelyMerged, findMerged, readMerged } from '../../src/github/find-merged.ts';
import { HEAD, MERGE, MemoryGitHub, mergedRow, REPOSITORY } from '../support/action-run.ts';

const [OTHER, BEFORE] = ['d'.repeat(40), 'e'.repeat(40)] as const;
const MAIN = 'refs/heads/main';

const push = (commits: readonly string[] = []): PushEvent => ({
  kind: 'push',
  sha: MERGE,
  commits,
  ref: MAIN,
  isDefaultBranch: true,
});

/** @param looks the pull requests that GitHub names for the commit, look by look. */
async function found(
  looks: readonly (readonly unknown[])[],
  {
    closed = [],
    commits = [],
  }: { readonly closed?: readonly unknown[]; readonly commits?: readonly string[] } = {},
) {
  const github = new MemoryGitHub();
  github.merged = looks;
  github.closed = closed;
  const waits: number[] = [];
  const merged = await findMerged(
    github,
    { repository: REPOSITORY, event: push(commits) },
    async (ms) => void waits.push(ms),
  );
  return { merged, asked: github.asked, waits: waits.length };
}

describe('A pull request', () => {
  it.each<[string, unknown]>([
    ['it is open, though GitHub names a merge commit', mergedRow({ merged_at: null })],
    ['it was closed without a merge', mergedRow({ state: 'closed', merged_at: null })],
    ['it was merged into another branch', mergedRow({ base: { ref: 'elsewhere' } })],
    ['it was merged into a branch of a like name', mergedRow({ base: { ref: 'refs/heads/main' } })],
    ['another commit merged it', mergedRow({ merge_commit_sha: OTHER })],
    ['it has no merge commit', mergedRow({ merge_commit_sha: null })],
    ['it has no number', mergedRow({ number: '7' })],
    ['it is nothing', null],
  ])('did not make the commit where %s', (_, row) => {
    expect(readMerged(row, [MERGE], MAIN)).toBeNull();
  });

  it('made one of the commits where it was merged into the branch', () => {
    expect(readMerged(mergedRow(), [OTHER, MERGE], MAIN)).toEqual({ pull: 7, head: HEAD });
  });
});

describe('The pull requests of a push', () => {
  it('of one commit are asked for by that commit alone', async () => {
    expect(await found([[mergedRow()]])).toEqual({
      merged: [{ pull: 7, head: HEAD }],
      asked: [`GET /repos/${REPOSITORY}/commits/${MERGE}/pulls`],
      waits: 0,
    });
  });

  it('are looked for three times, because GitHub may learn of the merge late', async () => {
    expect(await found([[], [], [mergedRow()]])).toMatchObject({ merged: [{ pull: 7 }], waits: 2 });
    expect(await found([[], [], [], [mergedRow()]])).toMatchObject({ merged: [], waits: 2 });
  });

  it('of several commits are also looked for among those closed last, each once and in order', async () => {
    const closed = [
      mergedRow({ number: 9, merge_commit_sha: BEFORE }),
      mergedRow(),
      mergedRow({ number: 3, merge_commit_sha: OTHER }),
    ];
    const { merged, asked } = await found([[mergedRow()]], { closed, commits: [OTHER, MERGE] });
    expect(merged.map(({ pull }) => pull)).toEqual([3, 7]);
    expect(asked.at(-1)).toBe(`GET /repos/${REPOSITORY}/pulls?state=closed&sort=updated&direction=desc`);
  });

  it('are not found beyond the hundred that were closed last', async () => {
    const late = (place: number) =>
      Array.from({ length: place }, (_, index) =>
        index === place - 1
          ? mergedRow({ merge_commit_sha: OTHER })
          : mergedRow({ number: 8, merged_at: null }),
      );
    const commits = [OTHER, MERGE];
    expect((await found([[]], { closed: late(100), commits })).merged).toHaveLength(1);
    expect((await found([[]], { closed: late(101), commits })).merged).toEqual([]);
  });

  it.each([
    [[], [MERGE]],
    [[MERGE], [MERGE]],
    [
      [OTHER, MERGE, BEFORE],
      [OTHER, BEFORE, MERGE],
    ],
  ])('with the commits %j are those of %j', (listed, all) => {
    expect(commitsOf(push(listed))).toEqual(all);
  });
});

describe('The pull requests of a start by hand', () => {
  it('are the ten that were updated last, merged into the branch by whichever commit', async () => {
    const github = new MemoryGitHub();
    github.closed = [
      mergedRow({ number: 99, merged_at: null }),
      mergedRow({ number: 98, base: { ref: 'elsewhere' } }),
      ...Array.from({ length: 12 }, (_, index) =>
        mergedRow({ number: 20 - index, merge_commit_sha: `${index % 10}`.repeat(40) }),
      ),
    ];
    const merged = await findLatelyMerged(github, REPOSITORY, MAIN);
    expect(merged.map(({ pull }) => pull)).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 12, 11]);
  });
});
