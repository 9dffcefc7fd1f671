import { OperationError } from '../../model/errors.ts';
import type { ObservedOrder, OrderRequirement } from '../../model/orders/observed-order.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { RemoteId } from '../../model/resource.ts';
import { normaliseDate } from '../../model/text/normal-text.ts';
import type { ValueToWrite } from '../../telnyx/types.ts';

/**
 * The conclusions from reading an object again, right before a write and right after. They never contain
 * values.
 */

/** @param differences clauses without a full stop. */
export function changedSincePlanned(
  what: string,
  differences: readonly string[],
  source: SourcePosition | null = null,
  consequence = 'It was left as it is',
): OperationError {
  return new OperationError(
    'changed-since-planned',
    `${what} changed since it was planned: ${differences.join('; ')}. ${consequence}; plan again`,
    source,
  );
}

/** Returns the difference between two statuses, or nothing if they are equal. */
export function otherStatus(status: string, planned: string | null): string[] {
  return status === planned ? [] : [`its status is ${status}, no longer ${planned}`];
}

/**
 * Returns how the parts of an order differ from the plan. A value that is the one to be written does not
 * count, because a killed run may have written it.
 *
 * @param wanted the values to be written, by requirement id.
 */
export function changesOfParts(
  planned: readonly ObservedOrder[],
  current: readonly ObservedOrder[],
  wanted: ReadonlyMap<string, string>,
): string[] {
  const statuses = new Map<string, string>(planned.map(({ id, status }) => [id, status]));
  const moved = current.filter(({ id, status }) => statuses.has(id) && statuses.get(id) !== status);
  const before = planned.flatMap(entriesOf);
  const known = new Set(before.map(({ key, status }) => `${status} ${key}`));
  const filled = new Set(
    before.filter(({ value }) => value !== '').map(({ requirementId }) => requirementId),
  );
  const changed = current.flatMap(entriesOf).filter(({ requirementId, key, value, status }) => {
    if (known.has(`${status} ${key}`) || wanted.get(requirementId) === value) return false;
    // Requirements come some time after the order (documented).
    return value !== '' || filled.has(requirementId);
  });
  return [
    ...moved.map(({ id, status }) => `the status of part ${id} is ${status}, no longer ${statuses.get(id)}`),
    ...[...new Set(changed.map(({ requirementId }) => requirementId))].map(
      (id) => `requirement ${id} has another value or status`,
    ),
  ];
}

/**
 * Returns requirements that lost a value although the request did not contain them. What a request leaves out
 * stays (documented).
 */
export function lostValues(
  before: readonly ObservedOrder[],
  after: readonly ObservedOrder[],
  written: readonly ValueToWrite[],
): string[] {
  const open = new Map<string, ObservedOrder>(
    after.filter(({ isOpen }) => isOpen).map((part) => [part.id, part]),
  );
  const isWritten = new Set(written.map(({ requirementId }) => requirementId));
  const lost = before.flatMap((part) => {
    const now = open.get(part.id);
    if (now === undefined) return [];
    const kept = new Set(entriesOf(now).map(({ key }) => key));
    return entriesOf(part).filter(
      ({ requirementId, value, key }) => value !== '' && !isWritten.has(requirementId) && !kept.has(key),
    );
  });
  return [...new Set(lost.map(({ requirementId }) => `requirement ${requirementId}`))];
}

interface Entry {
  readonly requirementId: string;
  readonly value: string;
  readonly status: string | null;
  /** The requirement and its value. */
  readonly key: string;
}

function entriesOf({ holdings }: ObservedOrder): Entry[] {
  return holdings.flat().map(entryOf);
}

function entryOf({ requirementId, value: held, status }: OrderRequirement): Entry {
  const value = normaliseDate(reveal(held));
  return { requirementId, value, status, key: JSON.stringify([requirementId, value]) };
}

/** @param names the names of fields and requirements. */
export function lostByWrite(what: string, names: readonly string[], source: SourcePosition): OperationError {
  return new OperationError(
    'settings-lost',
    `${what} held values that the request did not touch and that are gone or changed since: ${names.join(', ')}. Enter them again at Telnyx, or state them in the manifest, which then sends them along`,
    source,
  );
}

/** Reports a new object that nothing finds by its reference, but only by its id. */
export function referenceNotKept(
  noun: string,
  id: RemoteId,
  { sent, stored }: { readonly sent: string; readonly stored: string | null },
): OperationError {
  const instead = stored === null ? 'none' : JSON.stringify(stored);
  return new OperationError(
    'reference-not-kept',
    `Telnyx stores ${instead} as the customer_reference of ${noun} ${id} instead of ${JSON.stringify(sent)}, so that it cannot be found by it again: write \`id: ${id}\` into its manifest, and leave customer_reference out`,
  );
}
