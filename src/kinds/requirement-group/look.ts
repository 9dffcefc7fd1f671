import { OperationError } from '../../model/errors.ts';
import type { ObservedGroup } from '../../model/observed.ts';
import {
  type GroupChange,
  type NumberOrderChange,
  statusesOnTheWay,
  type ValueWrite,
} from '../../model/plan/change.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import { referenceKey } from '../../model/reference.ts';
import { references } from '../../model/reference-names.ts';
import type { RequirementDefinition } from '../../model/requirements.ts';
import { asRemoteId, type BoundGroup, type RemoteId } from '../../model/resource.ts';
import { normaliseDate } from '../../model/text/normal-text.ts';
import { isAddressOf, isDocumentOf } from '../../model/text/same-content.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import { listAddressesByReference } from '../../telnyx/endpoints/addresses.ts';
import { getDocument } from '../../telnyx/endpoints/documents.ts';
import { getGroup } from '../../telnyx/endpoints/requirement-groups.ts';
import type { ValueToWrite } from '../../telnyx/types.ts';
import { changedSincePlanned, otherStatus } from '../writing/read-again.ts';
import type { Run } from '../writing/run.ts';
import { describeTwins, listTwins } from './identity/twins.ts';

/**
 * Others may write between a plan and its writes, so each group is read once more right before it is written
 * to. Everything counts on which a plan decides: status, reference, values. If somebody else changed one of
 * these, the group fails, unless the plan wants the same: then it need not be written any more.
 */

/** A group right before it is written to. */
export interface Look {
  /** The group. Null if it has yet to be made. */
  readonly group: ObservedGroup | null;
  /** Is true if everything to be written is there, or if there was nothing to write. */
  readonly isWritten: boolean;
}

/**
 * @throws OperationError `changed-since-planned`, or `duplicate-groups` if several groups have the reference
 * by now.
 */
export async function lookAgain(run: Run, change: GroupChange, desired: BoundGroup): Promise<Look> {
  const planned = change.observed;
  const group = planned === null ? await findMade(run, desired) : await readGroup(run, planned.id);
  if (group === null) {
    if (planned === null) return { group, isWritten: false };
    throw changedSincePlanned(`group ${planned.id}`, ['it is gone']);
  }
  const differences: string[] = [];
  let isWritten = true;
  if (planned !== null && !equalReferences(group.reference, change.writesReference ?? planned.reference)) {
    isWritten = false;
    if (!equalReferences(group.reference, planned.reference)) differences.push(OTHER_REFERENCE);
  }
  const writes = new Map(change.writes.map((write) => [write.requirementId, write]));
  for (const requirementId of countedRequirements(desired, group, planned)) {
    const write = writes.get(requirementId);
    const held = heldValue(group, requirementId);
    const isChanged = held !== heldValue(planned, requirementId);
    if (isChanged && write !== undefined && (await isWanted(run, write, held))) continue;
    if (isChanged) differences.push(otherValue(requirementId, desired.definitions));
    else if (write !== undefined) isWritten = false;
  }
  const plannedStatus = planned?.status ?? FRESH_STATUS;
  const isOnItsWay = isWritten && statusesOnTheWay(change.actions).has(group.status);
  if (!isOnItsWay) differences.unshift(...otherStatus(group.status, plannedStatus));
  if (differences.length > 0) throw changedSincePlanned(`group ${group.id}`, differences);
  return { group, isWritten };
}

/** The status of a group that somebody has just made or written to. */
const FRESH_STATUS = 'unapproved';

/**
 * Finds a group with this reference that was not there when the plan was made. A killed run may have made it,
 * or another run.
 */
async function findMade(run: Run, desired: BoundGroup): Promise<ObservedGroup | null> {
  const [found, ...others] = await listTwins(run.writer, desired);
  if (found === undefined) return null;
  if (others.length === 0) return found;
  throw new OperationError('duplicate-groups', describeTwins(found, others), desired.source);
}

function readGroup(run: Run, id: RemoteId): Promise<ObservedGroup | null> {
  return unlessGone(() => getGroup(run.writer.client, id));
}

/**
 * Returns the stated requirements, and the others that the group holds, because these are submitted and
 * attached, too.
 */
function countedRequirements(
  desired: BoundGroup,
  ...groups: readonly (ObservedGroup | null)[]
): ReadonlySet<string> {
  const held = groups.flatMap((group) => group?.requirements.map(({ requirementId }) => requirementId) ?? []);
  const demanded = new Set(desired.definitions.map(({ id }) => id));
  const stated = desired.values.map(({ requirement }) => requirement.id).filter((id) => demanded.has(id));
  return new Set([...stated, ...held]);
}

/** Returns a form in which equal values are equal texts. Empty if there is none. */
function heldValue(group: ObservedGroup | null, requirementId: string): string {
  const held = group?.requirements.findLast((requirement) => requirement.requirementId === requirementId);
  return held === undefined ? '' : normaliseDate(reveal(held.value));
}

/**
 * Returns true if the value that a group holds is the one to be written. Another run may have made its
 * document or address.
 */
async function isWanted({ writer }: Run, { value }: ValueWrite, held: string): Promise<boolean> {
  if (held === '') return false;
  switch (value.kind) {
    case 'text':
      return held === normaliseDate(reveal(value.text));
    case 'remote':
      return held === value.id;
    case 'document': {
      if (value.reuse !== null) return held === value.reuse;
      const row = await unlessGone(() => getDocument(writer.client, asRemoteId(held)));
      return row !== null && isDocumentOf(row, value.document.sha256);
    }
    case 'address': {
      if (value.reuse !== null) return held === value.reuse;
      const reference = references.address(writer.scope, value.address.sha256);
      const rows = await listAddressesByReference(writer.client, reference);
      return rows.some((row) => row.id === held && isAddressOf(row, value.address));
    }
    default:
      return value satisfies never;
  }
}

/**
 * Refuses a group if the read-back shows a change that the write did not make: somebody else may have written
 * at the same moment, or the write itself may have cleared a value. The change would be submitted and
 * attached although nobody saw it.
 *
 * @throws OperationError `changed-since-planned`
 */
export function refuseUnseen(
  before: ObservedGroup,
  after: ObservedGroup,
  { values, reference }: { readonly values: readonly ValueToWrite[]; readonly reference: string | null },
  { definitions }: BoundGroup,
): void {
  const isWritten = new Set(values.map(({ requirementId }) => requirementId));
  const lost = differingValues(before, after).filter((id) => !isWritten.has(id));
  const differences = [
    ...(equalReferences(after.reference, reference ?? before.reference) ? [] : [OTHER_REFERENCE]),
    ...lost.map((id) => otherValue(id, definitions)),
  ];
  if (differences.length === 0) return;
  throw changedSincePlanned(`group ${after.id}`, differences, null, 'It is not submitted');
}

/**
 * Reads a group right before an order is placed with it. The order costs money, and keeps the values that the
 * group has then.
 *
 * @throws OperationError `changed-since-planned`
 */
export async function lookBeforeOrder(
  run: Run,
  { ordersWith, orderedGroup, source }: NumberOrderChange,
  id: RemoteId,
): Promise<void> {
  const outcome = run.groups.get(ordersWith ?? '');
  const group = await readGroup(run, id);
  const status = outcome?.group_status ?? orderedGroup?.status ?? null;
  // This run has read back what it wrote into the group.
  const planned = outcome === undefined ? orderedGroup : null;
  const differences = group === null ? ['it is gone'] : changesBeforeOrder(group, status, planned);
  if (differences.length === 0) return;
  throw changedSincePlanned(`group ${id}`, differences, source, 'Nothing was ordered with it');
}

/**
 * @param status the planned status, or null if it is not known.
 * @param planned the planned group, or null if it is not known.
 */
function changesBeforeOrder(
  group: ObservedGroup,
  status: string | null,
  planned: ObservedGroup | null,
): string[] {
  const isAsPlanned = status === null || group.status === status || statusesOnTheWay([]).has(group.status);
  return [
    ...(isAsPlanned ? [] : otherStatus(group.status, status)),
    ...(planned === null ? [] : differingValues(planned, group).map((one) => otherValue(one, []))),
  ];
}

/**
 * Reads a group right before its delete. Everything that it holds counts, since all of it would be lost.
 *
 * @returns true if it is still there.
 * @throws OperationError `changed-since-planned`
 */
export async function lookBeforeDelete(run: Run, planned: ObservedGroup): Promise<boolean> {
  const group = await readGroup(run, planned.id);
  if (group === null) return false;
  const differences = [
    ...otherStatus(group.status, planned.status),
    ...(equalReferences(group.reference, planned.reference) ? [] : [OTHER_REFERENCE]),
    ...differingValues(planned, group).map((id) => otherValue(id, [])),
  ];
  if (differences.length > 0) throw changedSincePlanned(`group ${group.id}`, differences);
  return true;
}

/** Returns the ids of the requirements whose values differ. */
function differingValues(a: ObservedGroup, b: ObservedGroup): string[] {
  const ids = new Set([...a.requirements, ...b.requirements].map(({ requirementId }) => requirementId));
  return [...ids].filter((id) => heldValue(a, id) !== heldValue(b, id));
}

/** Returns true also for two groups without a reference. */
function equalReferences(a: string | null, b: string | null): boolean {
  return referenceKey(a) === referenceKey(b);
}

const OTHER_REFERENCE = 'it has another customer_reference';

/** Names the requirement, and never the value itself. */
function otherValue(requirementId: string, definitions: readonly RequirementDefinition[]): string {
  const name = definitions.find(({ id }) => id === requirementId)?.name;
  return `it holds another value for ${name === undefined ? `requirement ${requirementId}` : JSON.stringify(name)}`;
}
