import { KIND_WORDS, type KindName, MANAGED_KINDS } from '../../model/kinds.ts';

const PLURALS: Readonly<Record<string, string>> = {
  address: 'addresses',
  country: 'countries',
  retry: 'retries',
};

/** Returns `1 group` or `2 groups`. */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : (PLURALS[noun] ?? `${noun}s`)}`;
}

/** Returns the texts that are there, for lists with optional parts. */
export function given(...texts: readonly (string | false | 0 | null | undefined)[]): string[] {
  return texts.flatMap((text) => text || []);
}

/** Lists the first texts, and counts the others: `a, b, 3 more` */
export function listSome<Item>(
  items: readonly Item[],
  most: number,
  show: (item: Item) => string,
  last = ', ',
): string {
  const more = items.length - most;
  return given(items.slice(0, most).map(show).join(', '), more > 0 && `${more} more`).join(last);
}

/** Returns the text as it begins a sentence. */
export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export type Numbers = Readonly<Partial<Record<KindName, number>>>;

export function numbersOf(objects: readonly { readonly kind: KindName }[]): Numbers {
  const numbers: Partial<Record<KindName, number>> = {};
  for (const { kind } of objects) numbers[kind] = (numbers[kind] ?? 0) + 1;
  return numbers;
}

/** Returns `2 groups and 1 order`, without a part that is zero. */
export function countManifests(numbers: Numbers): string {
  const parts = countByWord(numbers);
  const last = parts.pop() ?? count(0, 'group');
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`;
}

/** Returns `2 groups` and `1 order`. Kinds with the same word are added up. */
export function countByWord(numbers: Numbers): string[] {
  const totals = new Map<string, number>();
  for (const kind of MANAGED_KINDS) {
    const { counted } = KIND_WORDS[kind];
    totals.set(counted, (totals.get(counted) ?? 0) + (numbers[kind] ?? 0));
  }
  return [...totals].filter(([, total]) => total > 0).map(([word, total]) => count(total, word));
}

/** Returns `2 more groups`, or `3 more` if orders are among them. */
export function countMore(objects: readonly { readonly kind: KindName }[]): string {
  const isOfGroups = objects.every(({ kind }) => kind === 'RequirementGroup');
  return isOfGroups ? count(objects.length, 'more group') : `${objects.length} more`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KiB` : `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** Returns the two largest units: `45 s`, `3 min`, `2 h 5 min`, `3 d`. */
export function formatDuration(ms: number): string {
  let seconds = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const number = Math.floor(seconds / length);
    seconds -= number * length;
    if (number > 0) parts.push(`${number} ${unit}`);
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];
