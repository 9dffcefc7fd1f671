import type { PlanChange, PortingOrderChange } from '../model/plan.ts';
import { describeValue, statedForms } from './describe-values.ts';
import { digestOf, type PlanKeys } from './fingerprint.ts';

export function describePortingOrder(change: PortingOrderChange, keys: PlanKeys): PlanChange {
  const values = change.writes.map((write) => describeValue(change, write, keys));
  return {
    kind: change.kind,
    name: change.name,
    id: change.observed.id,
    actions: change.actions,
    source: { file: change.source.file, line: change.source.line },
    depends_on: change.dependsOn,
    patch: [],
    consequences: change.consequences,
    digest: digestOf(keys, portingOrderEnd(change)),
    order: {
      verb: change.verb,
      status: change.observed.status,
      phone_numbers: null,
      group: change.desired.group?.name ?? null,
      values,
      settings: [],
    },
  };
}

/** Where the change leads, whatever the way. */
export function portingOrderEnd({ kind, name, desired }: PortingOrderChange): unknown {
  return [kind, name, desired.id.id, desired.group?.name ?? null, statedForms(desired.values)];
}

/** What it starts from. */
export function portingOrderStart({ observed }: PortingOrderChange): unknown {
  return [observed.id, observed.status, observed.reference];
}
