import { reveal } from '../../model/privacy/sensitive.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { WriteClient } from '../client.ts';
import type { ValueToWrite } from '../types.ts';

/** What a PATCH changes. A value that it does not list stays. */
export interface Patch {
  /** Null to keep it. */
  readonly reference: string | null;
  readonly values: readonly ValueToWrite[];
}

/** @param params the parameters of the template, which name the object. */
export async function sendPatch(
  client: WriteClient,
  template: string,
  params: Readonly<Record<string, RemoteId>>,
  { reference, values }: Patch,
): Promise<void> {
  const value = {
    ...(reference === null ? {} : { customer_reference: reference }),
    ...(values.length === 0 ? {} : { regulatory_requirements: values.map(writeValue) }),
  };
  await client.send({ method: 'PATCH', template, params, repeat: 'safe', body: { kind: 'json', value } });
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
