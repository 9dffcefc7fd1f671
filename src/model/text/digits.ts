/** Formats `20000000` as `20,000,000`. `Intl` would load its language tables at every start. */
export function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
