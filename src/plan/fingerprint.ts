import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { compareText } from '../model/order.ts';
import { reveal, type Sensitive } from '../model/sensitive.ts';

/**
 * Keyed digests, so that a plan can be shown and stored without anything in it that could be guessed back: the plain
 * SHA-256 of a birth date falls in milliseconds. Each use has its own key, derived from one secret through HKDF.
 */
export interface PlanKeys {
  readonly value: Buffer;
  readonly plan: Buffer;
}

/**
 * `secret` is REGSYNC_PLAN_KEY or else the API key. Scope and base URL are mixed in: a plan made for one account or
 * repository is worth nothing in another.
 */
export function derivePlanKeys(secret: Sensitive, context: { scope: string; baseUrl: string }): PlanKeys {
  const derive = (use: string) =>
    Buffer.from(
      hkdfSync(
        'sha256',
        reveal(secret),
        '',
        canonicalJson(['regsync/v1', use, context.scope, context.baseUrl]),
        32,
      ),
    );
  return { value: derive('value'), plan: derive('plan') };
}

/** `«a41c90d2»`: equal means unchanged. Group and requirement are mixed in, so equal values elsewhere look different. */
export function fingerprintValue(
  keys: PlanKeys,
  group: string,
  requirementId: string,
  form: Sensitive,
): string {
  const digest = hmac(keys.value, [group, requirementId, reveal(form)]);
  return `«${digest.slice(0, 8)}»`;
}

/** 64 hex over the canonical form of a JSON value. */
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

/** JSON without white space and with sorted keys: one text for one value. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => compareText(a, b));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`;
}
