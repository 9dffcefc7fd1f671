import { posix } from 'node:path';
import { suggest } from '../../model/text/suggestion.ts';
import { Fault } from '../fault.ts';
import { quotedPath } from '../visible.ts';
import { type RepositoryPath, resolvePath } from './paths.ts';
import { confine, namesInFolder } from './read-confined.ts';

/**
 * Suggests what is there in place of a missing file: the same name in another Unicode form or in other
 * capitals, a similar name, or the same path from another folder. Returns null if nothing is similar.
 */
export function hintAtNearPath(root: string, path: RepositoryPath): string | null {
  return hintAtNearName(root, path) ?? hintAtOtherFolder(root, path);
}

/**
 * Follows the path as far as it exists, and compares its first missing step with the names in that folder.
 */
function hintAtNearName(root: string, path: RepositoryPath): string | null {
  const steps = path.split('/');
  for (const [index, step] of steps.entries()) {
    const folder = steps.slice(0, index).join('/');
    const place = confine(root, (folder || '.') as RepositoryPath);
    const names = place instanceof Fault ? [] : namesInFolder(place);
    if (names.includes(step)) continue;
    return describeNear(step, names, folder === '' ? 'the root of the repository' : quotedPath(folder));
  }
  return null;
}

function describeNear(wanted: string, names: readonly string[], place: string): string | null {
  const otherForm = names.find((name) => name.normalize() === wanted.normalize());
  if (otherForm !== undefined) {
    return `${place} holds a name that looks the same and is written in another Unicode form (${formOf(otherForm)}, here ${formOf(wanted)}). Rename the file to ${quotedPath(wanted)}, or copy its name from there.`;
  }
  const folded = fold(wanted);
  const otherCase = names.find((name) => fold(name) === folded);
  if (otherCase !== undefined) {
    return `${place} holds ${quotedPath(otherCase)}, which differs in capital letters. Write it so, or rename the file.`;
  }
  const meant = suggest(
    wanted,
    names.filter((name) => hasSameEnding(name, wanted)),
  );
  return meant === null ? null : `Did you mean ${quotedPath(meant)}, in ${place}?`;
}

function formOf(name: string): string {
  if (name === name.normalize('NFC')) return 'composed';
  return name === name.normalize('NFD') ? 'decomposed' : 'mixed';
}

function fold(name: string): string {
  return name.normalize().toLowerCase();
}

/** Returns whether two names have one ending. A similar name of another type is another document. */
function hasSameEnding(name: string, wanted: string): boolean {
  return posix.extname(name).toLowerCase() === posix.extname(wanted).toLowerCase();
}

/**
 * Looks for the path from other folders, because people write paths from the root and not from the manifest.
 */
function hintAtOtherFolder(root: string, path: RepositoryPath): string | null {
  const steps = path.split('/');
  for (const index of steps.keys()) {
    if (index === 0) continue;
    const rest = resolvePath('', steps.slice(index).join('/'));
    if (rest instanceof Fault || confine(root, rest) instanceof Fault) continue;
    const written = posix.join(...Array<string>(index).fill('..'), rest);
    return `Paths begin at the manifest, so this one means ${quotedPath(path)}. Write ${quotedPath(written)}, which exists.`;
  }
  return null;
}
