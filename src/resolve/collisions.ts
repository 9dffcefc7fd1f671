import { managedRoomOf } from '../kinds/index.ts';
import { Fault } from '../manifest/fault.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { describePlace, inWords, type Resolution } from '../manifest/resolution.ts';
import { quoted } from '../manifest/visible.ts';
import type { ManagedKind } from '../model/kinds.ts';

/**
 * Reports an order with two groups, or with two manifests: they would overwrite each other's values in every
 * run.
 */
export function reportSharedOrders(
  manifests: readonly Manifest<ManagedKind>[],
  { problems }: Resolution,
): void {
  const owners = new Map<string, string>();
  for (const manifest of manifests) {
    const { fields, origin } = manifest;
    for (const { kind, id, path } of managedRoomOf(manifest).ordersNamedIn(manifest)) {
      const owner = owners.get(`${kind} ${id}`);
      owners.set(`${kind} ${id}`, owner ?? `${quoted(fields.name)} at ${describePlace(origin, path)}`);
      if (owner === undefined) continue;
      const message = `this ${inWords(kind)} is already named by ${owner}`;
      const hint = 'Remove it from one of the two: an order takes the values of one group.';
      problems.push(origin.problem(path, new Fault('duplicate-order', message, hint)));
    }
  }
}

export function reportUnused(manifests: readonly Manifest[], { used, problems }: Resolution): void {
  for (const { kind, fields, origin } of manifests) {
    if ((kind !== 'Document' && kind !== 'Address') || used[kind].has(fields.name)) continue;
    const fault = new Fault(
      'unused-manifest',
      `no requirement refers to the ${kind.toLowerCase()} ${quoted(fields.name)}`,
    );
    problems.push(origin.problem(['name'], fault, 'notice'));
  }
}
