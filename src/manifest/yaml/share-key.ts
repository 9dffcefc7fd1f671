/**
 * Returns the key between these offsets, as the same string for every file, since tens of thousands of files
 * share a few keys. A key that is not among the latest is cut out of the text.
 */
export function shareKey(text: string, start: number, end: number): string {
  const place =
    (text.charCodeAt(start) * 31 + text.charCodeAt(end - 1) * 7 + end - start) % LATEST_KEYS.length;
  const known = LATEST_KEYS[place];
  if (known !== undefined && known.length === end - start && text.startsWith(known, start)) return known;
  const key = text.slice(start, end);
  LATEST_KEYS[place] = key;
  return key;
}

const LATEST_KEYS = new Array<string | undefined>(256).fill(undefined);
