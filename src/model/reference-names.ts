import { referenceKey } from './reference.ts';
import { asReference, type Reference } from './resource.ts';

/** The references by which regsync owns objects. regsync keeps no other state. */
export const references = {
  scopePrefix: (scope: string): string => `regsync/${scope}/`,
  group: (scope: string, name: string): Reference => asReference(`regsync/${scope}/${name}`),
  document: (scope: string, sha256: string): Reference =>
    asReference(`regsync/${scope}/doc/${sha256.slice(0, 32)}`),
  address: (scope: string, sha256: string): Reference =>
    asReference(`regsync/${scope}/addr/${sha256.slice(0, 32)}`),
  numberOrder: (scope: string, name: string): Reference => asReference(`regsync/${scope}/order/${name}`),
};

/** Returns true for a reference that regsync makes, in any scope. */
export function isMadeByRegsync(reference: string): boolean {
  return reference.startsWith('regsync/');
}

/** Returns true if the reference says that a repository of this scope owns the object. */
export function isOfScope(scope: string, reference: string | null): boolean {
  return referenceKey(reference)?.startsWith(references.scopePrefix(scope)) ?? false;
}

/** Returns true if the reference says that another repository owns the object. */
export function isForeign(scope: string, reference: string | null): boolean {
  const key = referenceKey(reference);
  return key !== null && isMadeByRegsync(key) && !isOfScope(scope, key);
}

/** Returns true for a foreign reference that is not of the repository's former scope. */
export function isOthers(
  { scope, formerScope }: { readonly scope: string; readonly formerScope?: string | undefined },
  reference: string | null,
): boolean {
  return isForeign(scope, reference) && !isOfFormerScope({ formerScope }, reference);
}

/** Returns true if the reference is of the scope that the repository had before, if it had one. */
export function isOfFormerScope(
  { formerScope }: { readonly formerScope?: string | undefined },
  reference: string | null,
): boolean {
  return formerScope !== undefined && isOfScope(formerScope, reference);
}

/** Returns null for a reference that regsync did not make. */
export function scopeInReference(reference: string | null): string | null {
  return referenceKey(reference)?.match(/^regsync\/([^/]+)\//)?.[1] ?? null;
}

/**
 * Returns the scope and the name in a reference that regsync gives to a group of any scope, or null for any
 * other reference.
 */
export function scopeAndNameIn(
  reference: string | null,
): { readonly scope: string; readonly name: string } | null {
  const [, scope, name] = referenceKey(reference)?.match(/^regsync\/([^/]+)\/([^/]+)$/) ?? [];
  return scope === undefined || name === undefined ? null : { scope, name };
}

/**
 * Returns the first half of the digest in the reference of a document or an address of any scope, or null.
 */
export function digestInReference(reference: Reference | null, kind: 'doc' | 'addr'): string | null {
  const [, found, digest = null] = reference?.match(/^regsync\/[^/]+\/(doc|addr)\/([0-9a-f]{32})$/) ?? [];
  return found === kind ? digest : null;
}
