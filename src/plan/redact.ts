/**
 * The same value with every text in it covered. A plan leaves the program by more ways than the streams: as a file, and packed into
 * a comment. What must not stand there is taken out before the plan is signed, so that all of its copies say the same.
 *
 * @param cover takes known secrets out of a text.
 */
export function redact<Value>(value: Value, cover: (text: string) => string): Value {
  const text = JSON.stringify(value);
  // Nearly always: one look at the whole costs less than a look at each text in it.
  return text === undefined || cover(text) === text ? value : (redactTexts(value, cover) as Value);
}

function redactTexts(value: unknown, cover: (text: string) => string): unknown {
  if (typeof value === 'string') return cover(value);
  if (Array.isArray(value)) return value.map((inner) => redactTexts(inner, cover));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactTexts(inner, cover)]));
}
