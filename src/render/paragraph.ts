import { visible } from '../model/visible.ts';

/** Nobody reads more of one requirement, and an API that sends a megabyte is not to fill a screen or a file with it. */
const LONGEST_PARAGRAPH = 2_000;

/** Text from outside as one line: blanks and line breaks folded, what acts on a terminal or does not show escaped, cut. */
export function asParagraph(text: string): string {
  const characters = [
    ...visible(
      text
        .slice(0, 4 * LONGEST_PARAGRAPH)
        .replace(/\s+/gu, ' ')
        .trim(),
    ),
  ];
  if (characters.length <= LONGEST_PARAGRAPH) return characters.join('');
  return `${characters.slice(0, LONGEST_PARAGRAPH).join('')}…`;
}
