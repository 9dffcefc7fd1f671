import { hash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { isInside, pathFrom, realPathToBe } from '../../files/paths.ts';
import type { Surroundings } from '../../import/composition.ts';
import { DOCUMENTS_FOLDER, documentKey } from '../../import/contents.ts';
import { Fault } from '../../manifest/fault.ts';
import { isNamedLikeManifest } from '../../manifest/files/list-manifests.ts';
import { resolvePath } from '../../manifest/files/paths.ts';
import { readDocument } from '../../manifest/files/read-document.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { statedContents } from '../../model/kinds.ts';
import { isEncryptedPath } from '../../model/privacy/encrypted-path.ts';
import type { Problem } from '../../model/problem.ts';
import type { DesiredDocument } from '../../model/resource.ts';
import { type Loaded, loadDesired } from '../../resolve/load.ts';
import { isCoveredBy } from '../../resolve/selection.ts';

/** The folder that an import writes to, and the manifests that exist. */
export interface ImportPlace {
  /** The path relative to the root. */
  readonly folder: string;
  readonly loaded: Loaded;
  /** The problems, without the one that says that the folder is empty or missing. */
  readonly problems: readonly Problem[];
}

/** @param out absolute path. Null for the first of the configured folders. */
export async function openPlace(repository: Repository, out: string | null): Promise<ImportPlace> {
  const folder = out === null ? firstFolder(repository) : folderOf(repository, out);
  // The variables of the environment are not read, because an import does not need their values.
  const loaded = await loadDesired(repository, { env: null });
  const entry = repository.config.manifests.findIndex((path) => isCoveredBy(folder, path));
  const at = repository.manifestSources[entry];
  const problems = loaded.problems.filter(
    ({ code, source }) => !(EMPTY.has(code) && source?.line === at?.line && source?.file === at?.file),
  );
  return { folder, loaded, problems };
}

/** The codes for a folder of manifests that is missing or empty. */
const EMPTY: ReadonlySet<string> = new Set(['file-not-found', 'no-manifests']);

function firstFolder({ root, config }: Repository): string {
  const found = config.manifests.map(normal).find((path) => {
    const stats = statSync(join(root, path), { throwIfNoEntry: false });
    return stats === undefined ? !isNamedLikeManifest(path) : stats.isDirectory();
  });
  if (found !== undefined) return found;
  throw new InvalidInputError(
    '`manifests` in regsync.yaml does not name a folder. Add one there, such as groups, or add --out DIR',
  );
}

/**
 * Returns the folder for `--out`. Throws if it is outside the configured folders, because the next plan would
 * not read it.
 */
function folderOf({ root, config }: Repository, out: string): string {
  const real = realPathToBe(out);
  const folder = pathFrom(root, real) || '.';
  if (!isInside(root, real) || resolvePath('', folder) instanceof Fault)
    throw new InvalidInputError('--out must be a folder inside the repository');
  const entry = config.manifests.map(normal).find((path) => isCoveredBy(folder, path));
  const below = entry === undefined ? '' : posix.relative(entry, folder);
  if (
    entry === undefined ||
    isNamedLikeManifest(entry) ||
    below.split('/').some((step) => step.startsWith('.'))
  ) {
    const places = config.manifests.map((path) => `"${path}"`).join(', ');
    throw new InvalidInputError(
      `--out must be a folder that \`manifests\` in regsync.yaml covers (${places}): regsync reads no other folders`,
    );
  }
  if (existsSync(join(root, folder)) && !statSync(join(root, folder)).isDirectory())
    throw new InvalidInputError('--out names a file, not a folder');
  return folder;
}

function normal(entry: string): string {
  return posix.normalize(entry).replace(/\/$/, '');
}

/* ---- What is there already ---- */

/** A document whose file exists in the repository. */
export interface KnownDocument {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Returns the existing documents by digest: those that manifests name, and files in the folder for imported
 * ones, as a killed run leaves them. With encryption, returns only encrypted ones.
 */
export async function knownDocuments(
  { root }: Repository,
  { named, desired }: Loaded,
  encrypted: boolean,
): Promise<ReadonlyMap<string, KnownDocument>> {
  const inManifests: DesiredDocument[] = [
    ...named.documents,
    ...statedContents(desired).flatMap((content) => (content.kind === 'document' ? [content.document] : [])),
  ];
  const known = new Map<string, KnownDocument>();
  for (const { path, sha256, bytes } of [...inManifests, ...(await lyingDocuments(root))]) {
    if ((!encrypted || isEncryptedPath(path)) && !known.has(sha256))
      known.set(sha256, { path, sha256, bytes });
  }
  return known;
}

async function lyingDocuments(root: string): Promise<KnownDocument[]> {
  const documents: KnownDocument[] = [];
  for (const name of namesIn(root, DOCUMENTS_FOLDER).sort()) {
    const path = resolvePath(DOCUMENTS_FOLDER, name);
    if (path instanceof Fault || !IMPORTED_NAME.test(name)) continue;
    const bytes = readDocument(root, path);
    if (bytes instanceof Fault) continue;
    const sha256 = hash('sha256', bytes);
    documents.push({ path, sha256, bytes: bytes.length });
  }
  return documents;
}

/** The names that an import gives. A file with another name may be a person's scratch file. */
const IMPORTED_NAME = /^[a-z0-9][a-z0-9._-]*\.(?:pdf|png|jpg|csv|txt|json|docx?|xlsx?)$/;

export function surroundingsOf(
  { root, config }: Repository,
  { folder, loaded }: ImportPlace,
  {
    live,
    known,
    suffix,
    sealed,
  }: Pick<Surroundings, 'live' | 'suffix' | 'sealed'> & {
    readonly known: ReadonlyMap<string, KnownDocument>;
  },
): Surroundings {
  const pathsIn = (path: string): string[] => namesIn(root, path).map((name) => posix.join(path, name));
  return {
    scope: config.scope,
    folder,
    suffix,
    sealed,
    names: loaded.parsed.flatMap((file) =>
      file.manifests.map(({ kind, fields }) => `${kind}/${fields.name}`),
    ),
    paths: [...pathsIn(folder), ...pathsIn(DOCUMENTS_FOLDER), ...NOT_FOR_MANIFESTS],
    addresses: new Map(loaded.named.addresses.map(({ sha256, name }) => [sha256, name ?? ''])),
    documents: new Map(
      loaded.named.documents.map((document) => [documentKey(document), document.name ?? '']),
    ),
    documentPaths: new Map([...known].map(([sha256, { path }]) => [sha256, path])),
    live,
  };
}

/** Files that are not read as manifests, even if `manifests` is the root. */
const NOT_FOR_MANIFESTS = ['regsync.yaml', 'regsync.lock.yaml'];

function namesIn(root: string, folder: string): string[] {
  try {
    return readdirSync(join(root, folder));
  } catch {
    return [];
  }
}
