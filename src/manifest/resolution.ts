import type { Problem } from '../model/problem.ts';
import { tidyReference } from '../model/reference.ts';
import { isMadeByRegsync } from '../model/reference-names.ts';
import { asRemoteId, type DesiredAddress, type DesiredDocument, type PinnedId } from '../model/resource.ts';
import { visible } from '../model/text/visible.ts';
import { Fault } from './fault.ts';
import type { RepositoryPath } from './files/paths.ts';
import type { Manifest, Origin, Path } from './manifest.ts';
import type { ManifestKind, ParsedFile } from './parse.ts';

/** The environment variables that manifests may read. */

export type Variables = Readonly<Record<string, string | undefined>>;

export interface ResolveOptions {
  readonly scope: string;
  readonly formerScope?: string;
  /** The environment. Null leaves variables unread. */
  readonly env: Variables | null;
  readonly warnsOfPlaintext: boolean;
  readonly warnsOfContent?: boolean;
  /** The manifests that may be called unused. Absent if all manifests are known. */
  readonly concerned?: ReadonlySet<Manifest>;
  /** The current day as `YYYY-MM-DD`, for warnings about expiry. Absent if a plan reports expiry itself. */
  readonly today?: string;
}

/** The contents of the files and variables that manifests refer to. */
export interface FileContents {
  readonly documents: ReadonlyMap<RepositoryPath, DocumentDigest | Fault>;
  readonly texts: ReadonlyMap<RepositoryPath, string | Fault | null>;
  /** The decrypted texts by ciphertext. Null for one that stays encrypted. */
  readonly ciphertexts: ReadonlyMap<string, string | Fault | null>;
}

export interface DocumentDigest {
  /** The digest. Null for an encrypted document, whose manifest must state it. */
  readonly sha256: string | null;
  readonly bytes: number;
  /** Is true if the bytes match neither the type that the name states nor any other known type. */
  readonly isUnrecognised?: boolean;
  /** The digest that a text has in a checkout with other line ends. */
  readonly withOtherLineEnds?: { readonly lineEnds: 'LF' | 'CRLF'; readonly sha256: string };
}

/** The sources in which manifests are resolved, and the collected problems. */
export interface Resolution {
  readonly files: FileContents;
  readonly options: ResolveOptions;
  readonly broken: BrokenNames;
  /** The documents by name. Null for a document with a problem. */
  readonly documents: Map<string, DesiredDocument | null>;
  /** The addresses by name. Null for an address with a problem. */
  readonly addresses: Map<string, DesiredAddress | UnreadAddress | null>;
  /** Names that something refers to. */
  readonly used: { readonly Document: Set<string>; readonly Address: Set<string> };
  /** The unencrypted documents that a warning names already. */
  readonly plaintexts: Set<RepositoryPath>;
  /** The documents whose content a warning names already. */
  readonly unrecognised: Set<RepositoryPath>;
  readonly problems: Problem[];
}

/** Stands for an address with a field that is not read. */
export type UnreadAddress = 'unread';

/** The place where a document or an address is declared: in its own manifest, or inline, without a name. */
export interface StatedPlace {
  readonly origin: Origin;
  readonly path: Path;
  readonly name: string | null;
}

/** The names that broken manifests declare. A reference to one of them is not another mistake. */
export class BrokenNames {
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

function nameKey(kind: ManifestKind, name: string): string {
  return `${kind}/${name}`;
}

/** Returns the position as text, such as `groups/acme.yaml:12:3`. */
export function describePlace(origin: Origin, path: Path): string {
  const { file, line, column } = origin.position(path);
  return `${visible(file)}:${line}:${column}`;
}

/** Returns where the first of two equal list entries is: `on line 5`, or `as entry 1` within one line. */
export function describeFirst(
  origin: Origin,
  pathTo: (index: number) => Path,
  first: number,
  again: number,
): string {
  const { line } = origin.position(pathTo(first));
  return line === origin.position(pathTo(again)).line ? `as entry ${first + 1}` : `on line ${line}`;
}

/** Replaces underscores by spaces: `sub_number_order` → `sub number order`. */
export function inWords(kind: string): string {
  return kind.replaceAll('_', ' ');
}

/**
 * Checks a reference that a manifest states. A reference under regsync/ could take what belongs to another
 * repository or manifest. An untidy one might come back from Telnyx changed, and would not be found again.
 */
export function checkReference(stated: string, own: string): Fault | null {
  if (stated === own) return null;
  const tidy = tidyReference(stated);
  if (isMadeByRegsync(tidy)) return RESERVED;
  if ([...tidy].length > MAX_REFERENCE) return TOO_LONG;
  return stated === tidy ? null : untidy(tidy);
}

function untidy(tidy: string): Fault {
  const hint =
    tidy === ''
      ? 'Write a text, or remove customer_reference.'
      : `Write customer_reference: ${JSON.stringify(tidy)}`;
  return new Fault('untidy-reference', UNTIDY, hint);
}

const UNTIDY =
  'customer_reference has blanks at its ends, several blanks in a row, or letters that are not composed (NFC), so Telnyx may change it';

const MAX_REFERENCE = 255;

const TOO_LONG = new Fault(
  'untidy-reference',
  `customer_reference has more than ${MAX_REFERENCE} characters, so Telnyx may cut it`,
  'Write a shorter one.',
);

const RESERVED = new Fault(
  'reserved-reference',
  'only regsync makes references that begin with regsync/, from scopes and names',
  'Remove customer_reference, or write one of your own.',
);

export function resolveId(written: string, origin: Origin): PinnedId;
export function resolveId(written: string | undefined, origin: Origin): PinnedId | null;
export function resolveId(written: string | undefined, origin: Origin): PinnedId | null {
  if (written === undefined) return null;
  return { id: asRemoteId(written.toLowerCase()), source: origin.position(['id']) };
}
