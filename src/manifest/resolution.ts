import type { Problem } from '../model/problem.ts';
import { tidyReference } from '../model/reference.ts';
import { isMadeByRegsync } from '../model/reference-names.ts';
import { asRemoteId, type DesiredAddress, type DesiredDocument, type PinnedId } from '../model/resource.ts';
import { visible } from '../model/visible.ts';
import { Fault } from './fault.ts';
import type { RepositoryPath } from './files/paths.ts';
import type { Origin, Path } from './manifest.ts';
import type { ManifestKind, ParsedFile } from './parse.ts';

/** What is shared by all that turns manifests into what is desired. */

export type Variables = Readonly<Record<string, string | undefined>>;

export interface ResolveOptions {
  readonly scope: string;
  readonly formerScope?: string;
  /** Null leaves variables unread. */
  readonly env: Variables | null;
  readonly warnsOfPlaintext: boolean;
  readonly warnsOfContent?: boolean;
  /** `YYYY-MM-DD`, to warn of documents that have expired; absent where a plan says so. */
  readonly today?: string;
}

/** What was found where manifests point to. */
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
  /** Its bytes are not of the type that its name says, nor of any other that is known. */
  readonly isUnrecognised?: boolean;
  /** Of a text: what its digest would be in a checkout that writes lines otherwise. */
  readonly withOtherLineEnds?: { readonly lineEnds: 'LF' | 'CRLF'; readonly sha256: string };
}

/** Where things are looked up, and where the problems are left that are found. */
export interface Resolution {
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
  /** Documents of whose content somebody was warned already. */
  readonly unrecognised: Set<RepositoryPath>;
  readonly problems: Problem[];
}

/** Where a document or an address is written: in a manifest of its own, or inline, without a name. */
export interface StatedPlace {
  readonly origin: Origin;
  readonly path: Path;
  readonly name: string | null;
}

/** Names that are declared where a mistake hides the rest: a reference to one of them is no further mistake. */
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

/** `groups/acme.yaml:12:3` */
export function describePlace(origin: Origin, path: Path): string {
  const { file, line, column } = origin.position(path);
  return `${visible(file)}:${line}:${column}`;
}

/** `on line 5`, or where both stand in one line, `as entry 1`. Where the first of two equal entries of a list is. */
export function describeFirst(
  origin: Origin,
  pathTo: (index: number) => Path,
  first: number,
  again: number,
): string {
  const { line } = origin.position(pathTo(first));
  return line === origin.position(pathTo(again)).line ? `as entry ${first + 1}` : `on line ${line}`;
}

/** `sub_number_order` → `sub number order` */
export function inWords(kind: string): string {
  return kind.replaceAll('_', ' ');
}

/**
 * Under another scope it would take what belongs to another repository, under our own what another manifest is found by. In
 * another form than its own it might come back from Telnyx changed, and what is found by it would not be found again.
 */
export function checkReference(stated: string, own: string): Fault | null {
  if (stated === own) return null;
  const tidy = tidyReference(stated);
  if (isMadeByRegsync(tidy)) return RESERVED;
  if ([...tidy].length > LONGEST_REFERENCE) return TOO_LONG;
  return stated === tidy ? null : untidy(tidy);
}

function untidy(tidy: string): Fault {
  const hint =
    tidy === ''
      ? 'Leave customer_reference out, or give it a text.'
      : `Write customer_reference: ${JSON.stringify(tidy)}`;
  return new Fault('untidy-reference', UNTIDY, hint);
}

const UNTIDY =
  'customer_reference has blanks at its ends or several in a row, or letters that are not composed (NFC): Telnyx may store it otherwise';

const LONGEST_REFERENCE = 255;

const TOO_LONG = new Fault(
  'untidy-reference',
  `customer_reference has more than ${LONGEST_REFERENCE} characters: Telnyx may cut it`,
  'Choose a shorter one.',
);

const RESERVED = new Fault(
  'reserved-reference',
  'references under regsync/ are made from scopes and names',
  'Leave customer_reference out, or choose one of your own.',
);

export function resolveId(written: string, origin: Origin): PinnedId;
export function resolveId(written: string | undefined, origin: Origin): PinnedId | null;
export function resolveId(written: string | undefined, origin: Origin): PinnedId | null {
  if (written === undefined) return null;
  return { id: asRemoteId(written.toLowerCase()), source: origin.position(['id']) };
}
