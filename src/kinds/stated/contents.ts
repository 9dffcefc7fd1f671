import type { Path } from '../../manifest/manifest.ts';
import type { AddressFields, RequirementFields } from '../../model/fields.ts';
import { ADDRESS_FIELDS } from '../../model/resource.ts';
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
  return (requirements ?? []).flatMap(({ text_from: source, address }, index) => {
    if (source !== undefined) return [{ path: ['requirements', index, 'text_from'], source }];
    return typeof address === 'object' && !('id' in address)
      ? textSourcesOfAddress(address, ['requirements', index, 'address'])
      : [];
  });
}

/** Returns the fields of an address that are not written in the manifest. */
export function textSourcesOfAddress(fields: AddressFields, path: Path): StatedTextSource[] {
  return ADDRESS_FIELDS.flatMap((field) => {
    const source = fields[field];
    return typeof source === 'object' ? [{ path: [...path, field], source }] : [];
  });
}
