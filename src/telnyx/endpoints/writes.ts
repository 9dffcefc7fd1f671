import { MalformedAnswerError } from '../../model/errors.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { WriteClient } from '../client.ts';
import { ApiRow, MalformedRow } from '../fields.ts';
import { json, type RequestBody } from '../request.ts';
import type { ValueToWrite } from '../types.ts';
import { unwrap } from './rows.ts';

/**
 * Creates an object. The request is never retried, because Telnyx does not prevent two equal objects.
 *
 * @throws MalformedAnswerError if there is no id. Something was created, so the write must not be retried;
 * the next run finds it by its reference.
 */
export async function createObject(
  client: WriteClient,
  template: string,
  body: RequestBody,
): Promise<{ readonly id: RemoteId; readonly content: unknown }> {
  const content = unwrap(await client.send({ method: 'POST', template, repeat: 'never', body }));
  try {
    return { id: ApiRow.of(content, 'an object').requireRemoteId('id'), content };
  } catch (error) {
    if (!(error instanceof MalformedRow)) throw error;
    throw new MalformedAnswerError(`POST ${template} answered ${error.message}. ${MADE_UNKNOWN}`, {
      cause: error,
    });
  }
}

const MADE_UNKNOWN =
  'regsync does not know the new id. Apply again in a minute: that run looks for it by its reference first.';

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
  await client.send({ method: 'PATCH', template, params, repeat: 'safe', body: json(value) });
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
  const body = json({ requirement_group_id: groupId });
  await client.send({ method: 'POST', template, params: { id }, repeat: 'never', body });
}
