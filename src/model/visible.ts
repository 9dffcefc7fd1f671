/**
 * Text from outside, made harmless for a terminal and a log: control characters, bidirectional overrides and characters
 * without width are shown as escapes; what is left prints as one line.
 */
export function visible(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The same, and no longer than `most` code points. */
export function visibleUpTo(text: string, most: number): string {
  const points = [...text];
  return visible(points.length <= most ? text : `${points.slice(0, most).join('')}…`);
}
