import { hash } from 'node:crypto';
import { readPlaintext } from '../../manifest/encryption/read-plaintext.ts';
import { Fault } from '../../manifest/fault.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { type Change, writesValues } from '../../model/plan/change.ts';
import { isEncryptedPath } from '../../model/privacy/encrypted-path.ts';
import { type Problem, sortProblems } from '../../model/problem.ts';
import type { DesiredDocument } from '../../model/resource.ts';
import type { Project } from '../session/project.ts';

/**
 * Decrypts every document that is to be uploaded and compares it with its pin, before the first write. A
 * missing identity or a swapped file would otherwise stop the apply halfway. No plaintext is kept: the upload
 * decrypts and compares again.
 *
 * @throws InvalidInputError that names all of them.
 */
export async function refuseUnreadableUploads(project: Project, changes: readonly Change[]): Promise<void> {
  const problems: Problem[] = [];
  for (const document of encryptedUploads(changes)) {
    const fault = await examine(project, document);
    if (fault !== null) problems.push(fault.about(document.path).at(document.source));
  }
  if (problems.length === 0) return;
  const documents = problems.length === 1 ? '1 document' : `${problems.length} documents`;
  throw new InvalidInputError(
    `nothing was applied: regsync cannot decrypt ${documents} that it has to upload`,
    sortProblems(problems),
  );
}

function encryptedUploads(changes: readonly Change[]): DesiredDocument[] {
  const uploads = new Map<string, DesiredDocument>();
  for (const change of changes) {
    if (!writesValues(change)) continue;
    for (const { value } of change.writes) {
      if (value.kind !== 'document' || value.reuse !== null || !isEncryptedPath(value.document.path))
        continue;
      const { path, sha256 } = value.document;
      if (!uploads.has(`${sha256} ${path}`)) uploads.set(`${sha256} ${path}`, value.document);
    }
  }
  return [...uploads.values()];
}

async function examine(
  { repository, identities }: Project,
  document: DesiredDocument,
): Promise<Fault | null> {
  const bytes = await readPlaintext(repository.root, document.path, identities);
  if (bytes instanceof Fault) return bytes;
  return hash('sha256', bytes) === document.sha256 ? null : SWAPPED;
}

const SWAPPED = new Fault(
  'digest-mismatch',
  'this file decrypts to another document than "sha256" pins',
  'If somebody replaced the file by mistake, restore it from git. If the document is new, run `regsync encrypt FILE` and paste the new "sha256".',
);
