/** Shortens a text to a number of characters, of which the last is then an ellipsis. Splits no character. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}
