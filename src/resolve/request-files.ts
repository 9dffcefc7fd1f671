import { documentPath } from '../kinds/document/resolve.ts';
import { roomOf } from '../kinds/index.ts';
import { textPath } from '../kinds/stated/text-source.ts';
import { Fault } from '../manifest/fault.ts';
import type { RepositoryPath } from '../manifest/files/paths.ts';
import type { ParsedFile } from '../manifest/parse.ts';
import type { Repository } from '../manifest/repository.ts';
import { LOCK_FILE } from '../model/lock.ts';

/**
 * The contents that manifests state for requirements: texts, documents and addresses, wherever they are
 * written.
 */

/** The files that manifests point to. */
export interface FileRequests {
  readonly documents: ReadonlySet<RepositoryPath>;
  readonly texts: ReadonlySet<RepositoryPath>;
  /** The encrypted texts, as written in manifests. */
  readonly ciphertexts: ReadonlySet<string>;
}

/** Returns the files to read before `resolveManifests` can do its work without a file system. */
export function requestFiles(parsed: readonly ParsedFile[]): FileRequests {
  const documents = new Set<RepositoryPath>();
  const texts = new Set<RepositoryPath>();
  const ciphertexts = new Set<string>();
  const request = (set: Set<RepositoryPath>, path: RepositoryPath | Fault): void => {
    if (!(path instanceof Fault)) set.add(path);
  };
  for (const manifest of parsed.flatMap((file) => file.manifests)) {
    const { origin } = manifest;
    for (const { document } of roomOf(manifest).documentsIn(manifest))
      request(documents, documentPath(origin, document.file));
    for (const { source } of roomOf(manifest).textSourcesIn(manifest)) {
      if (source.file !== undefined) request(texts, textPath(origin, source.file));
      if (source.age !== undefined) ciphertexts.add(source.age);
    }
  }
  return { documents, texts, ciphertexts };
}

/**
 * Returns the files that a run reads beside its manifests, relative to the repository: no output may replace
 * one of them.
 */
export function filesRead(
  { configFile, config }: Pick<Repository, 'configFile' | 'config'>,
  parsed: readonly ParsedFile[],
): ReadonlySet<string> {
  const { documents, texts } = requestFiles(parsed);
  const policies = (config.policies ?? []).map(({ file }) => file);
  return new Set([configFile, LOCK_FILE, ...policies, ...documents, ...texts]);
}
