import { normaliseText } from './normal-text.ts';

/**
 * References in the form in which they are compared: NFC, trimmed. What else Telnyx does to a `customer_reference` is
 * documented nowhere; a reference that comes back otherwise than in this form is another one.
 */

/** For an index by reference; null where there is none. */
export function referenceKey(reference: string | null): string | null {
  const key = reference === null ? '' : normaliseText(reference);
  return key === '' ? null : key;
}

/** The form in which a reference is written, and which no tidying is likely to change: blanks are single as well. */
export function tidyReference(reference: string): string {
  return normaliseText(reference).replace(/\s+/gu, ' ');
}

/** Two things without a reference have none in common. */
export function sameReference(a: string | null, b: string | null): boolean {
  const key = referenceKey(a);
  return key !== null && key === referenceKey(b);
}
