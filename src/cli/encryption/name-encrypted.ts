import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isScalar, type Pair, parseAllDocuments, type Scalar, visit, type YAMLMap } from 'yaml';
import { roomOf } from '../../kinds/index.ts';
import { Fault } from '../../manifest/fault.ts';
import { type RepositoryPath, resolvePath } from '../../manifest/files/paths.ts';
import { locate, type Manifest, type Path } from '../../manifest/manifest.ts';
import { type ParsedFile, parseManifests } from '../../manifest/parse.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { writeWord } from '../../model/text/plain-word.ts';

/** A document that is encrypted now, or that has other content now. */
export interface EncryptedDocument {
  /** The paths by which manifests may name it: of the plaintext, if that is in the repository, and of the encrypted file. */
  readonly names: readonly RepositoryPath[];
  readonly encrypted: RepositoryPath;
  readonly sha256: string;
}

/** A place of a manifest that names a document, or a file with a text. */
export interface Mention {
  readonly document: EncryptedDocument;
  readonly source: SourcePosition;
  /** The path of the manifest, relative to the root. */
  readonly manifest: RepositoryPath;
  /** The offset of the value of `file:` in the manifest's text, without a byte order mark. */
  readonly at: number;
  /** Is true for a document, which has a `sha256`. A text has none. */
  readonly isPinned: boolean;
}

/** Returns each place that names one of the documents. An alias counts once, where its anchor is. */
export function findMentions(
  parsed: readonly ParsedFile[],
  documents: readonly EncryptedDocument[],
): readonly Mention[] {
  const mentions = new Map<string, Mention>();
  for (const manifest of parsed.flatMap((file) => file.manifests)) {
    const { origin } = manifest;
    for (const { path, document, isPinned } of namesIn(manifest, documents)) {
      const { at } = locate(origin.node, [...path, 'file']);
      mentions.set(`${origin.file} ${at}`, {
        document,
        source: origin.position([...path, 'file']),
        manifest: origin.file as RepositoryPath,
        at,
        isPinned,
      });
    }
  }
  return [...mentions.values()];
}

/** Returns the mappings of a manifest with a `file:` that is one of the documents. */
function namesIn(
  manifest: Manifest,
  documents: readonly EncryptedDocument[],
): { path: Path; document: EncryptedDocument; isPinned: boolean }[] {
  const folder = posix.dirname(manifest.origin.file);
  const named = [
    ...roomOf(manifest)
      .documentsIn(manifest)
      .map(({ path, document: { file } }) => ({ path, file, isPinned: true })),
    ...roomOf(manifest)
      .textSourcesIn(manifest)
      .map(({ path, source: { file } }) => ({ path, file, isPinned: false })),
  ];
  return named.flatMap(({ path, file, isPinned }) => {
    const found = file === undefined ? undefined : resolvePath(folder, file);
    const document =
      found === undefined || found instanceof Fault
        ? undefined
        : documents.find(({ names }) => names.includes(found));
    return document === undefined ? [] : [{ path, document, isPinned }];
  });
}

/**
 * Returns the text of a manifest with `file` and `sha256` of these documents, and every other character as it
 * was. Null if that cannot be done, because only the author then knows how the result should look.
 */
export function nameEncrypted(
  path: RepositoryPath,
  manifest: string,
  mentions: readonly Mention[],
): string | null {
  const mark = manifest.startsWith('\ufeff') ? '\ufeff' : '';
  const original = manifest.slice(mark.length);
  const pairs = filePairs(original);
  const edits: Edit[] = [];
  for (const mention of mentions) {
    const found = pairs.get(mention.at);
    const edited = found === undefined ? null : editsOf(original, found, path, mention);
    if (edited === null) return null;
    edits.push(...edited);
  }
  const result = apply(original, edits);
  return holdsExactly(path, original, result, mentions) ? mark + result : null;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function apply(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, text: own }) => result.slice(0, start) + own + result.slice(end), text);
}

type FilePair = { readonly map: YAMLMap; readonly value: Scalar };

/** Returns the mappings with a `file:`, by the offset of its value. */
function filePairs(text: string): ReadonlyMap<number, FilePair> {
  const found = new Map<number, FilePair>();
  for (const document of parseAllDocuments(text, { uniqueKeys: false })) {
    visit(document, {
      Map: (_, map) => {
        const value = scalarAt(map, 'file');
        if (value?.range) found.set(value.range[0], { map, value });
      },
    });
  }
  return found;
}

function scalarAt(map: YAMLMap, key: string): Scalar | null {
  const pair = map.items.find((item: Pair) => isScalar(item.key) && item.key.value === key);
  return pair !== undefined && isScalar(pair.value) ? pair.value : null;
}

/** Returns the edits of one mapping: the path, and the digest, which is added behind the path if it is missing. */
function editsOf(
  text: string,
  { map, value }: FilePair,
  path: RepositoryPath,
  { document: { encrypted, sha256 }, isPinned }: Mention,
): Edit[] | null {
  const file = writePath(posix.relative(posix.dirname(path), encrypted), value);
  const digest = writeWord(sha256);
  const stated = scalarAt(map, 'sha256');
  const [start, end] = value.range ?? [0, 0];
  if (!isPinned) return [{ start, end, text: file }];
  if (stated?.range) {
    const [from, to] = stated.range;
    return [
      { start, end, text: file },
      { start: from, end: to, text: digest },
    ];
  }
  if (map.flow) return [{ start, end, text: `${file}, sha256: ${digest}` }];
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const before = text.slice(lineStart, start);
  const key = /^(\s*(?:- +)*)["']?file["']? *: *(?:[&!]\S+ +)*$/.exec(before)?.[1];
  if (key === undefined) return null;
  const lineEnd = /\r?\n|$/.exec(text.slice(end));
  const behind = end + (lineEnd?.index ?? 0);
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  const indentation = ' '.repeat(key.length);
  return [
    { start, end, text: file },
    { start: behind, end: behind, text: `${newline}${indentation}sha256: ${digest}` },
  ];
}

/** Writes the path with the quotes that the old one has, or with some if it needs them. */
function writePath(path: string, { type }: Scalar): string {
  if (type === 'QUOTE_SINGLE') return `'${path.replaceAll("'", "''")}'`;
  return type === 'QUOTE_DOUBLE' ? JSON.stringify(path) : writeWord(path);
}

/** Reads the result again. It must contain the new paths and digests, and no other difference. */
function holdsExactly(
  path: RepositoryPath,
  before: string,
  after: string,
  mentions: readonly Mention[],
): boolean {
  const documents = [...new Set(mentions.map(({ document }) => document))];
  const [old, fresh] = [parseManifests(path, before), parseManifests(path, after)];
  const expected = old.manifests.map((manifest) => expectedFields(manifest, documents));
  return (
    old.problems.length === fresh.problems.length &&
    isDeepStrictEqual(
      expected,
      fresh.manifests.map(({ fields }) => structuredClone(fields)),
    )
  );
}

function expectedFields(manifest: Manifest, documents: readonly EncryptedDocument[]): unknown {
  const fields: unknown = structuredClone(manifest.fields);
  for (const { path, document, isPinned } of namesIn(manifest, documents)) {
    const named = path.reduce<unknown>((node, step) => (node as Tree)[step], fields) as Tree;
    named.file = posix.relative(posix.dirname(manifest.origin.file), document.encrypted);
    if (isPinned) named.sha256 = document.sha256;
  }
  return fields;
}

type Tree = Record<string | number, unknown>;
