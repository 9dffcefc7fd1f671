import type { Manifest } from '../manifest/manifest.ts';
import { MANAGED_KINDS } from '../model/kinds.ts';

/**
 * The words by which manifests mean each other, and the lines of their files in which git finds them. Lines are
 * judged without parsing, and always on the safe side: a line that might say more counts as if it did.
 */

/**
 * Returns the longest part of a name, a path or an id that YAML can write in a single way, in lower case. It has no
 * spaces or quotes, because YAML breaks and doubles these. Null if nothing is long enough to search for.
 */
export function wordOf(text: string): string | null {
  // A letter outside of ASCII has several forms in Unicode.
  if (/[^\u0020-\u007e]/.test(text)) return null;
  const [longest = ''] = [...(text.match(/[\w.-]+/g) ?? [])].sort((a, b) => b.length - a.length);
  return longest.length < MIN_LENGTH ? null : longest.toLowerCase();
}

const MIN_LENGTH = 3;

/** Returns a test for lines that contain one of the words, and not only a part of a longer one. */
export function wordTest(words: readonly string[]): (line: string) => boolean {
  if (words.length === 0) return () => false;
  const some = words.map((word) => word.replaceAll(/[.-]/g, '\\$&')).join('|');
  const pattern = new RegExp(`(?<![\\w.-])(?:${some})(?![\\w.-])`, 'i');
  return (line) => pattern.test(line);
}

/** Returns the name, the id and the reference by which other manifests may mean this one. */
export function identifiersOf({ fields }: Manifest): string[] {
  const { name } = fields;
  const id = 'id' in fields ? fields.id : undefined;
  const reference = 'customer_reference' in fields ? fields.customer_reference : undefined;
  return [name, id, reference].filter((text) => typeof text === 'string');
}

/** Returns the names of the manifests that this one refers to. */
export function namesIn({ kind, fields }: Manifest): string[] {
  if (kind === 'Document' || kind === 'Address') return [];
  const group = 'requirement_group' in fields ? fields.requirement_group : undefined;
  const contents = (fields.requirements ?? []).flatMap(({ document, address }) => [document, address]);
  return [group, ...contents].filter((name) => typeof name === 'string');
}

/** Returns true for a line that only refers to another manifest. It cannot give a manifest its name. */
export function isReferenceLine(line: string): boolean {
  return /^\s*(?:- +)?(?:document|address|requirement_group): +["']?[\w.-]+["']?\s*(?:#.*)?\r?$/.test(line);
}

/* ---- Lines to look for in every file ---- */

/** Git looks for these as well: an escape, which may write a word in another way, and the keys `kind` and `id`. */
export const ALWAYS_SOUGHT = ['\\', 'kind', 'id'];

/** What the lines of a file tell about its manifests. */
export type LineFact =
  | { readonly is: 'managed' | 'content' }
  /** A line that may pin the id of a group. */
  | { readonly is: 'id'; readonly id: string }
  /** The file must be parsed, because its lines do not tell. */
  | { readonly is: 'unclear' };

/** Returns null for a line that tells nothing. */
export function readLine(line: string): LineFact | null {
  if (line.includes('\\')) return UNCLEAR;
  // A quote may end a text of several lines, behind which the manifest goes on.
  if (/^\s*#[^"']*$/.test(line)) return null;
  if (KIND_KEY.test(line)) {
    const kind = /^kind: +(\w+)\s*(?:#.*)?\r?$/.exec(line)?.[1] ?? '';
    return KINDS.get(kind) ?? UNCLEAR;
  }
  if (ID_KEY.test(line)) {
    const id = /^\s*id: +["']?([0-9a-f-]{36})["']?\s*(?:#.*)?\r?$/i.exec(line)?.[1];
    return id === undefined ? UNCLEAR : { is: 'id', id: id.toLowerCase() };
  }
  return null;
}

/** They match lines that may contain the key. The colon may be on the next line. */
const KIND_KEY = keyPattern('kind');
const ID_KEY = keyPattern('id');

function keyPattern(key: string): RegExp {
  return new RegExp(`(?:^|[^\\w-])${key}["']?\\s*:|(?:^|[?{,])\\s*["']?${key}["']?\\s*$`, 'i');
}

const UNCLEAR: LineFact = { is: 'unclear' };

const KINDS: ReadonlyMap<string, LineFact> = new Map<string, LineFact>([
  ...MANAGED_KINDS.map((kind): [string, LineFact] => [kind, { is: 'managed' }]),
  ['Document', { is: 'content' }],
  ['Address', { is: 'content' }],
]);
