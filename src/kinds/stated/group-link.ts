import { Fault } from '../../manifest/fault.ts';
import type { OrderManifest } from '../../manifest/manifest.ts';
import type { BrokenNames, Resolution } from '../../manifest/resolution.ts';
import { quoted } from '../../manifest/visible.ts';
import type { DesiredGroup } from '../../model/resource.ts';
import { suggest } from '../../model/text/suggestion.ts';

/** Reports names without a group, and groups that do not suit the order. */
export function reportGroupLinks(
  orders: readonly OrderManifest[],
  groups: readonly DesiredGroup[],
  { broken, problems }: Resolution,
): void {
  if (orders.length === 0) return;
  const byName = new Map(groups.map((group) => [group.name, group]));
  for (const { kind, fields, origin } of orders) {
    const { requirement_group: name } = fields;
    if (name === undefined) continue;
    const group = byName.get(name);
    const fault =
      group === undefined ? unknownGroup(name, byName.keys(), broken) : unsuitedGroup(kind, group);
    if (fault !== null) problems.push(origin.problem(['requirement_group'], fault));
  }
}

function unknownGroup(name: string, known: Iterable<string>, broken: BrokenNames): Fault | null {
  if (broken.mayHold('RequirementGroup', name)) return null;
  const meant = suggest(name, known);
  return new Fault(
    'unknown-reference',
    `unknown requirement group ${quoted(name)}`,
    meant === null
      ? 'Correct the name, or add a manifest with "kind: RequirementGroup" and this name.'
      : `Did you mean "${meant}"?`,
  );
}

function unsuitedGroup(kind: OrderManifest['kind'], { combination }: DesiredGroup): Fault | null {
  const [what, action] = kind === 'NumberOrder' ? ['number order', 'ordering'] : ['porting order', 'porting'];
  return combination.action === action
    ? null
    : new Fault(
        'order-mismatch',
        `a ${what} takes groups for ${action}, and this one is for ${combination.action}`,
      );
}
