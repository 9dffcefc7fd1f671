import { ApiError, OperationError } from '../../model/errors.ts';
import type { ObservedGroup } from '../../model/observed.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import { sameReference } from '../../model/reference.ts';
import type { BoundGroup, RemoteId } from '../../model/resource.ts';
import { normaliseDate } from '../../model/text/normal-text.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import {
  createGroup,
  deleteGroup,
  getGroup,
  patchGroup,
  submitGroup,
} from '../../telnyx/endpoints/requirement-groups.ts';
import type { ValueToWrite } from '../../telnyx/types.ts';
import { sendOnce } from '../writing/ambiguous-write.ts';
import { type Made, makeOnce } from '../writing/make-once.ts';
import { referenceNotKept } from '../writing/read-again.ts';
import type { WriterContext } from '../writing/writer.ts';
import { listTwins } from './identity/twins.ts';

const READ_BACK_WAITS_MS = [0, 1000] as const;

const STATUS_WAITS_MS = [0, 500, 1500, 3000] as const;

export async function makeGroup(
  context: WriterContext,
  group: BoundGroup,
  values: readonly ValueToWrite[],
): Promise<Made> {
  const { combination, reference } = group;
  return makeOnce(context, {
    noun: 'requirement group',
    make: () => createGroup(context.client, { combination, reference, values }),
    find: async () => (await listTwins(context, group)).map(({ id }) => id),
  });
}

export async function patch(
  context: WriterContext,
  id: RemoteId,
  values: readonly ValueToWrite[],
  reference: string | null,
): Promise<void> {
  await patchGroup(context.client, id, { reference, values });
}

/**
 * Reads the group and compares what was written, because a 200 is not a proof (measured on other resources).
 */
export async function confirmValues(
  context: WriterContext,
  id: RemoteId,
  values: readonly ValueToWrite[],
  reference: string | null,
): Promise<ObservedGroup> {
  let missing: readonly string[] = [];
  let stored: string | null = null;
  for (const waitMs of READ_BACK_WAITS_MS) {
    await context.wait(waitMs);
    const group = await readBack(context, id);
    if (group === null) {
      missing = ['the group itself'];
      continue;
    }
    missing = [
      ...values
        .filter((value) => !isHeld(group, value))
        .map(({ requirementId }) => `requirement ${requirementId}`),
      ...(reference !== null && !sameReference(group.reference, reference) ? ['customer_reference'] : []),
    ];
    if (missing.length === 0) return group;
    stored = group.reference;
  }
  const isMade = !context.knownIds.has(id);
  if (isMade && reference !== null && missing.join() === 'customer_reference') {
    throw referenceNotKept('requirement group', id, { sent: reference, stored });
  }
  throw new OperationError(
    'write-without-effect',
    `Telnyx answered success, but reading the group back shows no change of ${missing.join(', ')}`,
  );
}

function readBack(context: WriterContext, id: RemoteId): Promise<ObservedGroup | null> {
  return unlessGone(() => getGroup(context.client, id));
}

function isHeld(group: ObservedGroup, written: ValueToWrite): boolean {
  const held = group.requirements.findLast(
    (requirement) => requirement.requirementId === written.requirementId,
  );
  return held !== undefined && normaliseDate(reveal(held.value)) === normaliseDate(reveal(written.value));
}

/** The statuses in which nothing is left to submit. */
const SUBMITTED: ReadonlySet<string> = new Set(['pending-approval', 'approved']);

export function isSubmitted(group: ObservedGroup): boolean {
  return SUBMITTED.has(group.status);
}

/** Submits, and trusts the status rather than the answer. */
export async function submit(context: WriterContext, id: RemoteId): Promise<ObservedGroup> {
  const submitted = await sendOnce({
    send: () => sendSubmission(context, id),
    find: () => awaitSubmission(context, id),
  });
  const group = submitted ?? (await awaitSubmission(context, id));
  if (group !== null) return group;
  throw new OperationError(
    'submit-without-effect',
    'Telnyx answered success to the submission, but the group is neither pending approval nor approved',
  );
}

/**
 * Returns null if Telnyx answered success. A refusal is not a failure if somebody else has submitted the
 * group.
 */
async function sendSubmission(context: WriterContext, id: RemoteId): Promise<ObservedGroup | null> {
  try {
    await submitGroup(context.client, id);
    return null;
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal;
    const group = await getGroup(context.client, id);
    if (isSubmitted(group)) return group;
    throw refusal;
  }
}

async function awaitSubmission(context: WriterContext, id: RemoteId): Promise<ObservedGroup | null> {
  for (const waitMs of STATUS_WAITS_MS) {
    await context.wait(waitMs);
    const group = await getGroup(context.client, id);
    if (isSubmitted(group)) return group;
  }
  return null;
}

/** Deletes a group. One that is already gone counts as deleted. */
export async function remove(context: WriterContext, id: RemoteId): Promise<void> {
  try {
    await deleteGroup(context.client, id);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  for (const waitMs of READ_BACK_WAITS_MS) {
    await context.wait(waitMs);
    if ((await readBack(context, id)) === null) return;
  }
  throw new OperationError(
    'delete-without-effect',
    `Telnyx answered success, but group ${id} is still there`,
  );
}
