import { hashAddressFields, normaliseAddressText } from '../model/address.ts';
import { plaintextPath } from '../model/encrypted-path.ts';
import { isDay, normaliseLineEnds } from '../model/normal-text.ts';
import {
  ADDRESS_FIELDS,
  type AddressField,
  asRemoteId,
  type DesiredAddress,
  type DesiredContent,
  type DesiredDocument,
  type DesiredRequirement,
} from '../model/resource.ts';
import { Sensitive } from '../model/sensitive.ts';
import { suggest } from '../model/suggestion.ts';
import { documentsIn, textSourcesIn } from './contents.ts';
import { Fault } from './fault.ts';
import { typeInWords } from './foreign-content.ts';
import type {
  AddressFields,
  DocumentFields,
  Origin,
  Path,
  RequirementFields,
  TextSource,
} from './manifest.ts';
import type { ParsedFile } from './parse.ts';
import { type RepositoryPath, resolvePath } from './paths.ts';
import {
  type DocumentDigest,
  describeFirst,
  type Environment,
  type Place,
  type Resolution,
} from './resolution.ts';
import { doubtsAbout } from './unmeant.ts';
import { NO_DAY } from './violations.ts';
import { quoted, quotedPath } from './visible.ts';

/** What manifests state for requirements: texts, documents and addresses, wherever they are written. */

/** The files that manifests point to. */
export interface FileRequests {
  readonly documents: ReadonlySet<RepositoryPath>;
  readonly texts: ReadonlySet<RepositoryPath>;
  /** Encrypted texts, as they stand in manifests. */
  readonly ciphertexts: ReadonlySet<string>;
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

export function resolveRequirements(
  requirements: readonly RequirementFields[],
  origin: Origin,
  resolution: Resolution,
): DesiredRequirement[] {
  const keys = requirements.map(keyOf);
  const repeated = new Set<number>();
  for (const [index, key] of keys.entries()) {
    // Of a handful, looking through them takes less time than a map of them.
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
    // Whoever knows what its name means would tell of it once more.
    return repeated.has(index) ? null : found;
  });
  return resolved.filter((requirement) => requirement !== null);
}

export const KEEP_ONE = 'Keep one of the two, and remove the other.';

/** An id is one in any case. */
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

const DOCUMENT_EXTENSIONS = ['pdf', 'png', 'jpg', 'jpeg', 'csv', 'txt', 'json', 'doc', 'docx', 'xls', 'xlsx'];
const DOCUMENT_NAME = new RegExp(`[^/]\\.(?:${DOCUMENT_EXTENSIONS.join('|')})$`, 'i');

function documentPath(origin: Origin, written: string): RepositoryPath | Fault {
  const path = textPath(origin, written);
  if (path instanceof Fault) return path;
  if (DOCUMENT_NAME.test(plaintextPath(path))) return path;
  const message = `no document of this type can be uploaded: ${quotedPath(written)}`;
  return new Fault('unknown-document-type', message, `Telnyx takes ${DOCUMENT_EXTENSIONS.join(', ')}.`);
}

function textPath(origin: Origin, written: string): RepositoryPath | Fault {
  return resolvePath(origin.folder, written);
}

export function resolveTextSource(
  fields: TextSource,
  place: Place,
  resolution: Resolution,
): DesiredContent | null {
  const { env } = resolution.options;
  if (fields.env !== undefined && env === null) return { kind: 'unread_text', variable: fields.env };
  const [key, text] = findText(fields, env ?? {}, place, resolution);
  if (text === null) return { kind: 'unread_text', variable: null };
  const path = [...place.path, key];
  if (text instanceof Fault) {
    resolution.problems.push(place.origin.problem(path, text));
    return null;
  }
  const doubts = doubtsAbout(text, WHAT_IS_READ[key]);
  for (const { fault, severity } of doubts) {
    resolution.problems.push(place.origin.problem(path, fault, severity));
  }
  return doubts.some(({ severity }) => severity === 'error')
    ? null
    : { kind: 'text', text: new Sensitive(text) };
}

const WHAT_IS_READ: Readonly<Record<keyof TextSource, string>> = {
  env: 'what this variable holds',
  file: 'what this file holds',
  age: 'what is encrypted here',
};

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
  const text = readableText(env[name] ?? '');
  if (text.trim() !== '') return text;
  const message = `the environment variable ${name} is ${env[name] === undefined ? 'not set' : 'empty'}`;
  const hint = `Set it where plan and apply run: export ${name}='…'. validate does not need it.`;
  return new Fault('unset-variable', message, hint);
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
  const text = readableText(read);
  return text.trim() === '' ? new Fault('empty-file', whenEmpty) : text;
}

const NOT_READ = new Fault('unreadable', 'the file was not read');

/** A file and a variable end with a newline where nobody wrote one, and their line ends are those of the machine. */
function readableText(read: string): string {
  return normaliseLineEnds(read).replace(/\n$/, '');
}

export function resolveDocument(
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
  if (fields.expires !== undefined && !isDay(fields.expires)) {
    report('expires', NO_DAY);
  }
  warnOfExpiry(fields.expires, place, resolution);
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
    report('sha256', explainMismatch(fields.sha256, digest));
  }
  if (digest.isUnrecognised) warnOfContent(path, place, resolution);
  if (digest.sha256 !== null) warnOfPlaintext(path, place, resolution);
  if (!isSound) return null;
  const source = origin.positionOnDemand(place.path);
  return { name, path, sha256, bytes: digest.bytes, expires: fields.expires ?? null, source };
}

function explainMismatch(pinned: string, { sha256, withOtherLineEnds: other }: DocumentDigest): Fault {
  if (other === undefined || other.sha256 !== pinned) {
    const hint = `If the file is meant to have changed, its sha256 is ${sha256}.`;
    return new Fault('digest-mismatch', 'the file is not the one that is pinned here', hint);
  }
  return new Fault(
    'digest-mismatch',
    `the file would be the one that is pinned here if its lines ended in ${other.lineEnds}`,
    'Git changed its line ends: add the line `documents/** -text` to .gitattributes (with the folder of this file), and check the file out again.',
  );
}

/** Bytes of no known type: Telnyx or a reviewer may well refuse them, and perhaps they are right all the same. */
function warnOfContent(
  path: RepositoryPath,
  place: Place,
  { options, unrecognised, problems }: Resolution,
): void {
  if (!options.warnsOfContent || unrecognised.has(path)) return;
  unrecognised.add(path);
  const message = `${quotedPath(path)} does not begin like ${typeInWords(path)}`;
  const hint = 'Open the file and see whether it is whole and of the type that its name says.';
  const fault = new Fault('unrecognised-content', message, hint);
  problems.push(place.origin.problem([...place.path, 'file'], fault, 'warning'));
}

const UNPINNED = new Fault(
  'missing-digest',
  'an encrypted document needs "sha256" beside "file": the digest of its plaintext',
  '`regsync encrypt` prints it. It keeps one encrypted file from being taken for another, and a plan needs no identity.',
);

/** Where no plan is made, which would say so of what is really used. */
function warnOfExpiry(
  expires: string | undefined,
  { origin, path }: Place,
  { options, problems }: Resolution,
): void {
  if (expires === undefined || options.today === undefined || !isDay(expires) || expires >= options.today)
    return;
  problems.push(origin.problem([...path, 'expires'], EXPIRED, 'warning'));
}

const EXPIRED = new Fault(
  'expired',
  '"expires" is a day in the past',
  'Replace the document by a valid one, and state until when that is valid.',
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

/** The regions in which Telnyx can check an address. */
const VALIDATED_COUNTRIES = ['US', 'CA'];

export function resolveAddress(written: AddressFields, { origin, path, name }: Place): DesiredAddress {
  const fields = new Map<AddressField, Sensitive>();
  for (const field of ADDRESS_FIELDS) {
    const text = normaliseAddressText(written[field] ?? '');
    if (text !== '') fields.set(field, new Sensitive(text));
  }
  return {
    name,
    fields,
    validateAddress: written.validate_address ?? VALIDATED_COUNTRIES.includes(written.country_code),
    sha256: hashAddressFields(fields),
    source: origin.positionOnDemand(path),
  };
}
