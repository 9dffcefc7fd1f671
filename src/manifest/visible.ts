import { visible } from '../model/text/visible.ts';

const MAX_NAME = 60;
const MAX_PATH = 200;

/** Quotes a name for a message: shortened, and without characters that act on a terminal or are invisible. */
export function quoted(name: string): string {
  return `"${visible(cut(name, MAX_NAME))}"`;
}

/** Returns ` "key"`, or nothing if whitespace suggests that the key is a value without its quotes. */
export function quotedKey(key: string): string {
  return /\s/.test(key) ? '' : ` ${quoted(key)}`;
}

export function quotedPath(path: string): string {
  return `"${visible(cut(path, MAX_PATH))}"`;
}

/** Shortens a text, but does not split a character. */
function cut(text: string, longest: number): string {
  const characters = [...text.slice(0, 2 * longest)];
  if (characters.length <= longest && text.length <= 2 * longest) return text;
  return `${characters.slice(0, longest).join('')}…`;
}
