import { TIME_SCALE } from '../build.ts';
import type { Forge, Merged } from '../forge/forge.ts';
import { Json } from '../forge/json.ts';
import type { PushEvent } from './events.ts';
import type { GitHub } from './rest.ts';

const LOOKS = 3;

const BETWEEN_LOOKS_MS = 2000;

/**
 * Finds the pull requests that the push merged. Looks again if there are none, because GitHub starts the run
 * before all of its API knows of the merge.
 */
export async function findMerged(
  github: GitHub,
  { repository, event }: { readonly repository: string; readonly event: PushEvent },
  sleep: Parameters<Forge['findMerged']>[1],
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
const MAX_CLOSED = 100;

async function readLatelyClosed(github: GitHub, repository: string): Promise<readonly unknown[]> {
  const query = { state: 'closed', sort: 'updated', direction: 'desc' };
  const rows: unknown[] = [];
  for await (const row of github.list('/repos/{repository}/pulls', { repository }, query)) {
    rows.push(row);
    if (rows.length === MAX_CLOSED) break;
  }
  return rows;
}

/** A refusal updates the comment, so the pull request of a start by hand is among those updated last. */
const MAX_LATELY_MERGED = 10;

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
  return merged.slice(0, MAX_LATELY_MERGED);
}

/**
 * GitHub also names a merge commit for a pull request that is open or was closed without a merge
 * (documented), so `merged_at` is checked as well.
 *
 * @param row an entry of one of GitHub's lists of pull requests.
 * @param commits the commits of a push.
 * @param ref the branch. A merge into another branch does not count: its reviewers are others.
 * @returns null unless the merge into the branch made one of these commits.
 */
export function readMerged(row: unknown, commits: readonly string[], ref: string): Merged | null {
  const entry = new Json(row);
  const pull = entry.at('number').value;
  const isMerged = commits.includes(entry.at('merge_commit_sha').text) && entry.at('merged_at').text !== '';
  const isHere = `refs/heads/${entry.at('base', 'ref').text}` === ref;
  return isMerged && isHere && typeof pull === 'number' ? { pull, head: entry.at('head', 'sha').text } : null;
}

/** Returns all commits of a push, which may contain several merges of a merge queue, a stack or a batch. */
export function commitsOf({ sha, commits }: PushEvent): readonly string[] {
  return [...commits.filter((commit) => commit !== sha), sha];
}
