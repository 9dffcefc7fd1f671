import { posix } from 'node:path';
import { roomOf } from '../kinds/index.ts';
import { armor } from '../manifest/encryption/ciphertext.ts';
import { Fault } from '../manifest/fault.ts';
import { type RepositoryPath, resolvePath } from '../manifest/files/paths.ts';
import { locate, type Origin, type Path } from '../manifest/manifest.ts';
import { type ParsedFile, parseManifests } from '../manifest/parse.ts';
import { isEncryptedPath } from '../model/privacy/encrypted-path.ts';
import type { SourcePosition } from '../model/problem.ts';

/** Everything encrypted that manifests point to or contain. */
export interface EncryptedContents {
  readonly files: readonly EncryptedFile[];
  readonly texts: readonly EncryptedText[];
}

export interface EncryptedFile {
  readonly path: RepositoryPath;
  /** The first position that names it. */
  readonly source: SourcePosition;
  /** The digests of the plaintext, as each manifest states it that names the file. */
  readonly pins: readonly { readonly sha256: string; readonly source: SourcePosition }[];
}

/** A text that is written as `{ age: … }`. */
export interface EncryptedText {
  /** The manifest's path, relative to the root. */
  readonly path: RepositoryPath;
  /** The offset of the scalar in the manifest's text. */
  readonly at: number;
  readonly armored: string;
  readonly source: SourcePosition;
}

export function findEncrypted(parsed: readonly ParsedFile[]): EncryptedContents {
  const files = new Map<RepositoryPath, EncryptedFile>();
  const texts = new Map<string, EncryptedText>();
  const addFile = (origin: Origin, path: Path, written: string, sha256?: string): void => {
    const found = resolvePath(posix.dirname(origin.file), written);
    if (found instanceof Fault || !isEncryptedPath(found)) return;
    const source = origin.position(path);
    const { pins, ...first } = files.get(found) ?? { path: found, source, pins: [] };
    files.set(found, { ...first, pins: sha256 === undefined ? pins : [...pins, { sha256, source }] });
  };
  const addText = (origin: Origin, path: Path, armored: string): void => {
    const text = {
      path: origin.file as RepositoryPath,
      at: locate(origin.node, path).at,
      armored,
      source: origin.position(path),
    };
    // An alias has the position of its anchor, so both count as one text.
    texts.set(`${text.path} ${text.at}`, text);
  };
  for (const manifest of parsed.flatMap((file) => file.manifests)) {
    const { origin } = manifest;
    for (const { path, document } of roomOf(manifest).documentsIn(manifest)) {
      addFile(origin, [...path, 'file'], document.file, document.sha256);
    }
    for (const { path, source } of roomOf(manifest).textSourcesIn(manifest)) {
      if (source.file !== undefined) addFile(origin, [...path, 'file'], source.file);
      if (source.age !== undefined) addText(origin, [...path, 'age'], source.age);
    }
  }
  return { files: [...files.values()], texts: [...texts.values()] };
}

const BLOCK = /^[ \t]*-----BEGIN AGE ENCRYPTED FILE-----[\s\S]*?-----END AGE ENCRYPTED FILE-----[ \t]*$/m;

/**
 * Returns the manifest with other ciphertexts in place of its own, and every other character as it was. Null
 * if they are not written as blocks of lines, because only the author then knows how they should look.
 */
export function replaceTexts(
  manifest: string,
  replacements: readonly { readonly text: EncryptedText; readonly bytes: Uint8Array }[],
): string | null {
  const mark = manifest.startsWith('\ufeff') ? '\ufeff' : '';
  const original = manifest.slice(mark.length);
  let result = original;
  for (const { text, bytes } of [...replacements].sort((a, b) => b.text.at - a.text.at)) {
    const [before, after] = [result.slice(0, text.at), result.slice(text.at)];
    const indentation = /^([ \t]*)-----BEGIN/m.exec(after)?.[1] ?? '';
    const newline = /\r?\n/.exec(after)?.[0] ?? '\n';
    const lines = armor(bytes)
      .trimEnd()
      .split('\n')
      .map((line) => indentation + line);
    result = before + after.replace(BLOCK, () => lines.join(newline));
  }
  return holdsExactly(original, result, replacements) ? mark + result : null;
}

/** Reads the result again. It must contain the new texts, and no other difference. */
function holdsExactly(
  before: string,
  after: string,
  replacements: readonly { readonly text: EncryptedText; readonly bytes: Uint8Array }[],
): boolean {
  const news = new Map(replacements.map(({ text, bytes }) => [text.armored.trim(), armor(bytes).trim()]));
  const expected = JSON.stringify(valuesOf(before), (key, value) =>
    key === 'age' && typeof value === 'string' ? (news.get(value.trim()) ?? value.trim()) : value,
  );
  const found = JSON.stringify(valuesOf(after), (key, value) =>
    key === 'age' && typeof value === 'string' ? value.trim() : value,
  );
  return expected === found;
}

function valuesOf(manifest: string): unknown {
  const { manifests, problems } = parseManifests('manifest', manifest);
  return [manifests.map(({ fields }) => fields), problems.length];
}
