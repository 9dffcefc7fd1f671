const PLURALS: Readonly<Record<string, string>> = { address: 'addresses', retry: 'retries' };

/** `1 group`, `2 groups` */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : (PLURALS[noun] ?? `${noun}s`)}`;
}
