/** A key in a file of age keys, with its position. */
export interface KeyLine {
  readonly key: string;
  readonly line: number;
  readonly column: number;
}

/** Reads a text of one key a line, and skips comments and empty lines as age itself does. */
export function readKeyLines(text: string): KeyLine[] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((raw, index) => ({
      key: raw.trim(),
      line: index + 1,
      column: raw.length - raw.trimStart().length + 1,
    }))
    .filter(({ key }) => key !== '' && !key.startsWith('#'));
}
