/**
 * Characters that do not show in texts that people read and copy: zero-width spaces, soft hyphens, direction
 * marks. They come from web pages and documents, and make a text different from what it looks like.
 */

/**
 * Returns each hidden character once, by its code point: `U+200B`. A no-break space counts only at an end,
 * where it cannot be seen.
 */
export function hiddenCharactersIn(text: string): readonly string[] {
  if (PLAIN.test(text)) return NONE;
  const found = new Set<string>();
  const scene = { isRightToLeft: RIGHT_TO_LEFT.test(text), hasFlag: text.includes(BLACK_FLAG) };
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    const before = text.slice(Math.max(0, index - 2), index);
    if (!isAtHome(character, before, scene)) found.add(codePointName(character));
  }
  for (const character of blanksAtEnds(text)) {
    if (!ORDINARY_BLANK.test(character)) found.add(codePointName(character));
  }
  return [...found];
}

const NONE: readonly string[] = [];
const PLAIN = /^[\t\n\r\x20-\x7e]*$/;
const ORDINARY_BLANK = /[\t\n\r ]/;

function blanksAtEnds(text: string): string {
  const start = text.trimStart();
  return text.slice(0, text.length - start.length) + start.slice(start.trimEnd().length);
}

/**
 * Leaves out tabs, line breaks and variation selectors, which choose among the forms of a visible character.
 */
const HIDDEN =
  /(?![\t\n\r]|\p{Variation_Selector})[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** Returns true for a format character that belongs to the script around it. */
function isAtHome(
  character: string,
  before: string,
  scene: { readonly isRightToLeft: boolean; readonly hasFlag: boolean },
): boolean {
  if (SHOWN_FORMATS.test(character)) return true;
  if (JOINERS.test(character)) return JOINED.test(before);
  if (DIRECTION_MARKS.test(character)) return scene.isRightToLeft;
  return TAGS.test(character) && scene.hasFlag;
}

/** Signs of Arabic and Syriac above or below numbers, which are visible. */
const SHOWN_FORMATS = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2]/;
const JOINERS = /[\u200c\u200d]/;
/**
 * The characters that a joiner may follow: emoji, marks, and the letters of scripts in which letters join. The pattern ends
 * with `(?!.)`, because with a `$` there Node 26 (V8 14.6) finds no character beyond U+FFFF.
 */
const JOINED =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{M}\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}](?!.)/su;
const DIRECTION_MARKS = /[\u061c\u200e\u200f]/;
const RIGHT_TO_LEFT = /[\p{scx=Arab}\p{scx=Hebr}\p{scx=Syrc}\p{scx=Thaa}\p{scx=Nkoo}]/u;
/** The flag of a region is a black flag, followed by the region's code in tags. */
const BLACK_FLAG = '\u{1f3f4}';
const TAGS = /[\u{e0020}-\u{e007f}]/u;

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Describes what a reader of the text cannot see, in words that follow the text as their subject. Empty if
 * there is nothing.
 */
export function unseenIn(text: string): readonly string[] {
  const hidden = hiddenCharactersIn(text);
  return [
    ...(/\s/u.test(text.at(-1) ?? '') ? [`ends with a ${nameBlank(text.at(-1))}`] : []),
    ...(/\s/u.test(text.at(0) ?? '') ? [`begins with a ${nameBlank(text.at(0))}`] : []),
    ...(hidden.length === 0 ? [] : [holdsHidden(hidden)]),
  ];
}

function nameBlank(character: string | undefined): string {
  return character === '\n' || character === '\r' ? 'line break' : 'blank';
}

/** Returns, for example, `holds a character that does not show: U+200B`. */
export function holdsHidden(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).join(', ') + (names.length > MAX_NAMES ? ', …' : '');
  const characters = names.length === 1 ? 'a character that does not show' : 'characters that do not show';
  return `holds ${characters}: ${shown}`;
}

const MAX_NAMES = 5;
