import type { AddressChange } from '../../model/change.ts';
import type { PlanChange } from '../../model/plan.ts';
import { Sensitive } from '../../model/sensitive.ts';
import { comparePatch } from '../values/describe-values.ts';
import { digestOf, fingerprintValue, type PlanKeys } from '../values/fingerprint.ts';

export function describeAddress(change: AddressChange, keys: PlanKeys): PlanChange {
  const print = fingerprintValue(keys, change.name, 'address', new Sensitive(change.address.sha256));
  return {
    kind: change.kind,
    name: change.name,
    id: null,
    actions: ['create'],
    source: { file: change.source.file, line: change.source.line },
    depends_on: [],
    patch: comparePatch({}, { fields: print }),
    consequences: [],
    digest: digestOf(keys, addressEnd(change)),
  };
}

/** Returns where the change leads. It starts from nothing. */
export function addressEnd({ kind, name, address }: AddressChange): unknown {
  return [kind, name, address.sha256, address.validateAddress];
}
