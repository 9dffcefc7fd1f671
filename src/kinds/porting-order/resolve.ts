import type { Manifest } from '../../manifest/manifest.ts';
import { type Resolution, resolveId } from '../../manifest/resolution.ts';
import { PORTING_DOCUMENTS } from '../../model/fields.ts';
import type { DesiredPortingOrder, DesiredRequirement } from '../../model/resource.ts';
import { resolveOrder } from '../stated/order.ts';
import { resolveContent } from '../stated/requirements.ts';
import { resolveTextSource } from '../stated/text-source.ts';
import { resolveSettings } from './settings.ts';

export function resolvePortingOrder(
  { fields, origin }: Manifest<'PortingOrder'>,
  resolution: Resolution,
): DesiredPortingOrder {
  const { requirements, ...order } = resolveOrder({ kind: 'PortingOrder', fields, origin }, resolution);
  return {
    ...order,
    id: resolveId(fields.id, origin),
    requirements: [...resolvePortingDocuments({ fields, origin }, resolution), ...requirements],
    settings: resolveSettings(
      { fields, origin },
      {
        readText: (source, path) => resolveTextSource(source, { origin, path, name: null }, resolution),
        report: (path, fault) => void resolution.problems.push(origin.problem(path, fault)),
      },
    ),
  };
}

/**
 * Resolves the requirements with names of their own instead of ids. Later stages treat them as values like
 * others.
 */
function resolvePortingDocuments(
  { fields, origin }: Pick<Manifest<'PortingOrder'>, 'fields' | 'origin'>,
  resolution: Resolution,
): DesiredRequirement[] {
  return PORTING_DOCUMENTS.flatMap((name): DesiredRequirement[] => {
    const document = fields.documents?.[name];
    if (document === undefined || document === null) return [];
    const path = ['documents', name];
    const content = resolveContent({ requirement: name, document }, { origin, path, name: null }, resolution);
    if (content === null) return [];
    const source = origin.position(path);
    return [{ requirement: `documents.${name}`, content, source, contentSource: source }];
  });
}
