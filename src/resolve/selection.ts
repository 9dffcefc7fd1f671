import { basename, dirname, posix, resolve } from 'node:path';
import { isInside, pathFrom, realPathOf } from '../files/paths.ts';
import { Fault } from '../manifest/fault.ts';
import type { Repository } from '../manifest/repository.ts';
import { quoted, quotedPath } from '../manifest/visible.ts';
import {
  byKind,
  type DesiredByKind,
  MANAGED_KINDS,
  type ManagedKind,
  type Selected,
} from '../model/kinds.ts';
import { type ChangedSince, manifestKey } from '../model/plan/changed.ts';
import type { Problem } from '../model/problem.ts';
import type { Desired, DesiredGroup } from '../model/resource.ts';
import { isInShard } from '../model/shard.ts';
import { suggest } from '../model/text/suggestion.ts';
import { explainKind, isPattern, pathTest, readTarget, targetTest } from './patterns.ts';

/**
 * Selects the manifests in files or folders `paths` (relative to `cwd`) and, if `targets` are given too, of
 * these names, without those that `excludes` names. Of these, it selects the ones that the change touches and
 * that are in the shard. Paths and
 * names may be patterns. One without a manifest is a problem, since it is a mistake. A shard may well contain
 * none, and a change too, because no person chooses their names.
 */
export function selectManifests(
  repository: Repository,
  desired: Desired,
  options: {
    readonly paths: readonly string[];
    readonly targets: readonly string[];
    readonly excludes?: readonly string[];
    readonly shard?: string;
    readonly changed?: Pick<ChangedSince, 'names'>;
    readonly cwd: string;
    /**
     * The files that may be named although they contain no group or order, because `validate` accepts any
     * manifest.
     */
    readonly files?: readonly string[];
  },
): { selected: Selected; problems: Problem[] } {
  const problems: Problem[] = [];
  const all = MANAGED_KINDS.flatMap((kind) =>
    desired[kind].map(({ name, source }): Selectable => ({ kind, name, source })),
  );
  const { targets, excludes = [] } = options;
  problems.push(...missedTargets('unknown-target', targets, all));
  problems.push(...missedTargets('unknown-exclude', excludes, all));
  const isTarget = anyTarget(targets);
  const isExcluded = anyTarget(excludes);
  const inPaths = new Set<Selectable>();
  const { files = [] } = options;
  for (const written of options.paths) {
    const isThere = fileTest(repository.root, resolve(options.cwd, written));
    const found = all.filter(({ source }) => isThere(source.file));
    for (const manifest of found) inPaths.add(manifest);
    if (found.length === 0 && !files.some(isThere)) {
      const message = `${quotedPath(written)} contains no group or order`;
      problems.push(new Fault('unknown-path', message, hintForPath(written, all, options.cwd)).at(null));
    }
  }
  const chosen = all.filter(
    (manifest) =>
      (targets.length === 0 || isTarget(manifest)) &&
      (options.paths.length === 0 || inPaths.has(manifest)) &&
      !isExcluded(manifest),
  );
  const selected = byKind(
    (kind) => new Set(chosen.filter((manifest) => manifest.kind === kind).map(({ name }) => name)),
  );
  if (chosen.length === 0 && problems.length === 0 && targets.length + excludes.length > 0) {
    problems.push(new Fault('nothing-selected', nothingSelected(excludes)).at(null));
  }
  const { shard, changed } = options;
  const ofShard = shard === undefined ? selected : partOf(selected, shard, desired);
  return { selected: changed === undefined ? ofShard : onlyChanged(ofShard, changed), problems };
}

function onlyChanged(selected: Selected, { names }: Pick<ChangedSince, 'names'>): Selected {
  const touched = new Set(names);
  return byKind(
    (kind) => new Set([...selected[kind]].filter((name) => touched.has(manifestKey(kind, name)))),
  );
}

function nothingSelected(excludes: readonly string[]): string {
  return excludes.length === 0
    ? 'these paths contain none of the targets'
    : 'every group and order that the run would act on is excluded: leave one --exclude out';
}

function anyTarget(written: readonly string[]): (manifest: Selectable) => boolean {
  const tests = written.map((each) => targetTest(readTarget(each)));
  return (manifest) => tests.some((test) => test(manifest));
}

/** Returns a problem for each target that means no manifest. */
function missedTargets(
  code: 'unknown-target' | 'unknown-exclude',
  written: readonly string[],
  all: readonly Selectable[],
): Problem[] {
  return written.flatMap((each) => {
    const target = readTarget(each);
    if (all.some(targetTest(target))) return [];
    const unknownKind = explainKind(target);
    if (unknownKind !== null)
      return [
        new Fault(code, `${quoted(target.kind ?? '')} is not a kind of manifest`, unknownKind).at(null),
      ];
    const ofKind = all.filter(({ kind }) => target.kind === null || kind === target.kind);
    if (isPattern(target.name)) {
      const some = ofKind.slice(0, 5).map(({ name }) => name);
      const hint = some.length === 0 ? undefined : `Names are, for example, ${some.join(', ')}.`;
      return [new Fault(code, `no group or order has a name that matches ${quoted(each)}`, hint).at(null)];
    }
    const meant = suggest(target.name, new Set(ofKind.map(({ name }) => name)));
    const hint = meant === null ? undefined : `Did you mean "${meant}"?`;
    return [new Fault(code, `no group or order is named ${quoted(each)}`, hint).at(null)];
  });
}

/**
 * Returns a test for the files of the repository that an absolute path or pattern means: a file, the files of
 * a folder, or those that match.
 */
export function fileTest(root: string, path: string): (file: string) => boolean {
  const names = namesInRepository(root, path);
  const tests = names.filter(isPattern).map(pathTest);
  return (file) => isWithin(file, names) || tests.some((test) => test(file));
}

/** People often give a name in place of a path, or a file's name without its folder. */
function hintForPath(written: string, all: readonly Selectable[], cwd: string): string {
  if (isPattern(written)) return `Patterns are compared with paths from ${cwd}, as in groups/*.yaml.`;
  const named = all.find(({ name }) => name === written);
  if (named !== undefined)
    return `This is a name, not a path. Write --target ${written}, or the path ${quotedPath(named.source.file)}.`;
  const nearName = suggest(written, new Set(all.map(({ name }) => name)));
  if (nearName !== null) return `Did you mean --target ${nearName}?`;
  const nearFile = all.find(({ source }) => basename(source.file) === basename(written));
  const near = nearFile === undefined ? '' : ` Did you mean ${quotedPath(nearFile.source.file)}?`;
  return `regsync looks paths up from ${cwd}.${near}`;
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
interface Selectable extends Pick<DesiredGroup, 'name' | 'source'> {
  readonly kind: ManagedKind;
}

/**
 * Returns the repository's names for an absolute path, with `/`: the one through a link, and the real one.
 * The root is `''`. A path outside of the repository has no name.
 */
export function namesInRepository(root: string, path: string): readonly string[] {
  const places = [resolve(realPathOf(dirname(path)), basename(path)), realPathOf(path)];
  return places.filter((place) => isInside(root, place)).map((place) => pathFrom(root, place));
}

/** Returns true if it is one of these files, or is in one of these folders. */
function isWithin(file: string, paths: readonly string[]): boolean {
  return paths.some((path) => path === '' || file === path || file.startsWith(`${path}/`));
}

/**
 * Returns true if an entry of `manifests` in regsync.yaml is this file or folder, or is a folder around it.
 */
export function isCoveredBy(path: string, entry: string): boolean {
  const folder = posix.normalize(entry).replace(/\/$/, '');
  return isWithin(path, [folder === '.' ? '' : folder]);
}
