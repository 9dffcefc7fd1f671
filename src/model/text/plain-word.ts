/**
 * Writes a name, an id, a digest or a path in YAML: plain, unless YAML 1.1 or 1.2 would read something else.
 */
export function writeWord(text: string): string {
  return isPlainWord(text) ? text : JSON.stringify(text);
}

export function isPlainWord(text: string): boolean {
  return PLAIN_WORDS.some((pattern) => pattern.test(text)) && !isReadAsSomethingElse(text);
}

const PLAIN_WORDS: readonly RegExp[] = [
  /^(?:\.\.\/)*[a-z][a-z0-9_/-]*(?:\.[a-z0-9_/-]+)*$/i,
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  // A digest with one of these letters is not a number.
  /^(?=.*[a-df])[0-9a-f]{64}$/,
];

/** Returns true for `NO`, for example, which is false to a reader of YAML 1.1. */
export function isReadAsSomethingElse(word: string): boolean {
  return /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(word);
}
