import { normaliseText } from './text/normal-text.ts';

/**
 * References are compared in this form: NFC, trimmed. No document says what else Telnyx does to a
 * `customer_reference`. A reference that comes back in another form is a different one.
 */

/** Returns the key for an index by reference, or null without a reference. */
export function referenceKey(reference: string | null): string | null {
  const key = reference === null ? '' : normaliseText(reference);
  return key === '' ? null : key;
}

/**
 * Returns the form in which a reference is written. Spaces are single as well, so that Telnyx is unlikely to
 * change it.
 */
export function tidyReference(reference: string): string {
  return normaliseText(reference).replace(/\s+/gu, ' ');
}

/** Returns false for two things without a reference. */
export function sameReference(a: string | null, b: string | null): boolean {
  const key = referenceKey(a);
  return key !== null && key === referenceKey(b);
}
