import type { DocumentChange } from '../../model/change.ts';
import type { PlanChange } from '../../model/plan.ts';
import { Sensitive } from '../../model/sensitive.ts';
import { comparePatch } from '../values/describe-values.ts';
import { digestOf, fingerprintValue, type PlanKeys } from '../values/fingerprint.ts';

export function describeDocument(change: DocumentChange, keys: PlanKeys): PlanChange {
  const { document } = change;
  const print = fingerprintValue(keys, change.name, 'document', new Sensitive(document.sha256));
  return {
    kind: change.kind,
    name: change.name,
    id: null,
    actions: ['upload'],
    source: { file: change.source.file, line: change.source.line },
    depends_on: [],
    patch: comparePatch({}, { content: print }),
    consequences: [],
    digest: digestOf(keys, documentEnd(change)),
    document: { path: document.path, bytes: document.bytes },
  };
}

/** Returns where the change leads. It starts from nothing. */
export function documentEnd({ kind, name, document }: DocumentChange): unknown {
  return [kind, name, document.sha256];
}
