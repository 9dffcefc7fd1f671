/**
 * Returns the text with the other line ends, as another checkout may have it. Null if it has no line ends.
 */
export function withOtherLineEnds(
  text: string,
): { readonly lineEnds: 'LF' | 'CRLF'; readonly text: string } | null {
  if (text.includes('\r\n')) return { lineEnds: 'LF', text: text.replaceAll('\r\n', '\n') };
  return text.includes('\n') ? { lineEnds: 'CRLF', text: text.replaceAll('\n', '\r\n') } : null;
}
