import type { ForgeClient } from '../forge/client.ts';
import type { Forge, Merged } from '../forge/forge.ts';
import { ForgeError } from '../forge/forge-error.ts';
import { commitsIn, isSha, Json } from '../forge/json.ts';
import { latelyMergedIn, lookForMerged, MAX_LATE_ROWS, mergedIn, readRows } from '../forge/merged.ts';
import type { Pipeline } from './pipeline.ts';

type Here = Pick<Pipeline, 'project' | 'sha' | 'before'>;

/** Finds the merge requests whose merge brought the commits of the push to the branch. */
export async function findMerged(
  client: ForgeClient,
  here: Here,
  branch: string,
  sleep: Parameters<Forge['findMerged']>[1],
): Promise<readonly Merged[]> {
  const { project, sha } = here;
  const commits = await readCommits(client, here);
  const read = (row: unknown) => readMerged(row, { commits, branch, project });
  return lookForMerged(async () => {
    const ofCommit = '/projects/{project}/repository/commits/{sha}/merge_requests';
    const rows = await readRows(client.list(ofCommit, { project, sha }));
    const merged = mergedIn(rows, read);
    // The list of a commit leaves out requests whose commits were in another one before. A push may also
    // contain several merges.
    if (merged.length > 0 && commits.length === 1) return merged;
    return mergedIn([...rows, ...(await readLatelyMerged(client, project, branch))], read);
  }, sleep);
}

export async function findLatelyMerged(
  client: ForgeClient,
  { project }: Here,
  branch: string,
): Promise<readonly Merged[]> {
  const rows = await readLatelyMerged(client, project, branch);
  return latelyMergedIn(rows, (row) => readMerged(row, { commits: null, branch, project }));
}

function readLatelyMerged(client: ForgeClient, project: string, branch: string): Promise<readonly unknown[]> {
  const query = { state: 'merged', target_branch: branch, order_by: 'updated_at', sort: 'desc' };
  return readRows(client.list('/projects/{project}/merge_requests', { project }, query), MAX_LATE_ROWS);
}

/** Returns the commits of the push, or the one of the pipeline if GitLab does not know the commit before. */
async function readCommits(client: ForgeClient, { project, sha, before }: Here): Promise<readonly string[]> {
  if (before === null || before === sha) return [sha];
  const compare = '/projects/{project}/repository/compare?from={before}&to={sha}';
  try {
    const found = new Json(await client.get(compare, { project, before, sha }));
    return [...commitsIn(found.at('commits')).filter((id) => id !== sha), sha];
  } catch (error) {
    if (error instanceof ForgeError && error.status === 404) return [sha];
    throw error;
  }
}

interface Wanted {
  /** The commits of which one must be that of the merge. Null for any. */
  readonly commits: readonly string[] | null;
  readonly branch: string;
  readonly project: string;
}

/**
 * Reads an entry of one of GitLab's lists of merge requests. The commit of a merge is the merge commit, the
 * squashed commit, or for a fast-forward without either the last commit of the merge request (documented).
 *
 * @returns null unless a merge into the branch made one of the commits. A merge into another branch does not
 * count: its reviewers are others.
 */
function readMerged(row: unknown, { commits, branch, project }: Wanted): Merged | null {
  const entry = new Json(row);
  const pull = entry.at('iid').value;
  const head = entry.at('sha').text;
  const made = [entry.at('merge_commit_sha').text, entry.at('squash_commit_sha').text].filter(isSha);
  const ofMerge = made.length === 0 ? [head] : made;
  const isHere =
    entry.at('state').text === 'merged' &&
    entry.at('target_branch').text === branch &&
    String(entry.at('target_project_id').value) === project;
  const isMeant = commits === null || ofMerge.some((commit) => commits.includes(commit));
  return isHere && isMeant && isSha(head) && typeof pull === 'number' ? { pull, head } : null;
}
