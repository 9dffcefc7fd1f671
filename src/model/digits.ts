/** `20000000` → `20,000,000`. What Node has for this loads its tables of languages first: 15 ms of every start. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
