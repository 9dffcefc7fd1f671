/**
 * Returns the columns of a text in a terminal, after `visible`. As in terminals, East Asian wide characters
 * and emoji take two columns, and marks take none. A flag counts as two letters of one column each.
 */
export function widthOf(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : MARK.test(character) ? 0 : 1;
  return width;
}

/** Cuts a text to a width, with an ellipsis in the last column. A text that fits is unchanged. */
export function cutToWidth(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let [kept, used] = ['', 0];
  for (const character of text) {
    used += widthOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Wraps a text at blanks to lines of a width. A word longer than that is broken. */
export function wrapToWidth(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((word) => breakWord(word, width))) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Wraps a text to the columns of a terminal that are not taken. It is one line if there is no terminal. */
export function wrapToTerminal(text: string, columns: number | null, taken: number): string[] {
  return columns === null ? [text] : wrapToWidth(text, Math.max(LEAST_COLUMNS, columns - taken));
}

const LEAST_COLUMNS = 40;

function breakWord(word: string, width: number): string[] {
  if (widthOf(word) <= width) return [word];
  const parts = [''];
  for (const character of word) {
    const part = parts.at(-1) ?? '';
    if (part !== '' && widthOf(part) + widthOf(character) > width) parts.push(character);
    else parts[parts.length - 1] = part + character;
  }
  return parts;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const MARK = /^\p{M}$/u;
const WIDE = new RegExp(
  [
    '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Bopo}]',
    // Hangul (its vowels and finals, if separate, join the first letter), CJK signs and punctuation,
    // full-width forms.
    '[\\u1100-\\u115f\\uac00-\\ud7a3\\u2e80-\\u303e\\u3041-\\u33ff\\ufe30-\\ufe6f\\uff01-\\uff60\\uffe0-\\uffe6]',
    '(?![\\u{1f1e6}-\\u{1f1ff}])\\p{Emoji_Presentation}',
  ].join('|'),
  'u',
);
