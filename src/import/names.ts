/**
 * Names made from text of the API. What anyone may have written there decides which letters a name has, never where a file
 * lies: nothing but `a-z 0-9 . _ -` is left of it, no dot leads, and no name is one that Windows keeps for itself.
 */

/** Room for a number behind it: a manifest's name has 63 characters at most. */
const LONGEST_SLUG = 48;

/** Empty when nothing usable is left. */
export function slug(text: string): string {
  const plain = text
    .slice(0, 4 * LONGEST_SLUG)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]{2,}/g, '-');
  return withoutReserved(trim(trim(plain).slice(0, LONGEST_SLUG)));
}

function trim(text: string): string {
  return text.replace(/^[._-]+|[._-]+$/g, '');
}

/** Device names on Windows, whatever follows a dot in them. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;

function withoutReserved(name: string): string {
  return RESERVED.test(name) ? `x-${name}` : name;
}

/** What a file may be called that stands for `name`, which is a manifest's. */
export function fileBase(name: string): string {
  return withoutReserved(name.replace(/[.]+$/, '') || 'x');
}

/** Gives each name once; case does not tell names apart, since some file systems ignore it. */
export class Names {
  readonly #taken: Set<string>;
  /** Where to go on counting: ten thousand groups may have one reference. */
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

  /** `name`, or else the first free of `name-2`, `name-3`, … with `suffix` behind it. */
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
