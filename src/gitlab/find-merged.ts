import { TIME_SCALE } from '../build.ts';
import type { ForgeClient } from '../forge/client.ts';
import type { Forge, Merged } from '../forge/forge.ts';
import { ForgeError } from '../forge/forge-error.ts';
import { isSha, Json } from '../forge/json.ts';
import type { Pipeline } from './pipeline.ts';

const LOOKS = 3;

const BETWEEN_LOOKS_MS = 2000;

type Here = Pick<Pipeline, 'project' | 'sha' | 'before'>;

/**
 * Finds the merge requests whose merge brought the commits of the push to the branch. Looks again if there
 * are none, because the pipeline may start before all of GitLab knows of the merge.
 */
export async function findMerged(
  client: ForgeClient,
  here: Here,
  branch: string,
  sleep: Parameters<Forge['findMerged']>[1],
): Promise<readonly Merged[]> {
  const { project, sha } = here;
  const commits = await readCommits(client, here);
  for (let look = 1; ; look++) {
    const rows: unknown[] = [];
    const ofCommit = '/projects/{project}/repository/commits/{sha}/merge_requests';
    for await (const row of client.list(ofCommit, { project, sha })) rows.push(row);
    let merged = mergedIn(rows, { commits, branch, project });
    // The list of a commit leaves out requests whose commits were in another one before. A push may also
    // contain several merges.
    if (merged.length === 0 || commits.length > 1)
      merged = mergedIn([...rows, ...(await readLatelyMerged(client, project, branch))], {
        commits,
        branch,
        project,
      });
    if (merged.length > 0 || look === LOOKS) return merged;
    await sleep(BETWEEN_LOOKS_MS * TIME_SCALE);
  }
}

/** A refusal updates the note, so the merge request of a start by hand is among those updated last. */
const MAX_LATELY_MERGED = 10;

export async function findLatelyMerged(
  client: ForgeClient,
  { project }: Here,
  branch: string,
): Promise<readonly Merged[]> {
  const rows = await readLatelyMerged(client, project, branch);
  const merged = rows.flatMap((row) => readMerged(row, { commits: null, branch, project }) ?? []);
  return merged.slice(0, MAX_LATELY_MERGED);
}

/** Merge requests beyond these are not found, and so count as not reviewed. */
const MAX_READ = 100;

async function readLatelyMerged(
  client: ForgeClient,
  project: string,
  branch: string,
): Promise<readonly unknown[]> {
  const query = { state: 'merged', target_branch: branch, order_by: 'updated_at', sort: 'desc' };
  const rows: unknown[] = [];
  for await (const row of client.list('/projects/{project}/merge_requests', { project }, query)) {
    rows.push(row);
    if (rows.length === MAX_READ) break;
  }
  return rows;
}

/** Returns the commits of the push, or the one of the pipeline if GitLab does not know the commit before. */
async function readCommits(client: ForgeClient, { project, sha, before }: Here): Promise<readonly string[]> {
  if (before === null || before === sha) return [sha];
  const compare = '/projects/{project}/repository/compare?from={before}&to={sha}';
  try {
    const { value } = new Json(await client.get(compare, { project, before, sha })).at('commits');
    const ids = Array.isArray(value) ? value.map((commit) => new Json(commit).at('id').text) : [];
    return [...ids.filter((id) => isSha(id) && id !== sha), sha];
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

function mergedIn(rows: readonly unknown[], wanted: Wanted): readonly Merged[] {
  const merged = new Map(
    rows.flatMap((row) => {
      const one = readMerged(row, wanted);
      return one === null ? [] : [[one.pull, one] as const];
    }),
  );
  return [...merged.values()].sort((a, b) => a.pull - b.pull);
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
