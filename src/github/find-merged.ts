import type { Forge, Merged } from '../forge/forge.ts';
import { Json } from '../forge/json.ts';
import { latelyMergedIn, lookForMerged, MAX_LATE_ROWS, mergedIn, readRows } from '../forge/merged.ts';
import type { PushEvent } from './events.ts';
import type { GitHub } from './rest.ts';

/** Finds the pull requests that the push merged. */
export async function findMerged(
  github: GitHub,
  { repository, event }: { readonly repository: string; readonly event: PushEvent },
  sleep: Parameters<Forge['findMerged']>[1],
): Promise<readonly Merged[]> {
  const { sha, ref } = event;
  const commits = commitsOf(event);
  return lookForMerged(async () => {
    const ofCommit = github.list('/repos/{repository}/commits/{sha}/pulls', { repository, sha });
    const rows = await readRows(ofCommit);
    if (commits.length > 1) rows.push(...(await readLatelyClosed(github, repository)));
    return mergedIn(rows, (row) => readMerged(row, commits, ref));
  }, sleep);
}

function readLatelyClosed(github: GitHub, repository: string): Promise<readonly unknown[]> {
  const query = { state: 'closed', sort: 'updated', direction: 'desc' };
  return readRows(github.list('/repos/{repository}/pulls', { repository }, query), MAX_LATE_ROWS);
}

export async function findLatelyMerged(
  github: GitHub,
  repository: string,
  ref: string,
): Promise<readonly Merged[]> {
  return latelyMergedIn(await readLatelyClosed(github, repository), (row) => readMerged(row, null, ref));
}

/**
 * GitHub also names a merge commit for a pull request that is open or was closed without a merge
 * (documented), so `merged_at` is checked as well.
 *
 * @param row an entry of one of GitHub's lists of pull requests.
 * @param commits the commits of a push. Null for any.
 * @param ref the branch. A merge into another branch does not count: its reviewers are others.
 * @returns null unless the merge into the branch made one of these commits.
 */
export function readMerged(row: unknown, commits: readonly string[] | null, ref: string): Merged | null {
  const entry = new Json(row);
  const pull = entry.at('number').value;
  const isMeant = commits === null || commits.includes(entry.at('merge_commit_sha').text);
  const isMerged = entry.at('merged_at').text !== '';
  const isHere = `refs/heads/${entry.at('base', 'ref').text}` === ref;
  return isMeant && isMerged && isHere && typeof pull === 'number'
    ? { pull, head: entry.at('head', 'sha').text }
    : null;
}

/** Returns all commits of a push, which may contain several merges of a merge queue, a stack or a batch. */
export function commitsOf({ sha, commits }: PushEvent): readonly string[] {
  return [...commits.filter((commit) => commit !== sha), sha];
}
