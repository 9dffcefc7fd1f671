import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isInside, pathFrom } from '../../files/paths.ts';
import type { Problem } from '../../model/problem.ts';
import { readsLike } from '../content/manifest-text.ts';
import { Fault } from '../fault.ts';
import { attempt } from './file-fault.ts';
import { isNamedLikeManifest } from './list-manifests.ts';
import { readHead } from './read-confined.ts';

/** The most names to look at, the nearest folders first. A notice is not worth more. */
const MAX_NAMES = 20_000;
const MAX_HEADS = 300;
const MAX_SHOWN = 3;
const HEAD_BYTES = 1024;

/**
 * Finds manifests that are outside the folders of manifests, or hidden in one by a dot in their path. A
 * manifest that was moved there looks deleted. Skips other repositories within this one.
 *
 * @param folders absolute paths of the folders and files that `manifests` of any account names.
 */
export function findStrayManifests(root: string, configFile: string, folders: readonly string[]): Problem[] {
  const found: string[] = [];
  let [names, heads] = [0, 0];
  let level: readonly string[] = [root];
  while (level.length > 0) {
    const next: string[] = [];
    for (const folder of level) {
      const listed = attempt(() => readdirSync(folder, { withFileTypes: true }));
      const children = listed instanceof Fault ? [] : listed;
      names += children.length;
      const isUnread = unreadIn(folder, folders);
      if (folder !== root && children.some(({ name }) => name === 'regsync.yaml')) continue;
      for (const child of children) {
        const place = join(folder, child.name);
        if (child.isDirectory() && mayHoldStray(place, child.name, folders)) next.push(place);
        if (
          !child.isFile() ||
          !isNamedLikeManifest(child.name) ||
          !isUnread(child.name) ||
          ++heads > MAX_HEADS
        )
          continue;
        const head = readHead(place, HEAD_BYTES);
        if (head instanceof Fault) continue;
        const kind = readsLike(head.toString('utf8'));
        // A second configuration has manifests that this one does not name.
        if (folder === root && child.name !== configFile && kind === 'config') return [];
        if (kind === 'manifest') found.push(pathFrom(root, place));
      }
      if (names > MAX_NAMES) return noticesOf(found);
    }
    level = next;
  }
  return noticesOf(found);
}

function mayHoldStray(place: string, name: string, folders: readonly string[]): boolean {
  if (name === '.git' || name === 'node_modules') return false;
  return !hasDot(name) || folders.some((folder) => isInside(folder, place));
}

/**
 * Returns a function that tells whether no run reads the manifest of a given name in the folder. In a folder
 * of manifests, a dot in the path hides a manifest unless the configuration names it. Elsewhere, names that
 * begin with a dot are ignored.
 */
function unreadIn(folder: string, folders: readonly string[]): (name: string) => boolean {
  const isNamed = (name: string) => folders.includes(join(folder, name));
  const holders = folders.filter((each) => isInside(each, folder));
  if (holders.length === 0) return (name) => !hasDot(name) && !isNamed(name);
  const isHidden = holders.every((holder) => pathFrom(holder, folder).split('/').some(hasDot));
  return (name) => (isHidden || hasDot(name)) && !isNamed(name);
}

function hasDot(step: string): boolean {
  return step.startsWith('.');
}

/** Limits the notices to a few, so that they do not hide the errors. */
function noticesOf(found: readonly string[]): Problem[] {
  const shown = found.slice(0, MAX_SHOWN);
  const rest = found.length - shown.length;
  return shown.map((path, index) => {
    const others = index < shown.length - 1 || rest === 0 ? '' : ` (${rest} more like it)`;
    const { code, message, hint } = path.split('/').some(hasDot) ? HIDDEN : STRAY;
    return new Fault(code, `${message}${others}`, hint).at({ file: path, line: 1, column: 1 }, 'notice');
  });
}

const STRAY = new Fault(
  'stray-manifest',
  'this looks like a manifest, but regsync does not read this folder',
  'Move it into groups/, or add its folder to `manifests` in regsync.yaml.',
);

const HIDDEN = new Fault(
  'stray-manifest',
  'this looks like a manifest, but regsync does not read names and folders that begin with a dot',
  'If it is a manifest, rename it.',
);
