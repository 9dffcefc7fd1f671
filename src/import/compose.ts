import { posix } from 'node:path';
import { type ObservedGroup, references } from '../model/resource.ts';
import { reveal } from '../model/sensitive.ts';
import { indexRows } from '../observe/index-rows.ts';
import type { AddressRow } from '../telnyx/types.ts';
import { type Draft, type DraftDocument, type DraftValue, statedFields } from './draft.ts';
import { fileBase, Names, slug } from './names.ts';
import { day, type Entry, type EntryValue, flag, quoted, word, writeYaml } from './yaml-text.ts';

/** Drafts → the text of manifests, and where documents are to lie. */
export interface Composition {
  /** What others refer to comes first: at whatever point writing ends, no manifest names something that is not there. */
  readonly manifests: readonly ComposedManifest[];
  readonly documents: readonly ComposedDocument[];
  readonly groups: readonly ComposedGroup[];
}

export interface ComposedManifest {
  readonly path: string;
  readonly text: string;
  /** Names of the groups that cannot do without it. */
  readonly groups: readonly string[];
}

export interface ComposedDocument {
  readonly sha256: string;
  readonly bytes: number;
  readonly path: string;
  /** Already there, with these bytes. */
  readonly isThere: boolean;
}

export interface ComposedGroup {
  readonly draft: Draft;
  readonly name: string;
  readonly path: string;
  /** Adopted by `id:`, rather than found by its reference. */
  readonly isPinned: boolean;
}

/** What the repository holds already. Nothing of it is written to; what is equal is used. */
export interface Surroundings {
  readonly scope: string;
  /** Where manifests go, relative to the root. */
  readonly folder: string;
  /** What new documents end with: `.age`, or nothing. */
  readonly suffix: string;
  /** `RequirementGroup/de-local`, `Address/berlin` */
  readonly names: Iterable<string>;
  /** Of files in `folder` and in the documents' folder, relative to the root. */
  readonly paths: Iterable<string>;
  /** Address manifests: name by digest of the fields. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Document manifests: name by `documentKey`. */
  readonly documents: ReadonlyMap<string, string>;
  /** Documents that may be used as they are: path by digest. */
  readonly documentPaths: ReadonlyMap<string, string>;
  /** Every live group of the account: which references are shared, and which names are spoken for. */
  readonly live: readonly ObservedGroup[];
}

export const DOCUMENTS_FOLDER = 'documents';

/** A document is stated with the day on which it expires: the same file may stand for different days. */
export function documentKey(document: Pick<DraftDocument, 'sha256' | 'expires'>): string {
  return `${document.sha256}/${document.expires ?? ''}`;
}

export function compose(drafts: readonly Draft[], surroundings: Surroundings): Composition {
  const names = new Names(surroundings.names);
  const paths = new Names(surroundings.paths);
  const groups = nameGroups(drafts, surroundings, { names, paths });
  const documents = placeDocuments(groups, surroundings, paths);
  const shared = shareContents(groups, surroundings, names);
  const place: Place = { surroundings, documents, shared };
  const byHome = indexRows(shared.all, ({ home }) => home);
  const own = groups.map((group): ComposedManifest => {
    const additions = byHome.get(group.name) ?? [];
    const entries = [
      groupEntries(group, place),
      ...additions.map((content) => contentEntries(content, place)),
    ];
    return { path: group.path, text: writeYaml(entries), groups: [group.name] };
  });
  return {
    manifests: [...composeShared(shared, place, paths), ...own],
    documents: [...documents.values()],
    groups,
  };
}

interface Place {
  readonly surroundings: Surroundings;
  /** By digest. */
  readonly documents: ReadonlyMap<string, ComposedDocument>;
  readonly shared: Shared;
}

interface Taken {
  readonly names: Names;
  readonly paths: Names;
}

/* ---- Names of groups ---- */

function nameGroups(
  drafts: readonly Draft[],
  { scope, folder, live }: Surroundings,
  { names, paths }: Taken,
): ComposedGroup[] {
  const own = ownNames(scope, live);
  const isFree = (name: string | undefined): name is string =>
    name !== undefined && names.isFree(groupKey(name));
  const kept = new Map(drafts.map((draft) => [draft.group.id, own.get(draft.group.id)]));
  for (const [id, name] of kept) if (!isFree(name)) kept.delete(id);
  // Names that live groups of the scope have by their references are theirs, imported or not.
  for (const name of own.values()) names.take(groupKey(name));
  return drafts.map((draft) => {
    const own = kept.get(draft.group.id);
    const name = own ?? claimName(draft.group, scope, names);
    const path = paths.claim(posix.join(folder, fileBase(name)), '.yaml');
    return { draft, name, path, isPinned: own === undefined };
  });
}

/**
 * The names of groups that a manifest finds by reference alone, by id. A reference that several live groups share tells
 * none of them apart, and one that makes no name cannot be that of a manifest: these are adopted by `id:`.
 */
function ownNames(scope: string, live: readonly ObservedGroup[]): Map<string, string> {
  const prefix = references.scopePrefix(scope);
  const uses = new Map<string, number>();
  for (const { reference } of live)
    if (reference !== null) uses.set(reference, (uses.get(reference) ?? 0) + 1);
  const names = new Map<string, string>();
  for (const { id, reference } of live) {
    const name = reference?.startsWith(prefix) ? reference.slice(prefix.length) : '';
    if (MANIFEST_NAME.test(name) && uses.get(reference ?? '') === 1) names.set(id, name);
  }
  return names;
}

const MANIFEST_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

function claimName({ reference, combination }: ObservedGroup, scope: string, names: Names): string {
  const prefix = references.scopePrefix(scope);
  const said = reference?.startsWith(prefix) ? reference.slice(prefix.length) : reference;
  const { countryCode, phoneNumberType, action } = combination;
  const base = slug(said ?? '') || slug(`${countryCode}-${phoneNumberType}-${action}`);
  return names.claim(groupKey(base)).slice(groupKey('').length);
}

function groupKey(name: string): string {
  return `RequirementGroup/${name}`;
}

/* ---- Where documents lie ---- */

function placeDocuments(
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
  readonly value: DraftValue;
  readonly document: DraftDocument;
}

function documentUses(groups: readonly ComposedGroup[]): DocumentUse[] {
  return groups.flatMap((group) =>
    group.draft.values.flatMap((value) =>
      value.content.kind === 'document' ? [{ group, value, document: value.content.document }] : [],
    ),
  );
}

/** Of what the group and the requirement are called, which is public; never of an address or a file name, which is not. */
function contentName(group: string, { requirement, content }: DraftValue): string {
  const kind = content.kind === 'address' ? 'address' : 'document';
  const what = requirement.name === requirement.id ? kind : slug(requirement.name) || kind;
  return `${group.slice(0, LONGEST_PART)}-${what.slice(0, LONGEST_PART)}`.replace(/[._-]+$/, '');
}

/** Two of them and a number make a name of at most 63 characters. */
const LONGEST_PART = 28;

/* ---- Manifests of their own: for addresses always, for documents that are used more than once ---- */

interface Shared {
  readonly all: readonly SharedContent[];
  /** The name to refer to, by address digest or `documentKey`. */
  readonly addressNames: ReadonlyMap<string, string>;
  readonly documentNames: ReadonlyMap<string, string>;
}

interface SharedContent {
  readonly kind: 'Document' | 'Address';
  readonly name: string;
  readonly content: DraftDocument | AddressRow;
  readonly users: readonly string[];
  /** The one group that uses it and in whose file it stands; null for a file that several share. */
  readonly home: string | null;
}

function shareContents(
  groups: readonly ComposedGroup[],
  { addresses, documents }: Surroundings,
  names: Names,
): Shared {
  const all: SharedContent[] = [];
  const addressNames = new Map(addresses);
  const documentNames = new Map(documents);
  const share = (kind: SharedContent['kind'], uses: Uses, known: Map<string, string>): void => {
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

type Uses = ReadonlyMap<
  string,
  {
    readonly first: { readonly group: ComposedGroup; readonly value: DraftValue };
    readonly content: DraftDocument | AddressRow;
    readonly groups: Set<string>;
    count: number;
  }
>;

function collectUses(groups: readonly ComposedGroup[], kind: SharedContent['kind']): Uses {
  const uses = new Map<string, Uses extends ReadonlyMap<string, infer Use> ? Use : never>();
  for (const group of groups) {
    for (const value of group.draft.values) {
      const { content } = value;
      const found =
        kind === 'Address' && content.kind === 'address'
          ? { key: content.address.sha256, content: content.address }
          : kind === 'Document' && content.kind === 'document'
            ? { key: documentKey(content.document), content: content.document }
            : null;
      if (found === null) continue;
      const use = uses.get(found.key);
      if (use === undefined) {
        const groupNames = new Set([group.name]);
        uses.set(found.key, {
          first: { group, value },
          content: found.content,
          groups: groupNames,
          count: 1,
        });
      } else {
        use.groups.add(group.name);
        use.count++;
      }
    }
  }
  return uses;
}

/** A file is read up to 1 MiB; so many stay far below it. */
const CONTENTS_A_FILE = 200;

function composeShared({ all }: Shared, place: Place, paths: Names): ComposedManifest[] {
  return (['Document', 'Address'] as const).flatMap((kind) => {
    const contents = all.filter((content) => content.kind === kind && content.home === null);
    const base = posix.join(place.surroundings.folder, kind === 'Document' ? 'documents' : 'addresses');
    const starts = contents.flatMap((_, index) => (index % CONTENTS_A_FILE === 0 ? [index] : []));
    return starts.map((start): ComposedManifest => {
      const part = contents.slice(start, start + CONTENTS_A_FILE);
      return {
        path: paths.claim(base, '.yaml'),
        text: writeYaml(part.map((content) => contentEntries(content, place))),
        groups: [...new Set(part.flatMap(({ users }) => users))],
      };
    });
  });
}

/* ---- Manifests as entries ---- */

const FORMAT: Entry = { key: 'apiVersion', value: word('regsync/v1') };

function groupEntries(composed: ComposedGroup, place: Place): Entry[] {
  const { name, draft, isPinned } = composed;
  const { group, values, gaps } = draft;
  const { countryCode, phoneNumberType, action } = group.combination;
  return [
    { ...FORMAT, comment: [headline(group, isPinned)] },
    { key: 'kind', value: word('RequirementGroup') },
    { key: 'name', value: word(name) },
    ...(isPinned ? [{ key: 'id', value: word(group.id) }] : []),
    { key: 'country_code', value: word(countryCode) },
    { key: 'phone_number_type', value: word(phoneNumberType) },
    { key: 'action', value: word(action) },
    ...(draft.holdsBack ? [{ key: 'approval', value: word('none'), comment: HELD_BACK }] : []),
    ...(draft.partial ? [{ key: 'partial', value: flag(true), comment: gapLines(gaps) }] : []),
    {
      key: 'requirements',
      value: { items: values.map((value) => requirementEntries(value, composed, place)) },
      ...(draft.partial || gaps.length === 0 ? {} : { comment: gapLines(gaps) }),
    },
  ];
}

const HELD_BACK = ['It was never submitted. Without this line, regsync submits it for approval.'];

function headline({ id, status, reference }: ObservedGroup, isPinned: boolean): string {
  const what = `Imported from the requirement group ${id}, which was ${status}.`;
  if (!isPinned) return what;
  const said = reference === null ? 'has none' : `is ${JSON.stringify(reference)}`;
  return `${what} Its customer_reference ${said}, and stays so.`;
}

function gapLines(gaps: Draft['gaps']): string[] {
  const lines = gaps.map(({ requirement, why }) => `- ${describeRequirement(requirement)}: ${why}`);
  return ['Without a value here:', ...lines];
}

function describeRequirement({ id, name }: DraftValue['requirement']): string {
  return name === id ? id : `${name} (${id})`;
}

function requirementEntries(value: DraftValue, composed: ComposedGroup, place: Place): Entry[] {
  const { requirement, note } = value;
  const name = requirement.name === requirement.id ? 'Telnyx does not say what this is' : requirement.name;
  const { key, content } = contentOf(value, composed, place);
  return [
    { key: 'requirement', value: word(requirement.id), comment: note === null ? [name] : [name, note] },
    { key, value: content },
  ];
}

function contentOf(
  { content }: DraftValue,
  { path }: ComposedGroup,
  place: Place,
): { readonly key: string; readonly content: EntryValue } {
  switch (content.kind) {
    case 'text':
      return { key: 'text', content: quoted(reveal(content.text)) };
    case 'document': {
      const name = place.shared.documentNames.get(documentKey(content.document));
      const stated = name === undefined ? documentEntries(content.document, path, place) : word(name);
      return { key: 'document', content: stated };
    }
    case 'document_id':
      return { key: 'document', content: [{ key: 'id', value: word(content.id) }] };
    case 'address':
      return { key: 'address', content: word(place.shared.addressNames.get(content.address.sha256) ?? '') };
    case 'address_id':
      return { key: 'address', content: [{ key: 'id', value: quoted(content.id) }] };
    default:
      return content satisfies never;
  }
}

function documentEntries({ sha256, expires }: DraftDocument, manifest: string, place: Place): Entry[] {
  const path = place.documents.get(sha256)?.path ?? '';
  return [
    { key: 'file', value: word(posix.relative(posix.dirname(manifest), path)) },
    { key: 'sha256', value: word(sha256) },
    ...(expires === null ? [] : [{ key: 'expires', value: day(expires) }]),
  ];
}

function contentEntries({ kind, name, content }: SharedContent, place: Place): Entry[] {
  const head = [FORMAT, { key: 'kind', value: word(kind) }, { key: 'name', value: word(name) }];
  return 'fields' in content
    ? [...head, ...addressEntries(content)]
    : [...head, ...documentEntries(content, posix.join(place.surroundings.folder, 'x'), place)];
}

function addressEntries(address: AddressRow): Entry[] {
  return statedFields(address).map(([field, text]) => ({
    key: field,
    value: field === 'country_code' ? word(text) : quoted(text),
  }));
}
