const PLURALS: Readonly<Record<string, string>> = { address: 'addresses', retry: 'retries' };

/** `1 group`, `2 groups` */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : (PLURALS[noun] ?? `${noun}s`)}`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
