import { timingSafeEqual } from 'node:crypto';
import type { Artifact } from './artifact.ts';

/**
 * Line 1 of the comment or issue that we keep: it says what the text is about, and proves that we wrote that for this very
 * place. Who copies it elsewhere, or changes what it says, has a text that we pass over.
 */
export interface Marker extends Topic {
  readonly kind: 'plan' | 'drift';
  /** Of the plan that is up for review; null where none is. */
  readonly fingerprint: string | null;
  /** The commit that the plan was made for. */
  readonly head: string | null;
  /** Of the plan that was made after the merge, and refused: whoever starts an apply by hand gives this one. */
  readonly fresh?: string;
  /** Where the plan is that is too large for the text. */
  readonly artifact?: Artifact;
}

/** What a text is about, and so which of several it is: jobs that share a pull request keep one each. */
export interface Topic {
  /** A scope, or a shard of it. */
  readonly scope: string;
  /** A digest of the folder, the file and the account; absent for the usual file in the root of the repository. */
  readonly configuration?: string;
  /** A digest of the paths and targets that narrow the run; absent where nothing does. */
  readonly part?: string;
}

export function isSameTopic(a: Topic, b: Topic): boolean {
  return a.scope === b.scope && a.configuration === b.configuration && a.part === b.part;
}

/** Where a marker counts. */
export interface Place {
  /** `owner/name` */
  readonly repository: string;
  /** The pull request; null for an issue, whose number is not known before it is there. */
  readonly pull: number | null;
}

/** A MAC, keyed with the plan key, over a JSON value: 64 hex. */
export type Sign = (value: unknown) => string;

/** Whether a text is still what we wrote below its marker. */
export type Integrity =
  | 'intact'
  /** Somebody changed it since. */
  | 'edited'
  /** A version of regsync wrote it that signed the marker alone: nobody can tell. */
  | 'unsealed';

/** Line 1 of a text. It counts once `seal` has signed the whole. */
export function writeMarker(marker: Marker, place: Place, sign: Sign): string {
  const { kind, scope, configuration, part, fingerprint, head, fresh, artifact } = marker;
  const said = {
    scope,
    ...(configuration === undefined ? {} : { configuration }),
    ...(part === undefined ? {} : { part }),
    ...(fingerprint === null ? {} : { fingerprint }),
    ...(head === null ? {} : { head }),
    ...(fresh === undefined ? {} : { fresh }),
    ...(artifact === undefined ? {} : { artifact }),
  };
  return `<!-- regsync:${kind}:v2 ${JSON.stringify({ ...said, mac: macOf(marker, place, sign) })} -->`;
}

/**
 * Signs the whole text, so that what people read is what the marker speaks for. The MAC goes into line 1 and covers everything but
 * itself, line ends and blanks at the end apart: GitHub's editor turns the former into CRLF.
 */
export function seal(body: string, sign: Sign): string {
  const end = body.indexOf(' -->');
  return `${body.slice(0, end - 1)},"text":"${sealOf(body, sign)}"}${body.slice(end)}`;
}

/** How many bytes `seal` adds to a text. */
export const SEAL_BYTES = ',"text":""'.length + 64;

/** The text as it was before it was sealed, with line ends of one kind. */
export function unsealed(body: string): string {
  return normalise(body.replace(SEALED_LINE, '$1} -->'));
}

const SEALED_LINE = /^(<!-- regsync:(?:plan|drift):v2 \{[^\n]{1,1000}),"text":"([0-9a-f]{64})"\} -->/;

function sealOf(body: string, sign: Sign): string {
  return sign(['regsync text', unsealed(body)]);
}

function normalise(body: string): string {
  return body.replaceAll('\r\n', '\n').trimEnd();
}

/** What line 1 of a text says, whoever wrote it. */
export interface Claim {
  readonly kind: 'plan' | 'drift' | 'withdrawn';
  readonly topic: Topic;
}

/** Line 1 of a plan that was withdrawn without a key at hand. It proves nothing, and nothing can be applied by it. */
export function writeWithdrawn({ scope, configuration, part }: Topic): string {
  return `<!-- regsync:withdrawn:v2 ${JSON.stringify({ scope, configuration, part })} -->`;
}

/** Null unless the text begins as ours do. Other than `readMarker`, it needs no key. */
export function readClaim(body: string): Claim | null {
  const line = body.match(/^<!-- regsync:(plan|drift|withdrawn):v[12] (\{[^\n]{1,1000}\}) -->\r?(?:\n|$)/);
  if (line === null) return null;
  const [, kind, json] = line as unknown as readonly [string, Claim['kind'], string];
  const topic = topicIn(parse(json));
  return topic === null ? null : { kind, topic };
}

function topicIn({ scope, configuration, part }: Readonly<Record<string, unknown>>): Topic | null {
  if (typeof scope !== 'string') return null;
  return {
    scope,
    ...(typeof configuration === 'string' ? { configuration } : {}),
    ...(typeof part === 'string' ? { part } : {}),
  };
}

/** Null unless the text begins with a marker that we wrote for this place. */
export function readMarker(
  body: string,
  place: Place,
  sign: Sign,
): { readonly marker: Marker; readonly integrity: Integrity } | null {
  const line = body.match(/^<!-- regsync:(plan|drift):v([12]) (\{[^\n]{1,1000}\}) -->\r?(?:\n|$)/);
  if (line === null) return null;
  const [, kind, version, json] = line as unknown as readonly [string, Marker['kind'], '1' | '2', string];
  const fields = parse(json);
  const topic = topicIn(fields);
  const { fingerprint = null, head = null, fresh, artifact, mac } = fields;
  if (topic === null || typeof mac !== 'string') return null;
  if (!isTextOrNull(fingerprint) || !isTextOrNull(head)) return null;
  const marker: Marker = {
    kind,
    ...topic,
    fingerprint,
    head,
    ...(typeof fresh === 'string' ? { fresh } : {}),
    ...(isArtifact(artifact) ? { artifact } : {}),
  };
  if (!equal(mac, macOf(marker, place, sign))) return null;
  return { marker, integrity: version === '1' ? 'unsealed' : integrityOf(body, sign) };
}

function integrityOf(body: string, sign: Sign): Integrity {
  const text = body.match(SEALED_LINE)?.[2];
  if (text === undefined) return 'edited';
  return equal(text, sealOf(body, sign)) ? 'intact' : 'edited';
}

function macOf(marker: Marker, { repository, pull }: Place, sign: Sign): string {
  const { kind, scope, configuration, part, fingerprint, head, fresh, artifact } = marker;
  const more = [configuration, part, fresh, artifact?.name, artifact?.sha256].map((field) => field ?? null);
  const isPlain = more.every((field) => field === null);
  return sign(['regsync marker', kind, repository, pull, scope, fingerprint, head, ...(isPlain ? [] : more)]);
}

function parse(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

function isArtifact(value: unknown): value is Artifact {
  const { name, sha256 } = (value ?? {}) as Partial<Record<keyof Artifact, unknown>>;
  return typeof name === 'string' && typeof sha256 === 'string';
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
