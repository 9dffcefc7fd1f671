/**
 * Returns the same value with every text in it redacted. A plan also leaves the program as a file and in a
 * comment. Its secrets are removed before it is signed, so that all of its copies say the same.
 *
 * @param cover removes known secrets from a text.
 */
export function redact<Value>(value: Value, cover: (text: string) => string): Value {
  const text = JSON.stringify(value);
  // One look at the whole costs less than a look at each text, and nearly always finds nothing.
  return text === undefined || cover(text) === text ? value : (redactTexts(value, cover) as Value);
}

function redactTexts(value: unknown, cover: (text: string) => string): unknown {
  if (typeof value === 'string') return cover(value);
  if (Array.isArray(value)) return value.map((inner) => redactTexts(inner, cover));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactTexts(inner, cover)]));
}
