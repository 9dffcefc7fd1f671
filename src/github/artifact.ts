import { createHash } from 'node:crypto';
import type { Artifact } from '../forge/artifact.ts';
import { ForgeError } from '../forge/forge-error.ts';
import { Json } from '../forge/json.ts';
import type { GitHub } from './rest.ts';
import { readFirstFile } from './zip.ts';

/**
 * The number of artifacts of one name that are tried. Any workflow may use the name, and each retry of a job
 * keeps one more.
 */
const MOST_OF_A_NAME = 10;
const MAX_BYTES = 64 * 1024 * 1024;

/** Returns the text, or null if no artifact of this name still contains it. */
export async function readArtifact(
  github: GitHub,
  repository: string,
  { name, sha256 }: Artifact,
): Promise<string | null> {
  const listed = new Json(await github.get(LIST, { repository, name, number: MOST_OF_A_NAME }));
  let failure: ForgeError | null = null;
  const rows = listed.at('artifacts').value;
  for (const row of Array.isArray(rows) ? rows.slice(0, MOST_OF_A_NAME) : []) {
    const entry = new Json(row);
    const id = entry.at('id').value;
    const isThere = entry.at('name').text === name && entry.at('expired').value !== true;
    if (!isThere || typeof id !== 'number') continue;
    // Anybody's fork may keep one of this name that cannot be fetched: that hides none of the others.
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

const LIST = '/repos/{repository}/actions/artifacts?name={name}&per_page={number}';
const DOWNLOAD = '/repos/{repository}/actions/artifacts/{id}/zip';
