import type { Identities } from '../manifest/encryption/identities.ts';
import { NOT_CHECKED_OUT } from '../manifest/files/checkout.ts';
import type { ParsedFile } from '../manifest/parse.ts';
import type { Repository } from '../manifest/repository.ts';
import type { FileContents, Variables } from '../manifest/resolution.ts';
import { hasErrors, type Problem, sortProblems } from '../model/problem.ts';
import type { Desired } from '../model/resource.ts';
import { type Loaded, parseAll, readContents } from './load.ts';
import { requestFiles } from './request-files.ts';
import { resolveManifests } from './resolve.ts';

/** The files of another commit that differ from those of a repository that was loaded. */
export interface Beside {
  /** The folder that has the differing files, under the same paths. */
  readonly root: string;
  /** The paths of the repository whose files differ, or that only one side has. */
  readonly differing: ReadonlySet<string>;
}

/**
 * Loads the manifests of another commit whose configuration is the same. Files that do not differ are neither read nor
 * parsed again.
 */
export async function loadBeside(
  repository: Repository,
  head: Pick<Loaded, 'parsed' | 'contents'>,
  { root, differing }: Beside,
  { env, identities }: { readonly env: Variables; readonly identities: Identities },
): Promise<{ readonly desired: Desired; readonly problems: Problem[]; readonly unparsed: Problem[] }> {
  const differs = (path: string) => differing.has(path);
  const kept = head.parsed.filter(
    ({ manifests: [first] }) => first !== undefined && !differs(first.origin.file),
  );
  const other = await parseAll({ ...repository, root });
  const parsed: ParsedFile[] = [...kept, ...other.parsed];
  const { config } = repository;
  const contents = await contentsOf(repository.root, parsed, head.contents, { root, differing }, identities);
  const { desired, problems } = resolveManifests(parsed, contents, {
    scope: config.scope,
    ...(config.formerScope === null ? {} : { formerScope: config.formerScope }),
    env,
    warnsOfPlaintext: false,
    warnsOfContent: false,
  });
  const missing = other.problems.filter(({ code }) => code === NOT_CHECKED_OUT);
  const broken = other.parsed.flatMap((file) => file.problems.filter((problem) => hasErrors([problem])));
  const unparsed = [...broken, ...missing];
  return { desired, problems: sortProblems([...unparsed, ...problems]), unparsed };
}

/** Reads what differs beside, and what only the other commit asks for here. */
async function contentsOf(
  here: string,
  parsed: readonly ParsedFile[],
  known: FileContents,
  { root, differing }: Beside,
  identities: Identities,
): Promise<FileContents> {
  const requests = requestFiles(parsed);
  const differs = (path: string) => differing.has(path);
  const part = <Path extends string>(paths: ReadonlySet<Path>, isWanted: (path: Path) => boolean) =>
    new Set([...paths].filter(isWanted));
  const isUnknown = (read: ReadonlyMap<string, unknown>) => (path: string) =>
    !differs(path) && !read.has(path);
  const [beside, missed] = await Promise.all([
    readContents(
      root,
      {
        documents: part(requests.documents, differs),
        texts: part(requests.texts, differs),
        ciphertexts: new Set(),
      },
      identities,
    ),
    readContents(
      here,
      {
        documents: part(requests.documents, isUnknown(known.documents)),
        texts: part(requests.texts, isUnknown(known.texts)),
        ciphertexts: part(requests.ciphertexts, (written) => !known.ciphertexts.has(written)),
      },
      identities,
    ),
  ]);
  return {
    documents: new Map([...known.documents, ...missed.documents, ...beside.documents]),
    texts: new Map([...known.texts, ...missed.texts, ...beside.texts]),
    ciphertexts: new Map([...known.ciphertexts, ...missed.ciphertexts]),
  };
}
