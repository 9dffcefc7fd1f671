import { visible } from '../../model/text/visible.ts';

/** The limit keeps an API that sends a megabyte from filling a screen or a file with it. */
const MAX_PARAGRAPH = 2_000;

/**
 * Returns outside text as one line of limited length. Blanks and line breaks are folded, and invisible
 * characters and those that act on a terminal are escaped.
 */
export function asParagraph(text: string): string {
  const characters = [
    ...visible(
      text
        .slice(0, 4 * MAX_PARAGRAPH)
        .replace(/\s+/gu, ' ')
        .trim(),
    ),
  ];
  if (characters.length <= MAX_PARAGRAPH) return characters.join('');
  return `${characters.slice(0, MAX_PARAGRAPH).join('')}…`;
}
