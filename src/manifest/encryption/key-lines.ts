/** A line of a file of age keys, and where its content stands. */
export interface KeyLine {
  readonly key: string;
  readonly line: number;
  readonly column: number;
}

/** What says something in a text of one key a line: comments and empty lines aside, as age itself reads it. */
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
