import type { RequirementFields } from '../../model/fields.ts';
import type { StatedDocument, StatedTextSource } from '../kind.ts';

type Stated = { readonly requirements?: readonly RequirementFields[] | null };

/** Returns the files that requirements name as documents. */
export function documentsOfRequirements({ requirements }: Stated): StatedDocument[] {
  return (requirements ?? []).flatMap(({ document }, index) =>
    typeof document === 'object' && 'file' in document
      ? [{ path: ['requirements', index, 'document'], document }]
      : [],
  );
}

/** Returns where requirements take their texts from, if these are not written in the manifest. */
export function textSourcesOfRequirements({ requirements }: Stated): StatedTextSource[] {
  return (requirements ?? []).flatMap(({ text_from: source }, index) =>
    source === undefined ? [] : [{ path: ['requirements', index, 'text_from'], source }],
  );
}
