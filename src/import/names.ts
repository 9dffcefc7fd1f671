/**
 * Names made from text of the API, which anybody may have written. Such text may decide the letters of a
 * name, but never the folder of a file. A name contains only `a-z 0-9 . _ -`, does not begin with a dot, and
 * is not reserved on Windows.
 */

/** The limit leaves room for a number after it: a manifest's name has at most 63 characters. */
const MAX_SLUG = 48;

/** Returns an empty string if no usable character is left. */
export function slug(text: string): string {
  const plain = text
    .slice(0, 4 * MAX_SLUG)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]{2,}/g, '-');
  return withoutReserved(trim(trim(plain).slice(0, MAX_SLUG)));
}

function trim(text: string): string {
  return text.replace(/^[._-]+|[._-]+$/g, '');
}

/** Matches device names on Windows, which are reserved even with an extension. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;

function withoutReserved(name: string): string {
  return RESERVED.test(name) ? `x-${name}` : name;
}

/** Returns the file name, without extension, for a manifest's `name`. */
export function fileBase(name: string): string {
  return withoutReserved(name.replace(/[.]+$/, '') || 'x');
}

/** Assigns each name once. Case does not distinguish names, since some file systems ignore it. */
export class Names {
  readonly #taken: Set<string>;
  /** The next number for each name, because ten thousand groups may share a reference. */
  readonly #next = new Map<string, number>();

  constructor(taken: Iterable<string>) {
    this.#taken = new Set([...taken].map(fold));
  }

  isFree(name: string): boolean {
    return !this.#taken.has(fold(name));
  }

  take(name: string): void {
    this.#taken.add(fold(name));
  }

  /** Returns `name`, or else the first free of `name-2`, `name-3`, … with `suffix` appended. */
  claim(name: string, suffix = ''): string {
    let candidate = `${name}${suffix}`;
    let number = this.#next.get(candidate) ?? 2;
    for (const first = candidate; !this.isFree(candidate); this.#next.set(first, number)) {
      candidate = `${name}-${number}${suffix}`;
      number++;
    }
    this.take(candidate);
    return candidate;
  }
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
