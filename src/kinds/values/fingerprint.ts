import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { reveal, type Sensitive } from '../../model/privacy/sensitive.ts';
import { compareText } from '../../model/text/compare-text.ts';

/**
 * The keys of digests, so that a plan can be shown and stored without anything that could be guessed back, as
 * a plain SHA-256 of a birth date can. Each use has its own key, derived from one secret through HKDF.
 */
export interface PlanKeys {
  readonly value: Buffer;
  readonly plan: Buffer;
}

/** The place in which a plan is valid. */
export interface PlanPlace {
  readonly scope: string;
  /** The account's name in the configuration, or null if it has none. */
  readonly account: string | null;
  readonly baseUrl: string;
}

/**
 * Derives the keys from `secret`, which is REGSYNC_PLAN_KEY or else the API key. Scope, account name and base
 * URL are mixed in, so that a plan of one place is not authentic at another. Two accounts at Telnyx may share
 * all of them, one after the other (a key of staging, then one of production). `Plan.users` tells these
 * apart.
 */
export function derivePlanKeys(secret: Sensitive, place: PlanPlace): PlanKeys {
  const account = place.account === null ? [] : [place.account];
  const derive = (use: string) =>
    Buffer.from(
      hkdfSync(
        'sha256',
        reveal(secret),
        '',
        canonicalJson(['regsync/v1', use, place.scope, place.baseUrl, ...account]),
        32,
      ),
    );
  return { value: derive('value'), plan: derive('plan') };
}

/**
 * Returns, for example, `«a41c90d2»`. Equal means unchanged. Group and requirement are mixed in, so that
 * equal values elsewhere look different.
 */
export function fingerprintValue(
  keys: PlanKeys,
  group: string,
  requirementId: string,
  form: Sensitive,
): string {
  const digest = hmac(keys.value, [group, requirementId, reveal(form)]);
  return `«${digest.slice(0, 8)}»`;
}

/** Returns 64 hex digits over the canonical form of a JSON value. */
export function digestOf(keys: PlanKeys, value: unknown): string {
  return hmac(keys.plan, value);
}

export function digestsEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function hmac(key: Buffer, value: unknown): string {
  return createHmac('sha256', key).update(canonicalJson(value)).digest('hex');
}

/** Returns JSON without white space and with sorted keys, so that one value has one text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => compareText(a, b));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
}
