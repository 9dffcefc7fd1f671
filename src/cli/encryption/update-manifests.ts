import { isInside, pathFrom, realPathOf } from '../../files/paths.ts';
import { Fault } from '../../manifest/fault.ts';
import { type RepositoryPath, resolvePath } from '../../manifest/files/paths.ts';
import { confine } from '../../manifest/files/read-confined.ts';
import { readManifestVerbatim } from '../../manifest/files/read-text.ts';
import { parseManifests } from '../../manifest/parse.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { hasErrors, type Problem, sortProblems } from '../../model/problem.ts';
import { count } from '../../render/words/wording.ts';
import { parseAll } from '../../resolve/load.ts';
import { type EncryptedDocument, findMentions, type Mention, nameEncrypted } from './name-encrypted.ts';
import type { PreparedDocument } from './prepare.ts';

/** The manifests that name the documents, as they will be written. */
export interface ManifestUpdate {
  readonly files: readonly { readonly path: string; readonly bytes: string }[];
  /** The mentions by the path of the encrypted file. */
  readonly mentions: ReadonlyMap<RepositoryPath, readonly Mention[]>;
}

/**
 * Returns the manifests with the new paths and digests, before anything is written.
 *
 * @throws InvalidInputError if a manifest is broken, or names a document in a way that cannot be changed, or
 * if no manifest names a document.
 */
export async function updateManifests(
  repository: Repository,
  documents: readonly PreparedDocument[],
): Promise<ManifestUpdate> {
  const { parsed, problems } = await parseAll(repository);
  if (hasErrors(problems)) throw refusal(problems);
  const encrypted = documents.map((document) => asEncrypted(repository, document));
  const mentions = findMentions(parsed, encrypted);
  const unnamed = encrypted.filter((document) => mentions.every((mention) => mention.document !== document));
  if (unnamed.length > 0) {
    throw refusal(unnamed.map(({ names, encrypted: path }) => UNNAMED.about(names[0] ?? path).at(null)));
  }
  const { root } = repository;
  const files: { path: string; bytes: string }[] = [];
  const faults: Problem[] = [];
  /** The places in the new texts, whose lines may be others. */
  const now: Mention[] = [];
  for (const [path, own] of byManifest(mentions)) {
    const text = readManifestVerbatim(root, path);
    const realPath = confine(root, path);
    const bytes = text instanceof Fault ? text : (nameEncrypted(path, text, own) ?? BY_HAND);
    const fault = [bytes, realPath].find((found) => found instanceof Fault);
    if (fault !== undefined) faults.push(...own.map(({ source }) => fault.at(source)));
    else {
      files.push({ path: String(realPath), bytes: String(bytes) });
      now.push(...findMentions([parseManifests(path, String(bytes))], encrypted));
    }
  }
  if (faults.length > 0) throw refusal(faults);
  return {
    files,
    mentions: new Map(
      encrypted.map((document) => [
        document.encrypted,
        now.filter((mention) => mention.document === document),
      ]),
    ),
  };
}

function asEncrypted(
  { root }: Repository,
  { sourcePath, repositoryPath, sha256 }: PreparedDocument,
): EncryptedDocument {
  const real = realPathOf(sourcePath);
  const plain = isInside(root, real) ? resolvePath('', pathFrom(root, real)) : null;
  const names = plain === null || plain instanceof Fault ? [] : [plain];
  return { names: [...names, repositoryPath], encrypted: repositoryPath, sha256 };
}

function byManifest(mentions: readonly Mention[]): ReadonlyMap<RepositoryPath, readonly Mention[]> {
  const groups = new Map<RepositoryPath, Mention[]>();
  for (const mention of mentions)
    groups.set(mention.manifest, [...(groups.get(mention.manifest) ?? []), mention]);
  return groups;
}

function refusal(problems: readonly Problem[]): InvalidInputError {
  return new InvalidInputError(
    `${count(problems.length, 'problem')} found; nothing was written`,
    sortProblems(problems),
  );
}

const UNNAMED = new Fault(
  'unnamed-document',
  'no manifest names this document, so --update cannot change one',
  'Drop --update, and paste the lines that `regsync encrypt` prints.',
);

const BY_HAND = new Fault(
  'update-by-hand',
  'regsync cannot change this path without changing the lines around it',
  'Write `file:` with its path on its own line. Or drop --update, and paste the lines that `regsync encrypt` prints.',
);
