/** The codes of the characters that have a meaning in YAML. */
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const HASH = 0x23;
export const APOSTROPHE = 0x27;
export const COMMA = 0x2c;
export const DASH = 0x2d;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

export function isWordCharacter(code: number, isFirst: boolean): boolean {
  const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
  return isLetter || (!isFirst && ((code >= 0x30 && code <= 0x39) || code === DASH));
}

/** The characters that a plain scalar cannot begin with, or only before certain others. */
export const INDICATORS = codesOf('-?:,[]{}#&*!|>\'"%@`');
export const FLOW_INDICATORS = codesOf(',[]{}');

function codesOf(characters: string): ReadonlySet<number> {
  return new Set([...characters].map((character) => character.charCodeAt(0)));
}
