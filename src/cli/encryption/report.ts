import { posix } from 'node:path';
import { isNamedLikeManifest } from '../../manifest/files/list-manifests.ts';
import type { Repository } from '../../manifest/repository.ts';
import { visible } from '../../model/text/visible.ts';
import { count } from '../../render/words/wording.ts';
import type { PreparedDocument } from './prepare.ts';
import type { ManifestUpdate } from './update-manifests.ts';

/** Returns the report on one document, with the fields to put into a manifest. */
export function reportOf(
  document: PreparedDocument,
  { config }: Repository,
  { removed, update }: { readonly removed: ReadonlySet<string>; readonly update: ManifestUpdate },
): Report {
  const [entry = '.'] = config.manifests;
  const folder = isNamedLikeManifest(entry) ? posix.dirname(entry) : entry;
  const { source, sourcePath, repositoryPath, sha256, ciphertext } = document;
  const mentions = update.mentions.get(repositoryPath);
  return {
    file: source,
    encrypted_file: repositoryPath,
    status: ciphertext === null ? 'unchanged' : 'encrypted',
    sha256,
    removed: removed.has(sourcePath),
    manifest: { file: posix.relative(folder, repositoryPath), sha256 },
    ...(mentions === undefined
      ? {}
      : { updated: mentions.map(({ source: { file, line } }) => ({ file, line })) }),
  };
}

export function renderReport(
  { encrypted_file, status, manifest, removed, updated }: Report,
  recipients: number,
): string {
  const done =
    status === 'encrypted'
      ? `encrypted for ${count(recipients, 'recipient')}`
      : 'already contains this, and regsync kept it';
  const first = `${visible(encrypted_file)}  ${done}${removed ? '; the plaintext was removed' : ''}`;
  if (updated !== undefined) {
    const places = updated.map(({ file, line }) => `    ${visible(file)}:${line}  names it now\n`);
    return `${first}\n${places.join('')}`;
  }
  return [first, `    file: ${asYaml(manifest.file)}`, `    sha256: ${manifest.sha256}`, ''].join('\n');
}

interface Report {
  readonly file: string;
  readonly encrypted_file: string;
  readonly status: 'encrypted' | 'unchanged';
  /** The digest of the plaintext. */
  readonly sha256: string;
  readonly removed: boolean;
  /** The fields for a manifest in the first folder of manifests. */
  readonly manifest: { readonly file: string; readonly sha256: string };
  /** The places of manifests that name it now. Absent without --update. */
  readonly updated?: readonly { readonly file: string; readonly line: number }[];
}

/**
 * Returns the text as YAML, with quotes if it could mean anything else. A JSON string is also a YAML string.
 */
function asYaml(text: string): string {
  return /^[\p{L}\p{N}_.][\p{L}\p{N}_./-]*(?: [\p{L}\p{N}_.][\p{L}\p{N}_./-]*)*$/u.test(text)
    ? text
    : visible(JSON.stringify(text));
}
