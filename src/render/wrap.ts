import { visible } from '../model/visible.ts';

/** The words of a paragraph in lines of at most `width` characters; a longer word is cut. At least one line. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => cutWord(long, width))) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function cutWord(word: string, width: number): string[] {
  const characters = [...word];
  if (characters.length <= width) return [word];
  return Array.from({ length: Math.ceil(characters.length / width) }, (_, index) =>
    characters.slice(index * width, (index + 1) * width).join(''),
  );
}

function lengthOf(text: string): number {
  return [...text].length;
}

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
