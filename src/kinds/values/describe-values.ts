import jsonPatch from 'fast-json-patch';
import { compareText } from '../../model/order.ts';
import type { PatchOperation, PlanValue, ValueWrite, WritingChange } from '../../model/plan.ts';
import type { BoundValue, ObservedGroup, ObservedRequirement } from '../../model/resource.ts';
import { reveal, Sensitive } from '../../model/sensitive.ts';
import { canonicalJson, fingerprintValue, type PlanKeys } from './fingerprint.ts';
import { desiredForm } from './normal-form.ts';

/** What descriptions of groups and of orders have in common. */

export function describeValue(change: WritingChange, write: ValueWrite, keys: PlanKeys): PlanValue {
  const owner = ownerOf(change);
  return {
    requirement_id: write.requirementId,
    name: write.requirementName,
    field_type: write.fieldType,
    before: write.before === null ? null : fingerprintValue(keys, owner, write.requirementId, write.before),
    after: fingerprintValue(keys, owner, write.requirementId, write.after),
    status: write.observedStatus,
    ...standIn(write),
  };
}

/** What is mixed into fingerprints: a group and an order may have the same name. */
export function ownerOf({ kind, name }: WritingChange): string {
  return kind === 'RequirementGroup' ? name : `${kind}/${name}`;
}

/** What a person may see in place of the value: a path with its size, a manifest's name. */
function standIn({ value }: ValueWrite): Pick<PlanValue, 'document' | 'address'> {
  switch (value.kind) {
    case 'text':
    case 'remote':
      return {};
    case 'document':
      return { document: { path: value.document.path, bytes: value.document.bytes } };
    case 'address':
      return value.address.name === null ? {} : { address: value.address.name };
    default:
      return value satisfies never;
  }
}

export function comparePatch(before: object, after: object): readonly PatchOperation[] {
  return jsonPatch.compare(before, after) as PatchOperation[];
}

/** What a change is to make of the values: requirement ids and normal forms, for digests. */
export function statedForms(values: readonly BoundValue[]): unknown[] {
  return values.map((value) => [value.requirement.id, reveal(desiredForm(value))]).sort(byText);
}

/** What a write replaces: a document may be gone though its id is still held. For digests. */
export function startOfWrite({ requirementId, before }: ValueWrite): unknown {
  return [requirementId, before === null ? null : reveal(before)];
}

/** A group as it is observed, for digests. */
export function observedEnd({ id, status, reference, requirements }: ObservedGroup): unknown {
  return [id, status, reference, heldValues(requirements)];
}

/** As Telnyx holds them: ids and texts. Requirements without a value do not count: a regulator may add one. */
export function heldValues(requirements: readonly ObservedRequirement[]): unknown[] {
  return requirements
    .filter(({ value }) => !value.isEmpty)
    .map(({ requirementId, value }) => [requirementId, reveal(value)])
    .sort(byText);
}

/** One fingerprint of much. */
export function fingerprintHeld(keys: PlanKeys, owner: string, held: unknown): string {
  return fingerprintValue(keys, owner, 'held', new Sensitive(canonicalJson(held)));
}

export function byText(a: unknown, b: unknown): number {
  return compareText(JSON.stringify(a), JSON.stringify(b));
}
