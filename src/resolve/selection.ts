import { basename, dirname, posix, resolve } from 'node:path';
import { isInside, pathFrom, realPathOf } from '../files/paths.ts';
import { Fault } from '../manifest/fault.ts';
import type { Repository } from '../manifest/repository.ts';
import { quoted, quotedPath } from '../manifest/visible.ts';
import {
  byKind,
  countSelected,
  type DesiredByKind,
  MANAGED_KINDS,
  type ManagedKind,
  type Selected,
} from '../model/kinds.ts';
import type { Problem } from '../model/problem.ts';
import type { Desired, DesiredGroup } from '../model/resource.ts';
import { isInShard } from '../model/shard.ts';
import { suggest } from '../model/suggestion.ts';

/**
 * Selects the manifests in files or folders `paths` (relative to `cwd`) and, if `targets` are given too, of
 * these names. Of those, it selects the ones in the shard. A path or name without a manifest is a problem,
 * since it is a mistake. A shard may well contain none, because nobody chooses its names.
 */
export function selectManifests(
  repository: Repository,
  desired: Desired,
  options: {
    readonly paths: readonly string[];
    readonly targets: readonly string[];
    readonly shard?: string;
    readonly cwd: string;
    /**
     * The files that may be named although they contain no group or order, because `validate` accepts any
     * manifest.
     */
    readonly files?: readonly string[];
  },
): { selected: Selected; problems: Problem[] } {
  const problems: Problem[] = [];
  const all: readonly Selectable[] = MANAGED_KINDS.flatMap((kind): readonly Selectable[] => desired[kind]);
  const names = new Set(all.map(({ name }) => name));
  for (const target of options.targets) {
    if (names.has(target)) continue;
    const meant = suggest(target, names);
    const hint = meant === null ? undefined : `Did you mean "${meant}"?`;
    problems.push(new Fault('unknown-target', `no group or order is named ${quoted(target)}`, hint).at(null));
  }
  const inPaths = new Set<Selectable>();
  const { files = [] } = options;
  for (const written of options.paths) {
    const paths = namesInRepository(repository.root, resolve(options.cwd, written));
    const found = all.filter(({ source }) => isWithin(source.file, paths));
    for (const manifest of found) inPaths.add(manifest);
    if (found.length === 0 && !files.some((file) => isWithin(file, paths))) {
      const message = `no group or order stands in ${quotedPath(written)}`;
      problems.push(new Fault('unknown-path', message, hintForPath(written, all, options.cwd)).at(null));
    }
  }
  const select = (manifests: readonly Selectable[]): ReadonlySet<string> =>
    new Set(
      manifests
        .filter(
          (manifest) =>
            (options.targets.length === 0 || options.targets.includes(manifest.name)) &&
            (options.paths.length === 0 || inPaths.has(manifest)),
        )
        .map(({ name }) => name),
    );
  const selected = byKind((kind) => select(desired[kind]));
  if (countSelected(selected) === 0 && problems.length === 0 && options.targets.length > 0) {
    const message = 'none of the targets stands in the paths that are given';
    problems.push(new Fault('nothing-selected', message).at(null));
  }
  const { shard } = options;
  return { selected: shard === undefined ? selected : partOf(selected, shard, desired), problems };
}

/** People often give a name in place of a path, or a file's name without its folder. */
function hintForPath(written: string, all: readonly Selectable[], cwd: string): string {
  const named = all.find(({ name }) => name === written);
  if (named !== undefined)
    return `It is a name, not a path: its manifest is ${quotedPath(named.source.file)}. Give plan and apply that path, or --target ${written}.`;
  const nearName = suggest(written, new Set(all.map(({ name }) => name)));
  if (nearName !== null) return `Did you mean --target ${nearName}?`;
  const nearFile = all.find(({ source }) => basename(source.file) === basename(written));
  const near = nearFile === undefined ? '' : ` Did you mean ${quotedPath(nearFile.source.file)}?`;
  return `Paths are looked up from ${cwd}.${near}`;
}

/** Puts an order into the shard of its group, because the order is placed with the group's values. */
function partOf(selected: Selected, shard: string, desired: DesiredByKind): Selected {
  return byKind((kind) => {
    const dealtAs = new Map(desired[kind].map((object) => [object.name, groupNameOf(object) ?? object.name]));
    return new Set([...selected[kind]].filter((name) => isInShard(dealtAs.get(name) ?? name, shard)));
  });
}

function groupNameOf(object: DesiredByKind[ManagedKind][number]): string | null {
  return 'group' in object ? (object.group?.name ?? null) : null;
}

/** A group and an order may have the same name, so these are compared as objects. */
type Selectable = Pick<DesiredGroup, 'name' | 'source'>;

/**
 * Returns the repository's names for an absolute path, with `/`: the one through a link, and the real one.
 * The root is `''`. A path outside of the repository has no name.
 */
export function namesInRepository(root: string, path: string): readonly string[] {
  const places = [resolve(realPathOf(dirname(path)), basename(path)), realPathOf(path)];
  return places.filter((place) => isInside(root, place)).map((place) => pathFrom(root, place));
}

/** Returns true if it is one of these files, or is in one of these folders. */
export function isWithin(file: string, paths: readonly string[]): boolean {
  return paths.some((path) => path === '' || file === path || file.startsWith(`${path}/`));
}

/**
 * Returns true if an entry of `manifests` in regsync.yaml is this file or folder, or is a folder around it.
 */
export function isCoveredBy(path: string, entry: string): boolean {
  const folder = posix.normalize(entry).replace(/\/$/, '');
  return isWithin(path, [folder === '.' ? '' : folder]);
}
