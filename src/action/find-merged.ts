import { TIME_SCALE } from '../build.ts';
import { Json, type PushEvent } from '../github/events.ts';
import type { GitHub } from '../github/rest.ts';
import type { ApplyTools } from './apply.ts';
import { commitsOf, type Merged, readMerged } from './review.ts';

const LOOKS = 3;

const BETWEEN_LOOKS_MS = 2000;

/**
 * Finds the pull requests that the push merged. Looks again if there are none, because GitHub starts the run
 * before all of its API knows of the merge.
 */
export async function findMerged(
  github: GitHub,
  { repository, event }: { readonly repository: string; readonly event: PushEvent },
  sleep: ApplyTools['sleep'],
): Promise<readonly Merged[]> {
  const commits = commitsOf(event);
  for (let look = 1; ; look++) {
    const rows: unknown[] = [];
    for await (const row of github.list('/repos/{repository}/commits/{sha}/pulls', {
      repository,
      sha: event.sha,
    }))
      rows.push(row);
    if (commits.length > 1) rows.push(...(await readLatelyClosed(github, repository)));
    const merged = new Map(
      rows.flatMap((row) => {
        const one = readMerged(row, commits, event.ref);
        return one === null ? [] : [[one.pull, one] as const];
      }),
    );
    if (merged.size > 0 || look === LOOKS) return [...merged.values()].sort((a, b) => a.pull - b.pull);
    await sleep(BETWEEN_LOOKS_MS * TIME_SCALE);
  }
}

/**
 * The size of one page of GitHub's list. Pull requests beyond it are not found, and so count as not reviewed.
 */
const MOST_CLOSED = 100;

async function readLatelyClosed(github: GitHub, repository: string): Promise<readonly unknown[]> {
  const query = { state: 'closed', sort: 'updated', direction: 'desc' };
  const rows: unknown[] = [];
  for await (const row of github.list('/repos/{repository}/pulls', { repository }, query)) {
    rows.push(row);
    if (rows.length === MOST_CLOSED) break;
  }
  return rows;
}

/** A refusal updates the comment, so the pull request of a start by hand is among those updated last. */
const MOST_LATELY_MERGED = 10;

export async function findLatelyMerged(
  github: GitHub,
  repository: string,
  ref: string,
): Promise<readonly Merged[]> {
  const rows = await readLatelyClosed(github, repository);
  const merged = rows.flatMap((row) => {
    const commit = new Json(row).at('merge_commit_sha').text;
    return readMerged(row, [commit], ref) ?? [];
  });
  return merged.slice(0, MOST_LATELY_MERGED);
}
