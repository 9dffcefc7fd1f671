import { OperationError } from '../../model/errors.ts';
import { normaliseDate } from '../../model/normal-text.ts';
import {
  type GroupChange,
  type NumberOrderChange,
  statusesOnTheWay,
  type ValueWrite,
} from '../../model/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { referenceKey } from '../../model/reference.ts';
import {
  asRemoteId,
  type BoundGroup,
  type ObservedGroup,
  type RemoteId,
  type RequirementDefinition,
  references,
} from '../../model/resource.ts';
import { isAddressOf, isDocumentOf } from '../../model/same-content.ts';
import { reveal } from '../../model/sensitive.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import { getDocument, getGroup, listAddressesByReference } from '../../telnyx/endpoints.ts';
import type { ValueToWrite } from '../../telnyx/types.ts';
import type { Run } from '../writing/run.ts';
import { describeTwins, listTwins } from './twins.ts';

/**
 * Time passes between plan and write, and others write, too. So each group is read once more right before it is written to.
 * Whatever a plan decides on counts: status, reference, values. What somebody else made of one of these fails the group,
 * unless it is what the plan wants: then it need not be written any more.
 */

/** A group right before it is written to. */
export interface Look {
  /** Null where it has yet to be made. */
  readonly group: ObservedGroup | null;
  /** Everything that was to be written is there, or there was nothing to write. */
  readonly isWritten: boolean;
}

/** @throws OperationError `changed-since-planned`, or `duplicate-groups` where more than one has the reference by now. */
export async function lookAgain(run: Run, change: GroupChange, desired: BoundGroup): Promise<Look> {
  const planned = change.observed;
  const group = planned === null ? await findMade(run, desired) : await readGroup(run, planned.id);
  if (group === null) {
    if (planned === null) return { group, isWritten: false };
    throw changedSince(planned.id, ['it is gone']);
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
    if (isChanged) differences.push(otherValue(requirementId, desired.demands));
    else if (write !== undefined) isWritten = false;
  }
  const plannedStatus = planned?.status ?? FRESH_STATUS;
  const isOnItsWay = isWritten && statusesOnTheWay(change.actions).has(group.status);
  if (group.status !== plannedStatus && !isOnItsWay) {
    differences.unshift(otherStatus(group.status, plannedStatus));
  }
  if (differences.length > 0) throw changedSince(group.id, differences);
  return { group, isWritten };
}

/** Of a group that somebody has just made or written to. */
const FRESH_STATUS = 'unapproved';

/** A group with this reference that was not there when the plan was made: a killed run has made it, or another one. */
async function findMade(run: Run, desired: BoundGroup): Promise<ObservedGroup | null> {
  const [found, ...others] = await listTwins(run.writer, desired);
  if (found === undefined) return null;
  if (others.length === 0) return found;
  throw new OperationError('duplicate-groups', describeTwins(found, others), desired.source);
}

function readGroup(run: Run, id: RemoteId): Promise<ObservedGroup | null> {
  return unlessGone(() => getGroup(run.writer.client, id));
}

/** What the manifest states, and what the group holds beside it: that is submitted, and attached, with the rest. */
function countedRequirements(
  desired: BoundGroup,
  ...groups: readonly (ObservedGroup | null)[]
): ReadonlySet<string> {
  const held = groups.flatMap((group) => group?.requirements.map(({ requirementId }) => requirementId) ?? []);
  const demanded = new Set(desired.demands.map(({ id }) => id));
  const stated = desired.values.map(({ requirement }) => requirement.id).filter((id) => demanded.has(id));
  return new Set([...stated, ...held]);
}

/** In a form in which equal values are equal texts; empty where there is none. */
function heldValue(group: ObservedGroup | null, requirementId: string): string {
  const held = group?.requirements.findLast((requirement) => requirement.requirementId === requirementId);
  return held === undefined ? '' : normaliseDate(reveal(held.value));
}

/** Whether a value that a group holds is the one to be written; documents and addresses may have been made by another run. */
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
 * A write is read back, and what it did not touch is to be as it was right before: somebody else may have written at the same moment, or
 * the write itself may have cleared it. It would be submitted, and attached, although nobody saw it.
 *
 * @throws OperationError `changed-since-planned`
 */
export function refuseUnseen(
  before: ObservedGroup,
  after: ObservedGroup,
  { values, reference }: { readonly values: readonly ValueToWrite[]; readonly reference: string | null },
  { demands }: BoundGroup,
): void {
  const isWritten = new Set(values.map(({ requirementId }) => requirementId));
  const lost = differingValues(before, after).filter((id) => !isWritten.has(id));
  const differences = [
    ...(equalReferences(after.reference, reference ?? before.reference) ? [] : [OTHER_REFERENCE]),
    ...lost.map((id) => otherValue(id, demands)),
  ];
  if (differences.length === 0) return;
  throw changedSince(after.id, differences, 'It is not submitted');
}

/**
 * Right before an order is placed with a group: that spends money, and the order keeps the values that the group has by then.
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
  // What this run wrote into it, it has read back.
  const planned = outcome === undefined ? orderedGroup : null;
  const differences = group === null ? ['it is gone'] : changesBeforeOrder(group, status, planned);
  if (differences.length > 0) throw changedSince(id, differences, 'Nothing was ordered with it', source);
}

/** @param status null where it is not known; `planned` likewise. */
function changesBeforeOrder(
  group: ObservedGroup,
  status: string | null,
  planned: ObservedGroup | null,
): string[] {
  const isAsPlanned = status === null || group.status === status || statusesOnTheWay([]).has(group.status);
  return [
    ...(isAsPlanned ? [] : [otherStatus(group.status, status)]),
    ...(planned === null ? [] : differingValues(planned, group).map((one) => otherValue(one, []))),
  ];
}

/**
 * Right before a delete: all that the group holds counts, since all of it would be lost.
 *
 * @returns whether it is still there.
 * @throws OperationError `changed-since-planned`
 */
export async function lookBeforeDelete(run: Run, planned: ObservedGroup): Promise<boolean> {
  const group = await readGroup(run, planned.id);
  if (group === null) return false;
  const differences = [
    ...(group.status === planned.status ? [] : [otherStatus(group.status, planned.status)]),
    ...(equalReferences(group.reference, planned.reference) ? [] : [OTHER_REFERENCE]),
    ...differingValues(planned, group).map((id) => otherValue(id, [])),
  ];
  if (differences.length > 0) throw changedSince(group.id, differences);
  return true;
}

/** Ids of requirements. */
function differingValues(a: ObservedGroup, b: ObservedGroup): string[] {
  const ids = new Set([...a.requirements, ...b.requirements].map(({ requirementId }) => requirementId));
  return [...ids].filter((id) => heldValue(a, id) !== heldValue(b, id));
}

/** No reference at all is one as well. */
function equalReferences(a: string | null, b: string | null): boolean {
  return referenceKey(a) === referenceKey(b);
}

const OTHER_REFERENCE = 'it has another customer_reference';

function otherStatus(status: string, planned: string): string {
  return `its status is ${status}, no longer ${planned}`;
}

/** Never the value itself. */
function otherValue(requirementId: string, demands: readonly RequirementDefinition[]): string {
  const name = demands.find(({ id }) => id === requirementId)?.name;
  return `it holds another value for ${name === undefined ? `requirement ${requirementId}` : JSON.stringify(name)}`;
}

function changedSince(
  id: RemoteId,
  differences: readonly string[],
  consequence = 'It was left as it is',
  source: SourcePosition | null = null,
): OperationError {
  return new OperationError(
    'changed-since-planned',
    `group ${id} changed since it was planned: ${differences.join('; ')}. ${consequence}; plan again`,
    source,
  );
}
