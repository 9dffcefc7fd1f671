import { textSourcesOf } from '../kinds/porting-order/settings.ts';
import {
  type DocumentFields,
  type Manifest,
  type Path,
  PORTING_DOCUMENTS,
  type RequirementFields,
  type TextSource,
} from '../manifest/manifest.ts';

/** Files and texts that manifests point to or hold, of whatever kind they are, and where they say so. */

export function documentsIn(
  manifest: Manifest,
): { readonly path: Path; readonly document: DocumentFields }[] {
  const { kind, fields } = manifest;
  if (kind === 'Document') return [{ path: [], document: fields }];
  const found: { readonly path: Path; readonly document: DocumentFields }[] = [];
  for (const [index, { document }] of requirementsOf(manifest).entries()) {
    if (typeof document !== 'object' || !('file' in document)) continue;
    found.push({ path: ['requirements', index, 'document'], document });
  }
  if (kind !== 'PortingOrder') return found;
  for (const name of PORTING_DOCUMENTS) {
    const document = fields.documents?.[name];
    if (typeof document !== 'object' || document === null || !('file' in document)) continue;
    found.push({ path: ['documents', name], document });
  }
  return found;
}

export function textSourcesIn(manifest: Manifest): { readonly path: Path; readonly source: TextSource }[] {
  const stated: { readonly path: Path; readonly source: TextSource }[] = [];
  for (const [index, { text_from: source }] of requirementsOf(manifest).entries()) {
    if (source !== undefined) stated.push({ path: ['requirements', index, 'text_from'], source });
  }
  return manifest.kind === 'PortingOrder' ? [...stated, ...textSourcesOf(manifest.fields)] : stated;
}

function requirementsOf({ kind, fields }: Manifest): readonly RequirementFields[] {
  return kind === 'Document' || kind === 'Address' ? [] : (fields.requirements ?? []);
}
