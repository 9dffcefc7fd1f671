import { posix } from 'node:path';
import { hashAddressFields } from '../model/address.ts';
import { plaintextPath } from '../model/encrypted-path.ts';
import { compareText } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import {
  ADDRESS_FIELDS,
  type AddressField,
  ATTACHMENT_KINDS,
  type AttachmentKind,
  asReference,
  asRemoteId,
  combinationKey,
  type Desired,
  type DesiredAddress,
  type DesiredAttachment,
  type DesiredContent,
  type DesiredDocument,
  type DesiredGroup,
  type DesiredNumberOrder,
  type DesiredPhoneNumber,
  type DesiredPortingOrder,
  type DesiredRequirement,
  NUMBER_ORDER_SETTINGS,
  type PinnedId,
  references,
} from '../model/resource.ts';
import { Sensitive } from '../model/sensitive.ts';
import { suggest } from '../model/suggestion.ts';
import { visible } from '../model/visible.ts';
import { documentsIn, textSourcesIn } from './contents.ts';
import { Fault } from './fault.ts';
import {
  type AddressFields,
  type DocumentFields,
  type GroupManifest,
  type Manifest,
  type NumberOrderManifest,
  type OrderManifest,
  type Origin,
  type Path,
  PORTING_DOCUMENTS,
  type PortingOrderManifest,
  type RequirementFields,
  type TextSource,
} from './manifest.ts';
import type { ManifestKind, ParsedFile } from './parse.ts';
import { type RepositoryPath, resolvePath } from './paths.ts';
import { resolveSettings } from './porting-settings.ts';
import { quoted, quotedPath } from './visible.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ResolveOptions {
  readonly scope: string;
  /** Null leaves variables unread. */
  readonly env: Environment | null;
  readonly warnsOfPlaintext: boolean;
}

/** The files that manifests point to. */
export interface FileRequests {
  readonly documents: ReadonlySet<RepositoryPath>;
  readonly texts: ReadonlySet<RepositoryPath>;
  /** Encrypted texts, as they stand in manifests. */
  readonly ciphertexts: ReadonlySet<string>;
}

/** What was found there. */
export interface FileContents {
  readonly documents: ReadonlyMap<RepositoryPath, DocumentDigest | Fault>;
  readonly texts: ReadonlyMap<RepositoryPath, string | Fault | null>;
  /** Null for a text that is encrypted and was left so. */
  readonly ciphertexts: ReadonlyMap<string, string | Fault | null>;
}

export interface DocumentDigest {
  /** Null for one that is encrypted: its manifest has to know. */
  readonly sha256: string | null;
  readonly bytes: number;
}

/** What has to be read before `resolveManifests` can do its work without a file system. */
export function requestFiles(parsed: readonly ParsedFile[]): FileRequests {
  const documents = new Set<RepositoryPath>();
  const texts = new Set<RepositoryPath>();
  const ciphertexts = new Set<string>();
  const request = (set: Set<RepositoryPath>, path: RepositoryPath | Fault): void => {
    if (!(path instanceof Fault)) set.add(path);
  };
  for (const manifest of parsed.flatMap((file) => file.manifests)) {
    const { origin } = manifest;
    for (const { document } of documentsIn(manifest)) request(documents, documentPath(origin, document.file));
    for (const { source } of textSourcesIn(manifest)) {
      if (source.file !== undefined) request(texts, textPath(origin, source.file));
      if (source.age !== undefined) ciphertexts.add(source.age);
    }
  }
  return { documents, texts, ciphertexts };
}

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
  const desired = { scope: options.scope, groups, numberOrders, portingOrders };
  return { desired, named, problems: resolution.problems };
}

/** What the functions below look things up in, and where they leave the problems that they find. */
interface Resolution {
  readonly files: FileContents;
  readonly options: ResolveOptions;
  readonly broken: BrokenNames;
  /** By name; null for one that has a problem. */
  readonly documents: Map<string, DesiredDocument | null>;
  readonly addresses: Map<string, DesiredAddress>;
  /** Names that something refers to. */
  readonly used: { readonly Document: Set<string>; readonly Address: Set<string> };
  /** Documents that are not encrypted, as far as somebody was warned of them. */
  readonly plaintexts: Set<RepositoryPath>;
  readonly problems: Problem[];
}

/** Where a document or an address is written: in a manifest of its own, or inline, without a name. */
interface Place {
  readonly origin: Origin;
  readonly path: Path;
  readonly name: string | null;
}

/* ---- Paths ---- */

const DOCUMENT_EXTENSIONS = ['pdf', 'png', 'jpg', 'jpeg', 'csv', 'txt', 'json', 'doc', 'docx', 'xls', 'xlsx'];

function documentPath(origin: Origin, written: string): RepositoryPath | Fault {
  const path = textPath(origin, written);
  if (path instanceof Fault) return path;
  const extension = posix.extname(plaintextPath(path)).slice(1).toLowerCase();
  if (DOCUMENT_EXTENSIONS.includes(extension)) return path;
  const message = `no document of this type can be uploaded: ${quotedPath(written)}`;
  return new Fault('unknown-document-type', message, `Telnyx takes ${DOCUMENT_EXTENSIONS.join(', ')}.`);
}

function textPath(origin: Origin, written: string): RepositoryPath | Fault {
  return resolvePath(origin.folder, written);
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
      const message = `${kind} ${quoted(fields.name)} is already defined at ${describe(earlier.origin, ['name'])}`;
      problems.push(origin.problem(['name'], new Fault('duplicate-name', message)));
    }
  }
  return unique;
}

function nameKey(kind: ManifestKind, name: string): string {
  return `${kind}/${name}`;
}

function describe(origin: Origin, path: Path): string {
  const { file, line, column } = origin.position(path);
  return `${visible(file)}:${line}:${column}`;
}

/** Names that are declared where a mistake hides the rest: a reference to one of them is no further mistake. */
class BrokenNames {
  readonly #keys: ReadonlySet<string>;
  readonly #mayHoldAny: boolean;

  constructor(parsed: readonly ParsedFile[]) {
    const names = parsed.flatMap((file) => file.brokenNames);
    this.#keys = new Set(names.map(({ kind, name }) => nameKey(kind, name)));
    this.#mayHoldAny = parsed.some((file) => file.isUnreadable);
  }

  mayHold(kind: ManifestKind, name: string): boolean {
    return this.#mayHoldAny || this.#keys.has(nameKey(kind, name));
  }

  get isEmpty(): boolean {
    return !this.#mayHoldAny && this.#keys.size === 0;
  }
}

/* ---- Groups ---- */

function resolveGroup({ fields, origin }: GroupManifest, resolution: Resolution): DesiredGroup {
  const { scope } = resolution.options;
  const ownReference = references.group(scope, fields.name);
  const reference = asReference(fields.customer_reference ?? ownReference);
  const report = (path: Path, fault: Fault): void => {
    resolution.problems.push(origin.problem(path, fault));
  };
  if (reference !== ownReference && reference.startsWith(references.scopePrefix(scope))) {
    report(['customer_reference'], reservedReference(scope));
  }
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

function reservedReference(scope: string): Fault {
  const message = `references under ${references.scopePrefix(scope)} are made from names`;
  return new Fault('reserved-reference', message, 'Leave customer_reference out, or choose one of your own.');
}

function resolveId(written: string, origin: Origin): PinnedId;
function resolveId(written: string | undefined, origin: Origin): PinnedId | null;
function resolveId(written: string | undefined, origin: Origin): PinnedId | null {
  if (written === undefined) return null;
  return { id: asRemoteId(written.toLowerCase()), source: origin.position(['id']) };
}

function resolveRequirements(
  requirements: readonly RequirementFields[],
  origin: Origin,
  resolution: Resolution,
): DesiredRequirement[] {
  const firstIndexes = new Map<string, number>();
  const pathOf = (index: number): Path => ['requirements', index, 'requirement'];
  requirements.forEach(({ requirement }, index) => {
    const key = UUID.test(requirement) ? requirement.toLowerCase() : requirement;
    const firstIndex = firstIndexes.get(key);
    if (firstIndex === undefined) firstIndexes.set(key, index);
    else {
      const { line } = origin.position(pathOf(firstIndex));
      const fault = new Fault('duplicate-requirement', `this requirement is already given on line ${line}`);
      resolution.problems.push(origin.problem(pathOf(index), fault));
    }
  });
  const resolved = requirements.map((requirement, index) =>
    resolveRequirement(requirement, index, origin, resolution),
  );
  return resolved.filter((requirement) => requirement !== null);
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
  const path = ['requirements', index, key];
  const content = resolveContent(fields, { origin, path, name: null }, resolution);
  if (content === null) return null;
  return {
    requirement: fields.requirement,
    content,
    source: origin.positionOnDemand(['requirements', index, 'requirement']),
    contentSource: origin.positionOnDemand(path),
  };
}

const CONTENT_KEYS = ['text', 'text_from', 'document', 'address'] as const;

function resolveContent(
  fields: RequirementFields,
  place: Place,
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
      : resolveAddress(address, place);
  return resolved === null ? null : { kind: 'address', address: resolved };
}

function lookUp(name: string, kind: 'Document', place: Place, resolution: Resolution): DesiredDocument | null;
function lookUp(name: string, kind: 'Address', place: Place, resolution: Resolution): DesiredAddress | null;
function lookUp(
  name: string,
  kind: 'Document' | 'Address',
  { origin, path }: Place,
  { documents, addresses, broken, used, problems }: Resolution,
): DesiredDocument | DesiredAddress | null {
  const [own, other] = kind === 'Document' ? [documents, addresses] : [addresses, documents];
  used[kind].add(name);
  const found = own.get(name);
  if (found !== undefined || broken.mayHold(kind, name)) return found ?? null;
  const meant = suggest(name, own.keys());
  const otherKind = kind === 'Document' ? 'Address' : 'Document';
  const hint = other.has(name)
    ? `It is the name of ${otherKind === 'Address' ? 'an' : 'a'} ${otherKind}.`
    : meant === null
      ? `No manifest with “kind: ${kind}” has this name.`
      : `Did you mean "${meant}"?`;
  const fault = new Fault('unknown-reference', `unknown ${kind.toLowerCase()} ${quoted(name)}`, hint);
  problems.push(origin.problem(path, fault));
  return null;
}

/* ---- Orders ---- */

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

function resolveNumberOrder(
  { fields, origin }: NumberOrderManifest,
  resolution: Resolution,
): DesiredNumberOrder {
  const { scope } = resolution.options;
  const ownReference = references.numberOrder(scope, fields.name);
  const reference = asReference(fields.customer_reference ?? ownReference);
  if (reference !== ownReference && reference.startsWith(references.scopePrefix(scope))) {
    resolution.problems.push(origin.problem(['customer_reference'], reservedReference(scope)));
  }
  if (fields.phone_numbers === undefined && fields.id === undefined) {
    resolution.problems.push(origin.problem([], WITHOUT_NUMBERS));
  }
  return {
    ...resolveOrder({ kind: 'NumberOrder', fields, origin }, resolution),
    reference,
    statesReference: fields.customer_reference !== undefined,
    id: resolveId(fields.id, origin),
    phoneNumbers: resolvePhoneNumbers(fields.phone_numbers ?? [], origin, resolution),
    settings: NUMBER_ORDER_SETTINGS.flatMap((key) => {
      const value = fields[key];
      return value === undefined ? [] : [{ key, value, source: origin.position([key]) }];
    }),
  };
}

const WITHOUT_NUMBERS = new Fault(
  'missing-key',
  'an order needs "phone_numbers"',
  'Only one that exists, named by "id", may leave them out.',
);

function resolvePhoneNumbers(
  written: readonly string[],
  origin: Origin,
  { problems }: Resolution,
): DesiredPhoneNumber[] {
  const lines = new Map<string, number>();
  for (const [index, number] of written.entries()) {
    const path = ['phone_numbers', index];
    const firstLine = lines.get(number);
    if (firstLine === undefined) lines.set(number, origin.position(path).line);
    else {
      const message = `this phone number is already given on line ${firstLine}`;
      problems.push(origin.problem(path, new Fault('duplicate-number', message)));
    }
  }
  return written
    .map((number, index) => ({ number, source: origin.position(['phone_numbers', index]) }))
    .sort((a, b) => compareText(a.number, b.number))
    .map(({ number, source }) => ({ number: new Sensitive(number), source }));
}

function resolvePortingOrder(
  { fields, origin }: PortingOrderManifest,
  resolution: Resolution,
): DesiredPortingOrder {
  const { requirements, ...order } = resolveOrder({ kind: 'PortingOrder', fields, origin }, resolution);
  return {
    ...order,
    id: resolveId(fields.id, origin),
    requirements: [...resolvePortingDocuments({ fields, origin }, resolution), ...requirements],
    settings: resolveSettings(
      { fields, origin },
      {
        readText: (source, path) => resolveTextSource(source, { origin, path, name: null }, resolution),
        report: (path, fault) => void resolution.problems.push(origin.problem(path, fault)),
      },
    ),
  };
}

/** Requirements with names of their own instead of ids: from here on they are values like others. */
function resolvePortingDocuments(
  { fields, origin }: Pick<PortingOrderManifest, 'fields' | 'origin'>,
  resolution: Resolution,
): DesiredRequirement[] {
  return PORTING_DOCUMENTS.flatMap((name): DesiredRequirement[] => {
    const document = fields.documents?.[name];
    if (document === undefined || document === null) return [];
    const path = ['documents', name];
    const content = resolveContent({ requirement: name, document }, { origin, path, name: null }, resolution);
    if (content === null) return [];
    const source = origin.position(path);
    return [{ requirement: `documents.${name}`, content, source, contentSource: source }];
  });
}

/** What both kinds of orders have in common. */
function resolveOrder({ fields, origin }: OrderManifest, resolution: Resolution) {
  const { name, requirement_group: group, requirements } = fields;
  if (group !== undefined && requirements?.length) {
    resolution.problems.push(origin.problem(['requirements'], TWO_OWNERS));
  }
  return {
    name,
    group: group === undefined ? null : { name: group, source: origin.position(['requirement_group']) },
    requirements: resolveRequirements(requirements ?? [], origin, resolution),
    source: origin.position([]),
  };
}

const TWO_OWNERS = new Fault(
  'conflicting-values',
  '"requirement_group" and "requirements" exclude one another: a value with two owners would take turns',
  'Keep the one that is to give the order its values.',
);

/** `sub_number_order` → `sub number order` */
function inWords(kind: string): string {
  return kind.replaceAll('_', ' ');
}

/* ---- Values ---- */

function resolveTextSource(fields: TextSource, place: Place, resolution: Resolution): DesiredContent | null {
  const { env } = resolution.options;
  if (fields.env !== undefined && env === null) return { kind: 'unread_text', variable: fields.env };
  const [key, text] = findText(fields, env ?? {}, place, resolution);
  if (text === null) return { kind: 'unread_text', variable: null };
  if (!(text instanceof Fault)) return { kind: 'text', text: new Sensitive(text) };
  resolution.problems.push(place.origin.problem([...place.path, key], text));
  return null;
}

/** Null for one that is encrypted and was left so. */
function findText(
  fields: TextSource,
  env: Environment,
  place: Place,
  resolution: Resolution,
): [key: keyof TextSource, text: string | Fault | null] {
  if (fields.env !== undefined) return ['env', readVariable(fields.env, env)];
  if (fields.file !== undefined) return ['file', readTextFile(fields.file, place, resolution)];
  return ['age', readInlineText(fields.age ?? '', resolution)];
}

function readVariable(name: string, env: Environment): string | Fault {
  const text = cutFinalNewline(env[name] ?? '');
  if (text.trim() !== '') return text;
  const message = `the environment variable ${name} is ${env[name] === undefined ? 'not set' : 'empty'}`;
  return new Fault('unset-variable', message, 'plan and apply need it; validate does not.');
}

function readTextFile(written: string, { origin }: Place, { files }: Resolution): string | Fault | null {
  const path = textPath(origin, written);
  if (path instanceof Fault) return path;
  const read = files.texts.get(path);
  if (read === null) return null;
  const text = wholeText(read ?? NOT_READ, 'the file holds no text');
  return text instanceof Fault ? sayWhere(text.about(written), path) : text;
}

function readInlineText(ciphertext: string, { files }: Resolution): string | Fault | null {
  const read = files.ciphertexts.get(ciphertext);
  return read === null ? null : wholeText(read ?? NOT_READ, 'what is encrypted here holds no text');
}

function wholeText(read: string | Fault, whenEmpty: string): string | Fault {
  if (read instanceof Fault) return read;
  const text = cutFinalNewline(read);
  return text.trim() === '' ? new Fault('empty-file', whenEmpty) : text;
}

const NOT_READ = new Fault('unreadable', 'the file was not read');

function cutFinalNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}

function resolveDocument(
  fields: DocumentFields,
  place: Place,
  resolution: Resolution,
): DesiredDocument | null {
  const { origin, name } = place;
  let isSound = true;
  const report = (key: string, fault: Fault): void => {
    resolution.problems.push(origin.problem([...place.path, key], fault));
    isSound = false;
  };
  if (fields.expires !== undefined && !isDate(fields.expires)) {
    report('expires', new Fault('invalid-value', '"expires" is a day that no calendar has'));
  }
  const path = documentPath(origin, fields.file);
  if (path instanceof Fault) {
    report('file', path);
    return null;
  }
  const digest = resolution.files.documents.get(path) ?? NOT_READ;
  if (digest instanceof Fault) {
    report('file', sayWhere(digest.about(fields.file), path));
    return null;
  }
  const sha256 = digest.sha256 ?? fields.sha256;
  if (sha256 === undefined) {
    report('file', UNPINNED);
    return null;
  }
  if (fields.sha256 !== undefined && fields.sha256 !== sha256) {
    const hint = `If the file is meant to have changed, its sha256 is ${sha256}.`;
    report('sha256', new Fault('digest-mismatch', 'the file is not the one that is pinned here', hint));
  }
  if (digest.sha256 !== null) warnOfPlaintext(path, place, resolution);
  if (!isSound) return null;
  const source = origin.positionOnDemand(place.path);
  return { name, path, sha256, bytes: digest.bytes, expires: fields.expires ?? null, source };
}

const UNPINNED = new Fault(
  'missing-digest',
  'an encrypted document needs "sha256" beside "file": the digest of its plaintext',
  '`regsync encrypt` prints it. It keeps one encrypted file from being taken for another, and a plan needs no identity.',
);

/** Once for each file, where it is first named. */
function warnOfPlaintext(
  path: RepositoryPath,
  place: Place,
  { options, plaintexts, problems }: Resolution,
): void {
  if (!options.warnsOfPlaintext || plaintexts.has(path)) return;
  plaintexts.add(path);
  const hint = '`regsync encrypt` it, or set “allow_plaintext_documents: true” in regsync.yaml.';
  const fault = new Fault('plaintext-document', `${quotedPath(path)} is not encrypted`, hint);
  problems.push(place.origin.problem([...place.path, 'file'], fault, 'warning'));
}

/** Most of the paths that lead nowhere begin at the wrong folder. */
function sayWhere(fault: Fault, path: RepositoryPath): Fault {
  if (fault.code !== 'file-not-found' || fault.hint !== undefined) return fault;
  const hint = `Paths begin at the manifest: it is looked for as ${quotedPath(path)} in the repository.`;
  return new Fault(fault.code, fault.message, hint);
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The regions in which Telnyx can check an address. */
const VALIDATED_COUNTRIES = ['US', 'CA'];

function resolveAddress(fields: AddressFields, { origin, path, name }: Place): DesiredAddress {
  const written = new Map<AddressField, Sensitive>();
  for (const field of ADDRESS_FIELDS) {
    const text = fields[field];
    if (text !== undefined && text.trim() !== '') written.set(field, new Sensitive(text));
  }
  return {
    name,
    fields: written,
    validateAddress: fields.validate_address ?? VALIDATED_COUNTRIES.includes(fields.country_code),
    sha256: hashAddressFields(written),
    source: origin.positionOnDemand(path),
  };
}

/* ---- What only shows when all is known ---- */

/** Two groups that would be the same group at Telnyx. */
function reportCollisions(
  manifests: readonly GroupManifest[],
  groups: readonly DesiredGroup[],
  { problems }: Resolution,
): void {
  const byReference = new Map<string, GroupManifest>();
  const byId = new Map<string, GroupManifest>();
  const claim = (claims: Map<string, GroupManifest>, key: string, claimant: Claim): void => {
    const { manifest, path, code, what } = claimant;
    const earlier = claims.get(key);
    if (earlier === undefined) {
      claims.set(key, manifest);
      return;
    }
    const message = `${what} as ${quoted(earlier.fields.name)} at ${describe(earlier.origin, [])}`;
    problems.push(manifest.origin.problem(path, new Fault(code, message)));
  };
  manifests.forEach((manifest, index) => {
    const group = groups[index];
    if (group === undefined) return;
    claim(byReference, `${combinationKey(group.combination)} ${group.reference}`, {
      manifest,
      path: [group.statesReference ? 'customer_reference' : 'name'],
      code: 'duplicate-reference',
      what: 'the same reference, country, type and action',
    });
    if (group.id === null) return;
    claim(byId, group.id.id, { manifest, path: ['id'], code: 'duplicate-id', what: 'the same id' });
  });
}

interface Claim {
  readonly manifest: GroupManifest;
  readonly path: Path;
  readonly code: string;
  readonly what: string;
}

/** Two manifests that would be the same order at Telnyx: it would be placed once, with the numbers of one of them. */
function reportOrderCollisions(
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
    const message = `the same reference as ${quoted(earlier.fields.name)} at ${describe(earlier.origin, [])}`;
    const path = [statesReference ? 'customer_reference' : 'name'];
    problems.push(manifest.origin.problem(path, new Fault('duplicate-reference', message)));
  }
}

/** Telnyx would refuse the second order, and which is the second is chance. */
function reportSharedNumbers(manifests: readonly NumberOrderManifest[], { problems }: Resolution): void {
  const owners = new Map<string, NumberOrderManifest>();
  for (const manifest of manifests) {
    for (const [index, number] of (manifest.fields.phone_numbers ?? []).entries()) {
      const owner = owners.get(number);
      owners.set(number, owner ?? manifest);
      if (owner === undefined || owner === manifest) continue;
      const message = `this phone number is ordered by ${quoted(owner.fields.name)} at ${describe(owner.origin, [])}`;
      const fault = new Fault('duplicate-number', message, 'A number stands in one order.');
      problems.push(manifest.origin.problem(['phone_numbers', index], fault));
    }
  }
}

/** An order names its group by the name of a manifest. */
function reportGroupLinks(
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
function reportSharedOrders(manifests: readonly Manifest[], { problems }: Resolution): void {
  const owners = new Map<string, string>();
  for (const manifest of manifests) {
    const { fields, origin } = manifest;
    for (const { kind, id, path } of namedOrders(manifest)) {
      const owner = owners.get(`${kind} ${id}`);
      owners.set(`${kind} ${id}`, owner ?? `${quoted(fields.name)} at ${describe(origin, path)}`);
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

function reportUnused(manifests: readonly Manifest[], { used, problems }: Resolution): void {
  for (const { kind, fields, origin } of manifests) {
    if ((kind !== 'Document' && kind !== 'Address') || used[kind].has(fields.name)) continue;
    const fault = new Fault(
      'unused-manifest',
      `no requirement refers to the ${kind.toLowerCase()} ${quoted(fields.name)}`,
    );
    problems.push(origin.problem(['name'], fault, 'notice'));
  }
}
