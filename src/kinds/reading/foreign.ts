import { scopeInReference } from '../../model/resource.ts';

/** What to do about a thing that another scope owns: which may be the one that this repository had before. */
export function foreignHint(reference: string | null): string {
  const scope = scopeInReference(reference);
  const changed =
    scope === null
      ? ''
      : ` If this repository had the scope "${scope}" before, add this line below "scope" in regsync.yaml: former_scope: ${scope}`;
  return `Remove its manifest from the other repository first, or leave it alone here.${changed}`;
}
