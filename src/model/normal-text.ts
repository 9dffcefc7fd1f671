/** Texts are compared in this form: NFC, trimmed. */
export function normaliseText(text: string): string {
  if (NORMAL.test(text)) return text;
  return text.normalize('NFC').trim();
}

/** Nearly every text: asking Unicode takes longer. */
const NORMAL = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * Dates are compared as instants: the API writes them its own way, whatever was sent (documented: one output format, a
 * dozen accepted; seen with microseconds and `+00:00`). What is no ISO date stays a normalised text.
 */
export function normaliseDate(text: string): string {
  const trimmed = normaliseText(text);
  if (!/^\d{4}-\d{2}-\d{2}([T ]|$)/.test(trimmed)) return trimmed;
  const milliseconds = parseTimestampMs(trimmed);
  return milliseconds === null ? trimmed : new Date(milliseconds).toISOString();
}

/** Milliseconds since the epoch; promised are milliseconds and `Z`, seen are microseconds and `+00:00`. */
export function parseTimestampMs(text: string): number | null {
  const isPromised = text.length <= '2026-01-01T00:00:00.000Z'.length;
  const milliseconds = Date.parse(isPromised ? text : text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(milliseconds) ? null : milliseconds;
}
