import { visible } from '../model/visible.ts';

const LONGEST_NAME = 60;
const LONGEST_PATH = 200;

/** A name as it was written, for a message: cut, and with nothing in it that acts on a terminal or hides. */
export function quoted(name: string): string {
  return `"${visible(cut(name, LONGEST_NAME))}"`;
}

/** ` "key"`, or nothing where blanks show that this is rather a value that slipped out of its quotes. */
export function quotedKey(key: string): string {
  return /\s/.test(key) ? '' : ` ${quoted(key)}`;
}

export function quotedPath(path: string): string {
  return `"${visible(cut(path, LONGEST_PATH))}"`;
}

/** Not through the middle of a character. */
function cut(text: string, longest: number): string {
  const characters = [...text.slice(0, 2 * longest)];
  if (characters.length <= longest && text.length <= 2 * longest) return text;
  return `${characters.slice(0, longest).join('')}…`;
}
