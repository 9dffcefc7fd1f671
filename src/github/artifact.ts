import { createHash } from 'node:crypto';
import type { Artifact } from '../forge/artifact.ts';
import { ForgeError } from '../forge/forge-error.ts';
import { Json } from '../forge/json.ts';
import type { GitHub } from './rest.ts';
import { readFirstFile } from './zip.ts';

/**
 * The number of artifacts of one name that are downloaded. Each retry of a job keeps one more, and so may any
 * other workflow.
 */
const MAX_DOWNLOADS = 30;
const MAX_BYTES = 64 * 1024 * 1024;

/** Returns the text, or null if no artifact of this name still contains it. */
export async function readArtifact(
  github: GitHub,
  repository: string,
  { name, sha256 }: Artifact,
): Promise<string | null> {
  let failure: ForgeError | null = null;
  for (const id of (await listIds(github, repository, name)).slice(0, MAX_DOWNLOADS)) {
    // One that cannot be fetched hides none of the others.
    const archive = await github.download(DOWNLOAD, { repository, id }, MAX_BYTES).catch((error: unknown) => {
      if (!(error instanceof ForgeError)) throw error;
      failure ??= error;
      return null;
    });
    const file = archive === null ? null : readFirstFile(archive, MAX_BYTES);
    if (file !== null && createHash('sha256').update(file).digest('hex') === sha256)
      return file.toString('utf8');
  }
  if (failure !== null) throw failure;
  return null;
}

const PAGE_ROWS = 100;
/** A bound of a thousand artifacts of one name. */
const MAX_PAGES = 10;

/**
 * Returns the ids of the artifacts of this name, without those of forks: a fork's run has no secrets, so it
 * makes no plan, and anybody could otherwise hide the right artifact behind many others. Those that GitHub
 * states to be of the repository itself come first.
 */
async function listIds(github: GitHub, repository: string, name: string): Promise<readonly number[]> {
  const [own, unknown]: [number[], number[]] = [[], []];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const found = new Json(await github.get(LIST, { repository, name, number: PAGE_ROWS, page }));
    const entries = found.at('artifacts').list;
    for (const entry of entries) {
      const id = entry.at('id').value;
      const isThere = entry.at('name').text === name && entry.at('expired').value !== true;
      const origin = originOf(entry);
      if (isThere && typeof id === 'number' && origin !== 'fork') (origin === 'own' ? own : unknown).push(id);
    }
    if (entries.length < PAGE_ROWS) break;
  }
  return [...own, ...unknown];
}

/** Compares the two repositories that GitHub names for the run of an artifact (documented). */
function originOf(entry: Json): 'own' | 'fork' | 'unknown' {
  const here = entry.at('workflow_run', 'repository_id').value;
  const from = entry.at('workflow_run', 'head_repository_id').value;
  if (typeof here !== 'number' || typeof from !== 'number') return 'unknown';
  return here === from ? 'own' : 'fork';
}

const LIST = '/repos/{repository}/actions/artifacts?name={name}&per_page={number}&page={page}';
const DOWNLOAD = '/repos/{repository}/actions/artifacts/{id}/zip';
