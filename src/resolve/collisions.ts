import { Fault } from '../manifest/fault.ts';
import type {
  GroupManifest,
  Manifest,
  NumberOrderManifest,
  OrderManifest,
  Path,
} from '../manifest/manifest.ts';
import { type BrokenNames, describePlace, inWords, type Resolution } from '../manifest/resolution.ts';
import { quoted } from '../manifest/visible.ts';
import {
  ATTACHMENT_KINDS,
  type AttachmentKind,
  combinationKey,
  type DesiredGroup,
  type DesiredNumberOrder,
} from '../model/resource.ts';
import { suggest } from '../model/suggestion.ts';

/** What is wrong, and only shows when all manifests are known. */

/** Two groups that would be the same group at Telnyx. */
export function reportCollisions(
  manifests: readonly GroupManifest[],
  groups: readonly DesiredGroup[],
  { problems }: Resolution,
): void {
  const byReference = new Map<string, GroupManifest>();
  const byId = new Map<string, GroupManifest>();
  const claim = (claims: Map<string, GroupManifest>, key: string, claimant: Claim): void => {
    const { manifest, path, code, what, hint } = claimant;
    const earlier = claims.get(key);
    if (earlier === undefined) {
      claims.set(key, manifest);
      return;
    }
    const message = `${what} as ${quoted(earlier.fields.name)} at ${describePlace(earlier.origin, [])}`;
    problems.push(manifest.origin.problem(path, new Fault(code, message, hint)));
  };
  manifests.forEach((manifest, index) => {
    const group = groups[index];
    if (group === undefined) return;
    claim(byReference, `${combinationKey(group.combination)} ${group.reference}`, {
      manifest,
      path: [group.statesReference ? 'customer_reference' : 'name'],
      code: 'duplicate-reference',
      what: 'the same reference, country, type and action',
      hint: 'Give each group a reference of its own, or remove one of the two manifests.',
    });
    if (group.id === null) return;
    claim(byId, group.id.id, {
      manifest,
      path: ['id'],
      code: 'duplicate-id',
      what: 'the same id',
      hint: 'Keep the line in the manifest that the group is for, and remove it from the other.',
    });
  });
}

interface Claim {
  readonly manifest: GroupManifest;
  readonly path: Path;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

/** Two manifests that would be the same order at Telnyx: it would be placed once, with the numbers of one of them. */
export function reportOrderCollisions(
  manifests: readonly NumberOrderManifest[],
  orders: readonly DesiredNumberOrder[],
  { problems }: Resolution,
): void {
  const byReference = new Map<string, NumberOrderManifest>();
  for (const [index, manifest] of manifests.entries()) {
    const { reference, statesReference, id } = orders[index] ?? {};
    // An order that is named by its id keeps whatever reference it has.
    if (reference === undefined || (id !== null && !statesReference)) continue;
    const earlier = byReference.get(reference);
    byReference.set(reference, earlier ?? manifest);
    if (earlier === undefined) continue;
    const message = `the same reference as ${quoted(earlier.fields.name)} at ${describePlace(earlier.origin, [])}`;
    const path = [statesReference ? 'customer_reference' : 'name'];
    problems.push(manifest.origin.problem(path, new Fault('duplicate-reference', message)));
  }
}

/** Telnyx would refuse the second order, and which is the second is chance. */
export function reportSharedNumbers(
  manifests: readonly NumberOrderManifest[],
  { problems }: Resolution,
): void {
  const owners = new Map<string, NumberOrderManifest>();
  for (const manifest of manifests) {
    for (const [index, number] of (manifest.fields.phone_numbers ?? []).entries()) {
      const owner = owners.get(number);
      owners.set(number, owner ?? manifest);
      if (owner === undefined || owner === manifest) continue;
      const message = `this phone number is ordered by ${quoted(owner.fields.name)} at ${describePlace(owner.origin, [])}`;
      const fault = new Fault('duplicate-number', message, 'A number stands in one order.');
      problems.push(manifest.origin.problem(['phone_numbers', index], fault));
    }
  }
}

/** An order names its group by the name of a manifest. */
export function reportGroupLinks(
  orders: readonly OrderManifest[],
  groups: readonly DesiredGroup[],
  { broken, problems }: Resolution,
): void {
  if (orders.length === 0) return;
  const byName = new Map(groups.map((group) => [group.name, group]));
  for (const { kind, fields, origin } of orders) {
    const { requirement_group: name } = fields;
    if (name === undefined) continue;
    const group = byName.get(name);
    const fault =
      group === undefined ? unknownGroup(name, byName.keys(), broken) : unsuitedGroup(kind, group);
    if (fault !== null) problems.push(origin.problem(['requirement_group'], fault));
  }
}

function unknownGroup(name: string, known: Iterable<string>, broken: BrokenNames): Fault | null {
  if (broken.mayHold('RequirementGroup', name)) return null;
  const meant = suggest(name, known);
  return new Fault(
    'unknown-reference',
    `unknown requirement group ${quoted(name)}`,
    meant === null ? 'No manifest with “kind: RequirementGroup” has this name.' : `Did you mean "${meant}"?`,
  );
}

function unsuitedGroup(kind: OrderManifest['kind'], { combination }: DesiredGroup): Fault | null {
  const [what, action] = kind === 'NumberOrder' ? ['number order', 'ordering'] : ['porting order', 'porting'];
  return combination.action === action
    ? null
    : new Fault(
        'order-mismatch',
        `a ${what} takes groups for ${action}, and this one is for ${combination.action}`,
      );
}

/** Two groups in one order would overwrite each other's values at every run; so would two manifests of one order. */
export function reportSharedOrders(manifests: readonly Manifest[], { problems }: Resolution): void {
  const owners = new Map<string, string>();
  for (const manifest of manifests) {
    const { fields, origin } = manifest;
    for (const { kind, id, path } of namedOrders(manifest)) {
      const owner = owners.get(`${kind} ${id}`);
      owners.set(`${kind} ${id}`, owner ?? `${quoted(fields.name)} at ${describePlace(origin, path)}`);
      if (owner === undefined) continue;
      const message = `this ${inWords(kind)} is already named by ${owner}`;
      const hint = 'An order has room for the values of one group.';
      problems.push(origin.problem(path, new Fault('duplicate-order', message, hint)));
    }
  }
}

/** The orders that a manifest names by their ids. */
function namedOrders({
  kind,
  fields,
}: Manifest): readonly { readonly kind: AttachmentKind; readonly id: string; readonly path: Path }[] {
  switch (kind) {
    case 'RequirementGroup':
      return (fields.attach ?? []).flatMap((entry, index) =>
        ATTACHMENT_KINDS.flatMap((name) => {
          const id = entry[name]?.toLowerCase();
          return id === undefined ? [] : [{ kind: name, id, path: ['attach', index, name] }];
        }),
      );
    case 'NumberOrder':
      return fields.id === undefined
        ? []
        : [{ kind: 'number_order', id: fields.id.toLowerCase(), path: ['id'] }];
    case 'PortingOrder':
      return [{ kind: 'porting_order', id: fields.id.toLowerCase(), path: ['id'] }];
    case 'Document':
    case 'Address':
      return [];
    default:
      return kind satisfies never;
  }
}

export function reportUnused(manifests: readonly Manifest[], { used, problems }: Resolution): void {
  for (const { kind, fields, origin } of manifests) {
    if ((kind !== 'Document' && kind !== 'Address') || used[kind].has(fields.name)) continue;
    const fault = new Fault(
      'unused-manifest',
      `no requirement refers to the ${kind.toLowerCase()} ${quoted(fields.name)}`,
    );
    problems.push(origin.problem(['name'], fault, 'notice'));
  }
}
