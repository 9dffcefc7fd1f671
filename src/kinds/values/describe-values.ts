import jsonPatch from 'fast-json-patch';
import type { ObservedGroup, ObservedRequirement } from '../../model/observed.ts';
import type { OrderRequirement } from '../../model/orders/observed-order.ts';
import type {
  AddressChange,
  Change,
  DocumentChange,
  GroupChange,
  ValueWrite,
  WritingChange,
} from '../../model/plan/change.ts';
import type { PatchOperation, PlanChange, PlanValue } from '../../model/plan/plan.ts';
import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import type { BoundValue } from '../../model/resource.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { canonicalJson, digestOf, fingerprintValue, type PlanKeys } from './fingerprint.ts';
import { desiredForm } from './normal-form.ts';

/** The descriptions that the kinds have in common. */

/**
 * Describes a change without the detail of its kind.
 *
 * @param end where the change leads, for its digest.
 */
export function describeChange(
  { kind, name, observed, actions, source, dependsOn, consequences }: DescribedChange,
  patch: readonly PatchOperation[],
  end: unknown,
  keys: PlanKeys,
): PlanChange {
  return {
    kind,
    name,
    id: observed?.id ?? null,
    actions,
    source: source === null ? null : { file: source.file, line: source.line },
    depends_on: dependsOn,
    patch,
    consequences,
    digest: digestOf(keys, end),
  };
}

type DescribedChange = Pick<GroupChange, 'name' | 'actions' | 'source' | 'dependsOn' | 'consequences'> & {
  readonly kind: Change['kind'];
  readonly observed: Pick<ObservedGroup, 'id'> | null;
};

/** Describes a content that is made, which starts from nothing and depends on nothing. */
export function describeMade(
  change: Pick<DocumentChange | AddressChange, 'kind' | 'name' | 'source'> & {
    readonly sha256: string;
    readonly end: unknown;
  },
  action: 'upload' | 'create',
  keys: PlanKeys,
): PlanChange {
  const [owner, field] = action === 'upload' ? ['document', 'content'] : ['address', 'fields'];
  const print = fingerprintValue(keys, change.name, owner, new Sensitive(change.sha256));
  const made = { ...change, observed: null, actions: [action], dependsOn: [], consequences: [] };
  return describeChange(made, comparePatch({}, { [field]: print }), change.end, keys);
}

/** Returns the patch of an object that is there already, which keeps its reference if `writes` is null. */
export function updatePatch(
  values: readonly PlanValue[],
  held: string | null,
  writes: string | null,
): readonly PatchOperation[] {
  const [before, after] = [requirementsOf(values, 'before'), requirementsOf(values, 'after')];
  if (writes === null) return comparePatch({ requirements: before }, { requirements: after });
  return comparePatch(
    { ...(held === null ? {} : { customer_reference: held }), requirements: before },
    { customer_reference: writes, requirements: after },
  );
}

/** Returns the fingerprints of one side by the id of the requirement, for a patch. */
export function requirementsOf(
  values: readonly PlanValue[],
  side: 'before' | 'after',
): Record<string, string> {
  return Object.fromEntries(
    values.flatMap((value) => {
      const print = value[side];
      return print === null ? [] : [[value.requirement_id, print]];
    }),
  );
}

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

/** Returns the owner that is mixed into fingerprints. A group and an order may have the same name. */
export function ownerOf({ kind, name }: WritingChange): string {
  return kind === 'RequirementGroup' ? name : `${kind}/${name}`;
}

/** Returns what a person may see in place of the value: a path with its size, or a manifest's name. */
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

/** Returns the stated values for digests, as requirement ids and normal forms. */
export function statedForms(values: readonly BoundValue[]): unknown[] {
  return values.map((value) => [value.requirement.id, reveal(desiredForm(value))]).sort(byText);
}

/**
 * Returns the value that a write replaces, for digests. A document may be gone though its id is still held.
 */
export function startOfWrite({ requirementId, before }: ValueWrite): unknown {
  return [requirementId, before === null ? null : reveal(before)];
}

/** Returns a group as it is observed, for digests. */
export function observedEnd({ id, status, reference, requirements }: ObservedGroup): unknown {
  return [id, status, reference, heldValues(requirements)];
}

/**
 * Returns ids and texts as Telnyx holds them. Requirements without a value do not count, because a regulator
 * may add one.
 */
export function heldValues(requirements: readonly ObservedRequirement[]): unknown[] {
  return requirements
    .filter(({ value }) => !value.isEmpty)
    .map(({ requirementId, value }) => [requirementId, reveal(value)])
    .sort(byText);
}

/** Returns the requirements of an order with their statuses, as Telnyx holds them. */
export function judgedValues(requirements: readonly OrderRequirement[]): unknown[] {
  return requirements.map((own) => [own.requirementId, own.status, reveal(own.value)]).sort(byText);
}

/** Returns one fingerprint of several values. */
export function fingerprintHeld(keys: PlanKeys, owner: string, held: unknown): string {
  return fingerprintValue(keys, owner, 'held', new Sensitive(canonicalJson(held)));
}

export function byText(a: unknown, b: unknown): number {
  return compareText(JSON.stringify(a), JSON.stringify(b));
}
