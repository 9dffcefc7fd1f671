import { type Dirent, readdirSync, statSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { visible } from '../../model/text/visible.ts';
import { readsLike } from '../content/manifest-text.ts';
import { sampleOf } from '../content/sample.ts';
import { Fault } from '../fault.ts';
import { quotedPath } from '../visible.ts';
import { attempt } from './file-fault.ts';
import { type RepositoryPath, resolvePath } from './paths.ts';
import { confine, readHead } from './read-confined.ts';
import { explainLinkFrom } from './read-text.ts';

/**
 * Lists the manifests under `entry`: the file itself, or every `*.yaml` and `*.yml` in the folder and below
 * it, in capitals or not. As with a shell's `**`, names that begin with a dot are skipped. Links are followed
 * within the repository.
 */
export function listManifests(root: string, entry: RepositoryPath): ManifestListing | Fault {
  const found = follow(root, entry);
  if (found instanceof Fault) return found;
  return found.isFolder ? walk(root, found) : { files: [found], unreadable: [], folders: [] };
}

export interface ManifestListing {
  /** The manifests, sorted by path. */
  readonly files: readonly ListedFile[];
  /** Unreadable files and folders, and manifests whose name lacks the right ending. */
  readonly unreadable: readonly { readonly path: string; readonly fault: Fault }[];
  /** The real paths of the folders that were walked. */
  readonly folders: readonly string[];
}

export interface ListedFile {
  readonly path: RepositoryPath;
  /** The same for a file and the links to it. */
  readonly realPath: string;
}

function walk(root: string, entry: ListedFile): ManifestListing {
  const files: ListedFile[] = [];
  const unreadable: { path: string; fault: Fault }[] = [];
  const seen = new Set([entry.realPath]);
  const folders = [entry];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const children = attempt(() => readdirSync(folder.realPath, { withFileTypes: true }));
    if (children instanceof Fault) {
      unreadable.push({ path: folder.path, fault: children });
      continue;
    }
    for (const child of children.filter(mayHoldManifests)) {
      const path = posix.join(folder.path, visible(child.name));
      const found = followChild(root, folder, child);
      if (found instanceof Fault) {
        // Other files with a name that cannot be a path are ignored, since nothing reads them.
        if (isFollowed(child)) unreadable.push({ path, fault: found });
      } else if (found.isFolder) {
        if (seen.has(found.realPath)) continue;
        seen.add(found.realPath);
        folders.push(found);
      } else if (isNamedLikeManifest(child.name)) {
        files.push(found);
      } else {
        const fault = explainMisnamed(root, found);
        if (fault !== null) unreadable.push({ path, fault });
      }
    }
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), unreadable, folders: [...seen] };
}

function mayHoldManifests(child: Dirent): boolean {
  if (child.name.startsWith('.')) return false;
  return isFollowed(child) || (child.isFile() && !NEVER_A_MANIFEST.test(child.name));
}

function isFollowed(child: Dirent): boolean {
  return child.isDirectory() || child.isSymbolicLink() || isNamedLikeManifest(child.name);
}

export function isNamedLikeManifest(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

/** Files that are not manifests, too many in a program's repository to open each of them. */
const NEVER_A_MANIFEST = /\.(?:pdf|png|jpe?g|docx?|xlsx?|csv|age|md|m?[jt]s|map)$/i;

/** Explains a manifest with a wrong ending, or a link that became text: both would look deleted. */
function explainMisnamed(root: string, { path, realPath }: ListedFile): Fault | null {
  const head = readHead(realPath, MISNAMED_BYTES);
  if (head instanceof Fault) return null;
  if (readsLike(head.toString('utf8')) === 'manifest') return misnamed(path);
  return head.length < MISNAMED_BYTES ? explainLinkFrom(root, path, sampleOf(head)) : null;
}

const MISNAMED_BYTES = 4096;

function misnamed(path: RepositoryPath): Fault {
  const name = posix.basename(path);
  const meant = `${name.replace(/~$/, '').replace(/(?:\.ya?ml)?(?:\.\w+)?$/i, '')}.yaml`;
  return new Fault(
    'misnamed-manifest',
    'this looks like a manifest, but regsync reads only names that end in .yaml or .yml',
    `Rename it to ${quotedPath(meant)}. If it is not a manifest, move it to another folder.`,
  );
}

interface Found extends ListedFile {
  readonly isFolder: boolean;
}

function followChild(root: string, folder: ListedFile, child: Dirent): Found | Fault {
  const path = resolvePath(folder.path, child.name);
  if (path instanceof Fault) return path;
  if (child.isSymbolicLink()) return follow(root, path);
  return { path, realPath: `${folder.realPath}${sep}${child.name}`, isFolder: child.isDirectory() };
}

function follow(root: string, path: RepositoryPath): Found | Fault {
  const realPath = confine(root, path);
  if (realPath instanceof Fault) return realPath;
  const stats = attempt(() => statSync(realPath));
  return stats instanceof Fault ? stats : { path, realPath, isFolder: stats.isDirectory() };
}
