import { posix } from 'node:path';
import { hashAddressFields } from '../model/address.ts';
import type { AddressRow } from '../telnyx/types.ts';
import type { ComposedDocument, ComposedGroup, Surroundings } from './composition.ts';
import type { GeneratedDocument, GeneratedValue } from './generate-manifests.ts';
import { fileBase, type Names, slug } from './names.ts';

/**
 * The documents and addresses of groups: the paths of their files, and which of them have their own manifest.
 */

export const DOCUMENTS_FOLDER = 'documents';

/** Returns the key of a document, which includes its expiry date, since the same file may have several. */
export function documentKey(document: Pick<GeneratedDocument, 'sha256' | 'expires'>): string {
  return `${document.sha256}/${document.expires ?? ''}`;
}

/** Returns the documents by digest. Each content has one path, which is the existing one if there is one. */
export function placeDocuments(
  groups: readonly ComposedGroup[],
  { documentPaths, suffix }: Surroundings,
  paths: Names,
): ReadonlyMap<string, ComposedDocument> {
  const placed = new Map<string, ComposedDocument>();
  for (const { group, value, document } of documentUses(groups)) {
    const { sha256, bytes, extension } = document;
    if (placed.has(sha256)) continue;
    const there = documentPaths.get(sha256);
    const base = posix.join(DOCUMENTS_FOLDER, fileBase(contentName(group.name, value)));
    const path = there ?? paths.claim(base, `.${extension}${suffix}`);
    placed.set(sha256, { sha256, bytes, path, isThere: there !== undefined });
  }
  return placed;
}

interface DocumentUse {
  readonly group: ComposedGroup;
  readonly value: GeneratedValue;
  readonly document: GeneratedDocument;
}

function documentUses(groups: readonly ComposedGroup[]): DocumentUse[] {
  return groups.flatMap((group) =>
    group.manifest.values.flatMap((value) =>
      value.content.kind === 'document' ? [{ group, value, document: value.content.document }] : [],
    ),
  );
}

/**
 * Returns a name made from those of the group and the requirement, which are public. It never uses an address
 * or a file name, which are private.
 */
function contentName(group: string, { requirement, content }: GeneratedValue): string {
  const kind = content.kind === 'address' ? 'address' : 'document';
  const what = requirement.name === requirement.id ? kind : slug(requirement.name) || kind;
  return `${group.slice(0, MAX_PART)}-${what.slice(0, MAX_PART)}`.replace(/[._-]+$/, '');
}

/** The length limits two parts and a number to a name of at most 63 characters. */
const MAX_PART = 28;

/* ---- Manifests of contents: for every address, and for documents that are used more than once ---- */

export interface Shared {
  readonly all: readonly SharedContent[];
  /** The names to refer to, by address digest or `documentKey`. */
  readonly addressNames: ReadonlyMap<string, string>;
  readonly documentNames: ReadonlyMap<string, string>;
}

export interface SharedContent {
  readonly kind: 'Document' | 'Address';
  readonly name: string;
  readonly content: GeneratedDocument | AddressRow;
  readonly users: readonly string[];
  /** The one group that uses it and whose file contains it. Null for a file that several groups share. */
  readonly home: string | null;
}

export function shareContents(
  groups: readonly ComposedGroup[],
  { addresses, documents }: Surroundings,
  names: Names,
): Shared {
  const all: SharedContent[] = [];
  const addressNames = new Map(addresses);
  const documentNames = new Map(documents);
  const share = (
    kind: SharedContent['kind'],
    uses: ReadonlyMap<string, Use>,
    known: Map<string, string>,
  ): void => {
    for (const [key, { first, content, groups: users, count }] of uses) {
      if (known.has(key) || (kind === 'Document' && count === 1)) continue;
      const prefix = `${kind}/`;
      const name = names.claim(`${prefix}${contentName(first.group.name, first.value)}`).slice(prefix.length);
      known.set(key, name);
      const [only = null] = users;
      all.push({ kind, name, content, users: [...users], home: users.size === 1 ? only : null });
    }
  };
  share('Address', collectUses(groups, 'Address'), addressNames);
  share('Document', collectUses(groups, 'Document'), documentNames);
  return { all, addressNames, documentNames };
}

/** The uses of one content, in the order of the groups. */
interface Use {
  readonly first: { readonly group: ComposedGroup; readonly value: GeneratedValue };
  readonly content: GeneratedDocument | AddressRow;
  readonly groups: Set<string>;
  count: number;
}

function collectUses(
  groups: readonly ComposedGroup[],
  kind: SharedContent['kind'],
): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>();
  for (const group of groups) {
    for (const value of group.manifest.values) {
      const found = identify(value, kind);
      if (found === null) continue;
      const use = uses.get(found.key) ?? {
        first: { group, value },
        content: found.content,
        groups: new Set(),
        count: 0,
      };
      use.groups.add(group.name);
      use.count++;
      uses.set(found.key, use);
    }
  }
  return uses;
}

function identify(
  { content }: GeneratedValue,
  kind: SharedContent['kind'],
): { readonly key: string; readonly content: GeneratedDocument | AddressRow } | null {
  if (kind === 'Address' && content.kind === 'address')
    return { key: hashAddressFields(content.address.fields), content: content.address };
  if (kind === 'Document' && content.kind === 'document')
    return { key: documentKey(content.document), content: content.document };
  return null;
}
