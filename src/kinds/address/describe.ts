import type { AddressChange } from '../../model/plan/change.ts';
import type { PlanChange } from '../../model/plan/plan.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import { comparePatch, describeChange, MADE } from '../values/describe-values.ts';
import { fingerprintValue, type PlanKeys } from '../values/fingerprint.ts';

export function describeAddress(change: AddressChange, keys: PlanKeys): PlanChange {
  const print = fingerprintValue(keys, change.name, 'address', new Sensitive(change.address.sha256));
  const made = { ...change, ...MADE, actions: ['create'] as const };
  return describeChange(made, comparePatch({}, { fields: print }), addressEnd(change), keys);
}

/** Returns where the change leads. It starts from nothing. */
export function addressEnd({ kind, name, address }: AddressChange): unknown {
  return [kind, name, address.sha256, address.validateAddress];
}
