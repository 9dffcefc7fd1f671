import { posix } from 'node:path';
import { indexRows } from '../kinds/reading/index-rows.ts';
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

/** A document or an address as a value of one group. */
export type ContentUse = {
  readonly group: string;
  /** The name that its file or manifest gets if it is free. */
  readonly name: string;
  /** The address digest or the `documentKey`. */
  readonly key: string;
} & (
  | { readonly kind: 'Document'; readonly content: GeneratedDocument }
  | { readonly kind: 'Address'; readonly content: AddressRow }
);

/** Returns the uses of all contents in the order of the groups. */
export function usesIn(groups: readonly ComposedGroup[]): readonly ContentUse[] {
  return groups.flatMap(({ name: group, manifest }) =>
    manifest.values.flatMap((value): ContentUse[] => {
      const use = { group, name: contentName(group, value) };
      const { content } = value;
      if (content.kind === 'address') {
        const { address } = content;
        return [{ ...use, kind: 'Address', key: hashAddressFields(address.fields), content: address }];
      }
      if (content.kind !== 'document') return [];
      const { document } = content;
      return [{ ...use, kind: 'Document', key: documentKey(document), content: document }];
    }),
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

/** Returns the documents by digest. Each content has one path, which is the existing one if there is one. */
export function placeDocuments(
  uses: readonly ContentUse[],
  { documentPaths, suffix }: Surroundings,
  paths: Names,
): ReadonlyMap<string, ComposedDocument> {
  const placed = new Map<string, ComposedDocument>();
  for (const { kind, name, content } of uses) {
    if (kind !== 'Document' || placed.has(content.sha256)) continue;
    const { sha256, bytes, extension } = content;
    const there = documentPaths.get(sha256);
    const base = posix.join(DOCUMENTS_FOLDER, fileBase(name));
    const path = there ?? paths.claim(base, `.${extension}${suffix}`);
    placed.set(sha256, { sha256, bytes, path, isThere: there !== undefined });
  }
  return placed;
}

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
  uses: readonly ContentUse[],
  { addresses, documents }: Surroundings,
  names: Names,
): Shared {
  const all: SharedContent[] = [];
  const known = { Address: new Map(addresses), Document: new Map(documents) };
  for (const kind of ['Address', 'Document'] as const) {
    const byKey = indexRows(uses, (use) => (use.kind === kind ? use.key : null));
    for (const [key, [first, ...others]] of byKey) {
      if (first === undefined || known[kind].has(key)) continue;
      if (kind === 'Document' && others.length === 0) continue;
      const name = names.claim(`${kind}/${first.name}`).slice(`${kind}/`.length);
      known[kind].set(key, name);
      const users = [...new Set([first, ...others].map(({ group }) => group))];
      all.push({ kind, name, content: first.content, users, home: users.length === 1 ? first.group : null });
    }
  }
  return { all, addressNames: known.Address, documentNames: known.Document };
}
