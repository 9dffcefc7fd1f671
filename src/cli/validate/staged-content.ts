import { lstat, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isFolder } from '../../files/paths.ts';
import { DOCUMENTS_FOLDER } from '../../import/contents.ts';
import { documentPath, isDocumentName } from '../../kinds/document/resolve.ts';
import { roomOf } from '../../kinds/index.ts';
import { readEncrypted } from '../../manifest/encryption/read-encrypted.ts';
import { RECIPIENTS_FILE } from '../../manifest/encryption/recipients.ts';
import { Fault } from '../../manifest/fault.ts';
import { resolvePath } from '../../manifest/files/paths.ts';
import { MAX_DOCUMENT_BYTES } from '../../manifest/files/read-document.ts';
import { type Repository, uniteRepositories } from '../../manifest/repository.ts';
import { isEncryptedPath } from '../../model/privacy/encrypted-path.ts';
import { type Problem, type SourcePosition, sortProblems } from '../../model/problem.ts';
import { parseAll } from '../../resolve/load.ts';
import { pathInShell } from '../session/again.ts';
import { openProjectRepositories } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { exportStaged, type StagedTree } from './staged.ts';

/**
 * Runs the checks on what git is about to commit. Null if the commit changes nothing of the repository.
 *
 * @param check the checks of any folder.
 */
export async function checkStaged<
  Options extends GlobalOptions,
  Checked extends { readonly problems: readonly Problem[] },
>(
  terminal: Terminal,
  options: Options,
  check: (terminal: Terminal, options: Options) => Promise<Checked>,
): Promise<Checked | null> {
  const repository = uniteRepositories(await openProjectRepositories(terminal, options));
  const tree = await exportStaged(terminal, repository);
  if (tree === null) return null;
  try {
    const there = { ...terminal, cwd: isFolder(tree.cwd) ? tree.cwd : tree.root };
    const own = { ...options, config: join(tree.root, repository.configFile) };
    const checked = await check(there, own);
    const staged = uniteRepositories(await openProjectRepositories(there, own));
    const refused = await refuseStaged(staged, tree);
    // A document that is refused needs no warning at the same place.
    const places = new Set(refused.map(({ code, source }) => `${code} ${placeOf(source)}`));
    const others = checked.problems.filter(
      ({ code, source }) => source === undefined || !places.has(`${code} ${placeOf(source)}`),
    );
    return { ...checked, problems: sortProblems([...others, ...refused]) };
  } finally {
    await tree.remove();
  }
}

function placeOf(source: SourcePosition | undefined): string {
  return source === undefined ? '' : `${source.file}:${source.line}:${source.column}`;
}

/**
 * Returns an error for each file that git would keep for good and that it should not have: a document in
 * plain text, one that is only named like an encrypted one, the secret half of an age key. Only what the
 * commit adds or changes counts.
 */
async function refuseStaged(repository: Repository, tree: StagedTree): Promise<Problem[]> {
  const mentions = await findDocuments(repository);
  const problems: Problem[] = [];
  for (const changed of [...tree.changed].sort()) {
    if (!(await isFile(join(tree.root, changed)))) continue;
    const source = mentions.get(changed) ?? null;
    const fault =
      (await explainKey(tree.root, changed)) ?? explainDocument(repository, changed, source !== null);
    if (fault !== null) problems.push(fault.about(changed).at(source));
  }
  return problems;
}

/** Returns the documents that manifests name, with the first position that names each. */
async function findDocuments(repository: Repository): Promise<ReadonlyMap<string, SourcePosition>> {
  const { parsed } = await parseAll(repository);
  const found = new Map<string, SourcePosition>();
  for (const manifest of parsed.flatMap((file) => file.manifests)) {
    for (const { path, document } of roomOf(manifest).documentsIn(manifest)) {
      const at = documentPath(manifest.origin, document.file);
      if (!(at instanceof Fault) && !found.has(at))
        found.set(at, manifest.origin.position([...path, 'file']));
    }
  }
  return found;
}

/** @param path as git has it: also one that no manifest could name, such as one with a backslash. */
function explainDocument({ root, config }: Repository, path: string, isNamed: boolean): Fault | null {
  if (!isNamed && !(path.startsWith(`${DOCUMENTS_FOLDER}/`) && isDocumentName(path))) return null;
  if (isEncryptedPath(path)) {
    const safe = resolvePath('', path);
    const found = safe instanceof Fault ? null : readEncrypted(root, safe);
    // A manifest that names the file reports the same.
    return found instanceof Fault && !isNamed ? found : null;
  }
  return config.allowPlaintextDocuments ? null : plaintext(path, isNamed);
}

function plaintext(path: string, isNamed: boolean): Fault {
  const file = pathInShell(path);
  const encrypt = `regsync encrypt ${isNamed ? '--update ' : ''}${file}`;
  return new Fault(
    'plaintext-document',
    'this document is not encrypted, and git would keep it forever',
    `Run \`${encrypt}\`, \`git rm --cached ${file}\` and \`git add\` the encrypted one; or set \`allow_plaintext_documents: true\` in regsync.yaml.`,
  );
}

async function explainKey(root: string, path: string): Promise<Fault | null> {
  const file = join(root, path);
  if ((await stat(file)).size > MAX_DOCUMENT_BYTES) return null;
  // Without the zeros, the bytes of UTF-16, as PowerShell writes it, are the letters.
  const text = (await readFile(file, 'latin1')).replaceAll('\0', '');
  return SECRET_KEY.test(text) ? holdsKey(path) : null;
}

const SECRET_KEY = /AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{58}/;

function holdsKey(path: string): Fault {
  const file = pathInShell(path);
  const step =
    path === RECIPIENTS_FILE
      ? `Remove its line, and \`git add ${file}\`.`
      : `Remove it from the commit with \`git rm --cached ${file}\`.`;
  return new Fault(
    'secret-key',
    'this file contains the secret half of an age key, and git would keep it forever',
    `${step} Keep the key outside of the repository.`,
  );
}

/** Returns false for a link, of which git keeps the destination's name alone. */
async function isFile(path: string): Promise<boolean> {
  return lstat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
