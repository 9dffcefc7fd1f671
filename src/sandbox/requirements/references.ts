import { optionalText } from '../server/input.ts';
import type { JsonObject } from '../server/request.ts';
import type { Quirks } from '../state/quirks.ts';
import type { State } from '../state/state.ts';

/** Returns the `customer_reference` of a body as it is stored. Undefined if the body leaves it out. */
export function readReference({ quirks }: State, body: JsonObject): string | null | undefined {
  const reference = optionalText(body, 'customer_reference');
  return typeof reference === 'string' ? TIDY[quirks.references](reference) : reference;
}

const LONGEST = 255;

const TIDY: Readonly<Record<Quirks['references'], (reference: string) => string | null>> = {
  keep: (reference) => reference,
  trim: (reference) => reference.trim(),
  compose: (reference) => reference.normalize('NFC'),
  fold: (reference) => reference.replace(/\s+/gu, ' '),
  cut: (reference) => [...reference].slice(0, LONGEST).join(''),
  drop: () => null,
};
