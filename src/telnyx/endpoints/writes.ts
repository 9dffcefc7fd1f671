import type { RemoteId } from '../../model/resource.ts';
import { reveal } from '../../model/sensitive.ts';
import type { WriteClient } from '../client.ts';
import type { ValueToWrite } from '../types.ts';

export function writePatch(patch: {
  readonly reference: string | null;
  readonly values: readonly ValueToWrite[];
}) {
  return {
    ...(patch.reference === null ? {} : { customer_reference: patch.reference }),
    ...(patch.values.length === 0 ? {} : { regulatory_requirements: patch.values.map(writeValue) }),
  };
}

export function writeValue(write: ValueToWrite): { requirement_id: string; field_value: string } {
  return { requirement_id: write.requirementId, field_value: reveal(write.value) };
}

/** Attaches a group. It is never retried: an order that the first attempt completed refuses the second. */
export async function attachGroup(
  client: WriteClient,
  template: string,
  id: RemoteId,
  groupId: RemoteId,
): Promise<void> {
  const body = { kind: 'json', value: { requirement_group_id: groupId } } as const;
  await client.send({ method: 'POST', template, params: { id }, repeat: 'never', body });
}
