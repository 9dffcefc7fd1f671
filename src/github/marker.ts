import { timingSafeEqual } from 'node:crypto';

/**
 * Line 1 of the comment or issue that we keep: it says what the text is about, and proves that we wrote that for this very
 * place. Who copies it elsewhere, or changes what it says, has a text that we pass over.
 */
export interface Marker {
  readonly kind: 'plan' | 'drift';
  /** What the text is about: a scope, or a shard of it. */
  readonly scope: string;
  /** Of the plan that is up for review; null where none is. */
  readonly fingerprint: string | null;
  /** The commit that the plan was made for. */
  readonly head: string | null;
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

export function writeMarker(marker: Marker, place: Place, sign: Sign): string {
  const { kind, scope, fingerprint, head } = marker;
  const said = {
    scope,
    ...(fingerprint === null ? {} : { fingerprint }),
    ...(head === null ? {} : { head }),
  };
  return `<!-- regsync:${kind}:v1 ${JSON.stringify({ ...said, mac: macOf(marker, place, sign) })} -->`;
}

/** Null unless the text begins with a marker that we wrote for this place. */
export function readMarker(body: string, place: Place, sign: Sign): Marker | null {
  const [, kind, json = ''] =
    body.match(/^<!-- regsync:(plan|drift):v1 (\{[^\n]{1,1000}\}) -->\r?(?:\n|$)/) ?? [];
  if (kind !== 'plan' && kind !== 'drift') return null;
  const { scope, fingerprint = null, head = null, mac } = parse(json);
  if (typeof scope !== 'string' || typeof mac !== 'string') return null;
  if (!isTextOrNull(fingerprint) || !isTextOrNull(head)) return null;
  const marker: Marker = { kind, scope, fingerprint, head };
  return equal(mac, macOf(marker, place, sign)) ? marker : null;
}

function macOf({ kind, scope, fingerprint, head }: Marker, { repository, pull }: Place, sign: Sign): string {
  return sign(['regsync marker', kind, repository, pull, scope, fingerprint, head]);
}

function parse(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
