import { isPlainName } from './plain-names.ts';

/**
 * The shape of an answer without its content: keys and types, lengths of lists, the form of texts. It is for
 * maintainers, who may see no value of an account.
 */
export type Shape =
  /** `null | text(uuid)` */
  | string
  | { readonly object: Readonly<Record<string, Shape>> }
  /** `items` is the shape of all entries merged. Null for an empty list. */
  | { readonly list: Lengths; readonly items: Shape | null }
  | { readonly any: readonly Shape[] };

/** `3`, or `0..5` for several lists that were merged. */
type Lengths = string;

export function shapeOf(value: unknown): Shape {
  return shapeOfAll([value], 0);
}

/** The limit exceeds the depth of every answer of Telnyx. */
const MAX_LEVELS = 20;

function shapeOfAll(values: readonly unknown[], level: number): Shape {
  if (level > MAX_LEVELS) return 'deeper';
  const plain = new Set(values.filter((value) => typeof value !== 'object' || value === null).map(typeOf));
  const lists = values.filter((value): value is unknown[] => Array.isArray(value));
  const objects = values.filter(
    (value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value),
  );
  const shapes: Shape[] = [
    ...(plain.size > 0 ? [[...plain].sort().join(' | ')] : []),
    ...(lists.length > 0 ? [shapeOfLists(lists, level)] : []),
    ...(objects.length > 0 ? [shapeOfObjects(objects, level)] : []),
  ];
  const [only = 'nothing', ...others] = shapes;
  return others.length === 0 ? only : { any: shapes };
}

function shapeOfLists(lists: readonly (readonly unknown[])[], level: number): Shape {
  const least = lists.reduce((so, { length }) => Math.min(so, length), Number.POSITIVE_INFINITY);
  const most = lists.reduce((so, { length }) => Math.max(so, length), 0);
  return {
    list: least === most ? `${least}` : `${least}..${most}`,
    items: most === 0 ? null : shapeOfAll(lists.flat(), level + 1),
  };
}

/** Merges objects. A key that some of them lack ends in `?`. */
function shapeOfObjects(objects: readonly object[], level: number): Shape {
  const values = new Map<string, unknown[]>();
  for (const object of objects) {
    for (const [key, value] of Object.entries(object)) {
      const name = nameOf(key);
      const known = values.get(name);
      if (known === undefined) values.set(name, [value]);
      else known.push(value);
    }
  }
  const entries = [...values].map(([name, found]) => [
    found.length < objects.length ? `${name}?` : name,
    shapeOfAll(found, level + 1),
  ]);
  return { object: Object.fromEntries(entries) };
}

function nameOf(key: string): string {
  return isPlainName(key) ? key : '<key>';
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `text(${formOf(value)})`;
  if (typeof value !== 'number') return typeof value;
  if (Number.isSafeInteger(value)) return 'integer';
  return Number.isInteger(value) ? 'integer(unsafe)' : 'number';
}

/** The forms of texts. The first match counts. */
const FORMS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['empty', /^$/],
  ['uuid', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i],
  ['date', /^\d{4}-\d{2}-\d{2}$/],
  ['time, microseconds, Z', /^\d{4}-\d{2}-\d{2}T[\d:]+\.\d{6}Z$/],
  ['time, milliseconds, Z', /^\d{4}-\d{2}-\d{2}T[\d:]+\.\d{3}Z$/],
  ['time, seconds, Z', /^\d{4}-\d{2}-\d{2}T[\d:]+Z$/],
  ['time, offset', /^\d{4}-\d{2}-\d{2}[T ][\d:.]+[+-]\d{2}:?\d{2}$/],
  ['time, no zone', /^\d{4}-\d{2}-\d{2}[T ][\d:.]+$/],
  ['sha256', /^[0-9a-f]{64}$/i],
  ['digits', /^\d+$/],
  ['phone number', /^\+\d{6,15}$/],
  ['link', /^https?:\/\//],
  ['word', /^[a-z]+(?:[-_][a-z]+)*$/],
];

export function formOf(text: string): string {
  return FORMS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}
