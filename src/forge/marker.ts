import { timingSafeEqual } from 'node:crypto';
import type { Artifact } from './artifact.ts';

/**
 * Line 1 of the comment or issue that regsync keeps. It names what the text is about, and proves that regsync
 * wrote it for this place. A copy elsewhere or a changed marker is ignored.
 */
export interface Marker extends Topic {
  readonly kind: 'plan' | 'drift';
  /** The fingerprint of the plan under review. Null if there is none. */
  readonly fingerprint: string | null;
  /** The commit that the plan was made for. */
  readonly head: string | null;
  /**
   * The fingerprint of the plan that was made after the merge and refused. A start by hand names this one.
   */
  readonly fresh?: string;
  /** The artifact that contains a plan too large for the text. */
  readonly artifact?: Artifact;
}

/**
 * The subject of a text, which tells it from others: each job that shares a pull request keeps its own text.
 */
export interface Topic {
  /** The scope, with the shard if there is one. */
  readonly scope: string;
  /**
   * A digest of the folder, the file, the account and the use of the sandbox. Absent for the usual file in
   * the root of the repository.
   */
  readonly configuration?: string;
  /** A digest of the paths and targets that narrow the run. Absent if nothing narrows it. */
  readonly part?: string;
}

export function isSameTopic(a: Topic, b: Topic): boolean {
  return a.scope === b.scope && a.configuration === b.configuration && a.part === b.part;
}

/** The place where a marker is valid. */
export interface Place {
  /** `owner/name` on GitHub, `gitlab:42` for the project 42 of GitLab. */
  readonly repository: string;
  /** The number of the change request. Null for an issue, which has no number before it exists. */
  readonly pull: number | null;
}

/** Computes a MAC over a JSON value with the plan key, as 64 hex digits. */
export type Sign = (value: unknown) => string;

/** The state of the text below a marker, compared with what regsync wrote. */
export type Integrity =
  | 'intact'
  /** Somebody changed it later. */
  | 'edited'
  /** An older version of regsync wrote it, which signed only the marker: a change cannot be detected. */
  | 'unsealed';

/** Returns line 1 of a text. It is valid once `seal` has signed the whole text. */
export function writeMarker(marker: Marker, place: Place, sign: Sign): string {
  const { kind, scope, configuration, part, fingerprint, head, fresh, artifact } = marker;
  // JSON omits each field that is undefined.
  const fields = {
    scope,
    configuration,
    part,
    fingerprint: fingerprint ?? undefined,
    head: head ?? undefined,
    fresh,
    artifact,
    mac: macOf(marker, place, sign),
  };
  return `<!-- regsync:${kind}:v2 ${JSON.stringify(fields)} -->`;
}

/**
 * Signs the whole text, so that the marker vouches for what people read. The MAC goes into line 1 and covers
 * everything but itself, the kind of line ends and white space at the end, because GitHub's editor writes
 * CRLF.
 */
export function seal(body: string, sign: Sign): string {
  const end = body.indexOf(' -->');
  return `${body.slice(0, end - 1)},"text":"${sealOf(body, sign)}"}${body.slice(end)}`;
}

/** The number of bytes that `seal` adds to a text. */
export const SEAL_BYTES = ',"text":""'.length + 64;

/** Returns the text as it was before `seal`, with LF as line ends and no white space at the end. */
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

/** The content of line 1 of a text, whoever wrote it. */
export interface Claim {
  readonly kind: 'plan' | 'drift' | 'withdrawn';
  readonly topic: Topic;
}

/**
 * Returns line 1 of a plan that was withdrawn without a key, or of a text about an apply that had none. It proves
 * nothing, and no apply uses it.
 */
export function writeWithdrawn({ scope, configuration, part }: Topic): string {
  return `<!-- regsync:withdrawn:v2 ${JSON.stringify({ scope, configuration, part })} -->`;
}

/** Returns null unless the text begins like one of regsync's. Unlike `readMarker`, needs no key. */
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

/** Returns null unless the text begins with a marker that regsync wrote for this place. */
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
