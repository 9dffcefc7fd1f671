import { documentPath } from '../kinds/document/resolve.ts';
import { roomOf } from '../kinds/index.ts';
import { textPath } from '../kinds/stated/text-source.ts';
import { readCiphertext } from '../manifest/encryption/ciphertext.ts';
import { readEncrypted } from '../manifest/encryption/read-encrypted.ts';
import { Fault } from '../manifest/fault.ts';
import type { RepositoryPath } from '../manifest/files/paths.ts';
import type { Manifest, Path } from '../manifest/manifest.ts';
import type { AddressFields, DocumentFields, TextSource } from '../model/fields.ts';
import { isEncryptedPath } from '../model/privacy/encrypted-path.ts';
import { references } from '../model/reference-names.ts';

/**
 * The normal form of a manifest, which policies judge: the fields as written with every default filled in, and
 * documents and addresses in the place of their names. Nothing is decrypted, and no variable is read, so that
 * the form is the same in every run.
 */

export interface NormalContext {
  readonly root: string;
  readonly scope: string;
  readonly documents: ReadonlyMap<string, Manifest<'Document'>>;
  readonly addresses: ReadonlyMap<string, Manifest<'Address'>>;
}

type Json = Record<string, unknown>;

export function normalFormOf(manifest: Manifest, context: NormalContext): Json {
  const form = structuredClone(manifest.fields) as unknown as Json;
  for (const { path, document } of roomOf(manifest).documentsIn(manifest)) {
    if (manifest.kind !== 'Document') put(form, path, documentForm(document, manifest, context));
  }
  for (const { path, source } of roomOf(manifest).textSourcesIn(manifest))
    put(form, path, textForm(source, manifest, context));
  for (const [key, value] of Object.entries(form)) if (key === 'documents') fillNamed(value as Json, context);
  const requirements = Array.isArray(form.requirements) ? form.requirements : [];
  for (const entry of requirements as Json[]) fillNamed(entry, context);
  return { ...defaultsOf(manifest, context), ...withoutNulls(form), ...ofDocument(manifest, context) };
}

function defaultsOf({ kind, fields }: Manifest, { scope }: NormalContext): Json {
  switch (kind) {
    case 'RequirementGroup':
      return {
        approval: 'submit',
        partial: false,
        deletion: 'allow',
        manage: 'write',
        customer_reference: references.group(scope, fields.name),
        requirements: [],
        attach: [],
      };
    case 'NumberOrder':
      return { requirements: [] };
    default:
      return {};
  }
}

/** Leaves out lists that are written without entries, so that their default counts. */
function withoutNulls(form: Json): Json {
  return Object.fromEntries(Object.entries(form).filter(([key, value]) => value !== null || !LISTS.has(key)));
}

const LISTS: ReadonlySet<string> = new Set(['requirements', 'attach']);

function ofDocument(manifest: Manifest, context: NormalContext): Json {
  return manifest.kind === 'Document' ? documentForm(manifest.fields, manifest, context) : {};
}

/** Puts documents and addresses in the place of their names. */
function fillNamed(entry: Json, context: NormalContext): void {
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== 'string') continue;
    if (key === 'address') {
      const named = context.addresses.get(value);
      entry[key] = named === undefined ? { name: value } : addressForm(named.fields);
    }
    if (key === 'document' || key === 'loa' || key === 'invoice') {
      const named = context.documents.get(value);
      entry[key] =
        named === undefined
          ? { name: value }
          : { name: value, ...documentForm(named.fields, named, context) };
    }
  }
}

function addressForm(fields: AddressFields & { readonly name?: string }): Json {
  const { apiVersion: _, kind: __, ...form } = fields as unknown as Json;
  return form;
}

function documentForm(
  { file, sha256, expires }: DocumentFields,
  { origin }: Manifest,
  { root }: NormalContext,
): Json {
  return {
    ...fileForm(root, file, documentPath(origin, file)),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(expires === undefined ? {} : { expires }),
  };
}

function textForm({ env, file, age }: TextSource, { origin }: Manifest, { root }: NormalContext): Json {
  if (env !== undefined) return { env };
  if (file !== undefined) return fileForm(root, file, textPath(origin, file));
  const ciphertext = readCiphertext(Buffer.from(age ?? ''));
  return { encrypted: true, ...(ciphertext instanceof Fault ? {} : { recipients: ciphertext.recipients }) };
}

/** Returns the path from the repository's root, and for how many recipients the file is encrypted. */
function fileForm(root: string, written: string, path: RepositoryPath | Fault): Json {
  if (path instanceof Fault) return { file: written, encrypted: isEncryptedPath(written) };
  if (!isEncryptedPath(path)) return { file: path, encrypted: false };
  const ciphertext = readEncrypted(root, path);
  return {
    file: path,
    encrypted: true,
    ...(ciphertext instanceof Fault ? {} : { recipients: ciphertext.recipients }),
  };
}

function put(form: Json, path: Path, value: unknown): void {
  let at: unknown = form;
  for (const step of path.slice(0, -1)) at = (at as Json)[step];
  const last = path.at(-1);
  if (last !== undefined && typeof at === 'object' && at !== null) (at as Json)[last] = value;
}
