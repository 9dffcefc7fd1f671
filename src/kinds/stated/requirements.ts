import { Fault } from '../../manifest/fault.ts';
import type { Origin, Path } from '../../manifest/manifest.ts';
import {
  describeFirst,
  type Resolution,
  type StatedPlace,
  type UnreadAddress,
} from '../../manifest/resolution.ts';
import { quoted } from '../../manifest/visible.ts';
import type { RequirementFields } from '../../model/fields.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import {
  asRemoteId,
  type DesiredAddress,
  type DesiredContent,
  type DesiredDocument,
  type DesiredRequirement,
} from '../../model/resource.ts';
import { suggest } from '../../model/text/suggestion.ts';
import { resolveAddress } from '../address/resolve.ts';
import { resolveDocument } from '../document/resolve.ts';
import { resolveTextSource } from './text-source.ts';

export function resolveRequirements(
  requirements: readonly RequirementFields[],
  origin: Origin,
  resolution: Resolution,
): DesiredRequirement[] {
  const keys = requirements.map(keyOf);
  const repeated = new Set<number>();
  for (const [index, key] of keys.entries()) {
    // Looking through a handful takes less time than building a map.
    const firstIndex = keys.indexOf(key);
    if (firstIndex === index) continue;
    repeated.add(index);
    const pathToName = (place: number): Path => pathTo(place, 'requirement');
    const first = describeFirst(origin, pathToName, firstIndex, index);
    const fault = new Fault('duplicate-requirement', `this requirement is already given ${first}`, KEEP_ONE);
    resolution.problems.push(origin.problem(pathToName(index), fault));
  }
  const resolved = requirements.map((requirement, index) => {
    const found = resolveRequirement(requirement, index, origin, resolution);
    // The later check of names would otherwise report it once more.
    return repeated.has(index) ? null : found;
  });
  return resolved.filter((requirement) => requirement !== null);
}

export const KEEP_ONE = 'Delete one of the two entries.';

/** Returns a key that ignores the case of an id. */
function keyOf({ requirement }: RequirementFields): string {
  return UUID.test(requirement) ? requirement.toLowerCase() : requirement;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function resolveRequirement(
  fields: RequirementFields,
  index: number,
  origin: Origin,
  resolution: Resolution,
): DesiredRequirement | null {
  const key = CONTENT_KEYS.find((name) => fields[name] !== undefined);
  if (key === undefined) return null;
  const path = pathTo(index, key);
  const content = resolveContent(fields, { origin, path, name: null }, resolution);
  if (content === null) return null;
  return {
    requirement: fields.requirement,
    content,
    source: origin.positionOnDemand(pathTo(index, 'requirement')),
    contentSource: origin.positionOnDemand(path),
  };
}

const CONTENT_KEYS = ['text', 'text_from', 'document', 'address'] as const;

function pathTo(index: number, key: 'requirement' | (typeof CONTENT_KEYS)[number]): Path {
  return ['requirements', index, key];
}

export function resolveContent(
  fields: RequirementFields,
  place: StatedPlace,
  resolution: Resolution,
): DesiredContent | null {
  const { text, text_from: textFrom, document, address } = fields;
  if (text !== undefined) return { kind: 'text', text: new Sensitive(text) };
  if (textFrom !== undefined) return resolveTextSource(textFrom, place, resolution);
  if (document !== undefined) {
    if (typeof document === 'object' && 'id' in document) {
      return { kind: 'document_id', id: asRemoteId(document.id.toLowerCase()) };
    }
    const resolved =
      typeof document === 'string'
        ? lookUp(document, 'Document', place, resolution)
        : resolveDocument(document, place, resolution);
    return resolved === null ? null : { kind: 'document', document: resolved };
  }
  if (address === undefined) return null;
  if (typeof address === 'object' && 'id' in address) {
    return { kind: 'address_id', id: asRemoteId(address.id) };
  }
  const resolved =
    typeof address === 'string'
      ? lookUp(address, 'Address', place, resolution)
      : resolveAddress(address, place, resolution);
  if (resolved === 'unread') return { kind: 'unread_address' };
  return resolved === null ? null : { kind: 'address', address: resolved };
}

function lookUp(
  name: string,
  kind: 'Document',
  place: StatedPlace,
  resolution: Resolution,
): DesiredDocument | null;

function lookUp(
  name: string,
  kind: 'Address',
  place: StatedPlace,
  resolution: Resolution,
): DesiredAddress | UnreadAddress | null;

function lookUp(
  name: string,
  kind: 'Document' | 'Address',
  { origin, path }: StatedPlace,
  { documents, addresses, broken, used, problems }: Resolution,
): DesiredDocument | DesiredAddress | UnreadAddress | null {
  const [own, other] = kind === 'Document' ? [documents, addresses] : [addresses, documents];
  used[kind].add(name);
  const found = own.get(name);
  if (found !== undefined || broken.mayHold(kind, name)) return found ?? null;
  const meant = suggest(name, own.keys());
  const otherKind = kind === 'Document' ? 'Address' : 'Document';
  const hint = other.has(name)
    ? `It is the name of ${otherKind === 'Address' ? 'an' : 'a'} ${otherKind}.`
    : meant === null
      ? `Correct the name, or add a manifest with "kind: ${kind}" and this name.`
      : `Did you mean "${meant}"?`;
  const fault = new Fault('unknown-reference', `unknown ${kind.toLowerCase()} ${quoted(name)}`, hint);
  problems.push(origin.problem(path, fault));
  return null;
}
