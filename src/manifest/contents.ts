import {
  type DocumentFields,
  type Manifest,
  type Path,
  PORTING_DOCUMENTS,
  type RequirementFields,
  type TextSource,
} from './manifest.ts';
import { textSourcesOf } from './porting-settings.ts';

/** Files and texts that manifests point to or hold, of whatever kind they are, and where they say so. */

export function documentsIn(
  manifest: Manifest,
): { readonly path: Path; readonly document: DocumentFields }[] {
  const { kind, fields } = manifest;
  const own = kind === 'Document' ? [{ path: [], document: fields }] : [];
  const stated = valuesIn(manifest).flatMap(({ path, value }) =>
    typeof value.document === 'object' && 'file' in value.document
      ? [{ path: [...path, 'document'], document: value.document }]
      : [],
  );
  const named = PORTING_DOCUMENTS.flatMap((name) => {
    const document = kind === 'PortingOrder' ? fields.documents?.[name] : undefined;
    return typeof document === 'object' && document !== null && 'file' in document
      ? [{ path: ['documents', name], document }]
      : [];
  });
  return [...own, ...stated, ...named];
}

export function textSourcesIn(manifest: Manifest): { readonly path: Path; readonly source: TextSource }[] {
  const stated = valuesIn(manifest).flatMap(({ path, value: { text_from: source } }) =>
    source === undefined ? [] : [{ path: [...path, 'text_from'], source }],
  );
  return manifest.kind === 'PortingOrder' ? [...stated, ...textSourcesOf(manifest.fields)] : stated;
}

function valuesIn({ kind, fields }: Manifest): { readonly path: Path; readonly value: RequirementFields }[] {
  if (kind === 'Document' || kind === 'Address') return [];
  return (fields.requirements ?? []).map((value, index) => ({ path: ['requirements', index], value }));
}
