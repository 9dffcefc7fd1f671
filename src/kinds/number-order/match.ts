import type { Selected } from '../../model/kinds.ts';
import type { RivalOrders } from '../../model/orders/observed-order.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import type { Problem, SourcePosition } from '../../model/problem.ts';
import { referenceKey, sameReference } from '../../model/reference.ts';
import { isOthers } from '../../model/reference-names.ts';
import type { Desired, DesiredNumberOrder } from '../../model/resource.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { findOrdersWithNumbers, holdersOf, type NumberHolders } from '../../telnyx/order-numbers.ts';
import type { NumberOrderRow } from '../../telnyx/types.ts';
import { foreignHint } from '../reading/foreign.ts';
import { checkNumbers } from './check-numbers.ts';
import { findNumberOrders, lookUpNumberOrders } from './find.ts';

/**
 * Matches manifests with orders: those of the run, and those of its groups. A group is compared with its
 * orders even if these are not in the run.
 */
export async function matchNumberOrders(
  client: ReadClient,
  { scope, formerScope, NumberOrder: numberOrders }: Desired,
  selected: Selected,
): Promise<NumberOrderMatching> {
  const concerned = numberOrders.filter(
    ({ name, group }) =>
      selected.NumberOrder.has(name) || (group !== null && selected.RequirementGroup.has(group.name)),
  );
  const unnamed = concerned.filter(({ id }) => id === null);
  const lookUp = await lookUpNumberOrders(client, new Set(unnamed.map(({ reference }) => reference)));
  const named = await Promise.all(
    concerned.map(async (order) => ({ order, candidates: await findNumberOrders(client, order, lookUp) })),
  );
  const { found, lost, refusals } = await findByNumbers(client, named);
  const rows = new Map<string, NumberOrderRow>();
  const rivals = new Map<string, RivalOrders>();
  const problems: Problem[] = [];
  const owners = new Map<string, string>();
  const ownerOf = indexOwners(numberOrders);
  for (const { order, candidates } of found) {
    const [row, ...others] = candidates;
    if (row === undefined) {
      if (order.id !== null) problems.push(absent(order, order.id.source));
      continue;
    }
    const owner = [owners.get(row.id), ownerOf(row)].find(
      (name) => name !== undefined && name !== order.name,
    );
    if (others.length > 0) rivals.set(order.name, rivalsAmong(order, candidates));
    else if (isOthers({ scope, formerScope }, row.reference)) refusals.push(foreign(order, row));
    else if (owner !== undefined) refusals.push(claimedTwice(order, row, owner));
    else {
      owners.set(row.id, order.name);
      rows.set(order.name, row);
      problems.push(...checkNumbers(order, row));
    }
  }
  const manifests = new Map(concerned.map((order) => [order.name, order]));
  return { manifests, rows, lost, rivals, problems, refusals };
}

export interface NumberOrderMatching {
  readonly manifests: ReadonlyMap<string, DesiredNumberOrder>;
  /** The orders by manifest name. */
  readonly rows: ReadonlyMap<string, NumberOrderRow>;
  /** Earlier orders which lost all of a manifest's numbers, by the name of a manifest without an order. */
  readonly lost: ReadonlyMap<string, readonly NumberOrderRow[]>;
  /** Several orders that could be meant, by the name of a manifest without an order. */
  readonly rivals: ReadonlyMap<string, RivalOrders>;
  readonly problems: readonly Problem[];
  readonly refusals: readonly Problem[];
}

/**
 * Returns a function that finds the manifest, in the run or not, that names an order by its id or reference.
 */
function indexOwners(
  numberOrders: readonly DesiredNumberOrder[],
): (row: NumberOrderRow) => string | undefined {
  const names = new Map<string | null, string>(
    numberOrders.map(({ id, reference, name }) => [id?.id ?? referenceKey(reference), name]),
  );
  return ({ id, reference }) =>
    names.get(id) ?? (reference === null ? undefined : names.get(referenceKey(reference)));
}

interface FoundByManifest {
  readonly order: DesiredNumberOrder;
  readonly candidates: readonly NumberOrderRow[];
}

/**
 * Finds orders by their numbers, so that no number is ordered twice. A manifest without an order by id or
 * reference gets the one with exactly its numbers, under any reference. This reads all orders, so only if
 * there is such a manifest.
 */
async function findByNumbers(
  client: ReadClient,
  named: readonly FoundByManifest[],
): Promise<{
  readonly found: readonly FoundByManifest[];
  readonly lost: ReadonlyMap<string, readonly NumberOrderRow[]>;
  readonly refusals: Problem[];
}> {
  const isUnfound = ({ order, candidates }: FoundByManifest) => order.id === null && candidates.length === 0;
  const numbers = named.filter(isUnfound).flatMap(({ order }) => numbersOf(order));
  const lost = new Map<string, readonly NumberOrderRow[]>();
  const refusals: Problem[] = [];
  if (numbers.length === 0) return { found: named, lost, refusals };
  const orders = await findOrdersWithNumbers(client, numbers);
  const found = named.map((one) => {
    if (!isUnfound(one)) return one;
    const holders = holdersOf(numbersOf(one.order), orders);
    if (holders.exact.length > 0) return { ...one, candidates: holders.exact };
    if (holders.partial.length > 0) refusals.push(orderedAlready(one.order, holders.partial));
    else if (holders.lost.length > 0) lost.set(one.order.name, holders.lost);
    return one;
  });
  return { found, lost, refusals };
}

function numbersOf({ phoneNumbers }: DesiredNumberOrder): string[] {
  return phoneNumbers.map(({ number }) => reveal(number));
}

function absent(order: DesiredNumberOrder, source: SourcePosition): Problem {
  return {
    severity: 'error',
    code: 'order-not-found',
    message: `Telnyx has no number order ${order.id?.id}`,
    hint: 'Correct `id:`, or remove that line to place a new order.',
    source,
  };
}

function rivalsAmong(order: DesiredNumberOrder, found: readonly NumberOrderRow[]): RivalOrders {
  const isNamed = found.every((row) => sameReference(row.reference, order.reference));
  return { ids: found.map(({ id }) => id).sort(), inCommon: isNamed ? 'reference' : 'numbers' };
}

function orderedAlready(order: DesiredNumberOrder, partial: NumberHolders['partial']): Problem {
  const wanted = order.phoneNumbers.length;
  const held = partial.map(({ row, count }) => `number order ${row.id} has ${count} of them`);
  return {
    severity: 'error',
    code: 'numbers-ordered-already',
    message: `"${order.name}" is to order ${wanted} phone numbers, and ${held.join(', ')}: no number is ordered twice`,
    hint: `To keep that order, write \`id: ${partial[0]?.row.id}\` into the manifest and state the numbers that the order has; or take these numbers out.`,
    source: order.source,
  };
}

function foreign(order: DesiredNumberOrder, { id, reference }: NumberOrderRow): Problem {
  return {
    severity: 'error',
    code: 'foreign-order',
    message: `number order ${id} belongs to another regsync scope: its reference is ${JSON.stringify(reference)}`,
    hint: foreignHint(reference),
    source: order.id?.source ?? order.source,
  };
}

function claimedTwice(order: DesiredNumberOrder, { id }: NumberOrderRow, owner: string): Problem {
  return {
    severity: 'error',
    code: 'order-claimed-twice',
    message: `"${order.name}" and "${owner}" both mean number order ${id}`,
    hint: 'Remove one of the two manifests, or give one its own `customer_reference` and its own numbers.',
    source: order.source,
  };
}
