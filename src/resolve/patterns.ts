import picomatch from 'picomatch';
import { MANAGED_KINDS, type ManagedKind } from '../model/kinds.ts';
import { suggest } from '../model/text/suggestion.ts';

/*
 * The patterns of a command line: `de-*` for names, `groups/*.yaml` or `groups/**` for paths. Negations and the
 * extended forms of shells are left out, because a name never needs them and their cost may explode.
 */

const OPTIONS = { dot: true, nonegate: true, noextglob: true, nocase: false } as const;

export function isPattern(written: string): boolean {
  return /[*?[{]/.test(written);
}

/** Returns a test for paths of files: the file itself matches, or one of the folders around it. */
export function pathTest(pattern: string): (file: string) => boolean {
  const matches = picomatch(pattern, OPTIONS);
  return (file) => placesAround(file).some((place) => matches(place));
}

/** Returns `a`, `a/b` and `a/b/c.yaml` for the last of them. */
function placesAround(file: string): string[] {
  const parts = file.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** A manifest's name or pattern as a user writes it, with or without its kind: `NumberOrder/de-*`. */
export interface ManifestTarget {
  /** The kind as written. Null if the target is of any kind. */
  readonly kind: string | null;
  readonly name: string;
}

export function readTarget(written: string): ManifestTarget {
  const [first = '', ...rest] = written.split('/');
  return rest.length === 0 ? { kind: null, name: first } : { kind: first, name: rest.join('/') };
}

/** Returns a test for the manifests that a target means. */
export function targetTest({
  kind,
  name,
}: ManifestTarget): (manifest: { readonly kind: ManagedKind; readonly name: string }) => boolean {
  const matches = isPattern(name) ? picomatch(name, OPTIONS) : (found: string) => found === name;
  return (manifest) => (kind === null || manifest.kind === kind) && matches(manifest.name);
}

/** Returns the words for a kind that a target cannot have. Null if the kind exists. */
export function explainKind({ kind }: ManifestTarget): string | null {
  if (kind === null || (MANAGED_KINDS as readonly string[]).includes(kind)) return null;
  const meant = suggest(kind, MANAGED_KINDS);
  return meant === null ? `The kinds are ${MANAGED_KINDS.join(', ')}.` : `Did you mean "${meant}"?`;
}
