import { scopeInReference } from '../../model/reference-names.ts';

/**
 * Returns the next step for an object of another scope, which may be the scope that this repository had
 * before.
 */
export function foreignHint(reference: string | null): string {
  const scope = scopeInReference(reference);
  const changed =
    scope === null
      ? ''
      : ` If this repository had the scope "${scope}" before, add this line below "scope" in regsync.yaml: former_scope: ${scope}`;
  return `Remove its manifest from the other repository first, or leave it alone here.${changed}`;
}
