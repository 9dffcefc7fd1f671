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

/** Leaves the fast reader from any depth, so that the full reader takes the text. */
export function giveUp(): never {
  throw GIVE_UP;
}

/** The thrown value is not an Error, because nobody needs its expensive stack trace. */
export const GIVE_UP = { message: 'not plain' };
