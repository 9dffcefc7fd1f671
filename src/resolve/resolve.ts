import { CONTENTS, MANAGED } from '../kinds/index.ts';
import type { Managed } from '../kinds/kind.ts';
import { Fault } from '../manifest/fault.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ManifestKind, ParsedFile } from '../manifest/parse.ts';
import {
  BrokenNames,
  describePlace,
  type FileContents,
  type Resolution,
  type ResolveOptions,
} from '../manifest/resolution.ts';
import { quoted } from '../manifest/visible.ts';
import { byKind, MANAGED_KINDS, type ManagedKind } from '../model/kinds.ts';
import type { Problem } from '../model/problem.ts';
import type { Desired, DesiredAddress, DesiredDocument } from '../model/resource.ts';
import { reportSharedOrders, reportUnused } from './collisions.ts';

/** The contents that have a name of their own, whether or not a group refers to them. */
export interface NamedContents {
  readonly documents: readonly DesiredDocument[];
  readonly addresses: readonly DesiredAddress[];
}

/**
 * Looks up every name and every file, and returns all problems at once. Parts with a problem are left out of
 * the result.
 */
export function resolveManifests(
  parsed: readonly ParsedFile[],
  files: FileContents,
  options: ResolveOptions,
): { desired: Desired; named: NamedContents; problems: readonly Problem[] } {
  const broken = new BrokenNames(parsed);
  const resolution: Resolution = {
    files,
    options,
    broken,
    documents: new Map(),
    addresses: new Map(),
    used: { Document: new Set(), Address: new Set() },
    plaintexts: new Set(),
    unrecognised: new Set(),
    problems: [],
  };
  const manifests = uniquelyNamed(parsed, resolution);
  for (const manifest of manifests) {
    if (manifest.kind === 'Document') CONTENTS.Document.define(manifest, resolution);
    if (manifest.kind === 'Address') CONTENTS.Address.define(manifest, resolution);
  }
  const managed = manifests.filter(isManaged);
  const ofKind = (kind: ManagedKind) => managed.filter((manifest) => manifest.kind === kind);
  const { scope, formerScope } = options;
  const desired = {
    scope,
    ...(formerScope === undefined ? {} : { formerScope }),
    ...byKind((kind) => {
      const room: Managed = MANAGED[kind];
      return ofKind(kind).map((manifest) => room.resolve(manifest, resolution));
    }),
  } as Desired;
  for (const kind of MANAGED_KINDS) {
    const room: Managed = MANAGED[kind];
    room.check(ofKind(kind), desired, resolution);
  }
  reportSharedOrders(managed, resolution);
  const { concerned } = options;
  const known = concerned === undefined ? manifests : manifests.filter((each) => concerned.has(each));
  if (broken.isEmpty) reportUnused(known, resolution);
  const named = {
    documents: [...resolution.documents.values()].filter((document) => document !== null),
    addresses: [...resolution.addresses.values()].filter(
      (address): address is DesiredAddress => address !== null && address !== 'unread',
    ),
  };
  return { desired, named, problems: resolution.problems };
}

function isManaged(manifest: Manifest): manifest is Manifest<ManagedKind> {
  return manifest.kind !== 'Document' && manifest.kind !== 'Address';
}

/* ---- Names ---- */

/** Returns the first of several manifests with one name. The others are problems. */
function uniquelyNamed(parsed: readonly ParsedFile[], { problems }: Resolution): Manifest[] {
  const firstOfKinds = new Map<ManifestKind, Map<string, Manifest>>();
  const unique: Manifest[] = [];
  for (const manifest of parsed.flatMap((file) => file.manifests)) {
    const { kind, fields, origin } = manifest;
    const first = firstOfKinds.get(kind) ?? new Map<string, Manifest>();
    firstOfKinds.set(kind, first);
    const earlier = first.get(fields.name);
    if (earlier === undefined) {
      first.set(fields.name, manifest);
      unique.push(manifest);
    } else {
      const message = `${kind} ${quoted(fields.name)} is already defined at ${describePlace(earlier.origin, ['name'])}`;
      const hint = 'Give one of them another name, or delete it.';
      problems.push(origin.problem(['name'], new Fault('duplicate-name', message, hint)));
    }
  }
  return unique;
}
