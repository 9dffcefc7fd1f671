import type { DocumentChange } from '../../model/plan/change.ts';
import type { PlanChange } from '../../model/plan/plan.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import { comparePatch, describeChange, MADE } from '../values/describe-values.ts';
import { fingerprintValue, type PlanKeys } from '../values/fingerprint.ts';

export function describeDocument(change: DocumentChange, keys: PlanKeys): PlanChange {
  const { document } = change;
  const print = fingerprintValue(keys, change.name, 'document', new Sensitive(document.sha256));
  const made = { ...change, ...MADE, actions: ['upload'] as const };
  return {
    ...describeChange(made, comparePatch({}, { content: print }), documentEnd(change), keys),
    document: { path: document.path, bytes: document.bytes },
  };
}

/** Returns where the change leads. It starts from nothing. */
export function documentEnd({ kind, name, document }: DocumentChange): unknown {
  return [kind, name, document.sha256];
}
