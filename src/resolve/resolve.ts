import { resolveAddress } from '../kinds/address/resolve.ts';
import { resolveDocument } from '../kinds/document/resolve.ts';
import { resolveNumberOrder } from '../kinds/number-order/resolve.ts';
import { resolvePortingOrder } from '../kinds/porting-order/resolve.ts';
import { resolveRequirements } from '../kinds/stated/requirements.ts';
import { Fault } from '../manifest/fault.ts';
import type { GroupManifest, Manifest, Path } from '../manifest/manifest.ts';
import type { ManifestKind, ParsedFile } from '../manifest/parse.ts';
import {
  BrokenNames,
  checkReference,
  describePlace,
  type FileContents,
  inWords,
  type Place,
  type Resolution,
  type ResolveOptions,
  resolveId,
} from '../manifest/resolution.ts';
import { quoted } from '../manifest/visible.ts';
import type { Problem } from '../model/problem.ts';
import {
  ATTACHMENT_KINDS,
  asReference,
  asRemoteId,
  type Desired,
  type DesiredAddress,
  type DesiredAttachment,
  type DesiredDocument,
  type DesiredGroup,
  references,
} from '../model/resource.ts';
import {
  reportCollisions,
  reportGroupLinks,
  reportOrderCollisions,
  reportSharedNumbers,
  reportSharedOrders,
  reportUnused,
} from './collisions.ts';

/** What has a name of its own, whether or not a group refers to it. */
export interface NamedContents {
  readonly documents: readonly DesiredDocument[];
  readonly addresses: readonly DesiredAddress[];
}

/** Looks up every name and every file. All problems at once; what has one is left out of the result. */
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
    const { kind, fields, origin } = manifest;
    const place: Place = { origin, path: [], name: fields.name };
    if (kind === 'Document') {
      resolution.documents.set(fields.name, resolveDocument(fields, place, resolution));
    }
    if (kind === 'Address') resolution.addresses.set(fields.name, resolveAddress(fields, place));
  }
  const ofKind = <Kind extends ManifestKind>(kind: Kind) =>
    manifests.filter((manifest): manifest is Extract<Manifest, { kind: Kind }> => manifest.kind === kind);
  const groupManifests = ofKind('RequirementGroup');
  const numberManifests = ofKind('NumberOrder');
  const portingManifests = ofKind('PortingOrder');
  const groups = groupManifests.map((manifest) => resolveGroup(manifest, resolution));
  const numberOrders = numberManifests.map((manifest) => resolveNumberOrder(manifest, resolution));
  const portingOrders = portingManifests.map((manifest) => resolvePortingOrder(manifest, resolution));
  reportCollisions(groupManifests, groups, resolution);
  reportOrderCollisions(numberManifests, numberOrders, resolution);
  reportSharedNumbers(numberManifests, resolution);
  reportGroupLinks([...numberManifests, ...portingManifests], groups, resolution);
  reportSharedOrders(manifests, resolution);
  if (broken.isEmpty) reportUnused(manifests, resolution);
  const named = {
    documents: [...resolution.documents.values()].filter((document) => document !== null),
    addresses: [...resolution.addresses.values()],
  };
  const { scope, formerScope } = options;
  const former = formerScope === undefined ? {} : { formerScope };
  const desired = {
    scope,
    ...former,
    RequirementGroup: groups,
    NumberOrder: numberOrders,
    PortingOrder: portingOrders,
  };
  return { desired, named, problems: resolution.problems };
}

/* ---- Names ---- */

/** Of several with one name, the first; the others are problems. */
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

/* ---- Groups ---- */

function resolveGroup({ fields, origin }: GroupManifest, resolution: Resolution): DesiredGroup {
  const { scope } = resolution.options;
  const ownReference = references.group(scope, fields.name);
  const reference = asReference(fields.customer_reference ?? ownReference);
  const report = (path: Path, fault: Fault): void => {
    resolution.problems.push(origin.problem(path, fault));
  };
  const reserved = checkReference(reference, ownReference);
  if (reserved !== null) report(['customer_reference'], reserved);
  return {
    name: fields.name,
    combination: {
      countryCode: fields.country_code,
      phoneNumberType: fields.phone_number_type,
      action: fields.action,
    },
    reference,
    statesReference: fields.customer_reference !== undefined,
    id: resolveId(fields.id, origin),
    approval: fields.approval ?? 'submit',
    partial: fields.partial ?? false,
    requirements: resolveRequirements(fields.requirements ?? [], origin, resolution),
    attach: resolveAttachments({ fields, origin }, report),
    source: origin.positionOnDemand([]),
  };
}

/** @param report leaves a problem at a path of the manifest. */
function resolveAttachments(
  { fields, origin }: Pick<GroupManifest, 'fields' | 'origin'>,
  report: (path: Path, fault: Fault) => void,
): DesiredAttachment[] {
  return (fields.attach ?? []).flatMap((entry, index) => {
    const kind = ATTACHMENT_KINDS.find((name) => entry[name] !== undefined);
    if (kind === undefined) return [];
    const path = ['attach', index, kind];
    const action = kind === 'porting_order' ? 'porting' : 'ordering';
    if (fields.action !== action) {
      const message = `a ${inWords(kind)} takes groups for ${action}, and this one is for ${fields.action}`;
      report(path, new Fault('order-mismatch', message));
    }
    return [{ kind, id: asRemoteId(entry[kind]?.toLowerCase() ?? ''), source: origin.position(path) }];
  });
}
