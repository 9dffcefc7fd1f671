import { giveUp } from './give-up.ts';

/** Resolves a scalar as the core schema does: to a text, unless it looks like another type. */
export function resolvePlain(written: string): unknown {
  if (SURELY_TEXT.test(written)) return written;
  if (written === 'true') return true;
  if (written === 'false') return false;
  if (written === 'null') return null;
  if (NUMBER.test(written)) return Number(written);
  return LOOKS_OTHERWISE.test(written) ? giveUp() : written;
}

const SURELY_TEXT = /^[A-EG-MO-SU-Za-eg-mo-su-z]/;
const NUMBER = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
/** Matches all texts that mean null, a boolean or a number, and some others. */
const LOOKS_OTHERWISE =
  /^(?:[-+]?\d*\.?\d*(?:e[-+]?\d+)?|0[ox][\da-f]+|[-+]?\.(?:inf|nan)|~|null|true|false)$/i;
