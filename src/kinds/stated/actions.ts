import type { Origin, Path } from '../../manifest/manifest.ts';
import type { Resolution } from '../../manifest/resolution.ts';
import type { PersonFields, RequirementFields, TextSource } from '../../model/fields.ts';
import { ACTION_FIELDS, type DesiredAction } from '../../model/orders/actions.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import type { StatedTextSource } from '../kind.ts';
import { resolveTextSource } from './text-source.ts';

type Stated = { readonly requirements?: readonly RequirementFields[] | null };

/** Resolves the actions that an order states among its requirements. */
export function resolveActions(
  { requirements }: Stated,
  origin: Origin,
  resolution: Resolution,
): DesiredAction[] {
  return (requirements ?? []).flatMap(({ requirement, action }, index): DesiredAction[] => {
    if (action === undefined) return [];
    return [
      {
        requirement: requirement.toLowerCase(),
        names: resolveNames(action, { origin, path: pathTo(index) }, resolution),
        source: origin.position(pathTo(index)),
      },
    ];
  });
}

/** Returns the texts of actions that are outside of the manifest. */
export function textSourcesOfActions({ requirements }: Stated): StatedTextSource[] {
  return (requirements ?? []).flatMap(({ action }, index) =>
    ACTION_FIELDS.flatMap((field) => {
      const source = action?.[field];
      return isSource(source) ? [{ path: [...pathTo(index), field], source }] : [];
    }),
  );
}

/** Returns null if a name is not read, or has a problem. */
function resolveNames(
  action: PersonFields,
  { origin, path }: { readonly origin: Origin; readonly path: Path },
  resolution: Resolution,
): DesiredAction['names'] {
  const names = ACTION_FIELDS.map((field) => {
    const written = action[field];
    if (!isSource(written)) return [field, written === undefined ? null : new Sensitive(written)] as const;
    const place = { origin, path: [...path, field], name: null };
    const content = resolveTextSource(written, place, resolution);
    return [field, content?.kind === 'text' ? content.text : null] as const;
  });
  const known = names.flatMap(([field, name]) => (name === null ? [] : [[field, name] as const]));
  return known.length === ACTION_FIELDS.length ? new Map(known) : null;
}

function isSource(written: string | TextSource | undefined): written is TextSource {
  return typeof written === 'object';
}

function pathTo(index: number): Path {
  return ['requirements', index, 'action'];
}
